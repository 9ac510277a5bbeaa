import Cryptography
import Encoding
import Testing

@testable import Accountability

/// Events of a small plan.
enum Plan {
  static func programme(
    start: String = "2026-01-01", end: String = "2028-12-31", thresholds: String = ""
  ) throws -> Event {
    try plain(
      "programme.issued",
      #"{"end":"\#(end)","id":"PLAN","offset":"+08:00","start":"\#(start)",\#(thresholds)"titleEn":"Plan","titleZh":"行动方案"}"#
    )
  }

  static func objective(_ name: String) throws -> Event {
    try plain("objective.defined", #"{"id":"\#(name)","titleEn":"Roads","titleZh":"道路"}"#)
  }

  static func indicator(_ name: String, _ members: String = "") throws -> Event {
    try plain(
      "indicator.defined",
      #"{"baseline":"12.5","direction":"up","id":"\#(name)",\#(members)"titleEn":"Length","titleZh":"里程","unit":"km"}"#
    )
  }

  static func milestone(_ name: String, due: String = "2026-05-31") -> String {
    #"{"due":"\#(due)","id":"\#(name)","mandatory":true,"titleEn":"Half","titleZh":"过半","weight":50}"#
  }

  /// `parent` is JSON members to stand before `titleEn`.
  static func task(
    _ name: String, milestones: [String] = [], objective: String = "O1", indicators: String = "",
    mandatory: String = "", parent: String = ""
  ) throws -> Event {
    let list = milestones.map { milestone($0) }.joined(separator: ",")
    let member = milestones.isEmpty ? "" : #""milestones":[\#(list)],"#
    return try AccountabilityTests.task(
      "task.issued", name,
      #"{"criterion":"Built","cycle":"monthly","evidenceRequired":0,\#(indicators)\#(mandatory)\#(member)"objective":"\#(objective)",\#(parent)"titleEn":"Road","titleZh":"公路","weight":10}"#
    )
  }

  static func assignment(
    _ name: String, lead: String = "D1", post: String? = "P1", supports: [String] = ["D2"],
    territories: [String] = ["C1"], start: String = "2026-02-01", due: String = "2026-06-30"
  ) throws -> Event {
    let post = post.map { #""post":"\#($0)","# } ?? ""
    return try AccountabilityTests.task(
      "task.assigned", name,
      #"{"due":"\#(due)","lead":"\#(lead)",\#(post)"start":"\#(start)"\#(list("supports", supports))\#(list("territories", territories))}"#
    )
  }

  private static func list(_ name: String, _ ids: [String]) -> String {
    ids.isEmpty ? "" : #","\#(name)":["# + ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }
}
