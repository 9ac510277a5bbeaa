internal import ArgumentParser
internal import Ledger
internal import SQLiteStorage

struct Prove: ParsableCommand {
  static let configuration = help(
    "prove", "Make a receipt for an entry, checkable offline.",
    example: "onus prove 412 > 412.receipt")

  @Argument(help: "The entry's index.") var entry: UInt64
  @Option(help: "Also write the submission it is for into this file.") var note: String?
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let folder = try LedgerFolder(place.folder, for: .readOnly)
    let receipt = try Receipt.make(of: entry, in: folder.store)
    if let note, let leaf = try folder.store.entry(entry) {
      try Files.write(try Entry(leaf).submission.bytes, to: note)
    }
    Terminal.standardOutput(receipt.bytes)
  }
}
