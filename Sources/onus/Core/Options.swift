internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import SQLiteStorage

/// Where the ledger is and how the answer looks: on every command.
struct LedgerOptions: ParsableArguments {
  @Option(help: "The ledger's folder; else $ONUS_LEDGER, else the current folder.")
  var ledger: String?

  @Option(help: "The folder of private keys; else $ONUS_KEYS, else ~/.config/onus/keys.")
  var keys: String?

  @Option(help: "A file that holds the passphrase; else $ONUS_PASSPHRASE, else asked for.")
  var passphraseFile: String?

  @Flag(help: "Answer in JSON; what is written for a file stays as it is.")
  var json = false

  var folder: String { ledger ?? Files.environment("ONUS_LEDGER") ?? "." }

  var keyFolder: KeyFolder { KeyFolder(keys, passphrase: PassphraseSource(file: passphraseFile)) }
}

/// What the reading commands take beside that.
struct ReadOptions: ParsableArguments {
  @OptionGroup var place: LedgerOptions

  @Option(help: "The state as of a date such as 2024-06-30, or after so many entries.")
  var asOf: String?

  @Option(help: "The language of titles and headings: en or zh.")
  var lang: Language = .en
}

enum Language: String, ExpressibleByArgument, CaseIterable {
  case en, zh

  /// Roles by name, one after the other.
  func list(_ roles: [Role]) -> String {
    roles.map { text($0.label) }.joined(separator: self == .zh ? "、" : ", ")
  }

  /// A name in this language.
  func text(_ label: Label) -> String { self == .zh ? label.chinese : label.english }

  /// What every answer for people ends with in a ledger whose clock is not real.
  var simulatedClock: String {
    self == .zh ? "本台账使用模拟时钟。\n" : "The clock of this ledger is simulated.\n"
  }
}

/// A command that was asked to answer in a language.
protocol Multilingual {
  var language: Language { get }
}

/// Where audits keep the heads of ledgers that they have seen.
struct HeadsOptions: ParsableArguments {
  @Option(help: "The folder of remembered heads; else ~/.config/onus/heads.") var heads: String?

  var folder: String { heads ?? "\(Files.configuration)/onus/heads" }
}

/// What the writing commands take: who speaks, who signs with them, and where it goes.
struct WriteOptions: ParsableArguments {
  @OptionGroup var place: LedgerOptions

  @Option(name: .customLong("as"), help: "The organisation, or the key in full, that signs.")
  var author: String

  @Option(
    name: .customLong("with"),
    help:
      "A further key that must sign, where the event asks for one; with --sign-to as NAME+id/N if it is on another machine."
  )
  var cosigners: [String] = []

  @Option(help: "The time, in a ledger that was opened with a simulated clock.")
  var at: String?

  @Option(help: "Sign into this file, to be carried and submitted, instead of appending.")
  var signTo: String?

  @Option(help: "With --sign-to, the log's verifier key, where the key signs for several ledgers.")
  var logKey: String?

  @Option(help: "The language in which a rule that refuses is named: en or zh.")
  var lang: Language = .en

  @Option(help: "Keep the receipt in this file, and what it is checked with in FILE.note.")
  var receipt: String?

  /// The key that signs: the one named in full, else the newest of that organisation that is live in
  /// the ledger, before all one without limits. With --sign-to, where no ledger need be at hand, the
  /// newest that has something to sign against: name a key in full where several have.
  func signer(_ name: String) throws -> VerifierKey {
    let keys = place.keyFolder
    if signTo != nil {
      return try keys.key(name) { try KeyMemory.hasCheckpoint(of: $0.keyName, in: keys) ? 1 : 0 }
    }
    var live: [EnrolledKey]?
    return try keys.key(name) { key in
      if live == nil { live = try LedgerFolder(place.folder, for: .readWrite).liveKeys(of: name) }
      guard let enrolled = live?.first(where: { $0.name == key.keyName }) else { return 0 }
      return enrolled.isLimited ? 1 : 2
    }
  }
}

extension WriteOptions {
  /// A citation as it was typed: `KEY/NUMBER.EVENT`, or `ENTRY.EVENT` as `onus log` lists it.
  func citation(_ text: String) throws -> JSONValue {
    if Citation(text) != nil { return .string(text) }
    let place = text.split(separator: ".", omittingEmptySubsequences: false)
    guard place.count == 2, let entry = UInt64(place[0]), let event = Int(place[1]) else {
      throw Failure(
        "\(TextRules.quoted(text)) is not a citation.",
        hint: "Cite it as KEY/NUMBER.EVENT, or as ENTRY.EVENT where `onus log` lists it.",
        exit: .usage)
    }
    let folder = try ledgerToLookUp(
      "what stands at \(text)", else: "Give the citation in full, KEY/NUMBER.EVENT", for: .readOnly
    )
    return .string(try folder.citation(of: event, in: entry).description)
  }

  /// Citations as they were typed; nothing if there is none.
  func citations(_ texts: [String]) throws -> JSONValue? {
    texts.isEmpty ? nil : .array(try texts.map { try citation($0) })
  }

  /// The ledger, to look something up that was not typed in full.
  func ledgerToLookUp(
    _ what: String, else hint: String, for access: SQLiteStore.Access
  ) throws -> LedgerFolder {
    guard Files.exists("\(place.folder)/ledger.db") else {
      throw Failure(
        "There is no ledger in \(place.folder) to say \(what).",
        hint: "\(hint), or the ledger's folder with --ledger.", exit: .usage)
    }
    return try LedgerFolder(place.folder, for: access)
  }
}

extension VerifierKey {
  /// A log's verifier key as it was typed.
  init(typed text: String) throws(Failure) {
    do {
      try self.init(text)
    } catch {
      throw Failure(
        "\(TextRules.quoted(text)) is not a log's verifier key: \(error.message)",
        hint:
          "It is the line that `onus init` printed as the log key; whoever runs the ledger gives it to you.",
        exit: .usage)
    }
  }
}
