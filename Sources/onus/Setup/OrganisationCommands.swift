internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Views

struct Org: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "org", abstract: "Register organisations and posts, and list them.",
    subcommands: [Add.self, List.self, Show.self, DefinePost.self])

  struct Add: EventVerb {
    static let configuration = help(
      "add", "Register an organisation (registrar).",
      example:
        "onus org add D02 --kind department --name-en 'Department of Industry' --name-zh 省工业和信息化厅 --as D18"
    )

    @Argument(help: "Its id; never reused.") var id: String
    @Option(help: "What sort of body, such as department.") var kind: String
    @Option(help: "The body it belongs to.") var parent: String?
    @Option(help: "Its name in English.") var nameEn: String
    @Option(help: "Its name in Chinese.") var nameZh: String
    @Option(help: "Another name it goes by; repeat for more.") var alias: [String] = []
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "org.registered", try .organisation(named: id),
        [
          ("kind", .string(kind)), ("parent", .text(parent)), ("nameEn", .string(nameEn)),
          ("nameZh", .string(nameZh)), ("aliases", .texts(alias)),
        ])
    }
  }

  struct DefinePost: EventVerb {
    static let configuration = help(
      "post", "Define a post of an organisation (registrar).",
      example: "onus org post D02 P-D02-1 --title-en 'Principal official' --title-zh 主要负责人 --as D18"
    )

    @Argument(help: "The organisation.") var id: String
    @Argument(help: "The post's id; never reused.") var post: String
    @Option(help: "Its title in English.") var titleEn: String
    @Option(help: "Its title in Chinese.") var titleZh: String
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "post.defined", try .organisation(named: id),
        [("post", .string(post)), ("titleEn", .string(titleEn)), ("titleZh", .string(titleZh))])
    }
  }

  struct List: ParsableCommand {
    static let configuration = help(
      "list", "List organisations, their roles and live keys.", example: "onus org list --lang zh")

    @OptionGroup var read: ReadOptions

    func run() throws {
      let reading = try Reading(read)
      let state = reading.programme
      if read.place.json {
        Answer.json(
          .array(
            state.organisations.values.map { organisation in
              .object([
                "id": .string(organisation.id.rawValue),
                "kind": .string(organisation.kind),
                "nameEn": .string(organisation.nameEnglish),
                "nameZh": .string(organisation.nameChinese),
                "roles": .array(organisation.roles.map { .string($0.rawValue) }),
                "keys": .array(organisation.liveKeys.map { .string($0.description) }),
              ])
            }))
        return
      }
      Answer.table(
        [
          TableColumn("ID", "编号"), TableColumn("NAME", "名称", wrapped: .text),
          TableColumn("ROLES", "角色", wrapped: .words), TableColumn("KEYS", "密钥", wrapped: .words),
        ], read.lang,
        state.organisations.values.map { organisation in
          [
            organisation.id.rawValue,
            read.lang == .zh ? organisation.nameChinese : organisation.nameEnglish,
            read.lang.list(organisation.roles),
            organisation.liveKeys.map(\.description).joined(separator: " "),
          ]
        })
      Terminal.standardOutput(reading.clockRemark)
    }
  }
}

extension Org {
  struct Show: ParsableCommand {
    static let configuration = help(
      "show", "One organisation: its roles, its keys and their limits, its posts and their tasks.",
      example: "onus org show D02")

    @Argument(help: "The organisation.") var id: String
    @OptionGroup var read: ReadOptions

    func run() throws {
      guard let id = OrganisationID(id) else { throw Failure.badID(id, exit: .usage) }
      let reading = try Reading(read, of: [.ledger, .charter, .organisation, .post, .key, .task])
      let state = reading.programme
      guard let organisation = state.organisations[id] else {
        throw Failure("There is no organisation \(id).", hint: "List them with `onus org list`.")
      }
      let keys = organisation.liveKeys.compactMap { state.keys[$0] }
      let posts = state.posts.values.filter { $0.organisation == id }
      if read.place.json {
        return Answer.json(json(organisation, keys, posts, state))
      }
      let isChinese = read.lang == .zh
      var rows = [
        [isChinese ? "编号" : "id", organisation.id.rawValue],
        [
          isChinese ? "名称" : "name",
          isChinese ? organisation.nameChinese : organisation.nameEnglish,
        ],
        [isChinese ? "类别" : "kind", organisation.kind],
        [isChinese ? "上级单位" : "parent", organisation.parent?.rawValue ?? "-"],
        [
          isChinese ? "角色" : "roles",
          organisation.roles.isEmpty ? "-" : read.lang.list(organisation.roles),
        ],
      ]
      rows += keys.map { [isChinese ? "密钥" : "key", $0.name.description, limits(of: $0)] }
      rows += posts.map { post in
        [
          isChinese ? "岗位" : "post", post.id.rawValue,
          isChinese ? post.titleChinese : post.titleEnglish,
          state.unfinishedTasks(of: post.id).map(\.rawValue).joined(separator: " "),
        ]
      }
      // What it is, which, what that is called, and the tasks of a post.
      Answer.table(rows, in: [.untitled(), .untitled(.words), .untitled(.text), .untitled(.words)])
      Terminal.standardOutput(reading.clockRemark)
    }

    /// What a key may not do that its organisation may.
    private func limits(of key: EnrolledKey) -> String {
      let isChinese = read.lang == .zh
      guard key.isLimited else { return isChinese ? "不受限" : "without limits" }
      var parts: [String] = []
      if let post = key.post { parts.append(isChinese ? "仅限岗位 \(post)" : "only for post \(post)") }
      if !key.roles.isEmpty {
        parts.append((isChinese ? "仅限角色：" : "only as ") + read.lang.list(key.roles))
      }
      return parts.joined(separator: isChinese ? "，" : ", ")
    }

    private func json(
      _ organisation: Organisation, _ keys: [EnrolledKey], _ posts: [Post], _ state: Programme
    ) -> JSONObject {
      var object: JSONObject = [
        "id": .string(organisation.id.rawValue), "kind": .string(organisation.kind),
        "nameEn": .string(organisation.nameEnglish), "nameZh": .string(organisation.nameChinese),
        "roles": .array(organisation.roles.map { .string($0.rawValue) }),
        "keys": .array(
          keys.map { key in
            var object: JSONObject = [
              "key": .string(key.name.description),
              "roles": .array(key.roles.map { .string($0.rawValue) }),
            ]
            object["post"] = key.post.map { .string($0.rawValue) }
            return .object(object)
          }),
        "posts": .array(
          posts.map { post in
            .object([
              "id": .string(post.id.rawValue), "titleEn": .string(post.titleEnglish),
              "titleZh": .string(post.titleChinese),
              "tasks": .array(
                state.unfinishedTasks(of: post.id).map { .string($0.rawValue) }),
            ])
          }),
      ]
      object["parent"] = organisation.parent.map { .string($0.rawValue) }
      return object
    }
  }
}
