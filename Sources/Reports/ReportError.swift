/// Why a report cannot be made, or does not hold.
public struct ReportError: Error, Hashable, Sendable {
  /// What to branch on.
  public enum Code: String, CaseIterable, Sendable {
    /// The instant is before the last entry, or too far after it.
    case badInstant
    /// The ledger has come to rules that this software does not know.
    case newerRules
    /// The file does not begin as a report does.
    case noProvenance
    /// It was made in a form that this software does not make.
    case unknownVersion
    /// It is a report of another ledger.
    case otherLedger
    /// It was made from more entries than there are.
    case tooFew
    /// It was made from entries that are not those of this ledger.
    case otherRoot
    /// The entries are the same, and give another report.
    case differs
  }

  /// What to branch on.
  public let code: Code
  /// One sentence for a person.
  public let message: String
  /// What to do about it.
  public let hint: String?

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Whether something is wrong, rather than not to be checked here.
  public var isViolation: Bool { code == .otherRoot || code == .differs }
}
