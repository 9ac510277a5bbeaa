internal import Encoding

/// The programme's frame: its period, the offset of its dates, its calendar, its thresholds.
struct ProgrammeIssued: EventBody {
  static let declaration = Declaration(
    "programme.issued", about: .none, by: [.issuer],
    fields: [
      .required("end", .day), .optional("holidays", .list(of: .day, count: 1...400)),
      .required("id", .id), .required("offset", .offset), .required("start", .day),
      .optional("textHash", .digest), .optional("thresholds", thresholds), .titleEnglish,
      .titleChinese, .optional("workdays", .list(of: .day, count: 1...400)),
    ], "Programme issued", "印发方案")

  static let thresholds = Shape.object([
    .optional("dueSoon", .integer(0...365)), .optional("redGap", .integer(0...100)),
    .optional("redMissed", .integer(1...100)), .optional("redStartMonths", .integer(0...120)),
    .optional("reportGraceDays", .integer(0...365)), .optional("yellowGap", .integer(0...100)),
    .optional("yellowMissed", .integer(1...100)),
  ])

  private let charter: Charter

  init(_ event: EventReader) throws(Refusal) {
    var charter = Charter()
    charter.id = try event.id("id")
    charter.titleEnglish = try event.string("titleEn")
    charter.titleChinese = try event.string("titleZh")
    charter.start = try event.day("start")
    charter.end = try event.day("end")
    charter.holidays = try event.days("holidays")
    charter.workdays = try event.days("workdays")
    guard let offset = UTCOffset(try event.string("offset")) else { throw event.wrong("offset") }
    charter.offset = offset
    if event.has("thresholds") {
      charter.thresholds = try Self.read(try event.object("thresholds"))
    }
    self.charter = charter
  }

  private static func read(_ event: EventReader) throws(Refusal) -> LightThresholds {
    var thresholds = LightThresholds()
    func number(_ name: String, _ current: Int) throws(Refusal) -> Int {
      event.has(name) ? Int(try event.integer(name)) : current
    }
    thresholds.redGapPoints = try number("redGap", thresholds.redGapPoints)
    thresholds.yellowGapPoints = try number("yellowGap", thresholds.yellowGapPoints)
    thresholds.redMissedCycles = try number("redMissed", thresholds.redMissedCycles)
    thresholds.yellowMissedCycles = try number("yellowMissed", thresholds.yellowMissedCycles)
    thresholds.dueSoonWorkdays = try number("dueSoon", thresholds.dueSoonWorkdays)
    thresholds.redStartMonths = try number("redStartMonths", thresholds.redStartMonths)
    thresholds.reportGraceDays = try number("reportGraceDays", thresholds.reportGraceDays)
    return thresholds
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    if let issued = programme.charter {
      throw Refusal(
        .alreadyExists, "The programme \(issued.id) was issued at entry \(issued.issuedAt).",
        hint: "A ledger carries one programme.", entry: issued.issuedAt)
    }
    guard charter.start <= charter.end else {
      throw Refusal(.wrongDate, "The programme ends on \(charter.end), before it begins.")
    }
    guard charter.thresholds.yellowGapPoints <= charter.thresholds.redGapPoints,
      charter.thresholds.yellowMissedCycles <= charter.thresholds.redMissedCycles
    else {
      throw Refusal(.malformed, "A threshold for yellow lies beyond the one for red.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    var charter = charter
    charter.issuedAt = context.entry
    programme.charter = charter
  }
}

extension EventReader {
  /// A list of dates, empty if absent.
  func days(_ name: String) throws(Refusal) -> [Day] {
    try strings(name).map { (text) throws(Refusal) in
      guard let day = Day(text) else { throw wrong(name) }
      return day
    }
  }
}
