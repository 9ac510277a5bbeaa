import Cryptography
import Foundation
import Testing

@testable import Reports

@Suite struct `The page of a report` {
  private static func page(_ language: ReportLanguage = .english) throws -> String {
    String(decoding: try StoredLog.story().report(.html, language).render(), as: UTF8.self)
  }

  @Test func `lets in nothing but its own style`() throws {
    let page = try Self.page()
    let style = try #require(page.firstMatch(of: /<style>(?<text>(.|\n)*)<\/style>/))
    let hash = SHA256.hash(Array(style.output.text.utf8)).base64
    #expect(page.contains("content=\"default-src 'none'; style-src 'sha256-\(hash)';"))
    #expect(page.contains("base-uri 'none'; form-action 'none'\">"))
    let head = try #require(page.firstRange(of: "Content-Security-Policy")).lowerBound
    #expect(head < (try #require(page.firstRange(of: "<style"))).lowerBound)
    for word in [" style=", "<script", " on", "url(", "@import", "http:", "https:", "<link"] {
      let markup = try #require(Markup.tags(of: page)).map { "<\($0)" }.joined()
      #expect(!markup.contains(word), "\(word)")
    }
    #expect(!ScorecardReport.style.contains("url(") && !ScorecardReport.style.contains("@import"))
  }

  @Test func `names its language and every heading's scope`() throws {
    #expect(try Self.page(.english).contains("<html lang=\"en\">"))
    #expect(try Self.page(.chinese).contains("<html lang=\"zh-Hans\">"))
    let page = try Self.page()
    let headings = page.ranges(of: "<th").count - page.ranges(of: "<thead").count
    #expect(headings == 11)
    #expect(page.ranges(of: "<th scope=").count == headings)
    #expect(page.contains("<caption>"))
    for id in ["D02", "D03"] {
      #expect(page.contains("href=\"#unit-\(id)\"") && page.contains("id=\"unit-\(id)\""))
    }
  }

  @Test func `folds nothing away and hides nothing on paper`() throws {
    let page = try Self.page()
    #expect(!page.contains("<details"))
    let print = try #require(ScorecardReport.style.split(separator: "@media print").last)
    #expect(!print.contains("display: none") && !print.contains("visibility"))
  }

  @Test func `says in a sign and a word what it says in colour`() throws {
    let page = try Self.page()
    #expect(page.contains("<dt class=\"no\">✗ claimed late: 1</dt>"))
    #expect(page.contains("<dt class=\"yes\">✓ closed, claimed in time: 2</dt>"))
  }

  @Test(arguments: ["1b1f24", "57606a", "a40e26", "0550ae"])
  func `is legible on each of its grounds`(_ ink: String) throws {
    #expect(ScorecardReport.style.contains("#\(ink)"))
    for ground in ["ffffff", "f6f8fa", "fff8c5"] {
      let (light, dark) = (try Self.luminance(ground), try Self.luminance(ink))
      #expect((light + 0.05) / (dark + 0.05) >= 4.5, "\(ink) on \(ground)")
    }
  }

  /// Relative luminance as WCAG 2 defines it.
  private static func luminance(_ colour: String) throws -> Double {
    let number = try #require(Int(colour, radix: 16))
    let parts = [16, 8, 0].map { shift -> Double in
      let part = Double((number >> shift) & 0xFF) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }
}
