internal import Accountability
internal import Cryptography
internal import Dispatch
internal import Synchronization

/// The signatures of a batch, verified on all cores before the lock is taken.
///
/// A verdict is kept with the key it was reached under. The rules look the key up again under the
/// lock, and a key that has changed since is verified anew: so the table saves time and decides
/// nothing.
struct SignatureTable: Sendable {
  private struct Line: Hashable, Sendable {
    var submission: Int
    var line: Int
    var key: PublicKey
  }

  /// Fewer lines than this are not worth waking other cores.
  private static let smallestParallelCount = 8

  private let submissions: [Submission]
  private let verdicts: [Line: Bool]

  init(_ submissions: [Submission], keys state: any StateSource) throws {
    self.submissions = submissions
    let lines = try Self.lines(of: submissions, keys: state)
    let verdicts = Mutex<[Line: Bool]>([:])
    let verify = { @Sendable (index: Int) in
      let line = lines[index]
      let isSigned = submissions[line.submission].isSigned(line.line, by: line.key)
      verdicts.withLock { $0[line] = isSigned }
    }
    if lines.count < Self.smallestParallelCount {
      for index in lines.indices { verify(index) }
    } else {
      DispatchQueue.concurrentPerform(iterations: lines.count, execute: verify)
    }
    self.verdicts = verdicts.withLock { $0 }
  }

  /// Whether a line verifies under a key.
  func isSigned(_ submission: Int, _ line: Int, _ key: PublicKey) -> Bool {
    verdicts[Line(submission: submission, line: line, key: key)]
      ?? submissions[submission].isSigned(line, by: key)
  }

  /// The signature lines whose keys the state knows.
  private static func lines(
    of submissions: [Submission], keys state: any StateSource
  ) throws -> [Line] {
    let names = Set(submissions.flatMap { $0.by.map(\.key) }).sorted()
    let stateKeys = names.map { StateKey(.key, $0.description) }
    var programme = Programme.makeSlice()
    for (key, bytes) in zip(stateKeys, try state.load(stateKeys)) {
      try programme.load(key, bytes)
    }
    var lines: [Line] = []
    for (offset, submission) in submissions.enumerated() {
      for (line, signer) in submission.by.enumerated() {
        guard let key = programme.keys[signer.key]?.publicKey else { continue }
        lines.append(Line(submission: offset, line: line, key: key))
      }
    }
    return lines
  }
}
