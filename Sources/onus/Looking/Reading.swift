internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

/// The state that a reading command answers from, and where and when it stands.
struct Reading {
  let folder: LedgerFolder
  let programme: Programme
  /// How many entries it was folded from.
  let size: UInt64
  /// The root over them.
  let root: String
  /// The instant at which lights are judged.
  let time: Timestamp
  let isSimulated: Bool
  /// The language of the answer, where it is for people.
  let language: Language
  /// The entries before it that do not count.
  let voidEntries: [UInt64]

  /// The views, where the folder lets them be kept.
  let views: ViewStore?

  /// Reads the state now, or as of a date or a size.
  ///
  /// In a folder that cannot be written, such as a copy on a read-only medium, there are no views to
  /// keep, and the log is folded in memory.
  ///
  /// - Parameters:
  ///   - kinds: Which records the answer needs. There are far more reports than tasks.
  ///   - keys: Which others, one by one.
  ///   - isHashed: Whether it is folded from the log's own bytes, held against the root that it bears,
  ///     although views are at hand: what leaves the house is not made of views.
  init(
    _ options: ReadOptions, of kinds: Set<StateKey.Kind> = Self.board, and keys: [StateKey] = [],
    isHashed: Bool = false
  ) throws {
    language = options.lang
    let isWritable = Files.isWritable(options.place.folder)
    folder = try LedgerFolder(options.place.folder, for: isWritable ? .readWrite : .readOnly)
    views = isWritable ? try folder.views() : nil
    let released = try folder.released().checkpoint
    isSimulated = try folder.clock() == .simulated
    if views == nil || options.asOf != nil || isHashed {
      let whole = UInt64(released.size)
      let target = try options.asOf.map { try AsOf($0) } ?? .size(whole)
      let offset: UTCOffset? =
        if case .day = target {
          try (isHashed ? nil : views).map { try $0.programme(of: [.charter]).charter?.offset }
            ?? FoldedLog(of: folder.store, size: whole).programme.charter?.offset
        } else { nil }
      let place = try target.place(in: folder, of: whole, offset: offset)
      let policy = isHashed ? nil : try views?.policy(before: place.size)
      let folded = try FoldedLog(
        of: folder.store, size: place.size, verifying: policy ?? .everything)
      programme = folded.programme
      size = place.size
      root = folded.position.root.base64
      voidEntries = folded.voidEntries.map(\.entry)
      time = options.asOf == nil && !isSimulated ? MachineClock.now() : place.time
    } else {
      programme = try views?.programme(of: kinds, and: keys) ?? Programme()
      size = released.size
      root = released.root.base64
      voidEntries = try views?.voidEntries(before: released.size).map(\.entry) ?? []
      let last = try folder.store.header(released.size - 1)?.time
      time = isSimulated ? last ?? MachineClock.now() : MachineClock.now()
    }
  }

  /// What the board, lists and single tasks are made of.
  static let board: Set<StateKey.Kind> = [.ledger, .charter, .organisation, .task]

  /// What every answer for people ends with in a ledger whose clock is not real.
  var clockRemark: String { isSimulated ? language.simulatedClock : "" }

  /// The instant on the clocks of the programme, as its dates are meant: `2025-12-30 10:00 +08:00`.
  var localTime: String {
    let offset = programme.charter?.offset ?? .utc
    let day = time.day(at: offset)
    let minutes = (time.milliseconds - day.start(at: offset).milliseconds) / 60_000
    let clock = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(day) \(clock.joined(separator: ":")) \(offset)"
  }

  /// Where and when the answer stands, for machines.
  var json: JSONObject {
    [
      "size": .integer(Int64(clamping: size)), "root": .string(root),
      "time": .string(time.description), "simulated": .bool(isSimulated),
    ]
  }

  /// The verdict on a task's light at the instant of the reading.
  func verdict(_ task: Task) -> LightVerdict {
    Light.verdict(of: task, charter: programme.charter ?? Charter(), at: time)
  }
}

/// `--as-of`: a date, whose end is meant, or a number of entries.
enum AsOf {
  case day(Day)
  case size(UInt64)

  init(_ text: String) throws {
    if let day = Day(text) {
      self = .day(day)
    } else if let size = UInt64(text), size > 0 {
      self = .size(size)
    } else {
      throw Failure(
        "--as-of takes a date such as 2024-06-30 or a number of entries.", exit: .usage)
    }
  }

  /// How many entries there were, and the instant that is meant.
  func place(
    in folder: LedgerFolder, of size: UInt64, offset: UTCOffset?
  ) throws -> (size: UInt64, time: Timestamp) {
    switch self {
    case .size(let wanted):
      guard wanted <= size, let header = try folder.store.header(wanted - 1) else {
        throw Failure("The ledger has \(size) entries, so there is no state as of \(wanted).")
      }
      return (wanted, header.time)
    case .day(let day):
      let end = day.end(at: offset ?? .utc).adding(milliseconds: -1)
      let wanted = try folder.store.size(at: end, of: size)
      guard wanted > 0 else { throw Failure("The ledger was opened after \(day).") }
      return (wanted, end)
    }
  }
}
