import Cryptography
import FoundationEssentials
import Glibc
import Ledger
import Testing
import TransparencyLog

/// An earlier export is whole before it is called so: what is not as it should be is mended or refused.
@Suite struct `An export into an earlier one that was damaged` {
  private func export(_ size: UInt64) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    let written = try TilesExport.write(ExportFixture.ledger(size), to: folder.path)
    #expect(written.mendedFileCount == 0 && written.strays == [])
    return folder
  }

  private func remove(_ name: String, in folder: TemporaryFolder) throws {
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
  }

  @Test(arguments: [300, 301, 600] as [UInt64]) func `mends every file, whatever became of it`(
    size: UInt64
  ) throws {
    let folder = try export(300)
    let sound = try ExportFixture.contents(export(size))
    for (name, bytes) in try ExportFixture.contents(folder) where name != "checkpoint" {
      var changed = bytes
      changed[bytes.count / 2] ^= 1
      for other in [changed, Array(bytes.dropLast()), bytes + [0], [], nil] {
        let copy = TemporaryFolder()
        copy.remove()
        try FileManager.default.copyItem(atPath: folder.path, toPath: copy.path)
        if let other { try copy.write(other, to: name) } else { try remove(name, in: copy) }
        let written = try TilesExport.write(ExportFixture.ledger(size), to: copy.path)
        #expect(written.newEntryCount == size - 300)
        // What is narrower than the new tile in its place is not mended, but deleted.
        #expect(written.mendedFileCount == (sound[name] == nil ? 0 : 1), "\(name)")
        #expect(try ExportFixture.contents(copy) == sound, "\(name)")
      }
    }
  }

  @Test func `mends the whole of it where all files are gone but the checkpoint`() throws {
    let folder = try export(600)
    let sound = try ExportFixture.contents(folder)
    try remove("tile", in: folder)
    let written = try TilesExport.write(ExportFixture.ledger(600), to: folder.path)
    #expect(written.mendedFileCount == sound.count - 1)
    #expect(try ExportFixture.contents(folder) == sound)
    #expect(try TilesExport.write(ExportFixture.ledger(600), to: folder.path).mendedFileCount == 0)
  }

  @Test func `refuses a link by name, reads nothing through it and writes and deletes nothing`()
    throws
  {
    let target = try export(300)
    let kept = try ExportFixture.contents(target)
    for name in ["checkpoint", "tile", "tile/0", "tile/entries", "tile/0/001.p", "tile/0/000", "x"]
    {
      let folder = try export(300)
      if name != "x" { try remove(name, in: folder) }
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: "\(target.path)/\(name)")
      let before = try ExportFixture.contents(folder)
      let error = #expect(throws: LedgerError.self) {
        try TilesExport.write(ExportFixture.ledger(600), to: folder.path)
      }
      #expect(error?.code == .fileFailed && error?.message.contains("/\(name) ") == true, "\(name)")
      #expect(error?.message.contains("symbolic link") == true)
      #expect(try ExportFixture.contents(folder) == before)
      #expect(try ExportFixture.contents(target) == kept)
    }
  }

  @Test func `refuses what is no file in the place of one`() throws {
    for name in ["tile/0/000", "tile/entries/001.p/44", "tile/0/001.p/44", "checkpoint"] {
      for makesFolder in [true, false] {
        let folder = try export(300)
        try remove(name, in: folder)
        let path = "\(folder.path)/\(name)"
        if makesFolder {
          try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        } else {
          unsafe mkfifo(path, 0o600)
        }
        let error = #expect(throws: LedgerError.self) {
          try TilesExport.write(ExportFixture.ledger(300), to: folder.path)
        }
        #expect(error?.code == .fileFailed && error?.message.contains(name) == true, "\(name)")
      }
    }
  }

  @Test func `names what is not of the export, and leaves it`() throws {
    let folder = try export(300)
    let sound = try ExportFixture.contents(folder)
    for name in [".DS_Store", "tile/0/000.p/notes", "tile/3/000"] {
      let path = URL(filePath: "\(folder.path)/\(name)")
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try folder.write([1], to: name)
    }
    let written = try TilesExport.write(ExportFixture.ledger(301), to: folder.path)
    #expect(written.strays == [".DS_Store", "tile/0/000.p/notes", "tile/3/000"])
    #expect(try folder.bytes(of: "tile/0/000.p/notes") == [1])
    #expect(try ExportFixture.contents(folder).count == sound.count + 3)
  }

  @Test func `clears away what a run that was killed has left`() throws {
    let folder = try export(300)
    let sound = try ExportFixture.contents(folder)
    for name in ["checkpoint", "tile/0/000", "tile/entries/001.p/44"] {
      try folder.write([1], to: "\(name).new-0123456789abcdef")
    }
    for name in ["tile/2", "tile/0/002.p"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
    }
    // Not ours: another stem, or another form of the digits.
    for name in ["notes.new-0123456789abcdef", "checkpoint.new-2024"] {
      try folder.write([1], to: name)
    }
    let written = try TilesExport.write(ExportFixture.ledger(300), to: folder.path)
    #expect(written.strays == ["checkpoint.new-2024", "notes.new-0123456789abcdef"])
    #expect(written.mendedFileCount == 0)
    for name in written.strays { try remove(name, in: folder) }
    #expect(try ExportFixture.contents(folder) == sound)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/tile/2"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/tile/0/002.p"))
  }
}
