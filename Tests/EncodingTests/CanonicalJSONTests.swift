import Encoding
import Foundation
import Testing

@Suite struct `Canonical JSON` {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let published = root.appending(path: "../shared/vectors/jcs/output")

  static func lines(_ file: String) throws -> [String] {
    let url = root.appending(path: "Tests/Vectors/canonical-json").appending(path: file)
    return try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n").dropLast()
  }

  static func refusal(of bytes: [UInt8]) -> JSONError? {
    do {
      _ = try CanonicalJSON.parse(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func `reads what it writes`() throws {
    for line in try Self.lines("accepted.txt") {
      let bytes = Array(line.utf8)
      #expect(CanonicalJSON.write(try CanonicalJSON.parse(bytes)) == bytes)
      #expect(
        try CanonicalJSON.parse((Array("x".utf8) + bytes)[1...]) == CanonicalJSON.parse(bytes))
    }
  }

  @Test func `refuses every other spelling and says where`() throws {
    for line in try Self.lines("refused.txt") {
      let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
      let error = Self.refusal(of: Array(parts[2].utf8))
      #expect(error?.code.rawValue == String(parts[0]), "\(line)")
      #expect(error?.offset == Int(parts[1]), "\(line)")
    }
  }

  @Test func `refuses invalid UTF-8, controls, bidirectional marks and noncharacters`() {
    let bad: [[UInt8]] = [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x0A], [0x00], [0x7F], [0xC2, 0x85],
      [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xAE], [0xE2, 0x81, 0xA6], [0xEF, 0xBF, 0xBF],
      [0xEF, 0xB7, 0x90], [0xF0, 0x9F, 0xBF, 0xBE],
    ]
    for bytes in bad { #expect(Self.refusal(of: [0x22] + bytes + [0x22])?.code == .badString) }
  }

  @Test func `holds to its limits`() {
    let members = (0...256).map { (String(1000 + $0), JSONValue.integer(0)) }
    #expect(throws: Never.self) {
      try CanonicalJSON.validate(.object(JSONObject(members.dropLast())))
    }
    #expect(throws: JSONError.self) { try CanonicalJSON.validate(.object(JSONObject(members))) }
    let key = String(repeating: "k", count: 129)
    #expect(throws: JSONError.self) { try CanonicalJSON.validate(.object([key: .bool(true)])) }
    #expect(throws: JSONError.self) { try CanonicalJSON.validate(.integer(1 << 53)) }
    #expect(throws: JSONError.self) { try CanonicalJSON.validate(.string("a\nb")) }
  }

  @Test func `tells apart strings that Unicode calls equivalent`() {
    #expect(JSONValue.string("\u{C5}") != JSONValue.string("A\u{30A}"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: published.path), "no shared vectors"))
  func `agrees with the published JCS outputs inside its subset`() throws {
    // Outside it: null (arrays, values), keys that are not ASCII words (the others).
    let refused: [String: JSONError.Code] = [
      "arrays": .unexpectedByte, "values": .unexpectedByte, "french": .badKey,
      "structures": .badKey, "unicode": .badKey, "weird": .badKey,
    ]
    for (name, code) in refused {
      let bytes = [UInt8](try Data(contentsOf: Self.published.appending(path: "\(name).json")))
      #expect(Self.refusal(of: bytes)?.code == code, "\(name)")
    }
    let unicode = [UInt8](try Data(contentsOf: Self.published.appending(path: "unicode.json")))
    #expect(CanonicalJSON.write(.object(["Unnormalized Unicode": .string("A\u{30A}")])) == unicode)
  }

  @Test func `random values survive, and mutated text is refused or its own spelling`() throws {
    var random = SeededRandom(state: 20_261_123)
    for _ in 0..<2000 {
      let value = random.value(depth: 0)
      var bytes = CanonicalJSON.write(value)
      #expect(try CanonicalJSON.parse(bytes) == value)
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[place] = .random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      default: bytes.insert(.random(in: 0x20...0x7E, using: &random), at: place)
      }
      if let other = try? CanonicalJSON.parse(bytes) {
        #expect(CanonicalJSON.write(other) == bytes)
      }
    }
  }
}

/// SplitMix64, so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func value(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth < 7 ? 5 : 3), using: &self) {
    case 0: return .bool(.random(using: &self))
    case 1:
      return .integer(.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &self))
    case 2: return .string(text())
    case 3:
      return .array((0..<Int.random(in: 0..<4, using: &self)).map { _ in value(depth: depth + 1) })
    default:
      let keys = Set((0..<Int.random(in: 0..<4, using: &self)).map { _ in "k\(next() % 50)" })
      return .object(JSONObject(keys.sorted().map { ($0, value(depth: depth + 1)) }))
    }
  }

  private mutating func text() -> String {
    let letters = Array("ab\"\\/ é城😂\u{30A}")
    return String(
      (0..<Int.random(in: 0..<9, using: &self)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &self)]
      })
  }
}
