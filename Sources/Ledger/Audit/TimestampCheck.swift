internal import Accountability
internal import Cryptography
internal import Encoding
internal import TransparencyLog

/// What timestamp authorities have said of the ledger, held against its entries.
///
/// A timestamp that is kept must be of the checkpoint beside it, and this must be one of the log,
/// whether or not anybody trusts the authority: nothing is stored that is not looked at. Whose word
/// counts, only certificates say that the auditor brings. A timestamp anchors nothing: an authority
/// stamps whatever it is given, so also two histories of one log.
struct TimestampCheck {
  /// How far an entry's time may be after a timestamp on it: as far as a signer's clock may be ahead
  /// of the ledger's.
  static let toleratedMilliseconds: Int64 = 600_000

  /// Why one does not hold, whoever made it.
  fileprivate enum Fault: Error {
    case altered, unreadable, ofSomethingElse, forged, foreign
  }

  /// One that is kept, as far as it matters at the end.
  fileprivate struct Kept {
    var checkpoint: Checkpoint
    var timestamped: AuditReport.Timestamped
  }

  private var kept: [Kept] = []
  private var faults: [Fault] = []
  /// Whether there are more than a ledger keeps.
  private var isBeyondCount = false
  private let isAsked: Bool
  private var roots: RootsAtSizes
  private var times: [UInt64: Timestamp] = [:]

  /// Reads and verifies all that are kept.
  ///
  /// - Parameters:
  ///   - logKey: The log's key as entry 0 names it, if that can be read.
  ///   - trusted: What the auditor brought.
  init(
    _ source: any AuditSource, logKey: VerifierKey?, _ trusted: TrustedCertificates?
  ) throws {
    isAsked = trusted != nil
    var kept: [Kept] = []
    var faults: [Fault] = []
    var isBeyondCount = false
    try source.scanTimestamps { stored in
      guard kept.count + faults.count < StoredTimestamp.maximumCount else {
        isBeyondCount = true
        return
      }
      switch Self.read(stored, logKey, trusted) {
      case .success(let one): kept.append(one)
      case .failure(let fault): faults.append(fault)
      }
    }
    (self.kept, self.faults, self.isBeyondCount) = (kept, faults, isBeyondCount)
    roots = RootsAtSizes(kept.map(\.checkpoint.size))
  }

  /// Takes in the computed roots before the entries from `first` on, and the entries.
  mutating func take(_ newRoots: [Digest], _ entries: [ReadEntry], from first: UInt64) {
    roots.take(newRoots, from: first)
    for read in entries where roots.sizes.contains(read.index + 1) {
      times[read.index + 1] = read.entry?.time
    }
  }

  /// Compares everything, at the end of the log.
  ///
  /// - Parameters:
  ///   - clock: How the ledger tells the time; a simulated one is held against no other.
  ///   - isAtEnd: Whether the log has no more entries than were gone through.
  /// - Returns: What was said of this very history, in order of size and time.
  mutating func finish(
    _ ledger: AuditedLedger, clock: ClockKind?, isAtEnd: Bool, _ log: inout FindingLog
  ) -> [AuditReport.Timestamped] {
    roots.take(ledger)
    // Without the log's key nothing can be said of any; why it is not known is a finding already.
    guard ledger.logKey != nil else { return [] }
    for fault in faults { log.add(fault.finding) }
    if isBeyondCount {
      log.add(
        Finding(
          .wrongTimestamp, affected: 0,
          "More than \(StoredTimestamp.maximumCount) timestamps are kept, and those beyond were not looked at.",
          "所存时间戳超过 \(StoredTimestamp.maximumCount) 份，超出部分未予核验。"))
    }
    var held: [AuditReport.Timestamped] = []
    for one in kept.sorted(by: { $0.order < $1.order }) {
      let size = one.checkpoint.size
      guard size <= ledger.size || isAtEnd else { continue }
      guard size <= ledger.size else {
        log.add(
          .shorter(
            ledger.size, than: size, "\(one.timestamped.authority) has timestamped",
            "\(one.timestamped.authority) 证明了"))
        continue
      }
      guard roots[size] == one.checkpoint.root else {
        log.add(
          Finding(
            .timestampedOtherwise, affected: size,
            "\(one.timestamped.authority) has timestamped \(size) entries of this log, and they are not those that are here: another history was shown to the authority.",
            "\(one.timestamped.authority) 为本台账的 \(size) 条出具过时间戳，与现存内容不同：曾向其出示另一历史。"))
        continue
      }
      held.append(one.timestamped)
      if clock != .simulated { compareTimes(one.timestamped, &log) }
    }
    if isAsked, !held.contains(where: \.isTrusted) {
      log.add(
        Finding(
          .timestampMissing, affected: 0,
          "No timestamp that is kept is by an authority that your certificates vouch for (\(held.count) are kept).",
          "所存 \(held.count) 份时间戳均非所带证书担保的机构出具。"))
    }
    return held
  }

