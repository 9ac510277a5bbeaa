internal import HelperProtocol
internal import Ledger
internal import SQLiteStorage

/// A copy of a ledger as somebody hands it over: its folder, an export, a bundle, or the address of an
/// export that is served by HTTP.
final class LedgerCopy {
  /// What is read of it.
  let source: any AuditSource
  /// What was fetched, if it is elsewhere.
  private let fetched: WebCopy?

  /// The copy at a path or an address, for reading.
  ///
  /// - Parameter say: Takes what there is to be said of a copy that was fetched.
  init(
    _ path: String, _ options: FetchOptions,
    say: @escaping (String) -> Void = { Terminal.standardError("onus: \(Terminal.safe($0))\n") }
  ) throws {
    if WebAddress.isMeant(by: path) {
      let copy = try WebCopy(path, options, say: say)
      fetched = copy
      source = try ExportAuditSource(copy.path)
      return
    }
    fetched = nil
    if Files.exists("\(path)/ledger.db") {
      source = StoreAuditSource(try LedgerFolder(path, for: .readOnly).store)
      return
    }
    do {
      source = try ExportAuditSource(path)
    } catch let error as LedgerError where error.code == .noLedger {
      throw Failure(
        "\(path) is neither an export nor the folder of a ledger.",
        hint: "Name what `onus export` wrote, its address, or a folder that holds a ledger.db.")
    }
  }

  /// Deletes what was fetched. Nothing is read from the source after that.
  func close() { fetched?.close() }
}
