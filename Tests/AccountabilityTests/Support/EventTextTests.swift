import Encoding
import Testing

@testable import Accountability

/// The short way to read an event line may give up, and never differs from the long one.
@Suite struct `An event line read as text` {
  private static let lines = [
    #"{"data":{"percent":60,"period":"2026-10"},"task":"O03-T04","type":"progress.reported"}"#,
    #"{"data":{},"task":"T","type":"task.accepted"}"#,
    #"{"data":{"kind":"department","nameEn":"A","nameZh":"甲"},"org":"D03","type":"org.registered"}"#,
    #"{"data":{"id":"O1","titleEn":"Roads \"A\"","titleZh":"公路"},"type":"objective.defined"}"#,
    #"{"data":{"a":{"b":[{"c":[1]}]}},"type":"objective.defined"}"#,
  ]

  private static func slowly(_ line: [UInt8]) -> Event? {
    guard let json = try? CanonicalJSON.parse(line) else { return nil }
    return try? Event(json)
  }

  @Test(arguments: lines) func `is the event that the JSON reader makes of it`(_ line: String) {
    let event = Event(line: Array(line.utf8).span)
    #expect(event != nil && event == Self.slowly(Array(line.utf8)))
  }

  @Test func `is left to the JSON reader where its type is unknown`() {
    #expect(Event(line: Array(#"{"data":{},"type":"moon.landed"}"#.utf8).span) == nil)
  }

  @Test(arguments: lines) func `is never read in another way, whatever is changed`(_ line: String) {
    let bytes = Array(line.utf8)
    var random = SeededGenerator(state: 31)
    var readCount = 0
    for _ in 0..<4000 {
      var changed = bytes
      let place = Int.random(in: changed.indices, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: changed.remove(at: place)
      case 2: changed.insert(changed[Int.random(in: changed.indices, using: &random)], at: place)
      default: changed.removeLast(place)
      }
      guard let event = Event(line: changed.span) else { continue }
      readCount += 1
      #expect(event == Self.slowly(changed), "\(String(decoding: changed, as: UTF8.self))")
    }
    #expect(readCount > 0)
  }

  @Test func `nests no deeper than a value may`() {
    for depth in 1...10 {
      let data =
        String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
      let line = Array(#"{"data":\#(data),"type":"objective.defined"}"#.utf8)
      #expect((Event(line: line.span) != nil) == (Self.slowly(line) != nil), "\(depth)")
    }
  }
}
