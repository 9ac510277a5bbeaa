internal import Accountability
public import Cryptography
internal import Encoding

/// A submission with the openings of what it seals, as one file to carry
/// (`docs/formats/carried-submission.md`).
///
/// ```
/// onus/carried/v1
/// note 1234
/// opening text/plain 256 <salt, 32 bytes in base64>
///
/// <1234 bytes of the note><256 bytes of content>
/// ```
///
/// The header ends at its first blank line; after it come the note and the contents, each of
/// exactly the length that the header gives, and nothing else. `docs/formats/carried-submission.md`
/// describes the bytes.
public struct CarriedSubmission: Hashable, Sendable {
  /// The first line.
  public static let magic = "onus/carried/v1"

  /// What was signed.
  public let submission: Submission
  /// The openings it brings, one for each different commitment at most.
  public let openings: [Opening]

  /// A submission and openings of its seals.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongOpening`` if an opening opens no seal
  ///   of the submission, or one that another opens.
  public init(_ submission: Submission, openings: [Opening] = []) throws(LedgerError) {
    self.submission = submission
    self.openings = openings
    try checkOpenings()
  }

  /// Parses a carried submission, accepting exactly one encoding of it.
  ///
  /// No signature is verified; every opening is held against its seal.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    let file = try CarriedFile(bytes, magic: Self.magic)
    do {
      submission = try Submission(file.note)
    } catch {
      throw file.located(error)
    }
    openings = file.openings
    try checkOpenings()
    guard self.bytes == bytes else {
      throw LedgerError(.malformedCarried, "A carried submission has exactly one encoding.")
    }
  }

  /// The file.
  public var bytes: [UInt8] {
    CarriedFile(note: submission.bytes, openings: openings).bytes(magic: Self.magic)
  }

  /// The openings by commitment, each once.
  public var openingsByCommitment: [(commitment: Digest, opening: Opening)] {
    openings.map { ($0.commitment(by: submission.author.key), $0) }
  }

  private func checkOpenings() throws(LedgerError) {
    try Seal.check(openings, of: submission.events, by: submission.author.key)
  }
}
