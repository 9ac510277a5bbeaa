internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import Synchronization
internal import TransparencyLog

/// One entry of the log, read without any state: what can be done on every core.
struct ParsedEntry: Sendable {
  let index: UInt64
  /// The header, which may be readable where the rest is not.
  let header: EntryHeader?
  /// The entry, or why its bytes are none.
  let entry: Result<Entry, LedgerError>
  /// The hash of its bytes, where it was asked for.
  let leafHash: Digest?
  /// For each signature line, what verifying it gave, and under which key; `nil` if the key was not
  /// known yet, or if nothing is to be verified.
  let verdicts: [SignatureVerdict?]

  init(_ leaf: ArraySlice<UInt8>, at index: UInt64, keys: [KeyName: PublicKey]?, isHashed: Bool) {
    self.index = index
    leafHash = isHashed ? MerkleTree.leafHash(leaf) : nil
    do throws(LedgerError) {
      let entry = try Entry(leaf)
      self.entry = .success(entry)
      header = entry.header
      verdicts =
        keys.map { keys in
          entry.submission.by.indices.map { line in
            keys[entry.submission.by[line].key].map { key in
              SignatureVerdict(key: key, isValid: entry.submission.isSigned(line, by: key))
            }
          }
        } ?? []
    } catch {
      entry = .failure(error)
      header = try? EntryHeader.parse(leaf).header
      verdicts = []
    }
  }
}

/// Whether a signature line verifies under a key.
struct SignatureVerdict: Sendable {
  let key: PublicKey
  let isValid: Bool
}

/// The public keys that have been met, for verifying before the state is known.
///
/// It decides nothing: the fold looks each key up again and verifies anew if it was another.
final class KeyBook: Sendable {
  private let keys = Mutex<[KeyName: PublicKey]>([:])

  /// The keys as they are now.
  var snapshot: [KeyName: PublicKey] { keys.withLock { $0 } }

  /// Notes a key.
  func add(_ key: PublicKey, as name: KeyName) { keys.withLock { $0[name] = key } }

  /// Notes the keys that a submission enrols if it is let in, and says whether there are any.
  func addKeys(of submission: Submission) -> Bool {
    var found = false
    for vkey in submission.events.lazy.compactMap(\.enrolledKey) {
      add(vkey.publicKey, as: vkey.keyName)
      found = true
    }
    return found
  }
}
