internal import Accountability
internal import Cryptography
internal import Encoding
internal import TransparencyLog

/// One audit under way: everything that has to happen in the order of the log.
struct AuditRun {
  let source: any AuditSource
  let options: AuditOptions
  let head: HeadCheck
  private(set) var log: FindingLog
  private var chain: Chain
  private var fold: Fold
  private var content: ContentCheck
  private var anchors: AnchorCheck
  private var cosignatures: CosignatureCheck
  private var timestamps: TimestampCheck
  private var witnessed: AuditReport.Witnessed?
  private var timestamped: [AuditReport.Timestamped] = []
  /// The head whose signatures were verified in an earlier audit, if those are left out now.
  private var trusted: RememberedHead?
  private var views: (any ViewsComparison)?
  private var firstLeaf: Digest?
  private var opening: Event?
  private var releasedRoot: Digest?
  /// Whether something kept the audit from going through everything.
  private var isCutShort = false

  init(_ source: any AuditSource, _ options: AuditOptions, _ head: StoredHead) throws {
    self.source = source
    self.options = options
    log = FindingLog(report: options.onFinding)
    anchors = try AnchorCheck(options.anchors)
    self.head = HeadCheck(head, isLogsAlone: source.keepsCosignaturesApart, &log)
    cosignatures = CosignatureCheck(
      try source.cosignatures(), self.head.checkpoints + anchors.expected, options.anchors.policy)
    let size = self.head.size
    let opening = try source.entry(0).flatMap { try? Entry($0) }
    timestamps = try TimestampCheck(
      source, logKey: opening?.submission.openedLogKey.flatMap { try? VerifierKey($0) },
      options.anchors.authorities)
    if options.trustsRemembered, let opening {
      trusted = anchors.remembered(of: opening)
    } else {
      trusted = nil
    }
    chain = Chain(
      source: source, size: size,
      verifiedFrom: options.checksSignatures ? trusted?.verifiedCount ?? 0 : nil)
    fold = Fold(
      source: source, size: size, checksSignatures: options.checksSignatures,
      known: options.knownVoids, verifiedCount: trusted?.verifiedCount ?? 0)
    content = ContentCheck(edition: options.edition)
    views = options.views
  }

  /// Of how many entries, from the first on, signatures are not verified again.
  var verifiedCount: UInt64 { trusted?.verifiedCount ?? 0 }

  /// How many entries there are to go through.
  var size: UInt64 { head.size }

  /// Takes the next chunk in.
  ///
  /// - Returns: Whether it is worth going on: nothing at all is stored of a chunk that is not.
  mutating func take(_ chunk: ReadChunk) throws -> Bool {
    if chunk.tile == nil, chunk.entries.allSatisfy({ $0.leaf == nil }) {
      let first = chunk.range.lowerBound
      log.add(
        Finding(
          .entryMissing, first, affected: size - first,
          "Entry \(first) and those after it are missing, and nothing shows what they were.",
          "自第 \(first) 条起缺失，且无从得知其内容。"))
      return false
    }
    let timeBefore = chain.time
    let (next, size, source, head) = (chunk.range.upperBound, size, source, head)
    let placed = try chain.take(
      chunk, confirming: { try next < size ? source.header(next)?.root : head.statedRoot }, &log)
    anchors.take(placed.roots, from: chunk.range.lowerBound)
    cosignatures.take(placed.roots, from: chunk.range.lowerBound)
    timestamps.take(placed.roots, chunk.entries, from: chunk.range.lowerBound)
    if let size = head.releasedSize, chunk.range.contains(size) {
      releasedRoot = placed.roots[Int(size - chunk.range.lowerBound)]
    }
    if let first = chunk.entries.first, first.index == 0 {
      firstLeaf = first.leaf
      let said = first.entry?.submission.events.first
      opening = said?.type == "ledger.opened" ? said : nil
    }
    var time = timeBefore
    for (read, root) in zip(chunk.entries, placed.roots) {
      let damage = placed.broken[read.index]
      let outcome = try fold.take(read, root: root, damage: damage, lastTime: time, &log)
      // What cannot be judged may hold, so that it binds whoever keeps what it seals.
      var isVoid = false
      if case .void? = outcome { isVoid = true }
      if damage == nil { content.take(read, isVoid: isVoid, &log) }
      if let outcome, fold.isWhole {
        try views?.follow(read.index, read.entry, outcome, state: fold.programme)
      }
      time = read.entry?.time ?? time
    }
    return true
  }

