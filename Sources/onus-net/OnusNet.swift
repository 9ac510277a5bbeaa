internal import ArgumentParser
internal import Glibc
internal import HelperProtocol

/// The helper of `onus` on a network. It holds no key, opens no ledger, and believes nothing: it carries
/// bytes, within bounds, and `onus` judges them. `docs/formats/onus-net.md` is its interface.
@main
struct OnusNet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "onus-net",
    abstract: "What `onus` speaks on a network with; it is started by `onus`, not by people.",
    subcommands: [Post.self, Fetch.self, Serve.self])

  static func main() async {
    // Whoever stops listening is told by the error of the write.
    _ = signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as NetFailure {
      Standard.complain(failure.sentence)
      Glibc.exit(failure.exit.rawValue)
    } catch let error as HelperError {
      Standard.complain(error.message)
      Glibc.exit(HelperExit.usage.rawValue)
    } catch {
      exit(withError: error)
    }
    Glibc.exit(HelperExit.done.rawValue)
  }
}

/// What stops the helper: how it ends, and one sentence.
struct NetFailure: Error {
  /// What a caller may want to tell from the rest.
  enum Kind {
    case late, tooLong, other
  }

  let exit: HelperExit
  let sentence: String
  let kind: Kind

  init(_ exit: HelperExit, _ sentence: String, _ kind: Kind = .other) {
    self.exit = exit
    self.sentence = sentence
    self.kind = kind
  }
}
