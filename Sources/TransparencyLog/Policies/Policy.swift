public import Cryptography

/// Which logs are trusted, and which witnesses must have cosigned a checkpoint for it to count
/// (c2sp.org/tlog-policy).
///
/// ```
/// log <vkey>
/// witness city-a <vkey>
/// witness city-b <vkey> https://witness.example/b
/// witness court <vkey>
/// group cities any city-a city-b
/// group all-sides all cities court
/// quorum all-sides
/// ```
///
/// A group counts as having cosigned when enough of its members have. A name is a member of at most
/// one group, so nobody counts twice.
public struct Policy: Sendable {
  /// A log that is trusted.
  public struct Log: Hashable, Sendable {
    /// Its key, whose name is its origin; `nil` if it is of an algorithm that this software cannot
    /// check, so that nothing counts as signed by the log.
    public let key: VerifierKey?
    /// Where it is, if that is said.
    public let url: String?
  }

  /// A witness that may count.
  public struct Witness: Hashable, Sendable {
    /// How the policy calls it: any bytes but spaces, nearly always UTF-8.
    public let name: [UInt8]
    /// Its key; `nil` if it is of an algorithm that this software cannot check, so that the witness
    /// never counts.
    public let key: CosignerKey?
    /// Where it is, if that is said.
    public let url: String?
  }

  /// What a quorum is made of, in order of definition: a group's members stand before it.
  enum Node: Hashable, Sendable {
    case witness(Int)
    case group(threshold: Int, members: [Int])
  }

  /// The trusted logs; none where they are known from elsewhere.
  public internal(set) var logs: [Log] = []
  /// The witnesses, in the file's order.
  public internal(set) var witnesses: [Witness] = []
  var nodes: [Node] = []
  /// The node that must have cosigned; `nil` for `quorum none`.
  var quorum: Int?

  init() {}

  /// Whether some cosignature is needed at all.
  public var needsWitnesses: Bool { quorum != nil }

  /// What the policy says of a checkpoint.
  ///
  /// Signature lines of keys that it does not list are ignored. A line that bears the name of a
  /// listed key and does not verify takes that key out, whatever other lines it has.
  public func verdict(on checkpoint: SignedCheckpoint) -> PolicyVerdict {
    verdict(
      log: logs.first { $0.key.map(checkpoint.isSigned(by:)) ?? false },
      times: witnesses.map { witness in
        witness.key.flatMap { checkpoint.cosignature(of: $0)?.time }
      })
  }

  private func verdict(log: Log?, times: [UInt64?]) -> PolicyVerdict {
    var hasCosigned: [Bool] = []
    for node in nodes {
      switch node {
      case .witness(let index): hasCosigned.append(times[index] != nil)
      case .group(let threshold, let members):
        hasCosigned.append(members.count { hasCosigned[$0] } >= threshold)
      }
    }
    return PolicyVerdict(
      log: log,
      witnesses: zip(witnesses, times).compactMap { witness, time in time.map { (witness, $0) } },
      isOfTrustedLog: logs.isEmpty || log != nil,
      hasQuorum: quorum.map { hasCosigned[$0] } ?? true)
  }
}

/// What a policy says of one checkpoint.
public struct PolicyVerdict: Sendable {
  /// The trusted log that signed it.
  public let log: Policy.Log?
  /// The witnesses that cosigned it, with the time of each in seconds since 1970 UTC.
  public let witnesses: [(witness: Policy.Witness, time: UInt64)]
  /// Whether a trusted log signed it; always so where the policy names no log.
  public let isOfTrustedLog: Bool
  /// Whether enough witnesses cosigned it.
  public let hasQuorum: Bool

  /// Whether the checkpoint counts.
  public var isMet: Bool { isOfTrustedLog && hasQuorum }
}
