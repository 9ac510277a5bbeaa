import Accountability
import Encoding
import Ledger
import Testing

@Suite struct `The ledger's clock` {
  @Test func `a second back repeats the last time, more stops the append`() throws {
    let fixture = try LedgerFixture.opened()
    let start = fixture.clock.now
    let carried = try fixture.sign([fixture.register("D02")], at: start)
    fixture.clock.now = start.adding(milliseconds: -1000)
    let appended = try fixture.writer.append(carried)
    #expect(try appended.receipt.header().time == start)
    fixture.clock.now = start.adding(milliseconds: -1001)
    let next = try fixture.sign([fixture.register("D03")], at: start)
    #expect(errorCode { try fixture.writer.append(next) } == .clockBehind)
    #expect(try fixture.store.head()?.size == 2)
    fixture.clock.now = start
    #expect(try fixture.writer.append(next).index == 2)
    try fixture.check()
  }

  @Test func `more than sixty days ahead needs to be said`() throws {
    let fixture = try LedgerFixture.opened()
    let day: Int64 = 24 * 3600 * 1000
    fixture.clock.now = fixture.clock.now.adding(milliseconds: 60 * day)
    try fixture.writer.settle()
    let start = fixture.clock.now
    #expect(try fixture.writer.append(fixture.sign([fixture.register("D02")])).index == 1)
    fixture.clock.now = start.adding(milliseconds: 60 * day + 1)
    let late = try fixture.sign([fixture.register("D03")])
    #expect(errorCode { try fixture.writer.append(late) } == .clockAhead)
    var options = AppendOptions()
    options.allowsGap = true
    #expect(try fixture.writer.append(late, options: options).index == 2)
    try fixture.check()
  }

  @Test func `when simulated is where the submissions say it is`() throws {
    let fixture = try LedgerFixture.opened(clock: .simulated)
    let start = fixture.clock.now
    fixture.clock.now = try #require(Timestamp("1999-01-01T00:00:00.000Z"))
    let first = try fixture.sign([fixture.register("D02")], at: start.adding(milliseconds: 5000))
    #expect(
      try fixture.writer.append(first).receipt.header().time == start.adding(milliseconds: 5000))
    // Signed earlier and carried: the clock stands still, it does not go back.
    let carried = try fixture.sign([fixture.register("D03")], at: start.adding(milliseconds: 2000))
    #expect(
      try fixture.writer.append(carried).receipt.header().time == start.adding(milliseconds: 5000))
    try fixture.check()
  }

  @Test func `when simulated rejects only the submission that leaps`() throws {
    let fixture = try LedgerFixture.opened(clock: .simulated)
    let day: Int64 = 24 * 3600 * 1000
    let leap = try fixture.sign(
      [fixture.register("D02")], at: fixture.clock.now.adding(milliseconds: 61 * day))
    fixture.registrar.n -= 1
    let step = try fixture.sign(
      [fixture.register("D03")], at: fixture.clock.now.adding(milliseconds: 59 * day))
    let results = try fixture.writer.append([leap, step])
    #expect(throws: Rejection.self) { try results[0].get() }
    #expect(try results[1].get().index == 1)
    try fixture.check()
  }

  @Test func `gives every entry of a batch one time`() throws {
    let fixture = try LedgerFixture.opened()
    let batch = try ["D02", "D03"].map { try fixture.sign([fixture.register($0)]) }
    fixture.clock.advance(7)
    let times = try fixture.writer.append(batch).map { try $0.get().receipt.header().time }
    #expect(times == [fixture.clock.now, fixture.clock.now])
  }
}
