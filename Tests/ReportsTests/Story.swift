import Accountability
import Encoding
import Ledger
import Testing

/// What happens in the ledger that the reports of these tests are made from.
///
/// D02 leads T1 to T5, all due on 30 June: T1 and T2 end in time, T3 is claimed and not closed, T4
/// is claimed late, T5 never. D03 leads T6, due then too, and T7, due later.
enum Story {
  /// When the reports are judged.
  static let time = "2024-07-15T00:00:00.000Z"

  static func play(in ledger: ReportLedger, _ variation: ReportLedger.Variation) throws {
    try enrol(ledger, variation)
    try issue(ledger, variation)
    let reports = try report(ledger, variation)
    try review(ledger, reports)
    try finish(ledger, reports)
  }

  private static func enrol(
    _ ledger: ReportLedger, _ variation: ReportLedger.Variation
  ) throws {
    for (name, english, chinese) in [
      ("P00", "Leading Group", "领导小组"), ("D01", "Plan Office", "方案办"),
      ("D02", variation.nameEnglish, variation.nameChinese), ("D03", "Water", "水利厅"),
      ("D24", "Supervision", "督查室"),
    ] {
      var events = try ledger.enrol(name, english: english, chinese: chinese)
      if name == "P00" {
        events.append(try ledger.event("role.granted", name, #"{"role":"governing"}"#))
      }
      try ledger.say("2024-01-02T01:00:00.000", ["D18", name], events)
    }
    try ledger.say(
      "2024-01-02T02:00:00.000", ["P00"],
      [
        ledger.event("role.granted", "D01", #"{"role":"issuer"}"#),
        ledger.event("role.granted", "D24", #"{"role":"supervisor"}"#),
      ])
  }

  private static func issue(
    _ ledger: ReportLedger, _ variation: ReportLedger.Variation
  ) throws {
    let charter: JSONObject = [
      "end": .string("2025-12-31"), "id": .string("BH"), "offset": .string("+08:00"),
      "start": .string("2024-01-01"), "titleEn": .string(variation.titleEnglish),
      "titleZh": .string(variation.titleChinese),
    ]
    try ledger.say(
      "2024-01-03T00:00:00.000", ["D01"],
      [
        Event(type: "programme.issued", subject: .none, data: charter),
        ledger.event(
          "objective.defined", nil, #"{"id":"O1","titleEn":"Roads","titleZh":"公路"}"#),
      ])
    for number in 1...7 {
      let lead = number < 6 ? "D02" : "D03"
      let due = number < 7 ? "2024-06-30" : "2024-12-31"
      let milestone =
        #"{"due":"2024-05-31","id":"T6-M1","mandatory":true,"titleEn":"Half","titleZh":"过半","weight":1}"#
      let milestones = number == 6 ? #""milestones":[\#(milestone)],"# : ""
      let supports = number == 6 ? #","supports":["D02"]"# : ""
      try ledger.say(
        "2024-01-1\(number)T00:00:00.000", ["D01"],
        [
          ledger.event(
            "task.issued", "T\(number)",
            #"{"criterion":"Built","cycle":"quarterly","evidenceRequired":0,\#(milestones)"objective":"O1","titleEn":"Road \#(number)","titleZh":"公路\#(number)","weight":1}"#
          ),
          ledger.event(
            "task.assigned", "T\(number)",
            #"{"due":"\#(due)","lead":"\#(lead)","start":"2024-01-01"\#(supports)}"#),
        ])
      try ledger.say(
        "2024-01-1\(number)T01:00:00.000", [lead],
        [
          ledger.event("task.accepted", "T\(number)"), ledger.event("task.planned", "T\(number)"),
        ])
    }
  }

  /// The citations of the first quarter's reports, by task.
  private static func report(
    _ ledger: ReportLedger, _ variation: ReportLedger.Variation
  ) throws -> [String: String] {
    let photograph = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 7, count: 32), content: [1, 2, 3])
    let seal = Seal.file(photograph, by: try ledger.keyName("D02"))
    let evidence: JSONObject = [
      "capturedOn": .string("2024-03-30"), "content": seal.json, "kind": .string("photograph"),
    ]
    let attached = try ledger.say(
      "2024-04-05T00:00:00.000", ["D02"],
      [
        Event(
          type: "evidence.attached", subject: ledger.event("task.planned", "T1").subject,
          data: evidence)
      ], openings: [photograph])
    func progress(_ task: String, _ more: String = "") throws -> Event {
      try ledger.event(
        "progress.reported", task,
        #"{\#(more)"percent":\#(variation.percent),"period":"2024-Q1"}"#)
    }
    let first = try ledger.say(
      "2024-04-06T00:00:00.000", ["D02"],
      [
        progress("T1", #""evidence":["\#(attached)1"],"#), progress("T2"), progress("T3"),
        progress("T4"),
      ])
    let other = try ledger.say("2024-04-08T16:00:00.000", ["D03"], [progress("T6")])
    let late = try ledger.say("2024-04-20T00:00:00.000", ["D02"], [progress("T5")])
    try ledger.say(
      "2024-04-21T00:00:00.000", ["D02"],
      [ledger.event("contribution.reported", "T6", #"{"percent":5,"period":"2024-Q1"}"#)])
    return [
      "T1": "\(first)1", "T2": "\(first)2", "T3": "\(first)3", "T4": "\(first)4", "T5": "\(late)1",
      "T6": "\(other)1",
    ]
  }

  private static func review(_ ledger: ReportLedger, _ reports: [String: String]) throws {
    func verdict(_ type: String, _ task: String, _ reason: String? = nil) throws -> Event {
      let member = reason.map { #""reason":"\#($0)","# } ?? ""
      return try ledger.event(type, task, #"{\#(member)"report":"\#(reports[task] ?? "")"}"#)
    }
    try ledger.say(
      "2024-04-25T00:00:00.000", ["D24"],
      [
        verdict("report.accepted", "T1"), verdict("report.accepted", "T2"),
        verdict("report.returned", "T3", "falsified"), verdict("report.accepted", "T4"),
        verdict("report.returned", "T6", "evidence-missing"),
      ])
    try ledger.say(
      "2024-05-20T00:00:00.000", ["D03"],
      [ledger.event("milestone.reached", "T6", #"{"milestone":"T6-M1"}"#)])
    try ledger.say(
      "2024-05-25T00:00:00.000", ["D24"],
      [
        ledger.event(
          "milestone.rejected", "T6", #"{"milestone":"T6-M1","reason":"no-substance"}"#)
      ])
  }

  private static func finish(_ ledger: ReportLedger, _ reports: [String: String]) throws {
    let claims = try ledger.say(
      "2024-06-20T00:00:00.000", ["D02"],
      ["T1", "T2", "T3"].map { try ledger.event("completion.claimed", $0) })
    var verdicts = try ["T1", "T2", "T3"].enumerated().map { number, task in
      try ledger.event("completion.accepted", task, #"{"claim":"\#(claims)\#(number + 1)"}"#)
    }
    verdicts += try ["T1", "T2"].map {
      try ledger.event("task.closed", $0, #"{"criterion":"met"}"#)
    }
    try ledger.say("2024-06-25T00:00:00.000", ["D24"], verdicts)
    try ledger.say("2024-07-03T00:00:00.000", ["D02"], [ledger.event("completion.claimed", "T4")])
    try ledger.say(
      "2024-07-05T00:00:00.000", ["D02"],
      [
        ledger.event(
          "report.corrected", "T4",
          #"{"foundBy":"unit","percent":40,"reason":"Counted twice","report":"\#(reports["T4"] ?? "")"}"#
        )
      ])
    try ledger.say(
      "2024-07-08T00:00:00.000", ["D02"],
      [ledger.event("progress.reported", "T5", #"{"percent":60,"period":"2024-Q2"}"#)])
  }
}