  /// Compares what can only be compared at the end.
  ///
  /// - Parameter isComplete: Whether the whole log went by.
  mutating func finish(isComplete: Bool) throws -> AuditReport {
    var ledger = AuditedLedger(size: size, root: chain.frontier.root, firstLeaf: firstLeaf)
    ledger.origin = programme.ledger?.origin ?? opening?.data["origin"]?.string
    ledger.logKey = (programme.ledger?.vkey ?? opening?.data["vkey"]?.string).flatMap {
      try? VerifierKey($0)
    }
    // What stands in a changed entry 0 is no log's key unless it shows itself to be.
    if let key = ledger.logKey, fold.broken.contains(0), !head.isSigned(by: key) {
      ledger.logKey = nil
    }
    if isComplete {
      try chain.finish(&log)
      if head.releasedSize == size { releasedRoot = ledger.root }
      head.finish(ledger, releasedRoot: releasedRoot, &log)
      try content.finish(source, size: size, broken: fold.broken, &log)
      try checkStrays()
    } else {
      ledger.size = chain.frontier.size
      isCutShort = true
    }
    if !options.checksSignatures {
      log.add(
        Finding(
          .signaturesSkipped, affected: size, "The signatures were left out of this audit.",
          "本次审计未检查签名。"))
    }
    compareViews(isComplete: isComplete)
    let isAtEnd = try isComplete && !source.hasGrown(beyond: size)
    witnessed = cosignatures.finish(ledger, isAtEnd: isAtEnd, &log)
    timestamped = timestamps.finish(
      ledger, clock: programme.ledger?.clock, isAtEnd: isAtEnd, &log)
    let isAnchored = anchors.finish(
      ledger, programme: programme, isWitnessed: witnessed != nil, &log)
    if verifiedCount > 0, log.failed.contains(.anchoring) {
      log.add(
        Finding(
          .signaturesSkipped, affected: verifiedCount,
          "The signatures of the first \(verifiedCount) entries were left out, and the ledger is not the one they were verified in.",
          "前 \(verifiedCount) 条的签名未再验证，而本台账并非当时所验证者。"))
    }
    remember(ledger)
    return report(ledger, isAnchored: isAnchored)
  }

  /// The report when the store gave up midway: what was found, and nothing else is ok.
  mutating func broken(by finding: Finding) -> AuditReport {
    log.add(finding)
    isCutShort = true
    return report(
      AuditedLedger(size: chain.frontier.size, root: chain.frontier.root), isAnchored: false)
  }

  private var programme: Programme { fold.programme }

  // MARK: The end

  /// Rows that no index of the log leads to.
  private mutating func checkStrays() throws {
    guard try !source.hasGrown(beyond: size) else { return }
    if let names = try source.strayNames(beside: size) {
      if !names.isEmpty { log.add(Self.strays(names)) }
      return
    }
    if let count = try source.strayCount(beside: size) {
      guard count > 0 else { return }
      log.add(
        Finding(
          .strayRows, affected: 0,
          "\(count) rows are stored that belong to no entry of the log.", "存有 \(count) 行不属于台账的内容。"))
      return
    }
    var level = 0
    while level < 8 {
      let count = size >> UInt64(8 * level)
      let index = (count + 255) / 256
      if try source.readableTile(level: level, index: index) != nil {
        log.add(
          Finding(
            .strayRows, affected: 0,
            "Fingerprints of level \(level) are stored beyond the end of the log.",
            "台账末尾之后另存有第 \(level) 层指纹。"))
        return
      }
      level += 1
    }
  }

