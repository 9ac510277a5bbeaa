internal import Encoding

/// A number with a direction, a baseline and targets by period.
struct IndicatorDefined: EventBody {
  static let declaration = Declaration(
    "indicator.defined", about: .none, by: [.issuer],
    fields: [
      .required("baseline", .decimal),
      .required("direction", .word(Indicator.Direction.allCases.map(\.rawValue))),
      .required("id", .id), .optional("publisher", .id),
      .optional("targets", .list(of: target, count: 1...64)), .titleEnglish, .titleChinese,
      .required("unit", .text(maximum: 100)),
    ], "Indicator defined", "设定指标")

  static let target = Shape.object([.required("period", .period), .required("value", .decimal)])

  private let indicator: Indicator

  init(_ event: EventReader) throws(Refusal) {
    var indicator = Indicator()
    indicator.id = try event.id("id")
    indicator.titleEnglish = try event.string("titleEn")
    indicator.titleChinese = try event.string("titleZh")
    indicator.unit = try event.string("unit")
    indicator.direction = try event.word("direction")
    indicator.baseline = try event.string("baseline")
    indicator.publisher = try event.optionalID("publisher")
    for item in try event.objects("targets") {
      var target = Indicator.Target()
      target.period = try item.period("period")
      target.value = try item.string("value")
      indicator.targets.append(target)
    }
    self.indicator = indicator
  }

  func reads(in programme: Programme) -> [StateKey] {
    [.indicator(indicator.id)] + (indicator.publisher.map { [.organisation($0)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard programme.indicators[indicator.id] == nil else {
      throw Refusal(
        .alreadyExists, "The indicator \(indicator.id) is defined already.",
        hint: "Ids are never reused: choose another.")
    }
    if let publisher = indicator.publisher { _ = try programme.organisation(publisher) }
    let periods = indicator.targets.map(\.period)
    guard zip(periods, periods.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw Refusal(
        .malformed, "The targets of \(indicator.id) are not in order of period, each once.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.indicators[indicator.id] = indicator
  }
}
