public import Cryptography

/// What a witness says of a checkpoint: at that moment it was the largest tree of that log that it
/// had seen, and it extends all that it had seen before (c2sp.org/tlog-cosignature, Ed25519).
///
/// On the wire it is a signature line of the checkpoint's note, with eight bytes of time before the
/// 64 of the signature. `docs/formats/cosignature.md` describes it byte for byte.
public struct Cosignature: Hashable, Sendable {
  /// The last second of the year 9999: no witness speaks of a later one.
  public static let maximumTime: UInt64 = 253_402_300_799

  /// When it was given, in seconds since 1970 UTC; 1 to ``maximumTime``.
  public let time: UInt64
  /// The signature over ``message(at:over:)``.
  public let signature: Signature

  /// Cosigns the text of a checkpoint.
  ///
  /// - Parameter time: Seconds since 1970 UTC.
  /// - Throws: `wrongKey` if the private key does not belong to the verifier key beside it.
  public static func line(
    on checkpoint: SignedCheckpoint, at time: UInt64, with key: SigningKey, as cosigner: CosignerKey
  ) throws(NoteError) -> NoteSignature {
    guard key.publicKey == cosigner.publicKey else {
      throw NoteError(.wrongKey, "The private key does not belong to \(cosigner.keyName).")
    }
    let signature = key.sign(message(at: time, over: checkpoint.note.text))
    return try NoteSignature(
      name: cosigner.name, id: cosigner.id, payload: bigEndian(time) + signature.bytes)
  }

  /// The text that is signed: two lines of its own, then the checkpoint's.
  public static func message(at time: UInt64, over text: ArraySlice<UInt8>) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n".utf8) + text
  }

  /// What a line's payload says; `nil` unless it is 72 bytes with a time that can be.
  init?(payload: [UInt8]) {
    guard payload.count == 72, let signature = Signature(Array(payload[8...])) else { return nil }
    let time = payload[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard (1...Self.maximumTime).contains(time) else { return nil }
    self.time = time
    self.signature = signature
  }

  private static func bigEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
  }
}

extension SignedCheckpoint {
  /// The newest cosignature of this witness: at least one line bears its name and id, and every such
  /// line verifies. `nil` otherwise. Lines of other keys are ignored.
  public func cosignature(of witness: CosignerKey) -> Cosignature? {
    newest(of: witness)?.cosignature
  }

  /// This checkpoint with the newest cosignature of a witness that another note of the same checkpoint
  /// bears, in the place of any older: one line for each witness, whatever it has signed.
  ///
  /// It stays as it is if that note is of another checkpoint or has nothing newer, or if there is no
  /// room for one more line.
  public func adding(_ other: SignedCheckpoint, of witness: CosignerKey) -> SignedCheckpoint {
    guard other.checkpoint == checkpoint, let new = other.newest(of: witness),
      new.cosignature.time > newest(of: witness)?.cosignature.time ?? 0
    else { return self }
    let others = note.signatures.filter { !$0.claims(witness) }
    let joined = try? SignedNote(text: Array(note.text), signatures: others + [new.line])
    return joined.flatMap {
      try? SignedCheckpoint($0, allowingExtensions: !checkpoint.extensions.isEmpty)
    } ?? self
  }

  private func newest(
    of witness: CosignerKey
  ) -> (cosignature: Cosignature, line: NoteSignature)? {
    var newest: (cosignature: Cosignature, line: NoteSignature)?
    for line in note.signatures where line.claims(witness) {
      guard let cosignature = Cosignature(payload: line.payload),
        witness.publicKey.isValid(
          cosignature.signature,
          for: Cosignature.message(at: cosignature.time, over: note.text))
      else { return nil }
      if cosignature.time > newest?.cosignature.time ?? 0 { newest = (cosignature, line) }
    }
    return newest
  }
}

extension NoteSignature {
  /// Whether this line claims to be made with `key`. Compares bytes, not characters.
  func claims(_ key: CosignerKey) -> Bool {
    id == key.id && name.utf8.elementsEqual(key.name.utf8)
  }
}
