internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct Sign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign event lines into a file to be carried to the office, without a network.",
    discussion: """
      FILE holds one event a line, in canonical JSON. Every working command does the same for its own \
      event with --sign-to. Signed against the last checkpoint that this key has checked.

      Example:
        onus sign return-2024-06.jsonl --as D02 --to D02-2024-06.onus
        onus sign --again D02-2024-06.onus --to D02-2024-06b.onus --as D02
        onus sign --join enrol.onus --to enrol-both.onus --as D02 --log-key VKEY
      """)

  @Argument(help: "The event lines; - for standard input.") var file: String?
  @Option(help: "Where the signed submission goes.") var to: String
  @Option(
    help:
      "Sign this submission again, with the next number and the newest checkpoint; whoever else is to sign it does so too."
  )
  var again: String?
  @Option(help: "Add a signature to this submission, which another key has begun.")
  var join: String?
  @Option(name: .customLong("as"), help: "The organisation, or the key in full, that signs.")
  var author: String
  @Option(
    name: .customLong("with"),
    help: "A further key that must sign; as NAME+id/N if it is on another machine.")
  var cosigners: [String] = []
  @Option(help: "The time, for a ledger with a simulated clock.") var at: String?
  @Option(help: "The number to sign with, where the office refused one and says which is next.")
  var number: UInt64?
  @Option(help: "The log's verifier key, where the key signs for several ledgers.")
  var logKey: String?
  @OptionGroup var place: LedgerOptions

  func run() throws {
    var options = WriteOptions()
    options.place = place
    options.author = author
    options.cosigners = cosigners
    options.at = at
    options.signTo = to
    options.receipt = nil
    options.logKey = logKey
    options.lang = .en
    let vkey = try options.signer(author)
    if let join {
      guard file == nil, again == nil, cosigners.isEmpty, at == nil else {
        throw Failure("--join takes nothing but --to, --as, --number and --log-key.", exit: .usage)
      }
      return try Signing(options).join(join, as: vkey, number: number)
    }
    guard number.map((1...UInt64(Limits.number)).contains) ?? true else {
      throw Failure("--number takes a number from 1.", exit: .usage)
    }
    try requireReachable(number, of: vkey.keyName)
    var draft = Draft(author: vkey.keyName)
    switch (file, again) {
    case (let file?, nil): draft.add(try Self.events(in: file))
    case (nil, let again?): return try sign(again, as: vkey, options)
    default:
      throw Failure("Name a file of event lines, or --again FILE, or --join FILE.", exit: .usage)
    }
    try Signing(options).finish(
      draft, author: vkey, numbers: number.map { [vkey.keyName: $0] } ?? [:])
  }

  /// The furthest that a number may lie beyond the last one the key remembers: whoever says one that no
  /// key reaches would have it sign nothing more.
  private static let furthestStep: UInt64 = 1_000_000

  private func requireReachable(_ number: UInt64?, of key: KeyName) throws {
    guard let number else { return }
    let count = (try? KeyMemory(key, named: logKey, in: place.keyFolder).count) ?? 0
    guard number <= count + Self.furthestStep else {
      throw Failure(
        "\(key) has signed \(count) submissions, and number \(number) is too far ahead of that.",
        hint: "Ask the office again which number is next.", exit: .usage)
    }
  }

  static func events(in file: String) throws -> [Event] {
    let bytes = try Files.read(file, limit: Limits.submissionByteCount)
    var events: [Event] = []
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      do {
        events.append(try Event(try CanonicalJSON.parse(line)))
      } catch {
        let failure = Failure(error)
        throw Failure(
          "\(file), line \(number + 1): \(failure.message)", hint: failure.hint)
      }
    }
    guard (1...Limits.eventCount).contains(events.count) else {
      throw Failure(
        "\(file) holds \(events.count) events; a submission has 1 to \(Limits.eventCount).")
    }
    return events
  }
}
