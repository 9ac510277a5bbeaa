import Encoding
import Testing

@testable import Accountability

@Suite struct `The gist of an event` {
  private static let seal =
    #"{"media":"text/plain","sealed":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#

  private static let cases: [(event: String, english: String, chinese: String)] = [
    (
      #"{"data":{"done":\#(seal),"percent":20,"period":"2024-01","values":{"I1":"12.5"}},"task":"T1","type":"progress.reported"}"#,
      "2024-01, 20%, I1 = 12.5, sealed content", "2024-01，20%，I1 = 12.5，密封内容"
    ),
    (
      #"{"data":{"reason":"evidence-missing","report":"D1+01020304/4.1"},"task":"T1","type":"report.returned"}"#,
      "because: evidence missing", "原因：佐证缺失"
    ),
    (
      #"{"data":{"foundBy":"auditor","percent":15,"reason":"counted twice","report":"D1+01020304/4.1"},"task":"T1","type":"report.corrected"}"#,
      "15%, because: counted twice, found by the auditor", "15%，原因：counted twice，发现方：审计机关"
    ),
    (
      #"{"data":{"request":"D1+01020304/6.1","to":"2025-03-31"},"task":"T1","type":"extension.granted"}"#,
      "new due date 2025-03-31", "新时限 2025-03-31"
    ),
    (
      #"{"data":{"code":"funding","reason":"late steel","to":"2025-03-31"},"task":"T1","type":"extension.requested"}"#,
      "to 2025-03-31, because: late steel, late because of funding",
      "延至 2025-03-31，原因：late steel，逾期缘由：资金"
    ),
    (
      #"{"data":{"due":"2025-01-31","reason":"flood"},"task":"T1","type":"deadline.set"}"#,
      "due 2025-01-31, because: flood", "时限 2025-01-31，原因：flood"
    ),
    (
      #"{"data":{"due":"2024-12-31","lead":"D1","start":"2024-01-10","supports":["D2","D3"]},"task":"T1","type":"task.assigned"}"#,
      "lead D1, with D2 D3, from 2024-01-10, due 2024-12-31",
      "牵头 D1，配合 D2 D3，起始 2024-01-10，时限 2024-12-31"
    ),
    (
      #"{"data":{"answerBy":"2024-02-01","level":"red"},"task":"T1","type":"urge.issued"}"#,
      "level red, to be answered by 2024-02-01", "级别：红牌，答复期限 2024-02-01"
    ),
    (
      #"{"data":{"openItems":["T1","T2"],"post":"P1","to":"P2"},"org":"D1","type":"duty.handed-over"}"#,
      "post P1, tasks T1 T2, to post P2", "岗位 P1，任务 T1 T2，移交至岗位 P2"
    ),
    (
      #"{"data":{"reason":"unclear"},"task":"T1","type":"task.declined"}"#, "because: unclear",
      "原因：要求不明"
    ),
    (#"{"data":{},"task":"T1","type":"task.accepted"}"#, "", ""),
  ]

  @Test(arguments: cases.indices) func `tells its figures and reasons`(_ index: Int) throws {
    let (text, english, chinese) = Self.cases[index]
    let event = try Event(try CanonicalJSON.parse(Array(text.utf8)))
    #expect(event.gist.english == english)
    #expect(event.gist.chinese == chinese)
  }

  @Test func `names what is cited`() throws {
    let event = try task("report.accepted", "T1", #"{"report":"D1+01020304/4.1"}"#)
    #expect(event.cited == Citation("D1+01020304/4.1"))
    #expect(try task("task.accepted").cited == nil)
  }

  /// What stands in the log may be of any form, in a void entry or of a newer version.
  @Test func `is made of whatever stands there`() throws {
    let values = ["1", "true", #""x""#, #"[1,{"a":2}]"#, #"{"a":{"b":1}}"#, "[]", #"["a"]"#]
    for kind in EventCatalogue.all {
      for field in kind.declaration.fields {
        for value in values {
          let event = Event(
            type: kind.declaration.type, subject: .none,
            data: try data(#"{"\#(field.name)":\#(value)}"#))
          #expect(event.gist.english.utf8.count < 200)
        }
      }
    }
  }

  @Test func `has Chinese for every word that events take`() {
    let words =
      TaskDeclined.reasons + ExtensionRequested.LateCode.allCases.map(\.rawValue)
      + Correction.Finder.allCases.map(\.rawValue) + UrgeIssued.Level.allCases.map(\.rawValue)
    for word in words { #expect(Event.chineseWords[word] != nil, "\(word)") }
    #expect(Set(Event.chineseWords.keys) == Set(words))
  }
}
