internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring a rolled-back ledger up to what its log key has signed.",
    discussion: """
      Takes the missing entries from an exported folder or from a copy of the ledger, and only if \
      they lead to exactly what the log key has signed. Sealed texts that are missing come back from \
      a copy of the ledger; an export has none.

      Example:
        onus restore --from /media/stick/beihe --from /backup/programme
      """)

  @Option(help: "An exported folder, or a ledger's folder, with missing entries; repeat for more.")
  var from: [String]
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let folder = try LedgerFolder(place.folder, for: .readWrite)
    let sources = try from.map { try Source($0) }
    let office = try Office(folder, keys: place.keyFolder)
    let restored = try office.writer.restore(
      entry: { index in
        for source in sources {
          if let leaf = try source.entry(index) { return leaf }
        }
        return nil
      },
      opening: { commitment in
        for source in sources {
          if let opening = try source.opening(commitment) { return opening }
        }
        return nil
      })
    if place.json {
      Answer.json([
        "entries": .integer(Int64(clamping: restored.entryCount)),
        "openings": .integer(Int64(restored.openingCount)),
        "missing": .integer(Int64(restored.missingOpeningCount)),
      ])
      return
    }
    if restored.entryCount == 0, restored.openingCount == 0, restored.missingOpeningCount == 0 {
      return Terminal.standardOutput("nothing is missing\n")
    }
    Terminal.standardOutput(
      "restored \(restored.entryCount.entries) and \(restored.openingCount.counted("sealed content"))\n"
    )
    guard restored.missingOpeningCount > 0 else { return }
    Terminal.standardOutput(
      "still missing: \(restored.missingOpeningCount.counted("sealed content")), which a copy of the ledger brings back with `onus restore --from`\n"
    )
  }
}

/// What `--from` names.
private enum Source {
  case export(ExportedEntries)
  case ledger(SQLiteStore)

  init(_ folder: String) throws {
    if Files.exists("\(folder)/ledger.db") {
      self = .ledger(try LedgerFolder(folder, for: .readOnly).store)
    } else if Files.exists("\(folder)/tile/entries") {
      self = .export(ExportedEntries(folder: folder))
    } else {
      throw Failure(
        "\(folder) is neither an exported folder nor that of a ledger.",
        hint: "Name a folder that `onus export tiles` wrote, or one that holds a ledger.db.")
    }
  }

  func entry(_ index: UInt64) throws -> [UInt8]? {
    switch self {
    case .export(let export): try export.entry(index)
    case .ledger(let store): try store.entry(index)
    }
  }

  func opening(_ commitment: Digest) throws -> Opening? {
    guard case .ledger(let store) = self else { return nil }
    return try store.opening(commitment)?.opening
  }
}

/// The entries of an exported tiles folder.
private final class ExportedEntries {
  private let folder: String
  /// The bundle that was read last: entries are asked for in their order.
  private var last: (bundle: UInt64, entries: [ArraySlice<UInt8>]) = (0, [])

  init(folder: String) {
    self.folder = folder
  }

  /// The leaf bytes at an index, or `nil` if the export ends before.
  func entry(_ index: UInt64) throws -> [UInt8]? {
    let bundle = index / UInt64(Tile.fullWidth)
    let offset = Int(index % UInt64(Tile.fullWidth))
    if last.bundle != bundle || last.entries.count <= offset {
      last = (bundle, try entries(of: bundle, beyond: offset))
    }
    return last.entries.count > offset ? Array(last.entries[offset]) : nil
  }

  /// The widest form of a bundle that is there; empty if none holds more than `offset` entries.
  private func entries(of bundle: UInt64, beyond offset: Int) throws -> [ArraySlice<UInt8>] {
    for width in stride(from: Tile.fullWidth, to: offset, by: -1) {
      let path = "\(folder)/\(EntryBundle.path(index: bundle, width: width))"
      guard Files.exists(path) else { continue }
      let entries = try EntryBundle.decode(try Files.read(path))
      guard entries.count == width else {
        throw Failure("\(path) holds \(entries.count) entries, and its name says \(width).")
      }
      return entries
    }
    return []
  }
}
