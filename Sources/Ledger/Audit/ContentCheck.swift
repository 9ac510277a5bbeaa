internal import Accountability
internal import Cryptography

/// Openings held against the seals of the log.
struct ContentCheck {
  private(set) var openedCount: UInt64 = 0
  private(set) var missingCount: UInt64 = 0
  private var withheld: Int?
  /// Openings that stand with the entry they are stored with.
  private var placedCount: UInt64 = 0
  /// Commitments of which a finding says already that not all under them is what was sealed.
  private var told: Set<Digest> = []
  /// What is wrong with openings that cannot be read, of which a finding says so already.
  private var unreadable: Set<String> = []
  private let edition: AuditEdition

  init(edition: AuditEdition) { self.edition = edition }

  /// Takes in what was found about an entry's seals.
  ///
  /// A void entry's seals bind nobody to keep their openings; what is kept must still match.
  mutating func take(_ read: ReadEntry, isVoid: Bool, _ log: inout FindingLog) {
    for seal in read.seals {
      switch seal.result {
      case .opened:
        placedCount += 1
        openedCount += 1
      case .openedElsewhere: openedCount += 1
      case .wrong(let message), .unreadable(let message):
        placedCount += 1
        if case .unreadable = seal.result, unreadable.count < FindingLog.limit {
          unreadable.insert(message)
        }
        tell(of: seal.commitment)
        log.add(
          Finding(
            .wrongOpening, read.index,
            "What is stored as the content of a seal of entry \(read.index) is not what was sealed: \(message)",
            "第 \(read.index) 条密封内容与封存时不一致。"))
      case .contradicted(let message):
        log.add(
          Finding(
            .wrongOpening, read.index,
            "A seal of entry \(read.index) says of its content what does not hold: \(message)",
            "第 \(read.index) 条的密封对其内容的说明与内容不符。"))
      case .adopted(let other):
        log.add(
          Finding(
            .adoptedSeal, read.index,
            "Entry \(read.index) repeats a seal whose content was sealed by another author in entry \(other).",
            "第 \(read.index) 条冒用了第 \(other) 条他人的密封。"))
      case .missing where !isVoid: miss(read.index, &log)
      case .missing: break
      }
    }
  }

  /// Looks for openings that belong to no seal, if there are more than were met.
  mutating func finish(
    _ source: any AuditSource, size: UInt64, broken: Set<UInt64>, _ log: inout FindingLog
  ) throws {
    var count: UInt64 = 0
    var last: StoredOpening?
    var repeated: [(entry: UInt64, commitment: Digest)] = []
    do {
      try source.scanOpenings { stored in
        count += 1
        // Two under one key of the table: only one of them was read above.
        if let last, (last.entry, last.commitment) >= (stored.entry, stored.commitment) {
          repeated.append((stored.entry, stored.commitment))
        }
        last = stored
      }
    } catch let error as StorageError where error.code == .damaged {
      // One break is one finding; that not all could be looked through changes nothing of the axis.
      guard !unreadable.contains(error.message) else { return }
      log.add(
        Finding(
          .wrongOpening, affected: 0,
          "The stored contents cannot be read through: \(error.message)",
          "保存的内容无法完整读取。"))
      return
    }
    for (entry, commitment) in repeated {
      tell(of: commitment)
      log.add(
        Finding(
          .strayOpening, entry < size ? entry : nil,
          "A second content is stored with a seal of entry \(entry).",
          "第 \(entry) 条的同一处密封另存有一份内容。"))
    }
    guard count != placedCount else { return }
    try source.scanOpenings { stored in
      guard !broken.contains(stored.entry), try !isPlaced(stored, source, size) else { return }
      log.add(
        Finding(
          .strayOpening, stored.entry < size ? stored.entry : nil,
          "A content is stored with entry \(stored.entry), which has no seal \(stored.commitment) that it opens.",
          "第 \(stored.entry) 条名下保存的内容与其任何密封均不对应。"))
    }
  }

  private mutating func tell(of commitment: Digest) {
    // No more findings than this are kept either.
    if told.count < FindingLog.limit { told.insert(commitment) }
  }

  /// Whether an opening stands with an entry that seals just this, as far as no finding denies it.
  ///
  /// Where several entries repeat a seal, only one of the contents under it was read above.
  private func isPlaced(
    _ stored: StoredOpening, _ source: any AuditSource, _ size: UInt64
  ) throws -> Bool {
    guard stored.entry < size else { return try source.hasGrown(beyond: stored.entry) }
    guard let leaf = try source.entry(stored.entry), let entry = try? Entry(leaf) else {
      return false
    }
    let author = entry.submission.author.key
    return entry.submission.seals.contains { $0.commitment == stored.commitment }
      && (told.contains(stored.commitment)
        || stored.opening.commitment(by: author) == stored.commitment)
  }

  private mutating func miss(_ index: UInt64, _ log: inout FindingLog) {
    missingCount += 1
    guard edition == .full else { return }
    if let withheld { return log.affect(withheld) }
    withheld = log.add(
      Finding(
        .missingOpening, index,
        "The content of a seal of entry \(index) is not here, and could not be checked.",
        "第 \(index) 条的密封内容不在此处，未能检查。"))
  }
}
