import Accountability
import Cryptography
import Testing

@testable import Ledger

@Suite struct `A submission's header read as text` {
  let line = Array(
    """
    {"at":"2026-11-22T03:00:00.000Z","by":[{"key":"D03+1a2b3c4d","n":17},{"key":"D04+00ff00ff",\
    "n":1}],"seen":{"root":"\(SHA256.hash([1]))","size":412}}
    """.utf8)

  @Test func `says what the JSON reader says`() throws {
    let header = try #require(HeaderText.parse(line[...]))
    #expect(header.by.map(\.n) == [17, 1])
    #expect(header.seen.size == 412)
    try expectAgreement(on: line)
  }

  /// One to three bytes are changed, left out or put in, mostly ones that headers have.
  @Test func `agrees with the JSON reader on 20,000 headers that are nearly right`() throws {
    var random = SeededGenerator(seed: 20_261_123)
    let alphabet = line + Array(#"{}[]":,.+-0123456789azAZ\ "#.utf8) + [0x00, 0x0A, 0x80, 0xFF]
    var acceptedCount = 0
    for _ in 0..<20_000 {
      var mutant = line
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = mutant.indices.randomElement(using: &random) ?? 0
        let byte = alphabet.randomElement(using: &random) ?? 0
        switch UInt8.random(in: 0..<3, using: &random) {
        case 0: mutant[place] = byte
        case 1: mutant.remove(at: place)
        default: mutant.insert(byte, at: place)
        }
      }
      acceptedCount += try expectAgreement(on: mutant) ? 1 : 0
    }
    #expect(acceptedCount > 100)
  }

  @discardableResult
  private func expectAgreement(on line: [UInt8]) throws -> Bool {
    let text = HeaderText.parse(line[...])
    let json = try? Submission.parseHeader(line[...])
    let shown = Comment(rawValue: String(decoding: line, as: UTF8.self))
    #expect(text?.at == json?.at, shown)
    #expect(text?.by == json?.by, shown)
    #expect(text?.seen == json?.seen, shown)
    return text != nil
  }
}
