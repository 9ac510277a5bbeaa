public import Accountability
public import Cryptography
public import Encoding
internal import TransparencyLog

/// What an audit found.
public struct AuditReport: Sendable {
  /// What became of one question.
  public enum Status: String, Hashable, Sendable {
    /// It holds, of everything.
    case ok
    /// It does not.
    case failed
    /// It could not be answered; never the same as ok.
    case notChecked = "not-checked"
    /// There is nothing it could be asked of.
    case absent
  }

  /// A key and what every audit says of it.
  public struct KeyNote: Hashable, Sendable {
    /// The key.
    public let key: KeyName
    /// The entry that enrolled it.
    public let enrolledAt: UInt64
    /// Since when it was reported compromised, if it was.
    public let compromisedSince: Timestamp?
  }

  /// Something kept outside the ledger that it was found to extend.
  public struct Anchor: Hashable, Sendable {
    /// Where it comes from.
    public enum Kind: String, Hashable, Sendable {
      /// The auditor brought it.
      case brought
      /// An earlier audit remembered it: the first of those trusted what it was given.
      case remembered
    }

    /// Where it comes from.
    public let kind: Kind
    /// How many entries it covers.
    public let size: UInt64
  }

  /// What enough witnesses have confirmed.
  public struct Witnessed: Hashable, Sendable {
    /// How many entries, from the first on.
    public let size: UInt64
    /// The witnesses, as the policy calls them, and when each cosigned.
    public let witnesses: [Witness]

    /// One of them.
    public struct Witness: Hashable, Sendable {
      /// Its name in the policy.
      public let name: String
      /// When it cosigned, by its own clock.
      public let time: Timestamp
    }
  }

  /// The status of every axis.
  public let axes: [Axis: Status]
  /// What was found, in the order it was found.
  public let findings: [Finding]
  /// How many more were found than are kept.
  public let furtherFindingCount: Int
  /// The log's name, as entry 0 fixed it.
  public let origin: String?
  /// The log's key, as entry 0 fixed it.
  public let logKey: VerifierKey?
  /// How many entries were gone through.
  public let size: UInt64
  /// The root over them.
  public let root: Digest
  /// The time of the last entry.
  public let time: Timestamp?
  /// How the ledger tells the time; a simulated clock is said so.
  public let clock: ClockKind?
  /// The rules version in force at the end.
  public let rules: Int?
  /// Whether the ledger extends something kept outside it.
  public let isAnchored: Bool
  /// What it was found to extend.
  public let anchors: [Anchor]
  /// As far as the quorum of the policy that the auditor brought has cosigned it.
  public let witnessed: Witnessed?
  /// What timestamp authorities have said of it, in order of size and time.
  public let timestamps: [Timestamped]
  /// Signature lines that were held against a key.
  public let signatureCount: UInt64
  /// The first entry whose signatures were verified; those before it were in an earlier audit.
  public let earlierVerifiedCount: UInt64
  /// Entries that break a rule and count for nothing, acknowledged ones included.
  public let voidCount: UInt64
  /// Of those, the acknowledged.
  public let knownVoidCount: UInt64
  /// Sealed contents that are here and match.
  public let openedCount: UInt64
  /// Sealed contents that are not here.
  public let missingOpeningCount: UInt64
  /// Which edition it was audited as.
  public let edition: AuditEdition
  /// Keys that came by `key.recovered`.
  public let recoveredKeys: [KeyNote]
  /// Keys that were reported compromised.
  public let compromisedKeys: [KeyNote]
  /// What a bundle has beside the ledger, held against what this build would put there; `nil` if it is
  /// no bundle, or was held against nothing. Nothing of it changes the verdict.
  public internal(set) var bundleFiles: [BundleFile]?

  /// What the process returns: the worst axis. 0 sound, 3 a violation, 4 something unchecked.
  public var exitCode: Int32 {
    if axes.values.contains(.failed) { return 3 }
    return axes.values.contains(.notChecked) ? 4 : 0
  }

  /// The status of an axis.
  public subscript(axis: Axis) -> Status { axes[axis] ?? .notChecked }
}

extension AuditReport {
  /// The report on a store of which nothing could be gone through.
  static func unreadable(_ finding: Finding, _ options: AuditOptions) -> AuditReport {
    var axes: [Axis: Status] = [:]
    for axis in Axis.allCases { axes[axis] = .notChecked }
    axes[finding.axis] = .failed
    return AuditReport(
      axes: axes, findings: [finding], furtherFindingCount: 0, origin: nil, logKey: nil, size: 0,
      root: MerkleTree.emptyRoot, time: nil, clock: nil, rules: nil, isAnchored: false,
      anchors: [], witnessed: nil, timestamps: [], signatureCount: 0, earlierVerifiedCount: 0,
      voidCount: 0,
      knownVoidCount: 0,
      openedCount: 0, missingOpeningCount: 0,
      edition: options.edition, recoveredKeys: [], compromisedKeys: [])
  }
}
