internal import Ledger
internal import TransparencyLog

/// Where the receipt of a submitted file goes: by the name of the file, and of the entry too where
/// something else has that name. No department loses a receipt because two files are called the same, nor
/// because somebody has put a link, a folder or a pipe there.
struct ReceiptPlace {
  private let folder: String?
  private let stem: String
  private let appended: Appended

  /// - Parameter folder: The folder for receipts; else they lie beside the files.
  init(for file: String, in folder: String?, _ appended: Appended) {
    stem = folder.map { "\($0)/\(file.split(separator: "/").last ?? "submission")" } ?? file
    self.folder = folder
    self.appended = appended
  }

  /// The name that is tried first.
  var first: String { "\(stem).receipt" }

  /// The name that is tried where that is taken.
  private var second: String { "\(stem).entry-\(appended.index).receipt" }

  /// Writes the receipt, and returns where that is.
  ///
  /// A name is taken only while nothing has it, so that of two processes with files of one name neither
  /// overwrites what the other wrote. What is written anew is a receipt of this very entry.
  func write() throws(Failure) -> String {
    let bytes = appended.receipt.bytes
    if let folder { try Files.makeFolder(folder) }
    for path in [first, second] {
      do {
        try Ledger.Files.create(path, with: bytes, mode: 0o644)
        return path
      } catch {
        guard error.code == .folderExists else { throw Failure(error.message) }
      }
      guard isOfEntry(path) else { continue }
      try Files.write(bytes, toDerived: path)
      return path
    }
    throw Failure(
      "\(first) and \(second) are there, and neither is a receipt of entry \(appended.index).",
      hint: "`onus prove \(appended.index)` makes the receipt.")
  }

  /// Whether a file is a receipt of this entry; what is no file, or cannot be read, is not.
  private func isOfEntry(_ path: String) -> Bool {
    guard
      let bytes = try? Ledger.Files.read(
        path, atMost: Receipt.maximumByteCount, followingLinks: false),
      let old = try? Receipt(bytes), old.index == appended.index
    else { return false }
    return old.checkpoint.checkpoint.origin.utf8.elementsEqual(
      appended.receipt.checkpoint.checkpoint.origin.utf8)
  }
}
