internal import Ledger
internal import SQLiteStorage

/// A copy of a ledger as somebody hands it over: its folder, an export, or a bundle.
enum LedgerCopy {
  /// The copy at a path, for reading.
  static func open(_ path: String) throws -> any AuditSource {
    if Files.exists("\(path)/ledger.db") {
      return StoreAuditSource(try LedgerFolder(path, for: .readOnly).store)
    }
    do {
      return try ExportAuditSource(path)
    } catch let error as LedgerError where error.code == .noLedger {
      throw Failure(
        "\(path) is neither an export nor the folder of a ledger.",
        hint: "Name what `onus export` wrote, or a folder that holds a ledger.db.")
    }
  }
}
