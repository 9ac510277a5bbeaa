internal import ArgumentParser
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export the ledger for others to check.",
    subcommands: [Tiles.self, Bundle.self, Public.self])

  struct Tiles: ParsableCommand {
    static let configuration = help(
      "tiles", "Write the whole log as a C2SP tlog-tiles folder, or bring one up to date.",
      example: "onus export tiles /media/stick/beihe")

    @Argument(help: "The folder: new, empty, or that of an earlier export.") var folder: String
    @Flag(help: "Export a ledger that was changed as it stands, as evidence; else it is refused.")
    var evenIfDamaged = false
    @OptionGroup var place: LedgerOptions

    func run() throws {
      let ledger = try LedgerFolder(place.folder, for: .readOnly)
      let written = try TilesExport.write(
        ledger.store, to: folder, damage: evenIfDamaged ? .exported : .refused)
      let size = written.checkpoint.checkpoint.size
      if place.json {
        Answer.json([
          "size": .integer(Int64(clamping: size)),
          "new": .integer(Int64(clamping: written.newEntryCount)),
          "mended": .integer(Int64(written.mendedFileCount)),
          "foreign": .array(written.strays.map { .string($0) }),
        ])
      } else {
        let new = written.newEntryCount == size ? "" : ", of which \(written.newEntryCount) are new"
        let mended =
          written.mendedFileCount == 0
          ? "" : ", \(written.mendedFileCount.counted("file")) of the earlier export mended"
        Terminal.standardOutput(
          "\(size.entries)\(new)\(mended), edition public (no openings), in \(Terminal.safe(folder))\n"
        )
        let shown = written.strays.prefix(10)
        for name in shown {
          Terminal.standardError(
            "onus: \(Terminal.safe("\(folder)/\(name)")) is not of the export, and every audit of it will say so: move it away.\n"
          )
        }
        if shown.count < written.strays.count {
          Terminal.standardError("onus: and \(written.strays.count - shown.count) more.\n")
        }
      }
    }
  }
}
