import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Ledger
import SQLiteStorage
import Testing
import TransparencyLog
import Views

/// The examples of the libraries' own pages, run; and the pages held against what was run.
@Suite struct `The page of a library` {
  struct Unexpected: Error {}

  let folder = TemporaryFolder()
  let now = Timestamp(milliseconds: 1_795_316_401_412)

  @Test func `Encoding has an example that works`() throws {
    let line = Array(#"{"percent":60,"period":"2026-10"}"#.utf8)
    let value = try CanonicalJSON.parse(line)
    let period = try #require(value.object?["period"]?.string.flatMap { Period($0) })
    #expect(value.object?["percent"]?.integer == 60)
    #expect(period.lastDay.description == "2026-10-31")
    #expect(CanonicalJSON.write(value) == line)
  }

  @Test func `Cryptography has an example that works`() throws {
    let key = SigningKey()
    let vkey = try VerifierKey(name: "D03", publicKey: key.publicKey)
    let message = Array("This is what D03 says.\n".utf8)
    let signature = key.sign(message)
    #expect(try VerifierKey(vkey.description).publicKey.isValid(signature, for: message))
    let phrase = Array("a passphrase that is long".utf8)
    let again = try SigningKey(pem: key.pem(passphrase: phrase), passphrase: phrase)
    #expect(again.publicKey == key.publicKey)
  }

  @Test func `Accountability has an example that works`() throws {
    let line = #"{"data":{"percent":60,"period":"2026-10"},"task":"O3","type":"progress.reported"}"#
    let event = try Event(checking: CanonicalJSON.parse(Array(line.utf8)))
    #expect(EventCatalogue.kind(of: event.type)?.declaration.by.roles == [.lead])
    let signer = SubmissionFacts.Signer(key: KeyName(name: "D03", id: 1), n: 1)
    let facts = SubmissionFacts(by: [signer], at: now, seenSize: 0, events: [event])
    var programme = Programme()
    let outcome = programme.apply(
      facts, index: 0, time: now, timeOfSeen: nil, seenMatches: true, isSigned: { _, _ in true })
    guard case .void(let refusal) = outcome else { throw Unexpected() }
    #expect(refusal.code == .unknownKey)
  }

  @Test func `Ledger has an example that works`() async throws {
    let logKey = SigningKey()
    let registrarKey = SigningKey()
    let now = now
    let log = try VerifierKey(name: "beihe.example/plan", publicKey: logKey.publicKey)
    let registrar = try VerifierKey(name: "REG", publicKey: registrarKey.publicKey)
    let opening = LedgerOpening(
      logKey: log, registrar: registrar, kind: "office", nameEnglish: "Registry",
      nameChinese: "登记处")
    let first = try CarriedSubmission(opening.sign(at: now, with: registrarKey))
    let store = MemoryStore()
    let writer = try Writer(
      store: store, signingKey: logKey, guard: Guard(folder: folder.path, logKey: log),
      state: WholeState(), clock: { now })
    let receipt = try writer.open(with: first).receipt
    #expect(try receipt.check(note: first.submission.bytes, logKey: log).index == 0)
    #expect(try await Auditor(store).run().voidCount == 0)
  }

  @Test func `SQLiteStorage has an example that works`() throws {
    let leaf = MerkleTree.leafHash([1])
    let batch = Batch(
      firstIndex: 0, entries: [[1]], tiles: [(Tile(level: 0, index: 0, width: 1), [leaf])],
      checkpoint: [1])
    let path = "\(folder.path)/ledger.db"
    let store = try SQLiteStore.create(at: path)
    try store.append(batch)  // durable, unreleased
    try store.release(batch.checkpoint)
    try store.close()
    let copy = try SQLiteStore.open(at: path, access: .readOnly)
    #expect(try copy.head()?.size == batch.size)
  }

  @Test func `Views has an example that works`() throws {
    let store = try ViewsFixture().store
    let views = try ViewStore.open(at: "\(folder.path)/views.db", of: store)  // catches up
    #expect(try views.position().size == 1)
    #expect(try views.newestEvents(1).map(\.type) == ["role.granted"])
    let programme = try views.programme(of: [.organisation])
    let past = try FoldedLog(of: store, size: 1).programme
    #expect(past.organisations.count == programme.organisations.count)
  }

  @Test(arguments: [
    "Encoding", "Cryptography", "Accountability", "Ledger", "SQLiteStorage", "Views",
  ])
  func `shows the very lines that were run`(library: String) throws {
    let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    let page = root.appending(path: "Sources/\(library)/Documentation.docc/\(library).md")
    let shown = try String(contentsOf: page, encoding: .utf8)
      .split(separator: "```swift\n").last?.split(separator: "```").first
    let file = tests.appending(path: "LibraryPageTests.swift")
    let run = try String(contentsOf: file, encoding: .utf8)
    let lines = try #require(shown).split(separator: "\n")
    #expect((5...14).contains(lines.count))
    for line in lines { #expect(run.contains("\n    \(line)\n"), "\(line)") }
  }
}
