internal import Accountability
internal import Cryptography
internal import Encoding

/// The rules replayed over the entries in order, by the one function that also decided when they
/// were appended.
struct Fold {
  private(set) var programme = Programme(notingChanges: false)
  private(set) var voidCount: UInt64 = 0
  private(set) var knownVoidCount: UInt64 = 0
  /// How many signature lines were held against a key.
  private(set) var signatureCount: UInt64 = 0
  /// Entries whose bytes are not those that were recorded, and the first of them with the finding
  /// on it.
  private(set) var broken: Set<UInt64> = []
  private var damage: Int?
  private var seen: SeenRoots
  /// What keeps later entries from being judged.
  private var obstacle: Obstacle?
  private let size: UInt64
  private let checksSignatures: Bool
  private let known: KnownVoids
  /// Of how many entries the signatures were verified before.
  private let verifiedCount: UInt64

  private enum Obstacle: Equatable { case notOpened, newerRules }

  init(
    source: any AuditSource, size: UInt64, checksSignatures: Bool, known: KnownVoids,
    verifiedCount: UInt64
  ) {
    self.verifiedCount = verifiedCount
    seen = SeenRoots(source: source)
    self.size = size
    self.checksSignatures = checksSignatures
    self.known = known
  }

  /// Whether everything so far could be judged, so that the folded state is the ledger's.
  var isWhole: Bool { obstacle == nil && broken.isEmpty }

  /// Judges the next entry.
  ///
  /// - Parameters:
  ///   - root: The computed root before it.
  ///   - damage: The number of the finding on its bytes, if they are not those that were recorded.
  ///   - lastTime: The ledger's clock before it, for an entry that has none to be read.
  /// - Returns: What became of it; `nil` if that cannot be said.
  mutating func take(
    _ read: ReadEntry, root: Digest, damage: Int?, lastTime: Timestamp?, _ log: inout FindingLog
  ) throws -> Outcome? {
    let isBroken = damage != nil
    let time = read.entry?.time ?? lastTime ?? Timestamp(milliseconds: 0)
    seen.append(
      root: root, time: time, isAsStated: !isBroken && read.entry?.header.root == root)
    if let damage {
      broken.insert(read.index)
      self.damage = self.damage ?? damage
      // What was recorded there can no longer be asked for: who signed it, its number, what it said
      // and sealed.
      for axis in [Axis.signatures, .history, .authority, .content] { log.leaveUnchecked(axis) }
    }
    guard let entry = read.entry else {
      if read.index == 0 { stop(.notOpened, at: 0, &log) }
      return read.problem.map { .void(.unreadable(read.index, $0)) }
    }
    if obstacle == .newerRules, !isBroken { try checkSeen(entry, read.index, &log) }
    guard obstacle == nil else { return nil }
    let outcome = try judge(entry, read, isBroken: isBroken, time)
    switch outcome {
    case .applied: break
    case .unknown(let needed):
      stop(.newerRules, at: read.index, needing: needed, &log)
      try checkSeen(entry, read.index, &log)
    case .void(let refusal):
      if !isBroken { report(refusal, read, &log) }
      if read.index == 0 { stop(.notOpened, at: 0, &log) }
    }
    return outcome
  }

  private mutating func judge(
    _ entry: Entry, _ read: ReadEntry, isBroken: Bool, _ time: Timestamp
  ) throws -> Outcome {
    let submission = entry.submission
    let seenMatches = try seen.root(at: submission.seen.size) == submission.seen.root
    let timeOfSeen = submission.seen.size > 0 ? try seen.time(of: submission.seen.size - 1) : nil
    // A damaged entry is taken for signed: what it said is then nearest to what it had said, and
    // the finding on its bytes is the one finding on it.
    let isAssumed = isBroken || !checksSignatures || read.index < verifiedCount
    signatureCount += isAssumed ? 0 : UInt64(submission.by.count)
    return programme.apply(
      submission.facts, index: read.index, time: time, timeOfSeen: timeOfSeen,
      seenMatches: seenMatches
    ) { line, key in
      if isAssumed { return true }
      for verdict in read.verdicts where verdict.line == line && verdict.key == key {
        return verdict.isValid
      }
      return submission.isSigned(line, by: key)
    }
  }

  // MARK: Findings

  private mutating func report(_ refusal: Refusal, _ read: ReadEntry, _ log: inout FindingLog) {
    voidCount += 1
    let index = read.index
    if let damage, refusal.code.canFollowFromDamage {
      // It may hold with what the damaged entry had said: one break is one finding.
      log.affect(damage)
      log.leaveUnchecked(.authority)
      return
    }
    let isKnown = read.leaf.map { known.contains(index, $0) } ?? false
    if isKnown { knownVoidCount += 1 }
    let isOpening = index == 0 && refusal.code.axis == .authority
    let code = isOpening ? .notOpened : FindingCode(refusal.code)
    let event = refusal.event.map { (" (event \($0))", "（第 \($0) 项）") } ?? ("", "")
    log.add(
      Finding(
        code, index, affected: index == 0 ? size : 1, leaf: read.leaf, isKnown: isKnown,
        "Entry \(index)\(event.0) breaks a rule and counts for nothing: \(refusal.message)",
        "第 \(index) 条\(event.1)违反规则，不产生效力：\(code.rule.chinese)"))
  }

  private mutating func stop(
    _ obstacle: Obstacle, at index: UInt64, needing rules: Int = 0, _ log: inout FindingLog
  ) {
    self.obstacle = obstacle
    let count = size - index
    let english: String
    let chinese: String
    switch obstacle {
    case .notOpened:
      english = "Without an entry 0 that opens the ledger nothing after it can be judged"
      chinese = "第 0 条未开立台账，其后各条无法判定"
    case .newerRules:
      english =
        "From entry \(index) on rules \(rules) are in force, which this software does not know"
      chinese = "自第 \(index) 条起施行本软件未知的第 \(rules) 版规则"
    }
    log.add(
      Finding(
        obstacle == .notOpened ? .notJudged : .needsRules, index, affected: count,
        "\(english): \(count) entries are not checked.", "\(chinese)：\(count) 条未检查。"))
    log.add(
      Finding(
        .signaturesUnjudged, index, affected: count,
        "\(english): which keys count cannot be said.", "\(chinese)：无法判定密钥效力。"))
    log.add(
      Finding(
        .historyUnjudged, index, affected: count,
        "\(english): which numbers come next cannot be said.", "\(chinese)：无法判定编号次序。"))
  }

  /// What can be said of the past under any rules: `seen` is of this ledger.
  private func checkSeen(_ entry: Entry, _ index: UInt64, _ log: inout FindingLog) throws {
    let claim = entry.submission.seen
    guard try claim.size > index || seen.root(at: claim.size) != claim.root else { return }
    log.add(
      Finding(
        .wrongSeen, index,
        "The root that the signer of entry \(index) saw at size \(claim.size) is not the root of this ledger there.",
        "第 \(index) 条签名者在大小 \(claim.size) 处所见的根与本台账不符。"))
  }
}

extension Refusal.Code {
  /// Whether an entry can be refused for this only because an earlier one can no longer be read.
  ///
  /// A signature that does not verify, a key that was ended by an entry that is there, a `seen` of
  /// another history: those stand, whatever else is damaged.
  var canFollowFromDamage: Bool {
    switch self {
    case .badSignature, .endedKey, .wrongSeen, .fallingSeen, .unknownType, .malformed, .misplaced:
      false
    default: true
    }
  }
}