  /// Names the first of what belongs to no log of that size.
  private static func strays(_ names: [String]) -> Finding {
    let first = names.prefix(8).joined(separator: ", ")
    let rest = names.count - min(names.count, 8)
    return Finding(
      .strayRows, affected: 0,
      "What belongs to no entry of the log lies in the export: \(first)\(rest > 0 ? ", and \(rest) more" : "").",
      "导出中存有不属于台账的内容：\(first)\(rest > 0 ? "，另有 \(rest) 项" : "")。")
  }

  private mutating func compareViews(isComplete: Bool) {
    guard let views else { return }
    var verdict =
      isComplete && fold.isWhole
      ? views.verdict() : .notComparable("the log itself could not be judged throughout")
    if case .different = verdict, !options.checksSignatures {
      verdict = .notComparable("they differ, and without signatures nothing shows which are wrong")
    }
    switch verdict {
    case .same: break
    case .different(let reason):
      log.add(
        Finding(
          .viewsDiffer, affected: 0, "The stored views do not follow from the log: \(reason).",
          "保存的视图与台账不符。"))
    case .notComparable(let reason):
      log.add(
        Finding(
          .viewsUnchecked, affected: 0, "The stored views were not compared: \(reason).",
          "保存的视图未能比对。"))
    }
  }

  /// Remembers the head of a ledger that is whole and contradicts nothing remembered.
  private mutating func remember(_ ledger: AuditedLedger) {
    guard options.remembersHead, !anchors.isUnconfirmed, let memory = options.anchors.memory,
      log.failed.isDisjoint(with: [.integrity, .anchoring]),
      let logKey = ledger.logKey, let firstLeaf = ledger.firstLeaf, let checkpoint = head.published
    else { return }
    do {
      try memory.remember(
        RememberedHead(
          logKey: logKey, firstLeaf: firstLeaf, checkpoint: checkpoint,
          verifiedCount: isVerified ? checkpoint.checkpoint.size : 0))
    } catch {
      log.add(
        Finding(
          .memoryUnusable, "The head could not be remembered: \(error.message)", "无法记住本次审计的结果。"))
    }
  }

  /// Whether every signature was verified and held, in this audit or in the one that is trusted.
  private var isVerified: Bool {
    options.checksSignatures && !isCutShort && fold.isWhole
      && !log.failed.contains(.signatures) && !log.unchecked.contains(.signatures)
  }

  private func report(_ ledger: AuditedLedger, isAnchored: Bool) -> AuditReport {
    var axes: [Axis: AuditReport.Status] = [:]
    for axis in Axis.allCases {
      axes[axis] =
        log.failed.contains(axis)
        ? .failed : log.unchecked.contains(axis) || isCutShort ? .notChecked : .ok
    }
    if options.views == nil { axes[.views] = .absent }
    if axes[.content] == .ok, content.missingCount > 0 { axes[.content] = .absent }
    let keys = programme.keys.values
    func note(_ key: EnrolledKey) -> AuditReport.KeyNote {
      AuditReport.KeyNote(
        key: key.name, enrolledAt: key.enrolledAt, compromisedSince: key.compromisedSince)
    }
    return AuditReport(
      axes: axes, findings: log.findings, furtherFindingCount: log.furtherCount,
      origin: ledger.origin, logKey: ledger.logKey, size: ledger.size, root: ledger.root,
      time: chain.time, clock: programme.ledger?.clock, rules: programme.ledger?.rules,
      isAnchored: isAnchored, anchors: anchors.held, witnessed: witnessed,
      timestamps: timestamped,
      signatureCount: fold.signatureCount, earlierVerifiedCount: verifiedCount,
      voidCount: fold.voidCount,
      knownVoidCount: fold.knownVoidCount, openedCount: content.openedCount,
      missingOpeningCount: content.missingCount, edition: options.edition,
      recoveredKeys: keys.filter(\.isRecovered).map(note),
      compromisedKeys: keys.filter { $0.compromisedSince != nil }.map(note))
  }
}
