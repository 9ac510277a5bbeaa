internal import Accountability
internal import Cryptography
internal import TransparencyLog

/// The stored checkpoints held against the entries.
struct HeadCheck {
  private let head: StoredHead
  private let newest: SignedCheckpoint?
  private let released: SignedCheckpoint?
  /// Whether nobody's signature but the log's belongs on them.
  private let isLogsAlone: Bool
  /// How many entries the audit goes through: those that are there and covered.
  let size: UInt64

  init(_ head: StoredHead, isLogsAlone: Bool, _ log: inout FindingLog) {
    self.head = head
    self.isLogsAlone = isLogsAlone
    newest = Self.parse(head.checkpoint, .checkpointUnreadable, "newest", "最新", &log)
    released = head.released.flatMap {
      Self.parse($0, .wrongReleased, "published", "已公布", &log)
    }
    // Where one of the two covers just what is there, the other is what was changed.
    let isCovered = [newest, released].contains { $0?.checkpoint.size == head.size }
    let stated = (newest ?? released)?.checkpoint.size ?? head.size
    size = isCovered ? head.size : min(head.size, stated)
    guard let covered = newest?.checkpoint.size, covered != head.size else { return }
    if isCovered {
      log.add(
        Finding(
          .wrongCheckpointSize, min(covered, head.size),
          affected: max(covered, head.size) - min(covered, head.size),
          "The newest checkpoint covers \(covered) entries; the published one covers the \(head.size) that are there.",
          "最新存证点覆盖 \(covered) 条；已公布的存证点覆盖现有 \(head.size) 条。"))
    } else if covered > head.size {
      log.add(
        Finding(
          .wrongCheckpointSize, head.size, affected: covered - head.size,
          "The checkpoint covers \(covered) entries, and \(head.size) are there: the last \(covered - head.size) are missing.",
          "存证点覆盖 \(covered) 条，而仅有 \(head.size) 条：末尾 \(covered - head.size) 条缺失。"))
    } else {
      log.add(
        Finding(
          .strayRows, covered, affected: 0,
          "The checkpoint covers \(covered) entries, and entries are stored beyond them.",
          "存证点覆盖 \(covered) 条，其后另有条目。"))
    }
  }

  /// The root that a checkpoint states over the audited entries, if one covers just them.
  var statedRoot: Digest? {
    [newest, released].first { $0?.checkpoint.size == size }??.checkpoint.root
  }

  /// The size whose root the published checkpoint states.
  var releasedSize: UInt64? { released?.checkpoint.size }

  /// The checkpoints that are stored, as far as they can be read.
  var checkpoints: [SignedCheckpoint] { [newest, released].compactMap { $0 } }

  /// Whether a stored checkpoint is signed by this key.
  func isSigned(by key: VerifierKey) -> Bool { checkpoints.contains { $0.isSigned(by: key) } }

  /// The checkpoint to remember: nothing that was not published.
  var published: SignedCheckpoint? { released }

  /// Compares roots and signatures, when the entries have gone by.
  func finish(_ ledger: AuditedLedger, releasedRoot: Digest?, _ log: inout FindingLog) {
    var isSound = newest?.checkpoint.size == size
    if let newest {
      if newest.checkpoint.size == size, newest.checkpoint.root != ledger.root {
        isSound = false
        log.add(
          Finding(
            .wrongCheckpointRoot, affected: size,
            "The checkpoint's fingerprint is not the one of the \(size) entries that are there.",
            "存证点的指纹与现有 \(size) 条不符。"))
      }
      if let logKey = ledger.logKey, !newest.isSigned(by: logKey) {
        isSound = false
        log.add(
          Finding(
            .checkpointUnsigned, affected: size,
            "The checkpoint is not signed with the log's key \(logKey.keyName).",
            "存证点未由台账密钥 \(logKey.keyName) 签名。"))
      } else if !bearsOnlyItsOwn(newest) {
        isSound = false
        log.add(
          Finding(
            .checkpointUnsigned, affected: 0,
            "The checkpoint bears another signature beside the log's, which it never had.",
            "存证点在台账签名之外另有一处签名，原本并无。"))
      }
    }
    guard let released else {
      if head.released == nil { addUnreleased(0, &log) }
      return
    }
    let size = released.checkpoint.size
    guard size <= head.size, size > self.size || releasedRoot == released.checkpoint.root,
      ledger.logKey.map({ released.isSigned(by: $0) }) ?? true,
      bearsOnlyItsOwn(released) || released == newest,
      // Beside a newest that is wrong, this one is judged by itself.
      size < self.size || !isSound || head.released == head.checkpoint
    else {
      log.add(
        Finding(
          .wrongReleased, affected: 0,
          "The published checkpoint (\(size) entries) is not one of this log.",
          "已公布的存证点（\(size) 条）不属于本台账。"))
      return
    }
    if size < self.size { addUnreleased(size, &log) }
  }

  private func bearsOnlyItsOwn(_ checkpoint: SignedCheckpoint) -> Bool {
    !isLogsAlone || checkpoint.note.signatures.count == 1
  }

  private func addUnreleased(_ first: UInt64, _ log: inout FindingLog) {
    log.add(
      Finding(
        .tailUnreleased, first, affected: size - min(first, size),
        "The entries from \(first) on were recorded and not yet published; the next append publishes them.",
        "自第 \(first) 条起已记录而未公布；下次追加时公布。"))
  }

  private static func parse(
    _ bytes: [UInt8], _ code: FindingCode, _ english: String, _ chinese: String,
    _ log: inout FindingLog
  ) -> SignedCheckpoint? {
    do {
      return try SignedCheckpoint(bytes)
    } catch {
      log.add(
        Finding(
          code, affected: 0, "The \(english) checkpoint cannot be read: \(error.message)",
          "\(chinese)存证点无法读取。"))
      return nil
    }
  }
}
