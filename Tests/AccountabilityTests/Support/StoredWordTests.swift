import Encoding
import Testing

@testable import Accountability

/// Records hold a word as its place among its kind. Views that were written with other places would be
/// read as other words: whoever changes a list here raises `ViewsSchema.version` with it.
@Suite struct `Words that records hold` {
  @Test(arguments: [
    (words(ClockKind.self), "system simulated"),
    (words(Cycle.self), "weekly monthly quarterly yearly"),
    (words(DueDate.Origin.self), "assigned granted set ruled"),
    (words(EnrolledKey.Ending.self), "rotated revoked handedOver"),
    (words(Correction.Finder.self), "unit reviewer auditor statistics"),
    (words(Indicator.Direction.self), "up down at-least at-most within"),
    (words(Milestone.State.self), "planned reached accepted rejected waived"),
    (words(Period.Kind.self), "week month quarter year"),
    (words(Report.Kind.self), "progress contribution milestone claim"),
    (words(Report.Status.self), "filed accepted returned"),
    (
      words(ReturnReason.self),
      "evidence-missing wrong-basis behind-schedule no-substance falsified"
    ),
    (
      words(Role.self),
      "registrar issuer supervisor governing statistics auditor lead support territory"
    ),
    (
      words(TaskState.self),
      "issued assigned disputed accepted in-progress claimed completed closed suspended cancelled"
    ),
  ]) func `stand where they stood`(_ words: String, _ pinned: String) {
    #expect(words == pinned)
  }

  @Test func `are refused beyond the end of their kind`() throws {
    var row = PeriodReport()
    row.status = .returned
    var bytes = RecordCoder.encode(row)
    #expect(try RecordCoder.decode(PeriodReport.self, bytes) == row)
    let place = try #require(bytes.lastIndex(of: 2))
    bytes[place] = 3
    #expect(throws: StateError.self) { try RecordCoder.decode(PeriodReport.self, bytes) }
  }

  private static func words<Word: CaseIterable & RawRepresentable>(_ kind: Word.Type) -> String
  where Word.RawValue == String {
    kind.allCases.map(\.rawValue).joined(separator: " ")
  }
}
