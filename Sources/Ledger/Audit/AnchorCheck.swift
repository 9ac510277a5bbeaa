internal import Accountability
internal import Cryptography
internal import Encoding
internal import TransparencyLog

/// The ledger held against what is kept outside it.
///
/// The audit hashes everything, so no proof is needed: the root at a remembered size is compared
/// directly.
struct AnchorCheck {
  /// Something to extend, and where it comes from.
  private struct Expectation {
    var checkpoint: SignedCheckpoint
    var kind: AuditReport.Anchor.Kind
  }

  private let anchors: Anchors
  private let heads: [RememberedHead]
  private let unreadable: [String]
  private(set) var expected: [SignedCheckpoint] = []
  private var roots: RootsAtSizes
  /// What the ledger was found to extend.
  private(set) var held: [AuditReport.Anchor] = []
  /// Whether the ledger says that it continues a known one, and nothing else does.
  private(set) var isUnconfirmed = false

  /// - Throws: `LedgerError` if what the auditor brought is no checkpoint: the audit cannot run.
  init(_ anchors: Anchors) throws(LedgerError) {
    self.anchors = anchors
    (heads, unreadable) = anchors.memory?.heads() ?? ([], [])
    for bytes in anchors.expected {
      do {
        expected.append(try SignedCheckpoint(bytes))
      } catch {
        throw LedgerError(
          .malformedHead, "The checkpoint that was brought cannot be read: \(error.message)")
      }
    }
    roots = RootsAtSizes((expected + heads.map(\.checkpoint)).map(\.checkpoint.size))
  }

  /// The remembered head of the log with this entry 0, as far as that names its key.
  func remembered(of opening: Entry) -> RememberedHead? {
    guard let vkey = opening.submission.openedLogKey else { return nil }
    return heads.first {
      $0.logKey.description.utf8.elementsEqual(vkey.utf8) && $0.firstLeaf == opening.leafHash
    }
  }

  /// Takes in the computed roots before the entries from `first` on.
  mutating func take(_ newRoots: [Digest], from first: UInt64) {
    roots.take(newRoots, from: first)
  }

  /// Compares everything, at the end of the log.
  ///
  /// - Parameter isWitnessed: Whether the quorum that the auditor asks for has cosigned it.
  /// - Returns: Whether the ledger is anchored: it extends something kept outside it.
  mutating func finish(
    _ ledger: AuditedLedger, programme: Programme, isWitnessed: Bool, _ log: inout FindingLog
  ) -> Bool {
    roots.take(ledger)
    if let logKey = anchors.logKey, logKey != ledger.logKey {
      log.add(
        Finding(
          .otherLogKey,
          "The log's key is \(ledger.logKey?.description ?? "not known"), not the expected \(logKey).",
          "台账密钥与预期不符。"))
    }
    for checkpoint in expected {
      extends(
        Expectation(
          checkpoint: checkpoint, kind: .brought),
        ledger, &log)
    }
    for head in heads { compare(head, ledger, programme, &log) }
    for path in unreadable {
      log.add(
        Finding(
          .memoryUnusable, "The remembered head \(path) cannot be read.", "以往审计的记忆无法读取。"))
    }
    checkPins(programme, &log)
    if held.isEmpty, !isWitnessed, !log.failed.contains(.anchoring) {
      log.add(
        Finding(
          .unanchored, affected: 0,
          "UNANCHORED: the ledger was held against nothing kept outside it; a truncated log cannot be told from a short one.",
          "未锚定：未与台账之外的凭据核对；被截短的台账与本来就短的台账无从区分。"))
    }
    return (isWitnessed || !held.isEmpty) && !log.failed.contains(.anchoring)
  }

  private mutating func extends(
    _ expectation: Expectation, _ ledger: AuditedLedger, _ log: inout FindingLog
  ) {
    let checkpoint = expectation.checkpoint.checkpoint
    let (english, chinese) = expectation.kind.words
    // Without the log's key nothing can be held against it; why it is not known is a finding already.
    guard let logKey = ledger.logKey else { return }
    // What another log signed says nothing about this one: neither that it is right nor that it is wrong.
    guard checkpoint.origin.utf8.elementsEqual(logKey.name.utf8) else {
      log.add(
        Finding(
          .checkpointOfAnother, affected: 0,
          "\(Self.capitalised(english)) is of \(checkpoint.origin), and this ledger is \(logKey.name): it says nothing about this one.",
          "\(chinese)属于 \(checkpoint.origin)，而本台账为 \(logKey.name)，无从据此核对。"))
      return
    }
    guard expectation.checkpoint.isSigned(by: logKey) else {
      log.add(
        Finding(
          .foreignCheckpoint,
          "\(Self.capitalised(english)) bears this ledger's name, \(checkpoint.origin), and is not signed with its key \(logKey.keyName).",
          "\(chinese)所载名称与本台账（\(checkpoint.origin)）相同，但并非由本台账密钥 \(logKey.keyName) 签名。"))
      return
    }
    guard checkpoint.size <= ledger.size else {
      log.add(
        .shorter(ledger.size, than: checkpoint.size, "\(english) covers", "\(chinese)覆盖"))
      return
    }
    let root = roots[checkpoint.size]
    guard root == checkpoint.root else {
      log.add(
        Finding(
          .differsFromExpected, affected: checkpoint.size,
          "The first \(checkpoint.size) entries are not those that \(english) covers: the past was rewritten.",
          "前 \(checkpoint.size) 条与\(chinese)所覆盖的不同：过往被改写。"))
      return
    }
    if checkpoint.size > 0 {
      held.append(AuditReport.Anchor(kind: expectation.kind, size: checkpoint.size))
    }
  }

