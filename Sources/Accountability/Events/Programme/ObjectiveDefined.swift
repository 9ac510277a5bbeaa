/// A group of tasks.
struct ObjectiveDefined: EventBody {
  static let declaration = Declaration(
    "objective.defined", about: .none, by: [.issuer],
    fields: [.required("id", .id), .titleEnglish, .titleChinese], "Objective defined", "设定目标领域")

  let id: ObjectiveID
  let titleEnglish: String
  let titleChinese: String

  init(_ event: EventReader) throws(Refusal) {
    id = try event.id("id")
    titleEnglish = try event.string("titleEn")
    titleChinese = try event.string("titleZh")
  }

  func reads(in programme: Programme) -> [StateKey] { [.objective(id)] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard programme.charter != nil else {
      throw Refusal(.notReady, "There is no programme yet.", hint: "Issue it first.")
    }
    guard programme.objectives[id] == nil else {
      throw Refusal(
        .alreadyExists, "The objective \(id) is defined already.",
        hint: "Ids are never reused: choose another.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    var objective = Objective()
    objective.id = id
    objective.titleEnglish = titleEnglish
    objective.titleChinese = titleChinese
    programme.objectives[id] = objective
  }
}
