import Encoding
import Ledger
import Reports
import Testing

@Suite struct `Verifying a report` {
  static func code(_ ledger: StoredLog, _ bytes: [UInt8]) throws -> ReportError.Code? {
    do {
      _ = try ledger.verify(bytes)
      return nil
    } catch let error as ReportError {
      #expect(error.message.hasSuffix("."))
      #expect(error.hint?.isEmpty == false)
      return error.code
    }
  }

  static func replacing(_ bytes: [UInt8], _ old: String, _ new: String) throws -> [UInt8] {
    let text = try #require(String(validating: bytes, as: UTF8.self))
    let changed = Array(text.replacing(old, with: new).utf8)
    #expect(changed != bytes, "\(old) is not in the report")
    return changed
  }

  @Test(arguments: `A report`.forms)
  func `accepts the untouched and refuses every change`(_ form: `A report`.Form) throws {
    let ledger = try StoredLog.story()
    let bytes = try ledger.report(form.format, form.language).render()
    #expect(try Self.code(ledger, bytes) == nil)

    let figure = form.format == .json ? #""scorePerMille":564"# : "56.4"
    let changed = form.format == .json ? #""scorePerMille":964"# : "96.4"
    #expect(try Self.code(ledger, try Self.replacing(bytes, figure, changed)) == .differs)
    for extra: UInt8 in [0x0A, 0x20, 0x00] {
      #expect(try Self.code(ledger, bytes + [extra]) == .differs)
    }
    #expect(try Self.code(ledger, Array(bytes.dropLast())) == .differs)
    #expect(try Self.code(ledger, try Self.replacing(bytes, "v1", "v2")) == .unknownVersion)
    let at = try #require(bytes.firstRange(of: Array("2024-07-15T00:00:00.000Z".utf8)))
    var later = bytes
    later[at.lowerBound + 9] = UInt8(ascii: "6")
    #expect(try Self.code(ledger, later) == .noProvenance)
  }

  @Test(arguments: `A report`.forms)
  func `refuses any flipped bit`(_ form: `A report`.Form) throws {
    let ledger = try StoredLog.story()
    let bytes = try ledger.report(form.format, form.language).render()
    var generator = Seeded(seed: 412)
    for _ in 0..<25 {
      let place = Int.random(in: bytes.indices, using: &generator)
      var changed = bytes
      changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      #expect(try Self.code(ledger, changed) != nil, "byte \(place)")
    }
  }

  @Test(arguments: `A report`.forms)
  func `says whose report it is when it is of another ledger`(_ form: `A report`.Form) throws {
    var variation = ReportLedger.Variation()
    variation.origin = "other.example/plan"
    let other = try ReportLedger(variation).stored.report(form.format, form.language).render()
    #expect(try Self.code(StoredLog.story(), other) == .otherLedger)
  }

  @Test(arguments: `A report`.forms)
  func `refuses the root of other entries`(_ form: `A report`.Form) throws {
    var variation = ReportLedger.Variation()
    variation.percent = 51
    let other = try ReportLedger(variation).stored
    let bytes = try other.report(form.format, form.language).render()
    #expect(try other.verify(bytes).size == other.size)
    #expect(try Self.code(StoredLog.story(), bytes) == .otherRoot)
  }

  @Test func `refuses the figures of another ledger under this one's provenance`() throws {
    var variation = ReportLedger.Variation()
    variation.nameEnglish = "Railways"
    let ledger = try StoredLog.story()
    for format in ReportFormat.allCases {
      let mine = try ledger.report(format)
      let bytes = mine.render()
      let theirs = try ReportLedger(variation).stored.report(format).render()
      let line = bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? 0
      let other = theirs.firstIndex(of: 0x0A).map { $0 + 1 } ?? 0
      guard format == .csv || format == .markdown else { continue }
      #expect(try Self.code(ledger, Array(bytes[..<line] + theirs[other...])) == .differs)
    }
  }

  @Test func `does not see more entries than are released`() throws {
    let ledger = try StoredLog.story()
    let bytes = try ledger.report(.csv).render()
    let size = try ledger.size
    let error = #expect(throws: ReportError.self) {
      try ReportProvenance.verify(bytes, against: ledger.store, released: size - 1)
    }
    #expect(error?.code == .tooFew)
    #expect(error?.isViolation == false)
  }

  @Test(arguments: ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"])
  func `counts no silence without end`(_ time: String) throws {
    let ledger = try StoredLog.story()
    let bytes = try Self.replacing(ledger.report(.markdown).render(), Story.time, time)
    #expect(try Self.code(ledger, bytes) == .badInstant)
  }

  @Test func `names the line and the byte of the first difference`() throws {
    let ledger = try StoredLog.story()
    let bytes = try ledger.report(.markdown).render()
    let place = try #require(bytes.firstRange(of: Array("56.4".utf8))).lowerBound
    var changed = bytes
    changed[place] = UInt8(ascii: "9")
    let error = #expect(throws: ReportError.self) { try ledger.verify(changed) }
    let line = bytes[..<place].count { $0 == 0x0A } + 1
    #expect(
      error?.message.hasSuffix("it differs first in line \(line), at byte \(place + 1).") == true)
    #expect(error?.isViolation == true)
    #expect(error?.hint?.contains("onus report scorecard --format md --lang en --as-of 35") == true)
  }

  /// A generator whose numbers are always the same.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
  }
}
