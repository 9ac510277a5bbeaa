/// A body that can hold roles and keys; its id is never reused.
struct OrgRegistered: EventBody {
  static let declaration = Declaration(
    "org.registered", about: .org, by: [.registrar],
    fields: [
      .required("kind", .id), .optional("parent", .id),
      .required("nameEn", .text(maximum: 300)), .required("nameZh", .text(maximum: 300)),
      .optional("aliases", .list(of: .text(maximum: 300), count: 1...32)),
    ], "Organisation registered", "登记单位")

  let id: OrganisationID
  let kind: String
  let parent: OrganisationID?
  let nameEnglish: String
  let nameChinese: String
  let aliases: [String]

  init(_ event: EventReader) throws(Refusal) {
    id = try event.organisation()
    kind = try event.string("kind")
    parent = try event.optionalID("parent")
    nameEnglish = try event.string("nameEn")
    nameChinese = try event.string("nameZh")
    aliases = try event.strings("aliases")
  }

  func reads(in programme: Programme) -> [StateKey] { parent.map { [.organisation($0)] } ?? [] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard programme.organisations[id] == nil else {
      throw Refusal(
        .alreadyExists, "The organisation \(id) is registered already.",
        hint: "Ids are never reused: choose another.")
    }
    if let parent { _ = try programme.organisation(parent) }
    guard !context.isOpening || id == context.organisation else {
      throw Refusal(.misplaced, "Entry 0 registers the registrar alone.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    var organisation = Organisation()
    organisation.id = id
    organisation.kind = kind
    organisation.parent = parent
    organisation.nameEnglish = nameEnglish
    organisation.nameChinese = nameChinese
    organisation.aliases = aliases
    organisation.registeredAt = context.entry
    programme.organisations[id] = organisation
  }
}
