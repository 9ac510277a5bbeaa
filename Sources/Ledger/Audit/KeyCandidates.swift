internal import Accountability
internal import Cryptography
internal import Encoding
internal import Synchronization

/// The public keys that entries read so far enrol, by name: what signatures are tried with ahead of
/// the fold.
///
/// It decides nothing. An enrolment names its own key, whether or not it holds; the fold asks
/// whether a line verifies under the key that *counts* there, and an answer found for another key,
/// or none, is worth nothing to it.
final class KeyCandidates: Sendable {
  /// How many keys of one name are tried; more than one takes a forged collision of 32 bits.
  private static let limit = 4

  private let keys = Mutex<[KeyName: [PublicKey]]>([:])

  /// Takes in the keys that a submission enrols.
  func learn(from submission: Submission) {
    for vkey in submission.events.lazy.compactMap(\.enrolledKey) {
      keys.withLock { keys in
        var known = keys[vkey.keyName] ?? []
        guard known.count < Self.limit, !known.contains(vkey.publicKey) else { return }
        known.append(vkey.publicKey)
        keys[vkey.keyName] = known
      }
    }
  }

  /// The keys of that name known so far.
  func keys(named name: KeyName) -> [PublicKey] { keys.withLock { $0[name] ?? [] } }
}
