/// A post of an organisation; responsibility binds to it, and people come and go.
struct PostDefined: EventBody {
  static let declaration = Declaration(
    "post.defined", about: .org, by: [.registrar],
    fields: [.required("post", .id), .titleEnglish, .titleChinese], "Post defined", "设定岗位")

  let organisation: OrganisationID
  let post: PostID
  let titleEnglish: String
  let titleChinese: String

  init(_ event: EventReader) throws(Refusal) {
    organisation = try event.organisation()
    post = try event.id("post")
    titleEnglish = try event.string("titleEn")
    titleChinese = try event.string("titleZh")
  }

  func reads(in programme: Programme) -> [StateKey] { [.post(post)] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    _ = try programme.organisation(organisation)
    guard programme.posts[post] == nil else {
      throw Refusal(
        .alreadyExists, "The post \(post) is defined already.",
        hint: "Ids are never reused: choose another.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    var record = Post()
    record.id = post
    record.organisation = organisation
    record.titleEnglish = titleEnglish
    record.titleChinese = titleChinese
    record.definedAt = context.entry
    programme.posts[post] = record
  }
}
