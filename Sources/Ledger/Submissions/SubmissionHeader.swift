internal import Accountability
public import Encoding

/// The header of a submission (`docs/formats/submission.md`), declared in the forms that events
/// are declared in.
///
/// The reader is `Submission`; a test holds the two against each other. What the schema cannot say,
/// and the reader checks beyond it: every key of `by` is a different one, a size of 0 goes with the
/// empty root, and the line is canonical.
public enum SubmissionHeader {
  private static let size = Shape.integer(0...Limits.number)
  private static let number = Shape.integer(1...Limits.number)

  static let fields: [FieldDeclaration] = [
    .required("at", .timestamp),
    .required(
      "by",
      .list(
        of: .object([.required("key", .keyName), .required("n", number)]),
        count: 1...Limits.signerCount)),
    .required("seen", .object([.required("root", .digest), .required("size", size)])),
  ]

  /// Its JSON Schema (2020-12).
  public static var schema: JSONValue {
    SchemaDocument.document("submission-header", fields, "Header of a submission", "报送的首行")
  }

  /// What the reader says of a header: `nil`, or why it is refused.
  ///
  /// The header is put into a submission whose signature line is nobody's: a reader that comes as
  /// far as that line has taken the header.
  public static func refusal(of line: String) -> String? {
    let event = #"{"data":{},"type":"nothing.said"}"#
    let signature = "\u{2014} nobody " + Base64.encode([UInt8](repeating: 0, count: 68))
    let note = "\(Submission.magic)\n\(line)\n\(event)\n\n\(signature)\n"
    do {
      _ = try Submission(Array(note.utf8))
      return nil
    } catch {
      return error.code == .wrongSignatureLines ? nil : error.description
    }
  }
}
