internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

/// How a carried submission that was refused is signed again: the command that does it.
struct SignAgainHint {
  private let submission: Submission
  private let file: String
  /// The numbers that its keys have next in the ledger; that of a key it enrols is 1.
  private let next: [SubmissionFacts.Signer]
  /// The entry that says the same under the same number, as a submission that was signed again does.
  private let same: UInt64?

  init(_ submission: Submission, in file: String, _ office: Office) throws {
    self.submission = submission
    same = try office.views.entry(
      ofSubmission: submission.author, saying: submission.events, in: office.store)
    self.file = file
    let enrolled = submission.events.compactMap(\.enrolledKey?.keyName)
    next = try submission.by.map { signer in
      SubmissionFacts.Signer(
        key: signer.key,
        n: enrolled.contains(signer.key) ? 1 : try office.count(of: signer.key) + 1)
    }
  }

  /// What the rejection says would be accepted, with the command that makes it.
  func hint(after rejection: Rejection) -> String? {
    switch rejection {
    case .rules(let refusal):
      switch refusal.code {
      case .wrongCount: held ?? waiting ?? sentence("Sign it again with the next number")
      case .fallingSeen, .wrongTime, .stale, .missingCosigner:
        [refusal.hint, sentence("The command is")].compactMap { $0 }.joined(separator: " ")
      default: refusal.hint
      }
    case .ledger(let error):
      error.code == .clockAhead
        ? [error.hint, sentence("The command is", with: " --at TIME")].compactMap { $0 }
          .joined(separator: " ")
        : error.hint
    case .notTried: rejection.hint
    }
  }

  private var held: String? {
    same.map { "Entry \($0) says the same: do not sign it again, and delete this file." }
  }

  /// Where a number is ahead of its turn: at the office the file before it is more likely to wait still than
  /// to be lost.
  private var waiting: String? {
    guard let (signer, next) = zip(submission.by, next).first(where: { $0.n > $1.n }) else {
      return nil
    }
    return "If the file that \(signer.key) signed as number \(next.n) still waits, submit that one "
      + "first, or both at once. " + sentence("Only if it is lost, sign this one again")
  }

  private func sentence(_ beginning: String, with more: String = "") -> String {
    let stem = file.hasSuffix(".onus") ? String(file.dropLast(5)) : file
    let new = ShellWord.quoted("\(stem)-again.onus")
    var command = "onus sign --again \(ShellWord.quoted(file)) --to \(new) --as \(next[0].key)"
    command += " --number \(next[0].n)"
    for (old, new) in zip(submission.by, next).dropFirst() where old != new {
      command += " --with \(new.key)/\(new.n)"
    }
    command += more
    let others = next.count > 1 ? ", and then the others sign it as before" : ""
    return "\(beginning): `\(command)`\(others)."
  }
}
