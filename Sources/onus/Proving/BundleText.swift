internal import Cryptography
internal import Encoding
internal import Ledger

/// What an audit says of the files that a bundle has for people: remarks, none of them a violation.
enum BundleText {
  static func remarks(_ files: [AuditReport.BundleFile], _ isChinese: Bool) -> String {
    var text = ""
    func names(_ standing: AuditReport.BundleFile.Standing) -> String? {
      let names = files.filter { $0.standing == standing }.map { Terminal.safe($0.name) }
      guard !names.isEmpty else { return nil }
      let rest = names.count - min(names.count, 5)
      let first = names.prefix(5).joined(separator: ", ")
      return rest == 0 ? first : first + (isChinese ? "，另有 \(rest) 项" : " and \(rest) more")
    }
    if let names = names(.differs) {
      text +=
        isChinese
        ? "档案所附文件与本版本所附者不同（可能出自其他版本，也可能被替换）：\(names)\n"
        : "in the bundle, differs from this build's (another build packed it, or somebody changed it): \(names)\n"
    }
    if files.contains(where: {
      $0.name == BundleContents.verifier && ($0.standing == .differs || $0.standing == .unreadable)
    }) {
      text +=
        isChinese
        ? "请勿运行档案所附的 \(BundleContents.verifier)，请使用您自己的副本\n"
        : "do not run the bundle's \(BundleContents.verifier); run a copy of your own\n"
    }
    if let names = names(.missing) {
      text += isChinese ? "档案缺少：\(names)\n" : "in the bundle, missing: \(names)\n"
    }
    if let names = names(.foreign) {
      text +=
        isChinese
        ? "档案另有本版本不附的文件，无人核验：\(names)\n"
        : "in the bundle, not of this build, and checked by nobody: \(names)\n"
    }
    if let names = names(.unreadable) {
      text +=
        isChinese ? "档案中无法读取的文件：\(names)\n" : "in the bundle, not to be read as files: \(names)\n"
    }
    for policy in files where policy.standing == .own {
      let hash = policy.digest.map { Hex.encode($0.bytes) } ?? "?"
      text +=
        isChinese
        ? "档案所附策略出自打包者（SHA-256 \(hash)），仅在您以 --policy 指定时有效\n"
        : "in the bundle, the policy is its packer's own (SHA-256 \(hash)); it counts only if you name it with --policy\n"
    }
    return text
  }
}
