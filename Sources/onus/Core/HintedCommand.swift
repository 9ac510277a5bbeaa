internal import Encoding

/// Commands that a hint names, so that they look where this one looked.
enum HintedCommand {
  /// Those that are about a ledger at hand; others may be meant for another machine.
  private static let ofALedger = [
    "audit", "doctor", "guard rebuild", "inbox", "log", "org list", "org show", "prove", "restore",
    "show", "status", "task", "views rebuild",
  ]

  /// The hint with `--ledger FOLDER` in every such command, if that was typed.
  static func located(
    _ hint: String, typed arguments: [String] = CommandLine.arguments
  ) -> String {
    guard let folder = folder(in: arguments) else { return hint }
    let parts = hint.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return hint }
    return parts.enumerated().map { place, part in
      let isOne = place % 2 == 1 && !part.contains("--ledger") && isOfALedger(part)
      return isOne ? "\(part) --ledger \(ShellWord.quoted(folder))" : String(part)
    }.joined(separator: "`")
  }

  private static func isOfALedger(_ command: Substring) -> Bool {
    ofALedger.contains { command == "onus \($0)" || command.hasPrefix("onus \($0) ") }
  }

  private static func folder(in arguments: [String]) -> String? {
    let option = "--ledger="
    for (place, argument) in arguments.enumerated() {
      if argument == "--ledger", arguments.indices.contains(place + 1) {
        return arguments[place + 1]
      }
      if argument.hasPrefix(option) { return String(argument.dropFirst(option.count)) }
    }
    return nil
  }
}
