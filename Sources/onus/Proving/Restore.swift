internal import ArgumentParser
internal import Cryptography
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct Restore: ParsableCommand {
  static let configuration = help(
    "restore", "Bring a rolled-back ledger up to what its log key has signed, from an export.",
    example: "onus restore --from /media/stick/beihe")

  @Option(help: "An exported tiles folder that holds the missing entries; repeat for more.")
  var from: [String]
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let folder = try LedgerFolder(place.folder, for: .readWrite)
    let office = try Office(folder, keys: place.keyFolder)
    let exports = from.map { ExportedEntries(folder: $0) }
    let count = try office.writer.restore(entry: { index in
      for export in exports {
        if let leaf = try export.entry(index) { return leaf }
      }
      return nil
    })
    Terminal.standardOutput(
      "restored \(count) entries; their sealed texts are not in an export, and stay away\n")
  }
}

/// The entries of an exported tiles folder.
private struct ExportedEntries {
  let folder: String

  /// The leaf bytes at an index, or `nil` if the export ends before.
  func entry(_ index: UInt64) throws -> [UInt8]? {
    let bundle = index / UInt64(Tile.fullWidth)
    let offset = Int(index % UInt64(Tile.fullWidth))
    for width in stride(from: Tile.fullWidth, to: offset, by: -1) {
      let path = "\(folder)/\(EntryBundle.path(index: bundle, width: width))"
      guard Files.exists(path) else { continue }
      let entries = try EntryBundle.decode(try Files.read(path))
      guard entries.count == width else {
        throw Failure("\(path) holds \(entries.count) entries, and its name says \(width).")
      }
      return Array(entries[offset])
    }
    return nil
  }
}
