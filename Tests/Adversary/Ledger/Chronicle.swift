import Accountability
import Cryptography
import Ledger
import TestAuthority
import TransparencyLog

/// The ledger that is attacked, and what others keep of it: made once, by the honest writer.
struct Chronicle: Sendable {
  let cast: Cast
  /// What lies on the operator's disk.
  let truth: Truth
  /// What is said in it.
  let statements: [Statement]
  /// The checkpoint after each entry.
  let checkpoints: [SignedCheckpoint]
  /// What every author got back, and keeps with its note.
  let receipts: [Receipt]
  /// What the rules know before each entry.
  let states: [Programme]
  /// What a forger has told before each entry, who tells the same.
  let tellings: [Telling]

  /// The one with every event.
  static let whole = Result { try Chronicle(Cast()) }
  /// Another, of the same organisations with other keys: what is spliced in comes from there.
  static let other = Result { try Chronicle(Cast(1, log: 1)) }
  /// Another, in which the same people said the same with the same keys.
  static let twin = Result { try Chronicle(Cast(log: 2)) }

  private init(_ cast: Cast) throws {
    let teller = try Teller(cast)
    try teller.tellEverything()
    checkpoints = teller.checkpoints
    receipts = teller.receipts
    self.cast = cast
    // Two witnesses have cosigned it, one of them lately.
    for ((key, cosigner), age) in zip(cast.witnesses, [0, 9]) {
      let checkpoint = checkpoints[checkpoints.count - 1 - age]
      let line = try Cosignature.line(on: checkpoint, at: 1_775_000_000, with: key, as: cosigner)
      teller.store.keepCosignature(
        StoredCosignature(
          vkey: cosigner.description, checkpoint: try checkpoint.adding([line]).bytes))
    }
    try Self.stamp(teller)
    truth = try Truth(teller.store)
    let openings = try truth.openings.map { try $0.stored() }
    statements = try truth.leaves.map { leaf in
      let entry = try Entry(leaf)
      return Statement(
        entry, openings: openings.filter { $0.entry == entry.index }.map(\.opening))
    }
    var programme = Programme()
    var states: [Programme] = []
    for leaf in truth.leaves {
      states.append(programme)
      _ = try programme.apply(Entry(leaf)) { try teller.store.header($0) }
    }
    self.states = states
    var telling = Telling()
    tellings = statements.map { statement in
      defer { try? telling.say(statement, by: Forger(cast)) }
      return telling
    }
  }

  /// Has an authority timestamp two of the checkpoints, where `openssl` can play one.
  private static func stamp(_ teller: Teller) throws {
    guard TestAuthority.isAvailable else { return }
    let folder = try TemporaryFolder()
    let authority = try TestAuthority(in: folder.path)
    for (age, time) in [(0, "20260401120000Z"), (20, "20260310120000Z")] {
      let checkpoint = teller.checkpoints[teller.checkpoints.count - 1 - age].bytes
      var statement = TestAuthority.Statement(imprint: SHA256.hash(checkpoint).bytes)
      statement.time = time
      try teller.store.keepTimestamp(
        StoredTimestamp(checkpoint: checkpoint, response: authority.response(statement)))
    }
  }

  /// What an auditor kept: the newest checkpoint, as it was.
  var kept: [UInt8] { checkpoints[checkpoints.count - 1].bytes }
  var size: UInt64 { UInt64(checkpoints.count) }
}
