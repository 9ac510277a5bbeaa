internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding

struct Key: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make, list, enrol, rotate, revoke and export keys.",
    subcommands: [
      New.self, List.self, Enrol.self, Rotate.self, Revoke.self, Recover.self, Export.self,
    ])

  struct New: ParsableCommand {
    static let configuration = help(
      "new", "Make a key for an organisation, on this machine; it is enrolled separately.",
      example: "onus key new D02")

    @Argument(help: "The organisation.") var name: String
    @Flag(help: "Keep it without a passphrase.") var noPassphrase = false
    @OptionGroup var place: LedgerOptions

    func run() throws {
      guard OrganisationID(name) != nil else { throw Failure.badID(name, exit: .usage) }
      let keys = place.keyFolder
      let key = try keys.make(name, isProtected: !noPassphrase)
      try keys.keep(key)
      Self.answer(key.verifier, place)
    }

    /// The public half of a key.
    static func answer(_ key: VerifierKey, _ place: LedgerOptions) {
      if place.json {
        Answer.json(["key": .string(key.description)])
      } else {
        Terminal.standardOutput("\(key)\n")
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = help(
      "list", "List the keys on this machine.", example: "onus key list")

    @OptionGroup var place: LedgerOptions

    func run() throws {
      let keys = try place.keyFolder.all()
      if place.json {
        Answer.json(.array(keys.map { .string($0.description) }))
      } else {
        Terminal.standardOutput(keys.map { "\($0)\n" }.joined())
      }
    }
  }

  struct Enrol: EventVerb {
    static let configuration = help(
      "enrol", "Enrol a key; it signs too, which proves that somebody holds it.",
      example: "onus key enrol D02 --key \"$(cat D02.vkey)\" --as D18 --sign-to enrol.onus")

    @Argument(help: "The organisation.") var id: String
    @Option(
      help:
        "The key in full; else the newest of that organisation here. One that is on another machine is given by its verifier key, and signs there (--sign-to)."
    )
    var key: String?
    @Option(help: "Limit it to this post.") var post: String?
    @Option(help: "Limit it to this role; repeat for more.") var role: [String] = []
    @OptionGroup var write: WriteOptions

    var further: [String] { [key ?? id] }

    func fill(_ draft: inout Draft) throws {
      let vkey = try write.place.keyFolder.newKey(key ?? id)
      draft.add(
        "key.enrolled", try .organisation(named: id),
        [("vkey", .string(vkey.description)), ("post", .text(post)), ("roles", .texts(role))])
    }
  }

  struct Rotate: EventVerb {
    static let configuration = help(
      "rotate", "Replace the key that signs by a new one; both sign.",
      example: "onus key rotate --to D02+5e6f7a8b --as D02+1a2b3c4d")

    @Option(help: "The new key, in full; by its verifier key if it is on another machine.")
    var to: String
    @OptionGroup var write: WriteOptions

    var further: [String] { [to] }

    func fill(_ draft: inout Draft) throws {
      let vkey = try write.place.keyFolder.newKey(to)
      draft.add("key.rotated", .none, [("vkey", .string(vkey.description))])
    }
  }

  struct Revoke: EventVerb {
    static let configuration = help(
      "revoke", "End a key (the same organisation, the registrar or the governing body).",
      example: "onus key revoke D02+1a2b3c4d --reason lost --as D02+5e6f7a8b")

    @Argument(help: "The key that ends, in full.") var key: String
    @Option(help: "Why.") var reason: String
    @Option(help: "Since when it was in other hands, for the auditor.") var compromisedSince:
      String?
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "key.revoked", .none,
        [
          ("key", .string(key)), ("reason", .string(reason)),
          ("compromisedSince", .text(compromisedSince)),
        ])
    }
  }

  struct Recover: EventVerb {
    static let configuration = help(
      "recover", "Enrol a key where an organisation has none left (registrar and governing body).",
      example: "onus key recover D02 --key D02+5e6f7a8b --as D18 --with P00")

    @Argument(help: "The organisation.") var id: String
    @Option(
      help:
        "The new key, in full; else the newest of that organisation here. By its verifier key if it is on another machine."
    )
    var key: String?
    @OptionGroup var write: WriteOptions

    var further: [String] { [key ?? id] }

    func fill(_ draft: inout Draft) throws {
      let vkey = try write.place.keyFolder.newKey(key ?? id)
      draft.add(
        "key.recovered", try .organisation(named: id), [("vkey", .string(vkey.description))])
    }
  }

  struct Export: ParsableCommand {
    static let configuration = help(
      "export", "Print the public half of a key, to be sent to the registrar.",
      example: "onus key export D02 > D02.vkey")

    @Argument(help: "The organisation, or the key in full.") var name: String
    @OptionGroup var place: LedgerOptions

    func run() throws {
      New.answer(try place.keyFolder.key(name), place)
    }
  }
}
