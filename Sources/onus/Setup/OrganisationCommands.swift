internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Views

struct Org: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "org", abstract: "Register organisations and posts, and list them.",
    subcommands: [Add.self, List.self, DefinePost.self])

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
      let state = try Reading(read).programme
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
        [read.lang == .zh ? ["编号", "名称", "角色", "密钥"] : ["ID", "NAME", "ROLES", "KEYS"]]
          + state.organisations.values.map { organisation in
            [
              organisation.id.rawValue,
              read.lang == .zh ? organisation.nameChinese : organisation.nameEnglish,
              organisation.roles.map(\.rawValue).joined(separator: ","),
              organisation.liveKeys.map(\.description).joined(separator: " "),
            ]
          })
    }
  }
}

struct RoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "Grant roles to organisations and withdraw them.",
    subcommands: [Grant.self, Withdraw.self])

  struct Grant: EventVerb {
    static let configuration = help(
      "grant", "Grant a role (governing body; governing itself once, by the registrar).",
      example: "onus role grant D24 supervisor --as P00")

    @Argument(help: "The organisation.") var id: String
    @Argument(help: "registrar, issuer, supervisor, governing, statistics or auditor.")
    var role: String
    @Option(help: "Only for this task: names another reviewer.") var task: String?
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "role.granted", try .organisation(named: id),
        [("role", .string(role)), ("task", .text(task))])
    }
  }

  struct Withdraw: EventVerb {
    static let configuration = help(
      "withdraw", "Withdraw a role (governing body).",
      example: "onus role withdraw D24 supervisor --as P00")

    @Argument(help: "The organisation.") var id: String
    @Argument(help: "The role.") var role: String
    @Option(help: "Only for this task: the organisation was named to review it.") var task: String?
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "role.withdrawn", try .organisation(named: id),
        [("role", .string(role)), ("task", .text(task))])
    }
  }
}
