import Cryptography
import Ledger

/// What exports are made of: a ledger of 600 entries, and the same at every size before.
enum ExportFixture {
  static let whole = Result { () throws -> (MemoryStore, SigningKey) in
    let fixture = try LedgerFixture.opened()
    let batch = try (1..<600).map { try fixture.sign([fixture.register("E\($0)")]) }
    for result in try fixture.writer.append(batch) { _ = try result.get() }
    return (fixture.store, fixture.log.key)
  }

  static func ledger(_ size: UInt64) throws -> MemoryStore {
    let (store, key) = try whole.get()
    return try MemoryStore.prefix(of: store, size: size, signedBy: key)
  }

  static func contents(_ folder: TemporaryFolder) throws -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: try folder.files().map { ($0, try folder.bytes(of: $0)) })
  }
}
