internal import Cryptography

extension ExportAuditSource {
  /// The name of the policy that a bundle takes along.
  public static let policyName = "policy"
  /// The longest policy of which the hash is said.
  private static let policyByteCount = 1 << 20
  /// More files of nobody's are not listed.
  private static let maximumForeignCount = 1_000

  /// Holds what a bundle has beside the ledger against what this build would put there.
  ///
  /// - Parameter copies: What this build packs, but for the policy.
  /// - Returns: What became of each, in order of its name; `nil` of a folder of tiles, which has none.
  func compareBundleFiles(
    with copies: [(name: String, bytes: [UInt8])]
  ) throws -> [AuditReport.BundleFile]? {
    guard isBundle else { return nil }
    let known = Dictionary(copies.map { ($0.name, $0.bytes) }) { first, _ in first }
    var files: [AuditReport.BundleFile] = []
    var met: Set<String> = []
    var foreignCount = 0
    for (path, kind) in items {
      switch kind {
      case .folder: if known[path] == nil { continue }
      case .file, .link, .special: break
      }
      guard !isChecked(path) else { continue }
      met.insert(path)
      guard kind == .file else {
        if known[path] != nil || path == Self.policyName || foreignCount < Self.maximumForeignCount
        {
          foreignCount += 1
          files.append(AuditReport.BundleFile(path, .unreadable))
        }
        continue
      }
      if let copy = known[path] {
        let isSame = try self.files.contents(path, atMost: copy.count) == copy
        files.append(AuditReport.BundleFile(path, isSame ? .same : .differs))
      } else if path == Self.policyName {
        let bytes = try self.files.contents(path, atMost: Self.policyByteCount)
        files.append(AuditReport.BundleFile(path, .own, digest: bytes.map { SHA256.hash($0) }))
      } else if foreignCount < Self.maximumForeignCount {
        foreignCount += 1
        files.append(AuditReport.BundleFile(path, .foreign))
      }
    }
    let missing = copies.map(\.name).filter { !met.contains($0) }
    files += missing.map { AuditReport.BundleFile($0, .missing) }
    return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Whether a file is checked as part of the ledger.
  private func isChecked(_ path: String) -> Bool {
    if path.utf8.elementsEqual("checkpoint".utf8) || ExportLayout.isInTiles(path) { return true }
    return path.utf8.elementsEqual(BundleFormat.manifest.utf8) || BundleFormat.place(path) != nil
      || BundleFormat.timestamp(path) != nil
  }
}
