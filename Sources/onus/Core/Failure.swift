internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Glibc
internal import Ledger
internal import Reports
internal import Spreadsheets
internal import TransparencyLog
internal import Views

/// How the command ends. The numbers are documented in README and never change.
enum Exit: Int32 {
  case sound = 0
  /// The command could not do its work: a missing file, a full disk, a wrong passphrase.
  case couldNotRun = 1
  /// The rules of the ledger do not allow what was asked; nothing was appended.
  case refused = 2
  /// An audit or a check found a violation.
  case violation = 3
  /// Nothing is known to be wrong, but something could not be checked.
  case notChecked = 4
  /// The command line itself was wrong.
  case usage = 64

  /// From the worst on: of several things that failed, a command ends with the code of the first of these.
  static let fromTheWorst: [Exit] = [
    .violation, .refused, .couldNotRun, .usage, .notChecked, .sound,
  ]
}

/// An error on its way to a person: one sentence, perhaps a hint, and the exit code.
///
/// However long a name or a cell is that it quotes, a sentence stays one that can be read.
///
/// This is the only place where the errors of the modules become text.
struct Failure: Error {
  let message: String
  let hint: String?
  let exit: Exit
  /// Which rule of the ledger it is that refuses, where it is one.
  let rule: Refusal.Code?
  /// Whether the sentence names the file that it is about.
  let isLocated: Bool
  /// What machines are told beside.
  let details: JSONObject

  /// No hint is longer: it repeats names that were typed, and can be pasted.
  private static let maximumHintByteCount = 4096

  init(
    _ message: String, hint: String? = nil, exit: Exit = .couldNotRun, rule: Refusal.Code? = nil,
    isLocated: Bool = false, details: JSONObject = [:]
  ) {
    self.message = TextRules.shortened(message)
    // A command that lacks its middle would do something else.
    self.hint = hint.flatMap { $0.utf8.count > Self.maximumHintByteCount ? nil : $0 }
    self.exit = exit
    self.rule = rule
    self.isLocated = isLocated
    self.details = details
  }

  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let refusal as Refusal: self.init(refusal)
    case let error as LedgerError: self.init(error.description, hint: error.hint)
    case let error as StorageError:
      self.init(
        error.message, hint: error.hint,
        exit: error.code == .altered ? .violation : .couldNotRun)
    case let rejection as Rejection: self.init(rejection)
    case let error as CryptographyError: self.init(error.message)
    case let error as NoteError: self.init(error.message)
    case let error as TileError: self.init(error.message)
    case let error as ProofError: self.init(error.message, exit: .violation)
    case let error as ReportError:
      self.init(
        error.message, hint: error.hint, exit: error.isViolation ? .violation : .notChecked)
    case let error as StateError:
      self.init(error.message, hint: "Rebuild the views with `onus views rebuild`.")
    case let error as SheetError: self.init(error.message, hint: error.hint)
    case let error as JSONError: self.init("At byte \(error.offset): \(error.message)")
    default: self.init("Something unexpected happened: \(error)")
    }
  }

  init(_ refusal: Refusal) {
    let place = refusal.event.map { "event \($0): " } ?? ""
    self.init(
      "refused (\(refusal.code.rawValue)): \(place)\(refusal.message)", hint: refusal.hint,
      exit: .refused, rule: refusal.code)
  }

  init(_ rejection: Rejection) {
    switch rejection {
    case .rules(let refusal): self.init(refusal)
    case .ledger, .notTried:
      self.init(
        "refused (\(rejection.code)): \(rejection.message)", hint: rejection.hint, exit: .refused)
    }
  }

  /// The same failure, with the file it is about before its sentence, unless that names it already.
  func at(_ place: String) -> Failure {
    guard !isLocated else { return self }
    return Failure(
      "\(place): \(message)", hint: hint, exit: exit, rule: rule, isLocated: true, details: details)
  }

  /// The same failure with another hint.
  func hinting(_ hint: String?) -> Failure {
    Failure(
      message, hint: hint, exit: exit, rule: rule, isLocated: isLocated, details: details)
  }

  /// Whether the command was asked to answer machines.
  static var isForMachines: Bool { CommandLine.arguments.contains("--json") }

  /// The failure for machines.
  private var json: JSONObject {
    var object = details
    object["error"] = .string(Terminal.safe(message))
    object["exit"] = .integer(Int64(exit.rawValue))
    object["hint"] = hint.map { .string(Terminal.safe(HintedCommand.located($0))) }
    object["rule"] = rule.map { .string($0.rawValue) }
    return object
  }

  /// Prints the sentence and the hint on standard error and ends the process.
  ///
  /// Both may quote a file's name or the bytes of a stranger.
  ///
  /// - Parameters:
  ///   - code: What the command ends with, where it is not this failure's own.
  ///   - language: As for ``say(in:)``.
  func end(_ code: Int32? = nil, in language: Language = .en) -> Never {
    if Self.isForMachines {
      Terminal.standardError(
        String(decoding: CanonicalJSON.write(.object(json)), as: UTF8.self) + "\n")
      Glibc.exit(code ?? exit.rawValue)
    }
    say(in: language)
    Glibc.exit(code ?? exit.rawValue)
  }

  /// Prints the sentence and the hint on standard error, for people.
  ///
  /// - Parameter language: In Chinese the rule that refuses is said before the sentence, which is English.
  func say(in language: Language) {
    if language == .zh, let rule {
      let sentence = FindingCode(rule).rule.chinese
      Terminal.standardError("onus：不予受理（\(rule.rawValue)），规则：\(sentence)\n")
    }
    Terminal.note(message)
    if let hint {
      Terminal.standardError("hint: \(Terminal.safe(HintedCommand.located(hint)))\n")
    }
  }

  /// The place of the first of the worst; `nil` of none.
  static func worst(of failures: [Failure]) -> Int? {
    Exit.fromTheWorst.lazy.compactMap { exit in failures.firstIndex { $0.exit == exit } }.first
  }
}
