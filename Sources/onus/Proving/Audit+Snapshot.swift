internal import Ledger
internal import SQLiteStorage
internal import Synchronization
internal import Views

/// What is audited: an export as it lies there, or one state of a ledger that others append to.
extension Audit {
  /// Audits what is at a path.
  ///
  /// A ledger that nobody has open is read without locks, so that nothing is made beside it; if somebody
  /// begins to write to it then, it is audited anew, beside them.
  func audit(_ path: String, isFetched: Bool, _ options: AuditOptions) async throws -> AuditReport {
    do {
      return try await audit(path, isFetched: isFetched, besideWriters: false, options)
    } catch let error as StorageError where error.code == .busy {
      return try await audit(path, isFetched: isFetched, besideWriters: true, options)
    }
  }

  private func audit(
    _ path: String, isFetched: Bool, besideWriters: Bool, _ options: AuditOptions
  ) async throws -> AuditReport {
    var options = options
    if isFetched || Ledger.Files.isRegular(path)
      || !Files.exists("\(path)/ledger.db") && Files.exists("\(path)/tile")
    {
      let export = try ExportAuditSource(path)
      options.edition = publicEdition ? .public : export.edition
      return try await Auditor(source: export, options).run()
    }
    try Files.requireReachable(path)
    guard Files.exists(path) else {
      throw Failure(
        "There is no ledger in \(path), nor anything else.",
        hint: "Name the folder of a ledger or of an export, or a bundle.")
    }
    // What is no ledger of ours is refused before anything beside it is touched.
    try LedgerFolder(path, for: .readOnly).store.close()
    let views = try StoredViewsComparison.Rows(at: LedgerFolder.viewsFile(in: path))
    let store = try await Self.snapshot(path, besideWriters: besideWriters)
    options.views = try views.map { try StoredViewsComparison($0, of: store) }
    return try await Auditor(source: StoreAuditSource(store), options).run()
  }

  /// How long a writer may take to publish what it has committed.
  private static let publishingPatience = Duration.seconds(2)

  /// One state of a ledger, and where others write to it, one in which everything is published: between
  /// two steps of an append the newest entries are not. Where that lasts, nobody is appending, and the
  /// audit says so.
  private static func snapshot(_ path: String, besideWriters: Bool) async throws -> SQLiteStore {
    var unpublished: [UInt8]?
    let step = Duration.milliseconds(10)
    var waited = Duration.zero
    while true {
      let folder = try LedgerFolder(path, for: .snapshot(besideWriters: besideWriters))
      guard folder.isWrittenTo, let head = try? folder.store.head(),
        head.released != head.checkpoint
      else { return folder.store }
      waited = head.checkpoint == unpublished ? waited + step : .zero
      unpublished = head.checkpoint
      guard waited < publishingPatience else { return folder.store }
      try folder.store.close()
      try await Task.sleep(for: step)
    }
  }

  /// Says each line once, although a ledger may be gone through twice.
  final class Said: Sendable {
    private let lines = Mutex<Set<String>>([])

    func once(_ line: String) {
      if lines.withLock({ $0.insert(line).inserted }) { Terminal.standardError(line) }
    }
  }
}
