import FoundationEssentials
import Ledger
import Testing

/// `docs/threat-model.md` names the test of each line, and so cannot say more than is tried.
@Suite struct `The threat model` {
  /// A link to a file, and what it is said to hold.
  private struct Reference {
    var title: Substring
    var path: String
    var names: [Substring]
  }

  private let folder: URL
  private let lines: [Substring]

  init() throws {
    folder = URL(filePath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = try Self.text(folder.appending(path: "docs/threat-model.md"))
    lines = page.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func `names tests that there are`() throws {
    var count = 0
    for line in lines {
      for reference in Self.references(in: line) {
        let text = try Self.text(folder.appending(path: reference.path))
        if text.contains("@Suite struct"), !text.contains("@Suite struct `\(reference.title)`") {
          Issue.record("\(reference.path) has no suite \(reference.title)")
        }
        #expect(!reference.names.isEmpty, "\(line)")
        for name in reference.names {
          count += 1
          #expect(Self.holds(text, name), "\(reference.path) has no \(name)")
        }
      }
    }
    #expect(count > 60)
  }

  @Test func `names one for each line, or says why there is none`() {
    for line in lines where line.hasPrefix("| ") && Self.columnCount(line) == 3 {
      let isHeader = line.hasPrefix("| attack") || line.hasPrefix("| who") || Self.isWhom(line)
      #expect(isHeader || !Self.references(in: line).isEmpty, "\(line)")
    }
    let gaps = lines.joined(separator: "\n").split(separator: "\n* ").dropFirst()
    #expect(gaps.count > 10)
    for gap in gaps {
      #expect(gap.contains("No test can show it") || !Self.references(in: gap).isEmpty, "\(gap)")
    }
  }

  @Test func `names findings that there are`() {
    let known = Set(FindingCode.allCases.map { String($0.rawValue.dropFirst(5)) })
    let words = lines.flatMap { $0.split { !$0.isLetter && !$0.isNumber } }
    let codes = words.filter { word in
      word.utf8.count == 4 && word.hasPrefix("A") && word.dropFirst().allSatisfy(\.isNumber)
    }
    #expect(codes.count > 20)
    for code in codes { #expect(known.contains(String(code)), "\(code)") }
  }

  // MARK: The page

  /// A row of the one table that says whom we distrust.
  private static func isWhom(_ line: Substring) -> Bool {
    ["the operator", "a department", "the registrar", "a thief", "whoever carries"].contains {
      line.hasPrefix("| \($0) |") || line.hasPrefix("| \($0) a file |")
    }
  }

  private static func columnCount(_ line: Substring) -> Int {
    line.split(separator: " | ", omittingEmptySubsequences: false).count
  }

  /// `[title](../path): *name*, *name*`, as often as it comes.
  private static func references(in line: Substring) -> [Reference] {
    var references: [Reference] = []
    for part in line.split(separator: "[").dropFirst() {
      let pieces = part.split(separator: "](../Tests/", maxSplits: 1)
      guard pieces.count == 2, let end = pieces[1].firstIndex(of: ")") else { continue }
      let rest = pieces[1][end...].split(separator: "*", omittingEmptySubsequences: false)
      references.append(
        Reference(
          title: pieces[0], path: "Tests/\(pieces[1][..<end])",
          // Every second piece stands between two asterisks; a line may begin a bullet after it.
          names: stride(from: 1, to: rest.count - 1, by: 2).map { rest[$0] }))
    }
    return references
  }

  private static func holds(_ text: String, _ name: Substring) -> Bool {
    text.contains("func `\(name)`") || text.contains("\"\(name)\"")
      || text.contains("def \(name)(") || "\n\(text)".contains("\n# \(name)\n")
  }

  private static func text(_ file: URL) throws -> String {
    String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }
}
