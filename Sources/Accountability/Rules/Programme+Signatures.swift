internal import Cryptography

/// Who signed an entry: each line of `by`, under the key that counts at its place.
extension Programme {
  func standing(
    of submission: SubmissionFacts, at index: UInt64, _ isSigned: (Int, PublicKey) -> Bool
  ) throws(Refusal) -> [Standing] {
    var standings: [Standing] = []
    for (line, signer) in submission.by.enumerated() {
      let known = try keys.lend(signer.key) { (key) throws(Refusal) in
        guard key.endedAt == nil else {
          throw Refusal(
            .endedKey, "The key \(signer.key) stopped counting at entry \(key.endedAt ?? 0).",
            hint: "Sign with a key that the organisation holds now.", entry: key.endedAt)
        }
        guard let publicKey = key.publicKey, isSigned(line, publicKey) else {
          throw Self.badSignature(signer.key)
        }
        return Self.standing(of: key, signer.n, isSigned: true)
      }
      if let known {
        standings.append(known)
      } else if let vkey = enrolment(of: signer.key, in: submission), index == 0 || line > 0 {
        guard isSigned(line, vkey.publicKey) else { throw Self.badSignature(signer.key) }
        standings.append(Standing(isSigned: true, isNext: signer.n == 1))
      } else {
        throw Refusal(
          .unknownKey, "The key \(signer.key) was never enrolled in this ledger.",
          hint: "Have the registrar enrol the organisation's first key, or sign with a live key.")
      }
    }
    return standings
  }

  /// After a refusal that came before all lines were judged: which known keys did sign.
  func lenientStandings(
    of submission: SubmissionFacts, _ isSigned: (Int, PublicKey) -> Bool
  ) -> [Standing] {
    submission.by.enumerated().map { line, signer in
      guard let key = keys[signer.key], let publicKey = key.publicKey else {
        return Standing()
      }
      return Self.standing(of: key, signer.n, isSigned: isSigned(line, publicKey))
    }
  }

  static func standing(
    of key: EnrolledKey, _ n: UInt64, isSigned: Bool
  ) -> Standing {
    Standing(count: key.count, seen: key.seen, isSigned: isSigned, isNext: n == key.count + 1)
  }

  func enrolment(of name: KeyName, in submission: SubmissionFacts) -> VerifierKey? {
    submission.events.lazy.compactMap(\.enrolledKey).first { $0.keyName == name }
  }

  static func badSignature(_ key: KeyName) -> Refusal {
    Refusal(
      .badSignature, "The signature of \(key) does not verify over this submission.",
      hint: "Sign the exact bytes again; nothing may change after signing.")
  }
}
