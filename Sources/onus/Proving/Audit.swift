internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import HelperProtocol
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Re-derive everything from the ledger's bytes, and say what does not hold.",
    discussion: """
      Needs only ledger.db, or an export (a folder or a bundle), reads it only, and uses no network, but \
      for an export that is named by its address: that is fetched into a folder that ends with the \
      audit. Writes nothing but its own memory of heads. Exit codes: 0 sound · 3 a violation · 4 something could not \
      be checked · 1 could not run.

      Example:
        onus audit --expect received.checkpoint --log-key VKEY
        onus audit /media/stick/beihe --expect received.checkpoint
        onus audit https://ledger.example/beihe --log-key VKEY --policy policy
      """)

  @Argument(
    help:
      "The folder of a ledger or of an export or its address, or a bundle; else that of --ledger."
  )
  var folder: String?
  @Option(
    help: "A checkpoint or a receipt that you hold, which the ledger must extend; repeat for more.")
  var expect: [String] = []
  @Option(help: "The log's verifier key, which you were given.") var logKey: String?
  @Option(help: "A file of verifier keys that departments vouch for, one a line.") var pin: String?
  @Option(help: "A tlog-policy file: which witnesses must have cosigned the ledger.")
  var policy: String?
  @Option(help: "A PEM file of certificates by which you know timestamp authorities.")
  var tsaCertificates: String?
  @Option(help: "A file of void entries that were looked into before.") var known: String?
  @Flag(help: "The ledger is a public edition: missing openings are absent.") var publicEdition =
    false
  @Flag(help: "Leave signatures unverified; that axis is then not checked.") var skipSignatures =
    false
  @Flag(help: "Verify only signatures that no earlier audit here has verified.")
  var sinceRemembered = false
  @Flag(help: "Neither use nor keep the memory of heads.") var forget = false
  @OptionGroup var fetching: FetchOptions
  @OptionGroup var heads: HeadsOptions
  @Option(help: "The language of findings: en or zh.") var lang: Language = .en
  @OptionGroup var place: LedgerOptions

  func run() async throws {
    guard !sinceRemembered || !forget && !skipSignatures else {
      throw Failure(
        "--since-remembered says what to leave out by what is remembered; --forget and --skip-signatures contradict it.",
        exit: .usage)
    }
    var options = AuditOptions()
    options.trustsRemembered = sinceRemembered
    options.checksSignatures = !skipSignatures
    options.edition = publicEdition ? .public : .full
    options.anchors = try anchors()
    options.remembersHead = !forget
    options.bundleCopies = BundleContents.all
    if let known { options.knownVoids = try KnownVoids(try Files.read(known)) }
    let path = folder ?? place.folder
    let fetched =
      try WebAddress.isMeant(by: path) ? WebCopy(path, fetching, say: tell) : nil
    defer { fetched?.close() }
    let language = lang
    if !place.json {
      let said = Said()
      options.onFinding = { said.once(AuditText.line($0, language)) }
      if Terminal.showsProgress {
        options.onProgress = { progress in
          Terminal.standardError(AuditText.progress(progress.done, progress.total, language))
          if progress.done == progress.total { Terminal.standardError("\r\u{1B}[K") }
        }
      }
    }
    let report = try await audit(fetched?.path ?? path, isFetched: fetched != nil, options)
    Terminal.standardOutput(place.json ? "\(report.json)\n" : AuditText.summary(report, lang))
    if !place.json, report.findings.contains(where: { $0.code == .originTaken }) {
      Terminal.standardError(
        "hint: Heads are remembered in \(Terminal.safe(heads.folder)); if both ledgers are genuine, audit one of them with --heads and a folder of its own.\n"
      )
    }
    if !place.json { advise(report) }
    throw ExitCode(report.exitCode)
  }

  /// What to do about a verdict that is not sound.
  private func advise(_ report: AuditReport) {
    if report.exitCode == Exit.violation.rawValue {
      Terminal.standardError(
        "hint: Append nothing more, keep the folder as it is, and look the codes up in docs/formats/audit-findings.md.\n"
      )
    } else if report.exitCode != 0, !report.isAnchored {
      Terminal.standardError(
        "hint: Hold it against what is kept elsewhere: a checkpoint or a receipt with `\(command) --expect FILE`, witnesses with `\(command) --policy FILE`.\n"
      )
    }
  }

  /// This command, for the same ledger.
  private var command: String {
    if let folder { return Terminal.safe("onus audit \(ShellWord.quoted(folder))") }
    let ledger = place.ledger.map { " --ledger \(ShellWord.quoted($0))" } ?? ""
    return Terminal.safe("onus audit\(ledger)")
  }

  /// Says something beside the answer, to people.
  private func tell(_ sentence: String) {
    if !place.json { Terminal.standardError("onus: \(Terminal.safe(sentence))\n") }
  }

  private func anchors() throws -> Anchors {
    var anchors = Anchors()
    anchors.expected = try expect.map { try CheckpointFile.read($0).bytes }
    anchors.logKey = try logKey.map { try VerifierKey(typed: $0) }
    anchors.policy = try policy.map { try PolicyFile.read($0) }
    anchors.authorities = try tsaCertificates.map { try CertificateFile.read($0) }
    if let pin { anchors.pins = try Self.pins(pin) }
    if !forget {
      anchors.memory = HeadMemory(folder: heads.folder)
    }
    return anchors
  }

  /// The keys in a file, one a line.
  private static func pins(_ path: String) throws -> [VerifierKey] {
    let lines = try Files.read(path).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { place, line in
      if line.isEmpty { return nil }
      do {
        return try VerifierKey(String(decoding: line, as: UTF8.self))
      } catch {
        let failure = Failure(error)
        throw Failure(
          "\(path), line \(place + 1): \(failure.message)", hint: failure.hint, exit: failure.exit)
      }
    }
  }
}
