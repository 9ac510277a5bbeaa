internal import Cryptography
internal import Encoding

/// Entry 0 fixes what never changes: the log's name and key, the suite, the clock.
///
/// The data is fixed for every verifier (`docs/formats/entry.md`); `predecessor` is there only in a
/// ledger that continues another, and holds that one's last known checkpoint in base64.
struct LedgerOpened: EventBody {
  static let declaration = Declaration(
    "ledger.opened", about: .none, by: .words("whoever opens the ledger, in entry 0"),
    fields: [
      .required("clock", .word(ClockKind.allCases.map(\.rawValue))),
      .required("origin", .text(maximum: 255)), .optional("predecessor", predecessor),
      .required("rules", .integer(1...1_000_000)), .required("suite", .word([Rules.suite])),
      .required("vkey", .text(maximum: 400)),
    ], "Ledger opened", "开立台账")

  static let predecessor = Shape.object([
    // Room for the cosignatures of some hundred witnesses.
    .required("checkpoint", .text(maximum: 20_000)), .required("reason", .text(maximum: 500)),
    .required("root", .digest), .required("size", .integer(0...CanonicalJSON.maximumInteger)),
  ])

  let origin: String
  let vkey: VerifierKey
  let clock: ClockKind
  let rules: Int
  let predecessorCheckpoint: String

  init(_ event: EventReader) throws(Refusal) {
    origin = try event.string("origin")
    vkey = try event.verifierKey("vkey")
    clock = try event.word("clock")
    rules = Int(try event.integer("rules"))
    predecessorCheckpoint =
      event.has("predecessor") ? try event.object("predecessor").string("checkpoint") : ""
  }

  func reads(in programme: Programme) -> [StateKey] { [.keyUse(vkey.publicKey)] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let bytes = origin.utf8
    // Two names that look the same must be the same.
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }),
      bytes.contains(UInt8(ascii: ".")) || bytes.contains(UInt8(ascii: "/")),
      !bytes.starts(with: "onus/".utf8)
    else {
      throw Refusal(
        .malformed,
        "The origin \(origin) is not printable ASCII with a dot or a slash in it, or begins with onus/.",
        hint: "For example beihe.example/plan.")
    }
    guard vkey.name.utf8.elementsEqual(bytes) else {
      throw Refusal(
        .malformed, "The log key is named \(vkey.name), and the origin is \(origin).",
        hint: "The name of the log key is the origin.")
    }
    guard Base64.decode(predecessorCheckpoint) != nil else {
      throw Refusal(.malformed, "`data.predecessor.checkpoint` is not base64.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    var facts = LedgerFacts()
    facts.origin = origin
    facts.vkey = vkey.description
    facts.suite = Rules.suite
    facts.clock = clock
    facts.rules = rules
    facts.predecessor = predecessorCheckpoint
    programme.ledger = facts
    var use = KeyUse()
    use.name = vkey.keyName
    programme.keyUses[StateKey.keyUse(vkey.publicKey).name] = use
  }
}
