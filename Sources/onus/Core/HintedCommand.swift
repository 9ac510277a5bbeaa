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
      return isOne ? "\(part) --ledger \(quoted(folder))" : String(part)
    }.joined(separator: "`")
  }

  private static func isOfALedger(_ command: Substring) -> Bool {
    ofALedger.contains { command == "onus \($0)" || command.hasPrefix("onus \($0) ") }
  }

  private static func folder(in arguments: [String]) -> String? {
    for (place, argument) in arguments.enumerated() {
      if argument == "--ledger", arguments.indices.contains(place + 1) {
        return arguments[place + 1]
      }
      if argument.hasPrefix("--ledger=") { return String(argument.dropFirst(9)) }
    }
    return nil
  }

  /// A word as a shell takes it.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "/._-+".utf8.contains(byte)
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
