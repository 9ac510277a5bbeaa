import Ledger
import Testing

@Suite struct `The memory store` {
  @Test(arguments: StoreContract.allCases)
  func `keeps the contract`(_ rule: StoreContract) throws {
    try rule.check { MemoryStore() }
  }

  @Test(arguments: StoreContract.allCases)
  func `keeps the contract behind the store that fails on purpose`(_ rule: StoreContract) throws {
    try rule.check { FaultyStore(MemoryStore()) }
  }

  @Test func `gives a copy of its own`() throws {
    let log = SyntheticLog(MemoryStore())
    try log.append([[1]])
    let copy = try #require(log.store as? MemoryStore).copy()
    try log.append([[2]])
    #expect(try copy.head()?.size == 1)
    #expect(try log.store.head()?.size == 2)
  }
}