  private mutating func compare(
    _ head: RememberedHead, _ ledger: AuditedLedger, _ programme: Programme,
    _ log: inout FindingLog
  ) {
    if head.logKey == ledger.logKey {
      guard head.firstLeaf == ledger.firstLeaf else {
        log.add(
          Finding(
            .otherBeginning, 0, affected: ledger.size,
            "A ledger under this log key was audited before, and it had another entry 0.",
            "此密钥名下的台账曾被审计，其第 0 条与此不同。"))
        return
      }
      extends(
        Expectation(
          checkpoint: head.checkpoint, kind: .remembered),
        ledger, &log)
    } else if let origin = ledger.origin, head.logKey.name.utf8.elementsEqual(origin.utf8) {
      guard !Self.isNamed(head, asPredecessorIn: programme) else {
        return requireConfirmation(ledger, origin, &log)
      }
      log.add(
        Finding(
          .originTaken, 0, affected: ledger.size,
          "A ledger named \(origin) was audited before under another log key, and this one does not name it as its predecessor.",
          "名为 \(origin) 的台账曾以另一密钥被审计，而本台账并未声明承继。"))
    }
  }

  /// Anybody can name a checkpoint that was published: that the log key is the right one is for the
  /// auditor to say, once.
  private mutating func requireConfirmation(
    _ ledger: AuditedLedger, _ origin: String, _ log: inout FindingLog
  ) {
    let isKnown = heads.contains { $0.logKey == ledger.logKey }
    guard !isKnown, anchors.logKey == nil, !isUnconfirmed else { return }
    isUnconfirmed = true
    log.add(
      Finding(
        .successorUnconfirmed, 0, affected: 0,
        "The ledger says that it continues \(origin) under another log key, and nothing here shows that whoever ran that one agrees: ask them, and confirm the key with --log-key.",
        "本台账声称以另一密钥承继 \(origin)，此处无从证明原台账主办者认可：请向其核实，并以 --log-key 确认密钥。"))
  }

  /// Whether `ledger.opened` names a checkpoint of the remembered log that is not older.
  private static func isNamed(
    _ head: RememberedHead, asPredecessorIn programme: Programme
  ) -> Bool {
    guard let text = programme.ledger?.predecessor, let bytes = Base64.decode(text),
      let named = try? SignedCheckpoint(bytes), named.isSigned(by: head.logKey)
    else { return false }
    let (old, new) = (head.checkpoint.checkpoint, named.checkpoint)
    return new.size > old.size || new == old
  }

  private func checkPins(_ programme: Programme, _ log: inout FindingLog) {
    for pin in anchors.pins where programme.keys[pin.keyName]?.publicKey != pin.publicKey {
      log.add(
        Finding(
          .pinNotEnrolled,
          "The key \(pin.keyName), which its department vouches for, was never enrolled in this ledger.",
          "部门担保的密钥 \(pin.keyName) 未在本台账登记。"))
    }
  }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}

/// What an audit found the ledger to be, whatever it says of itself elsewhere.
struct AuditedLedger {
  /// How many entries were gone through.
  var size: UInt64
  /// The root over them.
  var root: Digest
  /// The hash of entry 0's bytes.
  var firstLeaf: Digest?
  /// The log's key, as entry 0 fixed it.
  var logKey: VerifierKey?
  /// The log's name, as entry 0 fixed it.
  var origin: String?
}

extension AuditReport.Anchor.Kind {
  /// What the auditor calls it, inside a sentence.
  fileprivate var words: (english: String, chinese: String) {
    switch self {
    case .brought: ("the checkpoint that was brought", "所带存证点")
    case .remembered: ("the head remembered from an earlier audit", "以往审计所记的存证点")
    }
  }
}
