internal import ArgumentParser
internal import Encoding
internal import SQLiteStorage

/// The command: parses what was typed, runs it, and turns every error into one sentence.
@main
struct Onus: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "onus",
    abstract: "A ledger of who is responsible for what, and of what was done.",
    discussion: """
      Departments append signed statements; everyone who holds a copy can check that nothing was \
      altered, dropped, reordered, or done by somebody who had no right to do it.

      Exit codes: 0 sound or done · 1 could not run · 2 refused by the rules · 3 a violation · \
      4 something could not be checked · 64 wrong usage.

      Example:
        onus init --origin beihe.example/plan --registrar D18 --name-en 'Data Administration' --name-zh 省数据局
        onus status
        onus audit
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(
        name: "Setting up",
        subcommands: [Init.self, Key.self, Org.self, RoleCommand.self, Import.self]),
      CommandGroup(
        name: "Working",
        subcommands: [
          Issue.self, Assign.self, Accept.self, Decline.self, Rule.self, Confirm.self, Plan.self,
          Progress.self, Evidence.self, MilestoneVerb.self, Correct.self, Claim.self, Review.self,
          Close.self, Reopen.self, Extend.self, Deadline.self, Urge.self, Handover.self,
          Reassign.self, Suspend.self, Resume.self, Cancel.self, Adopt.self, Sign.self, Submit.self,
        ]),
      CommandGroup(
        name: "Looking",
        subcommands: [
          Status.self, Inbox.self, TaskCommand.self, Overdue.self, Log.self, Show.self,
        ]),
      CommandGroup(
        name: "Proving",
        subcommands: [
          Audit.self, CheckpointCommand.self, Prove.self, ReceiptCommand.self, ExportCommand.self,
          WitnessCommand.self, EquivocationCommand.self, Restore.self,
        ]),
      CommandGroup(name: "Reporting", subcommands: [ReportCommand.self]),
      CommandGroup(
        name: "Looking after it",
        subcommands: [ViewsCommand.self, GuardCommand.self, Doctor.self]),
    ])

  /// The command that was typed.
  ///
  /// It is parsed by itself where that will do, which spares making parsers of all the others. Help,
  /// versions, groups, completions and every mistake are for the whole to answer.
  private static func parse() throws -> any ParsableCommand {
    let arguments = CommandLine.arguments.dropFirst()
    if let name = arguments.first,
      let command = configuration.subcommands.first(where: { $0._commandName == name }),
      let alone = try? command.parse(Array(arguments.dropFirst()))
    {
      return alone
    }
    if arguments.first == "help",
      let unknown = UnknownCommand(Array(arguments), of: Self.self)
    {
      throw unknown.failure
    }
    return try parseAsRoot()
  }

  /// The language in which a command was asked to answer.
  private static func language(of command: any ParsableCommand) -> Language {
    (command as? any Multilingual)?.language ?? .en
  }

  /// Says what the parser has to say of a command line, which may quote the name of a file.
  private static func complain(_ error: any Error) -> Never {
    if let unknown = UnknownCommand(Array(CommandLine.arguments.dropFirst()), of: Self.self) {
      unknown.failure.end()
    }
    if Failure.isForMachines {
      Failure(message(for: error), exit: .usage).end()
    }
    let lines = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
    Terminal.standardError(
      lines.map { Terminal.safe(TextRules.shortened(String($0))) + "\n" }.joined())
    exit(withError: ExitCode.validationFailure)
  }

  static func main() async {
    Terminal.occupyDescriptors()
    SQLiteMemory.bound()
    var language = Language.en
    do {
      var command = try parse()
      language = Self.language(of: command)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      try Terminal.requireWritten()
    } catch let code as ExitCode {
      do { try Terminal.requireWritten() } catch {
        error.end(code == .success ? nil : code.rawValue)
      }
      exit(withError: code)
    } catch {
      // The parser knows its own errors, help and version among them; the rest are ours.
      let known = exitCode(for: error)
      if known == .success { exit(withError: error) }
      if known == .validationFailure { complain(error) }
      Failure(error).end(in: language)
    }
  }
}
