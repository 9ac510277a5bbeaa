internal import Glibc
internal import Synchronization

/// The files of an export, wherever they lie: a folder, or one archive.
protocol ExportFiles: Sendable {
  /// What a person calls the place.
  var place: String { get }

  /// The contents of a file; `nil` if it is not there, or is longer than `limit` bytes, of which
  /// nothing is read.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/fileFailed``, which names it, if it cannot be
  ///   read: a check of it could not be made then, and has not failed either.
  func contents(_ path: String, atMost limit: Int) throws(LedgerError) -> [UInt8]?

  /// Whether there is a file of that name.
  func has(_ path: String) throws(LedgerError) -> Bool

  /// Whether there is a folder of tiles.
  func hasTiles() throws(LedgerError) -> Bool

  /// Everything that is there, in order of its path.
  func items() throws(LedgerError) -> [(path: String, kind: FolderTree.Kind)]

  /// The error of something that is no file where one belongs.
  func unreadable(_ path: String, _ kind: FolderTree.Kind) -> LedgerError
}

/// An export as it lies in a folder.
struct FolderFiles: ExportFiles {
  private let tree: FolderTree
  var place: String { tree.root }

  init(place: String) { tree = FolderTree(root: place) }

  func contents(_ path: String, atMost limit: Int) throws(LedgerError) -> [UInt8]? {
    try tree.contents(of: path, atMost: limit)
  }
  func has(_ path: String) throws(LedgerError) -> Bool { try tree.has(path) }
  func hasTiles() throws(LedgerError) -> Bool { try tree.hasFolder("tile") }
  func items() throws(LedgerError) -> [(path: String, kind: FolderTree.Kind)] { try tree.items() }
  func unreadable(_ path: String, _ kind: FolderTree.Kind) -> LedgerError {
    tree.unreadable(path, kind)
  }
}

/// An export in one archive (docs/formats/bundle.md), read where it lies.
final class ArchiveFiles: ExportFiles {
  let place: String
  /// Read at given offsets only, so that threads do not disturb each other.
  private let file: Files.Handle
  private let members: [String: (offset: Int, byteCount: Int)]

  /// The most members of an archive: those of a log of 2^28 entries.
  private static let maximumCount = 4 << 20

  /// Reads the headers.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/malformedBundle`` for any other archive than
  ///   one that we write, ``LedgerError/Code/fileFailed`` if it cannot be read.
  init(_ path: String) throws(LedgerError) {
    place = path
    file = try Files.Handle(path, O_RDONLY | O_NONBLOCK)
    guard file.isRegular else { throw Self.malformed(path, "it is not a file") }
    var members: [String: (offset: Int, byteCount: Int)] = [:]
    var time: UInt64?
    var offset = 0
    while true {
      let block = try file.read(at: offset, count: TarFormat.blockByteCount)
      if block.allSatisfy({ $0 == 0 }) { break }
      guard let member = TarFormat.parse(block), time == nil || time == member.time,
        members.count < Self.maximumCount
      else { throw Self.malformed(path, "at byte \(offset) stands no header of a member") }
      time = member.time
      offset += TarFormat.blockByteCount
      guard members.updateValue((offset, member.byteCount), forKey: member.name) == nil else {
        throw Self.malformed(path, "\(member.name) is in it twice")
      }
      offset += member.byteCount
      let padding = try file.read(at: offset, count: TarFormat.padding(member.byteCount))
      guard padding.count == TarFormat.padding(member.byteCount),
        padding.allSatisfy({ $0 == 0 })
      else { throw Self.malformed(path, "it ends inside \(member.name)") }
      offset += padding.count
    }
    guard try file.read(at: offset, count: 4 * TarFormat.blockByteCount) == TarFormat.end else {
      throw Self.malformed(path, "it does not end in two empty blocks")
    }
    self.members = members
  }

  func contents(_ path: String, atMost limit: Int) throws(LedgerError) -> [UInt8]? {
    guard let member = members[path], member.byteCount <= limit else { return nil }
    let bytes = try file.read(at: member.offset, count: member.byteCount)
    return bytes.count == member.byteCount ? bytes : nil
  }

  func has(_ path: String) -> Bool { members[path] != nil }

  func hasTiles() -> Bool { members.keys.contains(where: ExportLayout.isInTiles) }

  func items() -> [(path: String, kind: FolderTree.Kind)] {
    members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, .file) }
  }

  func unreadable(_ path: String, _ kind: FolderTree.Kind) -> LedgerError {
    LedgerError(.malformedBundle, "\(path) in \(place) cannot be read: it is \(kind.name).")
  }

  private static func malformed(_ path: String, _ reason: String) -> LedgerError {
    LedgerError(
      .malformedBundle, "\(path) is not a bundle as `onus export bundle` writes it: \(reason).",
      hint: "If another program packed it, unpack it and name the folder.")
  }
}
