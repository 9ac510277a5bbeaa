internal import Encoding

/// Commands that a hint names, so that they look where this one looked.
enum HintedCommand {
  /// Those that are about a ledger at hand; others may be meant for another machine.
  private static let ofALedger = [
    "audit", "doctor", "guard rebuild", "inbox", "log", "org list", "org show", "prove", "restore",
    "show", "status", "task", "views rebuild",
  ]

  /// The hint with `--ledger FOLDER` in every such command, if that was typed.
  ///
  /// A hint may quote the name of a file, and a name may hold backticks of its own: what is between
  /// those is left as it is.
  static func located(
    _ hint: String, typed arguments: [String] = CommandLine.arguments
  ) -> String {
    guard let folder = folder(in: arguments) else { return hint }
    let (veiled, veil) = veiled(hint, names: names(in: arguments))
    let parts = veiled.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return hint }
    return parts.enumerated().map { place, part in
      let isOne = place % 2 == 1 && !part.contains("--ledger") && isOfALedger(part)
      return isOne ? "\(part) --ledger \(ShellWord.quoted(folder))" : String(part)
    }.joined(separator: "`").replacing(veil, with: "`")
  }

  /// The hint with another character for the backticks in these names, and which one.
  private static func veiled(_ hint: String, names: [String]) -> (hint: String, veil: String) {
    var veil = UnicodeScalar(0xE000 as UInt32) ?? "?"
    while hint.unicodeScalars.contains(veil), let next = UnicodeScalar(veil.value + 1) {
      veil = next
    }
    let character = String(veil)
    let text = names.reduce(hint) { text, name in
      text.replacing(name, with: name.replacing("`", with: character))
    }
    return (text, character)
  }

  /// How a hint may quote what was typed and holds a backtick, longest first: as it is, as a word of
  /// the shell, without its folder, and without what it ends in.
  private static func names(in arguments: [String]) -> [String] {
    var names: Set<String> = []
    for argument in arguments where argument.contains("`") {
      let afterOption = argument.split(separator: "=", maxSplits: 1).last ?? ""
      for value: Substring in [argument[...], afterOption] {
        let file: Substring = value.split(separator: "/").last ?? ""
        let stem: Substring = file.lastIndex(of: ".").map { file[..<$0] } ?? file
        for name in [value, file, stem] where name.contains("`") {
          names.formUnion([String(name), ShellWord.quoted(String(name))])
        }
      }
    }
    return names.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
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
