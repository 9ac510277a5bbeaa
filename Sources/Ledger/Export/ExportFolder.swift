internal import Glibc

/// Where an export is written to.
protocol ExportOutput {
  /// Adds a file.
  mutating func write(_ bytes: [UInt8], to relativePath: String) throws(LedgerError)
}

/// A new folder that is being filled.
struct ExportFolder: ExportOutput {
  let root: String
  /// The folders made so far.
  private var folders: Set<String> = []

  init(root: String) {
    self.root = root
    folders.insert(root)
  }

  mutating func write(_ bytes: [UInt8], to relativePath: String) throws(LedgerError) {
    let path = "\(root)/\(relativePath)"
    try makeFolders(to: Files.folder(of: path))
    let file = try Files.Handle(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
    try file.write(bytes)
  }

  private mutating func makeFolders(to folder: String) throws(LedgerError) {
    guard !folders.contains(folder) else { return }
    try makeFolders(to: Files.folder(of: folder))
    try Files.makeFolder(folder, mode: 0o755)
    folders.insert(folder)
  }
}