  /// An entry cannot have been recorded after somebody had its hash. Only a word that is trusted
  /// shows it: anybody can state an early time.
  private func compareTimes(_ timestamped: AuditReport.Timestamped, _ log: inout FindingLog) {
    let latest = timestamped.latest.adding(milliseconds: Self.toleratedMilliseconds)
    guard timestamped.isTrusted, let time = times[timestamped.size], time > latest else { return }
    log.add(
      Finding(
        .laterThanTimestamp, timestamped.size - 1,
        "It says that it was recorded at \(time), and \(timestamped.authority) had its hash at \(timestamped.time) already: the ledger's clock was ahead, or the entry states a false time.",
        "该条目称记录于 \(time)，而 \(timestamped.authority) 于 \(timestamped.time) 已持有其指纹：台账时钟偏快，或所载时间不实。"))
  }

  private static func read(
    _ stored: StoredTimestamp, _ logKey: VerifierKey?, _ trusted: TrustedCertificates?
  ) -> Result<Kept, Fault> {
    guard SHA256.hash(stored.response).bytes == stored.digest else { return .failure(.altered) }
    guard stored.checkpoint.count <= StoredTimestamp.maximumCheckpointByteCount,
      let signed = try? SignedCheckpoint(stored.checkpoint),
      let response = try? TimestampResponse(stored.response)
    else { return .failure(.unreadable) }
    guard (try? response.check(of: stored.checkpoint)) != nil else {
      return .failure(.ofSomethingElse)
    }
    guard logKey.map({ signed.isSigned(by: $0) }) ?? true else { return .failure(.foreign) }
    guard
      let timestamped = try? AuditReport.Timestamped(
        size: signed.checkpoint.size, response, trusting: trusted)
    else { return .failure(.forged) }
    return .success(Kept(checkpoint: signed.checkpoint, timestamped: timestamped))
  }
}

extension TimestampCheck.Kept {
  /// What they are told in order of.
  fileprivate var order: (UInt64, Timestamp, String) {
    (timestamped.size, timestamped.time, timestamped.serial)
  }
}

extension TimestampCheck.Fault {
  fileprivate var finding: Finding {
    let (english, chinese) =
      switch self {
      case .altered: ("its bytes are not those that were kept", "其内容与保存时不同")
      case .unreadable: ("it, or the checkpoint beside it, cannot be read", "时间戳或其存证点无法读取")
      case .ofSomethingElse:
        ("it is of something else than the checkpoint beside it", "其所证明的并非一同保存的存证点")
      case .forged: ("its signature does not verify", "其签名无法验证")
      case .foreign: ("the checkpoint beside it is not of this log", "一同保存的存证点不属于本台账")
      }
    return Finding(
      .wrongTimestamp, affected: 0, "A timestamp that is kept does not hold: \(english).",
      "所存时间戳不成立：\(chinese)。")
  }
}
