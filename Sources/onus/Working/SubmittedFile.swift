internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

/// A file that was given to `submit`, and what has become of it.
struct SubmittedFile {
  let path: String
  /// What it holds, or why that is nothing to append.
  let content: Result<CarriedSubmission, Failure>
  /// Who signed it, with which number, as far as that can be read.
  let author: SubmissionFacts.Signer?
  /// `nil` until it was tried.
  var result: Result<Appended, Rejection>?

  init(_ path: String) {
    self.path = path
    var author: SubmissionFacts.Signer?
    do {
      let bytes = try Files.read(path, limit: Limits.carriedByteCount)
      if FileKind.unfinished.begins(bytes) {
        let unfinished = try UnfinishedSubmission(bytes)
        author = unfinished.by[0]
        throw Self.lacking(unfinished.missing.map(\.key.description), path)
      }
      try FileKind.require(.carried, as: "a carried submission", in: path, bytes)
      let carried = try CarriedSubmission(bytes)
      author = carried.submission.author
      content = .success(carried)
    } catch {
      content = .failure(Failure(error))
    }
    self.author = author
  }

  var carried: CarriedSubmission? { try? content.get() }

  /// Whether it may still be appended.
  var isOpen: Bool {
    guard carried != nil else { return false }
    if case .success? = result { return false }
    return true
  }

  /// The one before it in its key's count that was not taken, where that is why this one was not.
  func blocker(among others: [SubmittedFile]) -> SubmittedFile? {
    guard isCounted, let author else { return nil }
    return others.first { other in
      guard let before = other.author, !other.isCounted else { return false }
      if case .success? = other.result { return false }
      return before.key == author.key && before.n < author.n
    }
  }

  /// Whether it was refused for its number.
  private var isCounted: Bool {
    guard case .failure(.rules(let refusal))? = result else { return false }
    return refusal.code == .wrongCount
  }

  /// Whether one is tried before another: by author, and each author's in the order of its count; what is
  /// nobody's comes first.
  static func isBefore(_ left: Self, _ right: Self) -> Bool {
    guard let right = right.author else { return false }
    guard let left = left.author else { return true }
    return left.key == right.key ? left.n < right.n : left.key < right.key
  }

  /// That not everybody has signed.
  private static func lacking(_ keys: [String], _ file: String) -> Failure {
    Failure(
      "The signature of \(keys.joined(separator: " and of ")) is missing.",
      hint:
        "Whoever holds that key signs it: `onus sign --join \(ShellWord.quoted(file)) --to FILE --as \(keys.first ?? "KEY")`."
    )
  }
}
