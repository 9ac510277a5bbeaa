import Dispatch
import Testing

@testable import Views

@Suite("The line between the thread that folds and the one that writes")
struct BoundedQueueTests {
  private struct Broken: Error {}

  private func giving(
    _ line: BoundedQueue<Int>, _ body: @escaping @Sendable () throws -> Void
  ) -> DispatchQueue {
    let queue = DispatchQueue(label: "giver")
    queue.async { line.end(Result { try body() }) }
    return queue
  }

  @Test func `keeps the order, however short it is`() throws {
    let line = BoundedQueue<Int>(capacity: 1)
    let giver = giving(line) { for number in 0..<1000 { try line.give(number) } }
    var taken: [Int] = []
    while let number = try line.take() { taken.append(number) }
    giver.sync {}
    #expect(taken == Array(0..<1000))
  }

  @Test func `hands over what came before a failure, and then the failure`() throws {
    let line = BoundedQueue<Int>(capacity: 4)
    let giver = giving(line) {
      for number in 0..<3 { try line.give(number) }
      throw Broken()
    }
    for number in 0..<3 { #expect(try line.take() == number) }
    #expect(throws: Broken.self) { try line.take() }
    giver.sync {}
  }

  @Test func `stops a giver that waits for room when nobody takes any more`() throws {
    let line = BoundedQueue<Int>(capacity: 2)
    let giver = giving(line) { for number in 0..<1000 { try line.give(number) } }
    #expect(try line.take() == 0)
    line.refuse()
    // Returns only if the giver has stopped.
    giver.sync {}
  }
}
