import Encoding
import Testing

@testable import Reports

@Suite struct `The provenance of a report` {
  static func provenance(
    _ form: `A report`.Form, origin: String = "beihe.example/plan"
  ) throws -> ReportProvenance {
    ReportProvenance(
      kind: "scorecard", origin: origin, size: 412,
      root: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
      rules: 1, time: try #require(Timestamp("2026-11-22T03:00:01.412Z")), isSimulated: false,
      format: form.format, language: form.language)
  }

  static func code(_ bytes: [UInt8]) -> ReportError.Code? {
    do {
      _ = try ReportProvenance(foundIn: bytes)
      return nil
    } catch {
      return error.code
    }
  }

  @Test(arguments: `A report`.forms)
  func `comes back from each form`(_ form: `A report`.Form) throws {
    for origin in ["beihe.example/plan"] + Hostile.admitted {
      let made = try Self.provenance(form, origin: origin)
      let rest = "\n\(Hostile.provenance)\n{\"onus/report/v1\":{}}"
      let bytes = Array("\(made.opening)\(rest)".utf8)
      let found = try ReportProvenance(foundIn: bytes)
      #expect(found == made)
      #expect(found.origin == TextRules.visible(origin))
    }
  }

  @Test(arguments: `A report`.forms)
  func `stands at the beginning or nowhere`(_ form: `A report`.Form) throws {
    let opening = Array(try Self.provenance(form).opening.utf8)
    for before in [" ", "\n", "x", "\u{FEFF}"] {
      #expect(Self.code(Array(before.utf8) + opening) == .noProvenance)
    }
    #expect(Self.code(Array(opening.dropFirst())) == .noProvenance)
    #expect(Self.code([]) == .noProvenance)
    for count in 1..<opening.count where form.format != .markdown {
      #expect(Self.code(Array(opening.prefix(count))) != nil, "the first \(count) bytes")
    }
  }

  @Test(arguments: `A report`.forms)
  func `is refused with any byte of it changed, or gives another`(
    _ form: `A report`.Form
  ) throws {
    let made = try Self.provenance(form)
    let opening = Array(made.opening.utf8)
    for place in opening.indices {
      for change: UInt8 in [1, 0x80] {
        var bytes = opening
        bytes[place] ^= change
        if let found = try? ReportProvenance(foundIn: bytes) { #expect(found != made) }
      }
    }
  }

  @Test(arguments: `A report`.forms)
  func `of another version is said to be one`(_ form: `A report`.Form) throws {
    let opening = try Self.provenance(form).opening
    let quote = form.format == .html ? "&quot;" : form.format == .csv ? "\"\"" : "\""
    for (old, new) in [
      ("onus/report/v1", "onus/report/v2"), ("onus/report/v1", "onus/report/v12"),
      ("version\(quote):1", "version\(quote):2"),
    ] {
      let changed = opening.replacing(old, with: new)
      #expect(changed != opening)
      #expect(Self.code(Array(changed.utf8)) == .unknownVersion)
    }
  }

  @Test func `is refused with members missing, added, or of a wrong kind`() throws {
    let form = `A report`.Form(format: .markdown, language: .english)
    let opening = try Self.provenance(form).opening
    for (old, new) in [
      (#""size":412"#, #""size":0"#), (#""size":412"#, #""size":-1"#),
      (#""size":412"#, #""size":"412""#), (#""rules":1,"#, ""), (#""rules":1"#, #""rules":1.0"#),
      (#""rules":1,"#, #""rules":1,"rules":1,"#), (#","size""#, #","sise":1,"size""#),
      (#""lang":"en""#, #""lang":"fr""#), (#""format":"md""#, #""format":"csv""#),
      ("--as-of 412", "--as-of 411"), (#""time":"2026"#, #""time":"20260"#),
      (#""size":412"#, #""size":99999999999999999999"#), ("{", "{ "), ("}", "} "),
    ] {
      let changed = opening.replacing(old, with: new)
      #expect(changed != opening, "\(old)")
      #expect(Self.code(Array(changed.utf8)) == .noProvenance, "\(new)")
    }
  }

  @Test func `is not looked for in a file of anything else`() {
    for text in ["{}", "{\"", "\u{FEFF}\"", "    ", "<!doctype html>", Hostile.provenance] {
      #expect(Self.code(Array(text.utf8)) == .noProvenance)
    }
    #expect(Self.code([UInt8](repeating: 0xFF, count: 100_000)) == .noProvenance)
    #expect(Self.code(Array("    onus/report/v1 ".utf8) + [0xFF, 0x0A]) == .noProvenance)
    let deep = "    onus/report/v1 " + String(repeating: "{\"a\":", count: 20_000)
    #expect(Self.code(Array(deep.utf8)) == .noProvenance)
  }
}
