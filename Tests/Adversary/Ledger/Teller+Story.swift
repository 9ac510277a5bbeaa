import Accountability
import Cryptography
import Encoding
import Ledger
import Testing

/// Everything that the rules know, said at least once: 45 types in about seventy entries.
extension Teller {
  func tellEverything() throws {
    try open()
    try tellDirectory()
    try tellPlan()
    try tellAssignment()
    try tellWork()
    try tellDates()
    try tellEnd()
    // Last, since from here on this software knows no rules.
    try say("GOV", events: [event("rules.adopted", #"{"version":2}"#)])
  }

  // MARK: Who there is

  private func tellDirectory() throws {
    for name in ["GOV", "ISS", "SUP", "CHECK", "ROADS", "WATER", "CITY", "PARKS", "LOST"] {
      try say("REG", name, events: [registration(of: name), enrolment(of: name)])
    }
    try say("REG", events: [grant("governing", to: "GOV")])
    try say("GOV", events: [grant("issuer", to: "ISS"), grant("supervisor", to: "SUP")])
    try say("GOV", events: [grant("supervisor", to: "CHECK"), grant("supervisor", to: "PARKS")])
    try say("GOV", events: [event("role.withdrawn", org: "PARKS", #"{"role":"supervisor"}"#)])
    try say(
      "REG",
      events: [
        event(
          "post.defined", org: "ROADS", #"{"post":"CHIEF","titleEn":"Chief","titleZh":"局长"}"#)
      ])
    for label in ["ROADS/chief", "ROADS/next"] {
      try say("ROADS", label, events: [enrolment(of: label, #""post":"CHIEF","#)])
    }
    try say(
      "WATER", "WATER/2", events: [event("key.rotated", #"{"vkey":"\#(cast["WATER/2"].vkey)"}"#)])
    let lost = #"{"compromisedSince":"2026-01-05T00:00:00.000Z","key":"\#(cast["LOST"].name)","#
    try say("REG", events: [event("key.revoked", lost + #""reason":"stolen"}"#)], unseen: 2)
    try say(
      "REG", "GOV", "LOST/2",
      events: [event("key.recovered", org: "LOST", #"{"vkey":"\#(cast["LOST/2"].vkey)"}"#)])
  }

  private func registration(of name: String) throws -> Event {
    try event(
      "org.registered", org: name,
      #"{"kind":"department","nameEn":"Café of \#(name)","nameZh":"部门\#(name)"}"#)
  }

  private func enrolment(of label: String, _ limits: String = "") throws -> Event {
    let vkey = cast[label].vkey
    return try event("key.enrolled", org: vkey.name, #"{\#(limits)"vkey":"\#(vkey)"}"#)
  }

  private func grant(_ role: String, to name: String) throws -> Event {
    try event("role.granted", org: name, #"{"role":"\#(role)"}"#)
  }

  // MARK: What is to be done, and by whom

  private func tellPlan() throws {
    let titles = #""titleEn":"Roads of the Río","titleZh":"道路","#
    try say(
      "ISS",
      events: [
        event(
          "programme.issued",
          #"{"end":"2028-12-31","id":"P1","offset":"+08:00","start":"2026-01-01",\#(titles.dropLast())}"#
        ),
        event("objective.defined", #"{"id":"O1",\#(titles.dropLast())}"#),
        event(
          "indicator.defined",
          #"{"baseline":"12.5","direction":"up","id":"I1",\#(titles)"unit":"km"}"#),
      ], on: "2026-01-06")
    let milestones = ["M1", "M2"].map {
      #"{"due":"2026-05-31","id":"\#($0)","mandatory":true,\#(titles)"weight":40}"#
    }
    let rest = #""objective":"O1",\#(titles)"weight":10}"#
    try say(
      "ISS",
      events: [
        event(
          "task.issued", task: "T1",
          #"{"criterion":"Open to traffic","cycle":"monthly","evidenceRequired":1,"indicators":["I1"],"milestones":[\#(milestones.joined(separator: ","))],"#
            + rest)
      ])
    for name in ["T2", "T3"] {
      let head = #"{"criterion":"Built","cycle":"monthly","evidenceRequired":0,"#
      try say("ISS", events: [event("task.issued", task: name, head + rest)])
    }
  }

  private func tellAssignment() throws {
    let dates = #""start":"2026-01-05""#
    try say(
      "ISS",
      events: [
        event(
          "task.assigned", task: "T1",
          #"{"due":"2026-06-30","lead":"ROADS","post":"CHIEF",\#(dates),"supports":["WATER"],"territories":["CITY"]}"#
        )
      ], on: "2026-01-07")
    for (name, lead, due) in [("T2", "WATER", "2026-06-30"), ("T3", "PARKS", "2026-02-15")] {
      let data = #"{"due":"\#(due)","lead":"\#(lead)",\#(dates)}"#
      try say("ISS", events: [event("task.assigned", task: name, data)])
    }
    try say("ROADS/chief", events: [event("task.accepted", task: "T1")], unseen: 1)
    try say("PARKS", events: [event("task.accepted", task: "T3")])
    try say("WATER/2", events: [event("support.confirmed", task: "T1")])
    try say("CITY", events: [event("support.confirmed", task: "T1")], unseen: 1)
    let contact = try Opening.text("Li, extension 204", salt: salt(1))
    let milestone =
      #"{"due":"2026-03-31","id":"M3","titleEn":"Survey","titleZh":"勘测","weight":5}"#
    try say(
      "ROADS/chief",
      events: [
        event(
          "task.planned", task: "T1",
          #"{"contact":\#(sealed(contact, by: "ROADS/chief")),"milestones":[\#(milestone)]}"#)
      ], openings: [contact])
    try say("WATER/2", events: [event("task.declined", task: "T2", #"{"reason":"overlapping"}"#)])
    try say("GOV", events: [event("assignment.ruled", task: "T2", #"{"outcome":"upheld"}"#)])
    try say("WATER/2", events: [event("task.accepted", task: "T2")])
  }

  // MARK: What was done

  private func tellWork() throws {
    let photograph = try Opening(
      media: "image/jpeg", salt: salt(2), content: [UInt8](repeating: 7, count: 90))
    let done = try Opening.text("Bridge deck poured.\n", salt: salt(3))
    try say(
      "ROADS/chief",
      events: [
        evidence(photograph, by: "ROADS/chief"),
        event(
          "progress.reported", task: "T1",
          #"{"done":\#(sealed(done, by: "ROADS/chief")),"percent":30,"period":"2026-01","values":{"I1":"13.1"}}"#
        ),
      ], openings: [photograph, done], on: "2026-02-02")
    let report = cite("ROADS/chief", event: 2)
    let why = try Opening.text("The photograph is of another bridge.", salt: salt(4))
    try say(
      "SUP",
      events: [
        event(
          "report.returned", task: "T1",
          #"{"note":\#(sealed(why, by: "SUP")),"reason":"evidence-missing","report":\#(report)}"#)
      ], openings: [why])
    try say(
      "ROADS/chief",
      events: [
        event(
          "report.corrected", task: "T1",
          #"{"foundBy":"reviewer","percent":20,"reason":"Wrong deck","report":\#(report)}"#)
      ])
    try say("SUP", events: [event("report.accepted", task: "T1", #"{"report":\#(report)}"#)])
    try say(
      "WATER/2", events: [event("contribution.reported", task: "T1", #"{"period":"2026-01"}"#)])
    try say(
      "CHECK",
      events: [event("report.accepted", task: "T1", #"{"report":\#(cite("WATER/2"))}"#)])
    let reached = try event("milestone.reached", task: "T1", #"{"milestone":"M1"}"#)
    try say("ROADS/chief", events: [reached])
    try say(
      "SUP",
      events: [
        event(
          "milestone.rejected", task: "T1", #"{"milestone":"M1","reason":"no-substance"}"#)
      ])
    try say("ROADS/chief", events: [reached])
    try say("SUP", events: [event("milestone.accepted", task: "T1", #"{"milestone":"M1"}"#)])
    let waiver = #"{"milestone":"M2","reason":"Not needed"}"#
    try say("SUP", events: [event("milestone.waived", task: "T1", waiver)])
  }

  /// What stands in a file of evidence.
  func evidence(_ file: Opening, by label: String) throws -> Event {
    let seal = Seal.file(file, by: cast[label].name)
    return try event(
      "evidence.attached", task: "T1",
      #"{"capturedOn":"2026-01-20","content":\#(json(seal)),"kind":"photograph"}"#)
  }

  private func sealed(_ text: Opening, by label: String) -> String {
    json(Seal.text(text, by: cast[label].name))
  }

  private func json(_ seal: Seal) -> String {
    String(decoding: CanonicalJSON.write(seal.json), as: UTF8.self)
  }

  private func salt(_ number: UInt8) -> [UInt8] { [UInt8](repeating: 100 + number, count: 32) }

  // MARK: By when

  private func tellDates() throws {
    let request = #"{"reason":"Flood","to":"2026-09-30"}"#
    try say(
      "ROADS/chief", events: [event("extension.requested", task: "T1", request)],
      on: "2026-03-02")
    let refusal = #"{"reason":"Too early","request":\#(cite("ROADS/chief"))}"#
    try say("ISS", events: [event("extension.refused", task: "T1", refusal)])
    try say("ROADS/chief", events: [event("extension.requested", task: "T1", request)])
    let consent = #"{"request":\#(cite("ROADS/chief")),"to":"2026-08-31"}"#
    try say("ISS", events: [event("extension.granted", task: "T1", consent)])
    let moved = #"{"due":"2026-07-31","reason":"Budget"}"#
    try say("ISS", events: [event("deadline.set", task: "T2", moved)])
    let urge = #"{"answerBy":"2026-03-31","level":"letter"}"#
    try say("SUP", events: [event("urge.issued", task: "T2", urge)])
    try say("GOV", events: [event("task.suspended", task: "T2", #"{"order":"2026-17"}"#)])
    try say("GOV", events: [event("task.resumed", task: "T2", #"{"order":"2026-18"}"#)], unseen: 1)
    let other = #"{"from":"2026-04-01","lead":"PARKS","reason":"Competence"}"#
    try say("ISS", events: [event("task.reassigned", task: "T2", other)])
    try say("GOV", events: [event("task.cancelled", task: "T3", #"{"order":"2026-19"}"#)])
  }

  // MARK: How it ended

  private func tellEnd() throws {
    try say(
      "ROADS/chief", "ROADS/next",
      events: [
        event(
          "duty.handed-over", org: "ROADS", #"{"openItems":["T1"],"post":"CHIEF","to":"CHIEF"}"#)
      ], on: "2026-04-01")
    let claim = try event("completion.claimed", task: "T1", #"{"values":{"I1":"14.2"}}"#)
    try say("ROADS/next", events: [claim])
    let answer = #"{"claim":\#(cite("ROADS/next")),"reason":"behind-schedule"}"#
    try say("SUP", events: [event("completion.returned", task: "T1", answer)])
    try say("ROADS/next", events: [claim], unseen: 1)
    let consent = #"{"claim":\#(cite("ROADS/next"))}"#
    try say("SUP", events: [event("completion.accepted", task: "T1", consent)])
    try say("SUP", events: [event("task.closed", task: "T1", #"{"criterion":"met"}"#)])
    try say("CHECK", events: [event("task.reopened", task: "T1", #"{"reason":"Cracks"}"#)])
    let progress = #"{"percent":40,"period":"2026-04"}"#
    try say("ROADS/next", events: [event("progress.reported", task: "T1", progress)])
  }
}
