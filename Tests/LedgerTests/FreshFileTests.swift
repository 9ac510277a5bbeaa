import FoundationEssentials
import Glibc
@testable import Ledger
import Testing

/// What a run that was killed has left under a name of its own goes with the next.
@Suite struct `A file that was left unfinished` {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/b.tar" }

  @Test func `is deleted by whoever writes the same file next, and nothing else is`() throws {
    let kept = [
      "b.tar.new-2024", "b.tar.new-0123456789ABCDEF", "b.tar.new-0123456789abcdef0",
      "c.tar.new-0123456789abcdef", "xb.tar.new-0123456789abcdef", "b.tar.old-0123456789abcdef",
    ]
    for name in kept + ["b.tar.new-0123456789abcdef", "b.tar.new-ffffffffffffffff"] {
      try folder.write([1], to: name)
    }
    try FileManager.default.createSymbolicLink(
      atPath: "\(path).new-0000000000000001", withDestinationPath: "\(folder.path)/\(kept[0])")
    try Files.replace(path, with: [7])
    #expect(try folder.names() == (kept + ["b.tar", "b.tar.new-0000000000000001"]).sorted())
    #expect(try folder.bytes(of: "b.tar") == [7])
  }

  @Test func `stays while somebody writes it`() throws {
    var writing = try FreshFile(for: path, mode: 0o600)
    try writing.file.write([1])
    try Files.replace(path, with: [2])
    #expect(try folder.names().count == 2)
    try writing.finish()
    #expect(try folder.names() == ["b.tar"])
    #expect(try folder.bytes(of: "b.tar") == [1])
  }

  @Test func `is not left where the writer gives up`() throws {
    do {
      let writing = try FreshFile(for: path, mode: 0o600)
      try writing.file.write([1])
    }
    #expect(try folder.names() == [])
  }

  @Test func `is known by its name`() {
    let name = FreshFile.name(for: "a/b")
    #expect(FreshFile.target(of: name) == "a/b")
    #expect(FreshFile.name(for: "a/b") != name)
    #expect(FreshFile.target(of: ".new-0123456789abcde") == nil)
  }
}
