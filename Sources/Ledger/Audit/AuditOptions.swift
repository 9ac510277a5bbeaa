public import Accountability
public import Cryptography
public import TransparencyLog

/// Whether a source is meant to hold the openings.
public enum AuditEdition: String, Hashable, Sendable {
  /// With them: one that is missing could not be checked.
  case full
  /// Without them: one that is missing is absent, and counted.
  case `public`
}

/// What the auditor holds that the ledger's operator does not.
public struct Anchors: Sendable {
  /// Checkpoints that the ledger must extend, verbatim.
  public var expected: [[UInt8]]
  /// The log's key, if it is known.
  public var logKey: VerifierKey?
  /// Keys that departments vouch for; each must be enrolled.
  public var pins: [VerifierKey]
  /// Which witnesses must have cosigned the ledger.
  public var policy: Policy?
  /// The certificates by which timestamp authorities are known.
  public var authorities: TrustedCertificates?
  /// The heads remembered from earlier audits.
  public var memory: HeadMemory?

  /// These, or none.
  public init(
    expected: [[UInt8]] = [], logKey: VerifierKey? = nil, pins: [VerifierKey] = [],
    policy: Policy? = nil, authorities: TrustedCertificates? = nil, memory: HeadMemory? = nil
  ) {
    self.expected = expected
    self.logKey = logKey
    self.pins = pins
    self.policy = policy
    self.authorities = authorities
    self.memory = memory
  }
}

/// Holds stored views against what an audit folds: its views axis (`docs/design.md`, *Auditing*).
public protocol ViewsComparison: Sendable {
  /// Takes in what became of the next entry, in the order of the log.
  ///
  /// - Parameters:
  ///   - entry: The entry, or `nil` if its bytes are none.
  ///   - state: The folded state after it.
  mutating func follow(
    _ index: UInt64, _ entry: Entry?, _ outcome: Outcome, state: borrowing Programme
  ) throws

  /// What the comparison found, once the whole log has gone by.
  func verdict() -> ViewsVerdict
}

/// What a comparison of the stored views with the fresh fold found.
public enum ViewsVerdict: Hashable, Sendable {
  /// They are the same.
  case same
  /// They differ; a clause says where, to stand behind a colon.
  case different(String)
  /// They could not be compared; a clause says why, to stand behind a colon.
  case notComparable(String)
}

/// How far an audit has come.
public struct AuditProgress: Hashable, Sendable {
  /// Entries done.
  public let done: UInt64
  /// Entries in all.
  public let total: UInt64
}

/// How an audit is to be done.
public struct AuditOptions: Sendable {
  /// Whether signatures are verified; without, that axis is not checked.
  public var checksSignatures = true
  /// Whether signatures that the remembered head says were verified are left out.
  public var trustsRemembered = false
  /// Whether openings are meant to be there.
  public var edition = AuditEdition.full
  /// What the auditor holds.
  public var anchors = Anchors()
  /// Void entries that were looked into before.
  public var knownVoids = KnownVoids()
  /// What this build packs into every bundle for people, for ``AuditReport/bundleFiles``; `nil`
  /// compares nothing.
  public var bundleCopies: [(name: String, bytes: [UInt8])]?
  /// Whether to remember the head of a ledger that was found whole.
  public var remembersHead = true
  /// Compares the stored views with what is folded; `nil` if there are no views. Its verdict is
  /// only asked for when the whole log could be judged.
  public var views: (any ViewsComparison)?
  /// Told of each finding as soon as it is made; how many entries it affects may not be final.
  public var onFinding: (@Sendable (Finding) -> Void)?
  /// Told of the progress, every 256 entries.
  public var onProgress: (@Sendable (AuditProgress) -> Void)?

  /// The usual way.
  public init() {}
}
