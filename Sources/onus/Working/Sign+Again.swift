internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

extension Sign {
  /// Signs the events of an earlier submission again, with citations of itself moved to its new number.
  ///
  /// Whoever else was to sign it is to sign this one too, and one that lacks signatures is taken as one
  /// that had them all. Every key takes its old number, for a refusal consumed none, and of two files of
  /// one number the ledger takes one; only where the ledger at hand has come past it, the next one there.
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
          "Do not sign it again; record the events afresh, and ask where the file has been meanwhile.",
        exit: .violation)
    }
    let memory = try KeyMemory(old.key, named: logKey, in: place.keyFolder)
    let logKey = memory.logKey
    var numbers: [KeyName: UInt64] = [:]
    let plain = Signing(options)
    let atHand = try LedgerAtHand(place.folder, of: logKey)
    try requireUntaken(earlier, file, memory, atHand)
    for signer in earlier.by {
      let count = try atHand.count(of: signer.key) ?? 0
      numbers[signer.key] = count < signer.n ? signer.n : count + 1
    }
    if let number {
      if number != old.n, numbers[old.key] == old.n {
        Terminal.note(
          "if \(file) is appended after all, as number \(old.n), the ledger will hold this twice: delete it."
        )
      }
      numbers[old.key] = number
    }
    for signer in earlier.by.dropFirst() {
      let isNamed = options.cosigners.contains {
        $0 == signer.key.description || $0.hasPrefix("\(signer.key)/")
          || $0.hasPrefix("\(signer.key)+")
      }
      if !isNamed { options.cosigners.append(signer.key.description) }
    }
    let next = numbers[old.key] ?? old.n
    var draft = Draft(author: old.key)
    draft.add(earlier.events.map { $0.citing(old, as: next) })
    for opening in earlier.openings { draft.add(opening) }
    try plain.show(
      "what \(Terminal.safe(file)) says:", draft.events, draft.openings, of: file, by: old.key)
    try Signing(options, isAgain: true, isNumbered: number != nil).finish(
      draft, author: vkey, numbers: numbers)
  }

  /// Refuses what was signed for another log, and what came into the ledger: who carries files can put an
  /// old one in the place of another.
  private func requireUntaken(
    _ earlier: EarlierSubmission, _ file: String, _ memory: KeyMemory, _ atHand: LedgerAtHand
  ) throws {
    let (seen, old) = (earlier.seen, earlier.by[0])
    let otherHistory = Failure(
      "\(file) was signed for another log, or the log has signed two histories: it saw another one of \(seen.size.entries).",
      hint: "Do not sign it again; record the events afresh.", exit: .violation)
    if let checkpoint = memory.checkpoint?.checkpoint {
      guard seen.size != checkpoint.size || seen.root == checkpoint.root else { throw otherHistory }
      guard seen.size <= checkpoint.size else {
        throw Failure(
          "\(file) has seen \(seen.size.entries), and \(old.key) remembers \(checkpoint.size) of the log: it was signed for another log, or on another machine.",
          hint:
            "If it is of this log, take a newer checkpoint first: `onus checkpoint --take FILE --log-key \(memory.logKey) --as \(old.key)`."
        )
      }
    }
    guard let folder = atHand.withViews else { return }
    if try folder.released().checkpoint.size >= seen.size,
      try MerkleTree.root(ofSize: seen.size, from: StoreTiles(folder.store)) != seen.root
    {
      throw otherHistory
    }
    guard
      let entry = try folder.views().entry(
        ofSubmission: old, saying: earlier.events, in: folder.store)
    else { return }
    throw Failure(
      "\(file) is in the ledger already, as entry \(entry).",
      hint: "Do not sign it again; record the events afresh.")
  }
}

extension Event {
  /// The event as it stands in the same submission under another number: what cites that submission
  /// cites it by that.
  func citing(_ signer: SubmissionFacts.Signer, as n: UInt64) -> Event {
    let moved = Self.rewritten(
      .object(data), from: "\(signer.key)/\(signer.n).", to: "\(signer.key)/\(n).")
    guard case .object(let object) = moved else { return self }
    return Event(type: type, subject: subject, data: object)
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
  let seen: Submission.Seen
  private let isSigned: (VerifierKey) -> Bool

  /// Whether a key has signed what stands in the file.
  func isSigned(by vkey: VerifierKey) -> Bool { isSigned(vkey) }

  init(at file: String) throws {
    let bytes = try Files.read(file, limit: Limits.carriedByteCount)
    do {
      if FileKind.unfinished.begins(bytes) {
        let unfinished = try UnfinishedSubmission(bytes)
        (by, events, openings) = (unfinished.by, unfinished.events, unfinished.openings)
        seen = unfinished.seen
        isSigned = { unfinished.isSigned(by: $0) }
      } else {
        let carried = try CarriedSubmission(bytes)
        (by, events) = (carried.submission.by, carried.submission.events)
        openings = carried.openings
        let submission = carried.submission
        seen = submission.seen
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
