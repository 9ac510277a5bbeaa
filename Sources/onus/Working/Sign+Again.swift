internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

extension Sign {
  /// Signs the events of an earlier submission again, with citations of itself moved to its new number.
  ///
  /// Whoever else was to sign it is to sign this one too, and one that lacks signatures is taken as one
  /// that had them all. Where the ledger is at hand it says which numbers are next; elsewhere the author
  /// takes the one after its last, and a further key its old one, for a refusal consumed none.
  func sign(_ file: String, as vkey: VerifierKey, _ options: WriteOptions) throws {
    var options = options
    let earlier = try EarlierSubmission(at: file)
    let old = earlier.by[0]
    guard old.key == vkey.keyName else {
      throw Failure(
        "\(file) was signed by \(old.key), not by \(vkey.keyName).",
        hint: "Whoever holds that key signs it again, with --as \(old.key).")
    }
    guard earlier.isSigned(by: vkey) else {
      throw Failure(
        "\(file) is not as \(old.key) signed it: its signature does not verify over what stands there.",
        hint:
          "Sign nothing of it; say anew what is to be said, and ask where the file has been meanwhile.",
        exit: .violation)
    }
    let logKey = try KeyMemory(old.key, named: logKey, in: place.keyFolder).logKey
    var numbers: [KeyName: UInt64] = [:]
    let plain = Signing(options)
    for signer in earlier.by {
      numbers[signer.key] = try plain.counted(signer.key, logKey).map { $0 + 1 }
    }
    for signer in earlier.by.dropFirst() {
      numbers[signer.key] = numbers[signer.key] ?? signer.n
      let isNamed = options.cosigners.contains {
        $0 == signer.key.description || $0.hasPrefix("\(signer.key)/")
          || $0.hasPrefix("\(signer.key)+")
      }
      if !isNamed { options.cosigners.append(signer.key.description) }
    }
    let next =
      try number ?? numbers[old.key] ?? KeyMemory(old.key, of: logKey, in: place.keyFolder).count
      + 1
    numbers[old.key] = next
    var draft = Draft(author: old.key)
    for event in earlier.events {
      let data = Self.rewritten(
        .object(event.data), from: "\(old.key)/\(old.n).", to: "\(old.key)/\(next).")
      guard case .object(let object) = data else { continue }
      draft.add([Event(type: event.type, subject: event.subject, data: object)])
    }
    for opening in earlier.openings { draft.add(opening) }
    try Signing(options, isAgain: true).finish(draft, author: vkey, numbers: numbers)
  }

  private static func rewritten(_ value: JSONValue, from: String, to: String) -> JSONValue {
    switch value {
    case .string(let text) where text.hasPrefix(from) && Citation(text) != nil:
      .string(to + text.dropFirst(from.count))
    case .array(let items): .array(items.map { rewritten($0, from: from, to: to) })
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, rewritten($0.value, from: from, to: to)) }))
    default: value
    }
  }
}

/// What was signed before, wholly or in part.
private struct EarlierSubmission {
  let by: [SubmissionFacts.Signer]
  let events: [Event]
  let openings: [Opening]
  private let isSigned: (VerifierKey) -> Bool

  /// Whether a key has signed what stands in the file.
  func isSigned(by vkey: VerifierKey) -> Bool { isSigned(vkey) }

  init(at file: String) throws {
    let bytes = try Files.read(file, limit: Limits.carriedByteCount)
    do {
      if bytes.starts(with: UnfinishedSubmission.magic.utf8) {
        let unfinished = try UnfinishedSubmission(bytes)
        (by, events, openings) = (unfinished.by, unfinished.events, unfinished.openings)
        isSigned = { unfinished.isSigned(by: $0) }
      } else {
        let carried = try CarriedSubmission(bytes)
        (by, events) = (carried.submission.by, carried.submission.events)
        openings = carried.openings
        let submission = carried.submission
        isSigned = { vkey in
          submission.by.firstIndex { $0.key == vkey.keyName }
            .map { submission.isSigned($0, by: vkey.publicKey) } ?? false
        }
      }
    } catch {
      throw Failure("\(file): \(error.message)", hint: error.hint)
    }
  }
}
