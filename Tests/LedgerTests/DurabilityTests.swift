import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `A fault while appending` {
  @Test func `before the commit leaves nothing, and the writer goes on`() throws {
    let fixture = try LedgerFixture.opened()
    let before = try fixture.store.head()
    let carried = try fixture.sign([fixture.register("D02")])
    fixture.faulty.fail(.append, .before, code: .notWritten)
    #expect(throws: StorageError.self) { try fixture.writer.append(carried) }
    #expect(try fixture.store.head() == before)
    #expect(try fixture.writer.append(carried).index == 1)
    try fixture.check()
  }

  @Test(arguments: FaultyStore.Step.allCases, FaultyStore.Moment.allCases)
  func `of unknown outcome stops the writer, and the next one settles it`(
    step: FaultyStore.Step, moment: FaultyStore.Moment
  ) throws {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    let released = try fixture.store.head()?.released
    let carried = try fixture.sign([fixture.register("D03")])
    let isStored = step == .release || moment == .after

    fixture.faulty.fail(step, moment)
    let error = #expect(throws: StorageError.self) { try fixture.writer.append(carried) }
    #expect(error?.code == .unknownOutcome)
    #expect(errorCode { try fixture.writer.append(carried) } == .stopped)
    #expect(errorCode { try fixture.writer.settle() } == .stopped)
    #expect(try fixture.store.head()?.size == (isStored ? 3 : 2))
    if step == .append { #expect(try fixture.store.head()?.released == released) }
    try fixture.check()

    try fixture.reopen()
    let again = try fixture.writer.append(carried)
    #expect(again.index == 2)
    #expect(again.isRepeat == isStored)
    _ = try again.receipt.check(note: carried.submission.bytes, logKey: fixture.log.vkey)
    let head = try #require(try fixture.store.head())
    #expect(head.released == head.checkpoint)
    #expect(try fixture.guardFile.read()?.bytes == head.checkpoint)
    try fixture.append("D04")
    try fixture.check()
  }

  @Test(arguments: FaultyStore.Step.allCases, FaultyStore.Moment.allCases)
  func `while opening leaves a ledger that can be opened or gone on with`(
    step: FaultyStore.Step, moment: FaultyStore.Moment
  ) throws {
    let fixture = try LedgerFixture()
    let first = try fixture.opening()
    fixture.faulty.fail(step, moment)
    #expect(throws: StorageError.self) { try fixture.writer.open(with: first) }
    try fixture.reopen()
    if try fixture.store.head() == nil {
      #expect(try fixture.guardFile.read()?.checkpoint.size == 0)
      #expect(try fixture.writer.open(with: first).index == 0)
    } else {
      #expect(try fixture.writer.append(first).isRepeat)
    }
    let head = try #require(try fixture.store.head())
    #expect(head.released == head.checkpoint)
    #expect(try fixture.guardFile.read()?.checkpoint.size == 1)
    try fixture.append("D02")
    try fixture.check()
  }

  @Test func `of the guard's disk releases nothing`() throws {
    let fixture = try LedgerFixture.opened()
    let released = try fixture.store.head()?.released
    let carried = try fixture.sign([fixture.register("D02")])
    let guardBytes = try #require(try fixture.guardFile.read()).bytes
    let guardName = String(fixture.guardFile.path.dropFirst(fixture.folder.path.count + 1))
    let folder = fixture.folder
    // The folder goes away between commit and guard, as a disk does.
    fixture.faulty.afterAppend { folder.remove() }
    #expect(errorCode { try fixture.writer.append(carried) } == .guardUnusable)
    #expect(try fixture.store.head()?.size == 2)
    #expect(try fixture.store.head()?.released == released)
    #expect(errorCode { try fixture.writer.append(carried) } == .stopped)

    try fixture.reopen()
    #expect(errorCode { try fixture.writer.append(carried) } == .guardMissing)
    try fixture.folder.write(guardBytes, to: guardName)
    #expect(try fixture.writer.append(carried).isRepeat)
    let head = try #require(try fixture.store.head())
    #expect(head.released == head.checkpoint)
    try fixture.check()
  }

  @Test func `while another process holds the guard tells the caller to try again`() throws {
    let fixture = try LedgerFixture.opened()
    let carried = try fixture.sign([fixture.register("D02")])
    try fixture.guardFile.withLock { _ in
      #expect(errorCode { try fixture.writer.append(carried) } == .locked)
    }
    #expect(try fixture.writer.append(carried).index == 1)
    try fixture.check()
  }

  @Test func `of the state's own store does not undo the append`() throws {
    let fixture = try LedgerFixture(state: ForgetfulState())
    _ = try fixture.writer.open(with: fixture.opening())
    try fixture.append("D02")
    try fixture.append("D03")
    #expect(try fixture.store.head()?.size == 3)
    try fixture.check()
  }

  @Test func `two writers in turn never fork`() throws {
    let fixture = try LedgerFixture.opened()
    let first = fixture.writer
    try fixture.reopen(state: WholeState())
    let second = fixture.writer
    for index in 0..<10 {
      fixture.writer = index.isMultiple(of: 2) ? first : second
      #expect(try fixture.append("E\(index)").index == UInt64(index + 1))
    }
    try fixture.check()
  }

  @Test func `two writers at once never fork`() async throws {
    let fixture = try LedgerFixture.opened()
    let seen = try fixture.seen()
    let batch = try (0..<20).map {
      try fixture.sign([fixture.register("E\($0)")], seen: seen)
    }
    let clock = fixture.clock
    let writers = try (0..<2).map { _ in
      try Writer(
        store: fixture.store, signingKey: fixture.log.key, guard: fixture.guardFile,
        state: WholeState(), clock: { clock.now })
    }
    // Both offer everything, in order; each submission goes in once, whoever is first.
    let indexes = try await withThrowingTaskGroup(of: [UInt64].self) { group in
      for writer in writers {
        group.addTask { @concurrent in try batch.map { try writer.append($0).index } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(indexes == [Array(1...20), Array(1...20)])
    #expect(try fixture.store.head()?.size == 21)
    try fixture.check()
  }
}

/// A state that never keeps what it is told, and folds everything again each time.
final class ForgetfulState: StateSource {
  private let state = WholeState()

  func position() throws(StorageError) -> StatePosition { try state.position() }
  func catchUp(with store: any TruthStore) throws { try state.catchUp(with: store) }
  func load(_ keys: [StateKey]) throws(StorageError) -> [[UInt8]?] { try state.load(keys) }
  func entry(ofSubmission n: UInt64, by key: KeyName) throws(StorageError) -> UInt64? {
    try state.entry(ofSubmission: n, by: key)
  }
  func record(_ batch: FoldedBatch) throws(StorageError) {
    throw StorageError(.notWritten, "A fault, on purpose.")
  }
}
