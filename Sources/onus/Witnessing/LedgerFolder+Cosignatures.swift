internal import Cryptography
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

extension LedgerFolder {
  /// What that witness cosigned last, as far as is known here.
  func lastCosigned(by key: CosignerKey?) throws -> SignedCheckpoint? {
    guard let key else { return nil }
    let kept = try store.cosignatures().first { $0.vkey == key.description }
    return try kept.map { try SignedCheckpoint($0.checkpoint) }
  }

  /// Keeps the cosignatures of those witnesses, if they verify, on a checkpoint of this ledger.
  ///
  /// - Parameter place: Where the checkpoint came from, for errors.
  /// - Returns: The witnesses whose cosignatures are kept now; at least one.
  @discardableResult
  func keep(
    _ cosigned: SignedCheckpoint, of witnesses: [CosignerKey], from place: String
  ) throws -> [CosignerKey] {
    try requireOwn(cosigned, place)
    let found = witnesses.filter { cosigned.cosignature(of: $0) != nil }
    guard !found.isEmpty else {
      let claims = witnesses.contains { key in
        cosigned.note.signatures.contains { $0.keyName == key.keyName }
      }
      throw Failure(
        claims
          ? "The cosignature in \(place) does not verify."
          : "\(place) bears no cosignature of the witnesses that are named here.",
        exit: claims ? .violation : .notChecked)
    }
    for key in found { try requireNewer(cosigned, of: key, place) }
    let logKey = try self.logKey()
    for key in found {
      let alone = try cosigned.signed(onlyBy: logKey).adding(cosigned, of: key)
      try store.keepCosignature(
        StoredCosignature(vkey: key.description, checkpoint: alone.bytes))
    }
    return found
  }

  /// Throws if a cosignature of that witness on more entries is kept already.
  private func requireNewer(
    _ cosigned: SignedCheckpoint, of key: CosignerKey, _ place: String
  ) throws {
    let size = cosigned.checkpoint.size
    guard let kept = try store.cosignatures().first(where: { $0.vkey == key.description }),
      let old = try? SignedCheckpoint(kept.checkpoint), old.checkpoint.size > size
    else { return }
    throw Failure(
      "\(place) is of \(size.entries), and \(Terminal.safe(key.name)) has cosigned \(old.checkpoint.size) already, which is kept."
    )
  }

  /// Throws unless the checkpoint is one of this ledger.
  private func requireOwn(_ cosigned: SignedCheckpoint, _ place: String) throws {
    let checkpoint = cosigned.checkpoint
    let logKey = try self.logKey()
    guard cosigned.isSigned(by: logKey) else {
      throw Failure(
        "The checkpoint in \(place) is not signed by this ledger's key \(logKey.keyName).",
        exit: .violation)
    }
    let size = try released().checkpoint.size
    guard checkpoint.size <= size else {
      throw Failure(
        "The witness cosigned \(checkpoint.size.entries), and this ledger has \(size): it was rolled back.",
        hint: "Run `onus doctor`, and restore what is missing before anything else.",
        exit: .violation)
    }
    guard
      try MerkleTree.root(ofSize: checkpoint.size, from: StoreTiles(store)) == checkpoint.root
    else {
      throw Failure(
        "The witness cosigned \(checkpoint.size.entries) of this log that are not those of this ledger: the log key has signed two histories.",
        hint: "Keep the file, and make the proof with `onus equivocation`.", exit: .violation)
    }
  }
}
