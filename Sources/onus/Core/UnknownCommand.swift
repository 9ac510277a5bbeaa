internal import ArgumentParser
internal import Encoding

/// A word where a command is to stand, and which commands it may have been meant for.
struct UnknownCommand {
  /// What was typed before it, `onus` first.
  private let path: [String]
  private let word: String
  private let meant: [String]

  /// The first word of a command line that names no command; `nil` if all do.
  init?(_ arguments: [String], of root: any ParsableCommand.Type) {
    var command = root
    var path = [root._commandName]
    for word in arguments {
      let choices = command.configuration.subcommands
      guard !choices.isEmpty, !word.hasPrefix("-") else { return nil }
      if path.count == 1, word == "help" { continue }
      if let next = choices.first(where: { Self.names(of: $0).contains(word) }) {
        command = next
        path.append(next._commandName)
        continue
      }
      var meant = Self.nearest(to: word, choices.map { [$0._commandName] })
      if meant.isEmpty { meant = Self.nearest(to: word, Self.verbs(below: choices)) }
      // What stands there may be for the command that is meant where none is named.
      guard command.configuration.defaultSubcommand == nil || !meant.isEmpty else { return nil }
      (self.path, self.word) = (path, word)
      self.meant = meant.map { (path + $0).joined(separator: " ") }
      return
    }
    return nil
  }

  var failure: Failure {
    let before = path.joined(separator: " ")
    let named = meant.map { "`\($0)`" }.joined(separator: " or ")
    return Failure(
      "There is no command `\(before) \(TextRules.excerpt(word))`.",
      hint: meant.isEmpty ? "`\(before) --help` lists what there is." : "Did you mean \(named)?",
      exit: .usage)
  }

  private static func names(of command: any ParsableCommand.Type) -> [String] {
    [command._commandName] + command.configuration.aliases
  }

  /// The commands of groups: who types `onus enrol` means `onus key enrol`.
  private static func verbs(below groups: [any ParsableCommand.Type]) -> [[String]] {
    groups.flatMap { group in
      group.configuration.subcommands.map { [group._commandName, $0._commandName] }
    }
  }

  /// Those whose last word is nearest, if it is near enough for a slip of the fingers.
  private static func nearest(to word: String, _ commands: [[String]]) -> [[String]] {
    // No slip of the fingers makes a word as long as this.
    guard word.utf8.count <= longestWord else { return [] }
    let distances = commands.map { distance(word, $0.last ?? "") }
    let limit = max(1, word.count / 3)
    guard let least = distances.min(), least <= limit else { return [] }
    return zip(commands, distances).filter { $0.1 == least }.prefix(3).map(\.0)
  }

  private static let longestWord = 64

  /// How many letters are put in, left out, changed or swapped with the next one between two words.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(row[j], rows[i][j + 1]) + 1
        cost = min(cost, rows[i][j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, rows[i - 1][j - 1] + 1)
        }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
