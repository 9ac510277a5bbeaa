internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding

/// A command that says something: it turns its flags into events, and the rest is the same for all.
protocol EventVerb: ParsableCommand, Multilingual {
  var write: WriteOptions { get }

  /// Keys that must sign beside those of `--with`, because the event says so.
  var further: [String] { get }

  /// Whether those are keys that this event enrols, so that it is their first submission.
  var furtherIsNew: Bool { get }

  /// Puts the events of this command into the draft.
  func fill(_ draft: inout Draft) throws
}

extension EventVerb {
  var further: [String] { [] }

  var furtherIsNew: Bool { true }

  var language: Language { write.lang }

  func run() throws {
    let author = try write.signer(write.author)
    var draft = Draft(author: author.keyName)
    try fill(&draft)
    do {
      try Signing(write, further: further, furtherIsNew: furtherIsNew)
        .finish(draft, author: author)
    } catch {
      throw OptionNames(Self.self, draft.events).naming(Failure(error))
    }
  }
}

/// Makes the text of a command's help: what it does, and one example that works.
///
/// The command names the whole of which it is a part: parsed by itself, it is then not asked for scripts
/// of completions, for which the parser makes two commands more.
func help(_ name: String, _ abstract: String, example: String) -> CommandConfiguration {
  CommandConfiguration(
    commandName: name, _superCommandName: "onus", abstract: abstract,
    discussion: "Example:\n  \(example)")
}
