import Encoding
import Testing

@Suite struct `Text and time` {
  @Test func `base64 and hexadecimal have one spelling`() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
    for text in ["A", "AA", "AA=", "AB==", "AAB=", "AA==AA==", "A===", "====", "AA-_", "AAA\n"] {
      #expect(Base64.decode(text) == nil, "\(text)")
    }
    for text in ["a", "AB", "0g", " 0"] { #expect(Hex.decode(text) == nil, "\(text)") }
  }

  @Test func `identifiers and decimals`() {
    for text in ["a", "O03-T04", "9._-", String(repeating: "x", count: 64)] {
      #expect(TextRules.isIdentifier(text), "\(text)")
    }
    for text in ["", "-a", ".a", "a b", "é", String(repeating: "x", count: 65)] {
      #expect(!TextRules.isIdentifier(text), "\(text)")
    }
    for text in ["0", "-1", "0.5", "-0.5", "999999999999999.123456", "10"] {
      #expect(TextRules.isDecimal(text), "\(text)")
    }
    for text in [
      "", "-", "-0", "00", "01", "1.", ".5", "1.0", "1.50", "1.1234567", "1000000000000000", "+1",
      "-0.0", "1e3",
    ] {
      #expect(!TextRules.isDecimal(text), "\(text)")
    }
  }

  @Test func `what is quoted of a text is visible and short`() {
    #expect(TextRules.quoted("T 1") == "\"T 1\"")
    #expect(TextRules.quoted("a\u{202E}\n") == "\"a\\u{202e}\\u{a}\"")
    #expect(TextRules.excerpt("工业和信息化", limit: 6) == "工业和信息化")
    #expect(TextRules.excerpt("工业和信息化", limit: 5) == "工业和信息…")
    // Marks without end on one letter are no letter without end.
    let marks = "a" + String(repeating: "\u{301}", count: 10_000)
    #expect(TextRules.excerpt(marks).unicodeScalars.count == 81)
  }

  @Test func `a sentence keeps both its ends`() {
    let whole = String(repeating: "x", count: 1000)
    #expect(TextRules.shortened(whole) == whole)
    let sentence = "The file " + String(repeating: "x", count: 4000) + " cannot be read."
    let short = TextRules.shortened(sentence)
    #expect(short.unicodeScalars.count == 1000)
    #expect(short.hasPrefix("The file xxx"))
    #expect(short.hasSuffix("xxx cannot be read."))
    #expect(short.contains("x…x"))
  }

  @Test func `timestamps have three decimals and no second 60`() {
    #expect(Timestamp("1970-01-01T00:00:00.000Z")?.milliseconds == 0)
    for text in [
      "2026-11-22T03:00:01.412Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
      "1969-12-31T23:59:59.999Z", "2024-02-29T00:00:00.000Z",
    ] {
      #expect(Timestamp(text)?.description == text)
    }
    for text in [
      "2026-11-22T03:00:60.000Z", "2026-11-22T24:00:00.000Z", "2026-02-29T00:00:00.000Z",
      "2026-11-22T03:00:01Z", "2026-11-22t03:00:01.412Z", "2026-11-22T03:00:01.412+",
      "0000-01-01T00:00:00.000Z", "2026-11-22T03:00:01.41 Z",
    ] {
      #expect(Timestamp(text) == nil, "\(text)")
    }
  }

  @Test func `a day begins and ends where its offset says`() throws {
    let offset = try #require(UTCOffset("+08:00"))
    let day = try #require(Day("2026-10-31"))
    #expect(day.start(at: offset).description == "2026-10-30T16:00:00.000Z")
    #expect(day.end(at: offset).description == "2026-10-31T16:00:00.000Z")
    #expect(day.end(at: offset).day(at: offset) == day.adding(days: 1))
    #expect(day.weekday == 6)
    #expect(day.adding(months: 4).description == "2027-02-28")
    #expect(day.adding(months: -10).description == "2025-12-31")
    for text in ["-00:00", "+18:01", "+8:00", "08:00", "+08:60"] { #expect(UTCOffset(text) == nil) }
    for text in ["-18:00", "+00:00", "+05:45"] { #expect(UTCOffset(text)?.description == text) }
  }

  @Test func `sums of days and months stay inside what a day can hold`() throws {
    let day = try #require(Day("2026-10-31"))
    for far in [Int.max, Int.min, Int(Int32.max), Int(Int32.min)] {
      #expect((day.adding(days: far) > day) == (far > 0))
      #expect((day.adding(months: far) > day) == (far > 0))
      #expect((day.adding(days: far).adding(days: far) > day) == (far > 0))
    }
  }

  @Test func `a number has one spelling and a limit`() {
    let accepted: [String: UInt64] = ["0": 0, "7": 7, "9223372036854775807": .max >> 1]
    for (text, number) in accepted { #expect(Digits.number(Array(text.utf8)[...]) == number) }
    for text in ["", "-1", "+1", "00", "01", "1 ", "9223372036854775808", "18446744073709551616"] {
      #expect(Digits.number(Array(text.utf8)[...]) == nil, "\(text)")
    }
    #expect(Digits.number(Array("255".utf8)[...], atMost: 255) == 255)
    #expect(Digits.number(Array("256".utf8)[...], atMost: 255) == nil)
  }

  @Test func `every day of four centuries reads back`() {
    for number in Int32(-60_000)...90_000 {
      let day = Day(daysSinceEpoch: number)
      if Day(day.description) != day { Issue.record("\(day)") }
    }
  }

  @Test func `periods have one spelling, weeks are those of ISO 8601`() throws {
    let spans = [
      "2026": ("2026-01-01", "2026-12-31"), "2026-Q3": ("2026-07-01", "2026-09-30"),
      "2026-10": ("2026-10-01", "2026-10-31"), "2026-W40": ("2026-09-28", "2026-10-04"),
      "2026-W53": ("2026-12-28", "2027-01-03"), "2025-W01": ("2024-12-30", "2025-01-05"),
    ]
    for (text, (first, last)) in spans {
      let period = try #require(Period(text))
      #expect(period.description == text)
      #expect(period.firstDay.description == first)
      #expect(period.lastDay.description == last)
      #expect(period.next.previous == period)
      #expect(Period(containing: period.lastDay, kind: period.kind) == period)
    }
    for text in ["9999", "9999-Q4", "9999-12", "9999-W52"] {
      let last = try #require(Period(text))
      #expect(last.next > last && last.next.previous == last, "\(text)")
      #expect(last.lastDay >= last.firstDay && last.lastDay.days(until: last.next.firstDay) == 1)
    }
    for text in [
      "2025-W53", "2026-W00", "2026-W54", "2026-Q5", "2026-Q03", "2026-13", "26", "0000",
    ] {
      #expect(Period(text) == nil, "\(text)")
    }
  }
}
