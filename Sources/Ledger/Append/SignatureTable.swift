internal import Accountability
internal import Cryptography

/// The signatures of a batch, verified before the lock is taken.
///
/// A verdict is kept with the key it was reached under. The rules look the key up again under the
/// lock, and a key that has changed since is verified anew: so the table saves time and decides
/// nothing.
struct SignatureTable {
  private struct Line: Hashable {
    var submission: Int
    var line: Int
    var key: PublicKey
  }

  private let submissions: [Submission]
  private var verdicts: [Line: Bool] = [:]

  init(_ submissions: [Submission], keys state: any StateSource) throws {
    self.submissions = submissions
    let names = Set(submissions.flatMap { $0.by.map(\.key) }).sorted()
    var programme = Programme.makeSlice()
    let stateKeys = names.map { StateKey(.key, $0.description) }
    for (key, bytes) in zip(stateKeys, try state.load(stateKeys)) {
      try programme.load(key, bytes)
    }
    for (offset, submission) in submissions.enumerated() {
      for (line, signer) in submission.by.enumerated() {
        guard let key = programme.keys[signer.key]?.publicKey else { continue }
        verdicts[Line(submission: offset, line: line, key: key)] =
          submission.isSigned(line, by: key)
      }
    }
  }

  /// Whether a line verifies under a key.
  func isSigned(_ submission: Int, _ line: Int, _ key: PublicKey) -> Bool {
    verdicts[Line(submission: submission, line: line, key: key)]
      ?? submissions[submission].isSigned(line, by: key)
  }
}
