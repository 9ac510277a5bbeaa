internal import Accountability
internal import ArgumentParser
internal import Encoding

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
