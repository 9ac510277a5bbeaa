public import Accountability
public import Cryptography
public import Encoding
internal import TransparencyLog

/// One of the keys that sign a submission, with its private half.
public struct SubmissionSigner: Sendable {
  /// The key as it is enrolled.
  public let verifierKey: VerifierKey
  /// Its private half.
  public let signingKey: SigningKey
  /// The submission's number in that key's count, from 1.
  public let n: UInt64

  /// A key that signs.
  public init(_ verifierKey: VerifierKey, _ signingKey: SigningKey, n: UInt64) {
    self.verifierKey = verifierKey
    self.signingKey = signingKey
    self.n = n
  }
}

extension Submission {
  /// The text that is to be signed: header and events, each line canonical JSON.
  ///
  /// Nothing is checked; ``init(_:)-(SignedNote)`` does that once it is signed.
  public static func text(
    at: Timestamp, by: [SubmissionFacts.Signer], seen: Seen, events: [Event]
  ) -> [UInt8] {
    let header: JSONObject = [
      "at": .string(at.description),
      "by": .array(
        by.map {
          .object(["key": .string($0.key.description), "n": .integer(Int64(clamping: $0.n))])
        }),
      "seen": .object([
        "root": .string(seen.root.base64), "size": .integer(Int64(clamping: seen.size)),
      ]),
    ]
    var text = Array("\(magic)\n".utf8)
    CanonicalJSON.append(.object(header), to: &text)
    text.append(UInt8(ascii: "\n"))
    for event in events {
      CanonicalJSON.append(event.json, to: &text)
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// Signs a submission with every key of `by`, in this order, and parses the result strictly.
  ///
  /// - Throws: `LedgerError` if the parts do not make a submission, or a private key is not that of
  ///   its verifier key.
  public static func sign(
    at: Timestamp, by: [SubmissionSigner], seen: Seen, events: [Event]
  ) throws(LedgerError) -> Submission {
    let signers = by.map { SubmissionFacts.Signer(key: $0.verifierKey.keyName, n: $0.n) }
    let text = text(at: at, by: signers, seen: seen, events: events)
    do {
      return try Submission(
        SignedNote.sign(text, with: by.map { ($0.verifierKey, $0.signingKey) }).bytes)
    } catch let error as LedgerError {
      throw error
    } catch let error as NoteError {
      throw LedgerError(.malformedSubmission, error.message)
    } catch {
      throw LedgerError(.malformedSubmission, "The submission could not be signed.")
    }
  }
}
