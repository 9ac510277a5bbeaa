internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import HelperProtocol
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

extension CheckpointCommand {
  struct Stamp: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "timestamp",
      abstract: "Obtain a timestamp on the newest checkpoint from an authority (RFC 3161).",
      discussion: """
        By file, for networks that do not touch: write a request, have it answered by any authority, \
        and take the answer in. Only what is of a checkpoint of this ledger, and was signed by the \
        certificate inside, is kept; with --tsa-certificates only what those vouch for. Bundles take \
        it along, and `onus audit --tsa-certificates` says by when the entries existed.

        Example:
          onus checkpoint timestamp --request-to now.tsq
          onus checkpoint timestamp --from now.tsr --tsa-certificates authority.pem
          onus checkpoint timestamp --url https://tsa.example/ --tsa-certificates authority.pem
          onus checkpoint timestamp --export newest.tsr
        """)

    @Option(help: "Write a request into this file, and what it is of into FILE.checkpoint.")
    var requestTo: String?
    @Option(help: "Take in the authority's answer in this file.") var from: String?
    @Option(help: "Post the request to the authority at this address, and take in its answer.")
    var url: String?
    @Flag(help: "List the timestamps that are kept.") var list = false
    @Option(
      help: "Write the newest that is kept into this file, and what it is of into FILE.checkpoint.")
    var export: String?

    @Option(help: "With --from, the request that it answers; else FILE.tsq for FILE.tsr.")
    var request: String?
    @Option(help: "With --from, the checkpoint that it is of, where the request was not made here.")
    var checkpoint: String?
    @Option(help: "A PEM file of certificates by which you know authorities.")
    var tsaCertificates: String?
    @Option(help: "With a request, the policy that the timestamp must be under, such as 1.2.3.4.")
    var policyOid: String?
    @Option(help: "With --url, how many seconds it may take.") var timeout = 30
    @Option(help: "With --export, the newest of those on so many entries.") var size: UInt64?
    @OptionGroup var place: LedgerOptions

    func run() throws {
      switch (requestTo, from, url, list, export) {
      case (let file?, nil, nil, false, nil): try makeRequest(file)
      case (nil, let file?, nil, false, nil): try take(file)
      case (nil, nil, let url?, false, nil): try ask(url)
      case (nil, nil, nil, true, nil): try listKept()
      case (nil, nil, nil, false, let file?): try export(to: file)
      default:
        throw Failure(
          "Say one of --request-to FILE, --from FILE, --url URL, --list and --export FILE.",
          hint: "`onus checkpoint timestamp --help` shows the whole way.", exit: .usage)
      }
    }

    // MARK: Asking

    private func makeRequest(_ file: String) throws {
      guard file != "-" else {
        throw Failure("A request needs a file, beside which what it is of is kept.", exit: .usage)
      }
      let signed = try LedgerFolder(place.folder, for: .readOnly).released()
      let request = try TimestampRequest.make(
        of: SHA256.hash(signed.bytes), policy: policyOid)
      // What it is of lies there first: a request alone could not be matched with its answer.
      try Files.write(signed.bytes, to: Self.checkpointFile(file))
      try Files.write(request.bytes, to: file)
      let size = signed.checkpoint.size
      if place.json { return Answer.json(["size": .integer(Int64(clamping: size))]) }
      Terminal.standardOutput(
        "asks for a timestamp on \(size.entries); keep \(Terminal.safe(Self.checkpointFile(file))) with it until the answer is here\n"
      )
    }

    private func ask(_ url: String) throws {
      let address: WebAddress
      do { address = try WebAddress(url) } catch { throw Failure(error.message, exit: .usage) }
      guard (1...600).contains(timeout) else {
        throw Failure("--timeout is 1 to 600 seconds.", exit: .usage)
      }
      let ledger = try LedgerFolder(place.folder, for: .readWrite)
      let signed = try ledger.released()
      let request = try TimestampRequest.make(
        of: SHA256.hash(signed.bytes), policy: policyOid)
      let post = NetPost(
        address: address, contentType: "application/timestamp-query",
        accept: "application/timestamp-reply", body: request.bytes,
        limit: TimestampResponse.maximumByteCount, seconds: timeout)
      switch try NetPost.run([post]).first {
      case .answered(let answer)?:
        try take(answer.body, of: signed.bytes, answering: request, into: ledger, from: url)
      case .failed(let exit, let reason)?:
        throw Failure(
          reason, hint: "Or go by file: --request-to FILE, and --from FILE.",
          isLocated: exit.isOfServer
        ).at(url)
      case nil: break
      }
    }

    // MARK: Taking in

    private func take(_ file: String) throws {
      let ledger = try LedgerFolder(place.folder, for: .readWrite)
      var asked: TimestampRequest?
      var of = checkpoint
      if let name = try request ?? (checkpoint == nil ? Self.requestFile(of: file) : nil) {
        let bytes = try Files.read(name, limit: TimestampRequest.maximumByteCount)
        do { asked = try TimestampRequest(bytes) } catch { throw Failure(error).at(name) }
        of = of ?? Self.checkpointFile(name)
      }
      guard let of else { return }
      guard Files.exists(of) else {
        throw Failure(
          "\(of) is not there: what the request was made of.",
          hint: "It was written beside the request; carry both, or make another request.")
      }
      let message = try Files.read(of, limit: StoredTimestamp.maximumCheckpointByteCount)
      let answer = try Files.read(file, limit: TimestampResponse.maximumByteCount)
      try take(answer, of: message, answering: asked, into: ledger, from: file)
    }

    private func take(
      _ answer: [UInt8], of message: [UInt8], answering request: TimestampRequest?,
      into ledger: LedgerFolder, from source: String
    ) throws {
      let taken: AuditReport.Timestamped
      do {
        let response = try TimestampResponse(answer)
        if let request { try response.check(answers: request) }
        let certificates = try certificates()
        if let certificates { try response.check(trusting: certificates) }
        let size = try ledger.store.takeTimestamp(response, of: message)
        taken = try AuditReport.Timestamped(size: size, response, trusting: certificates)
      } catch let error as CryptographyError {
        throw Failure(timestamp: error, from: source)
      } catch let error as LedgerError {
        let isFound = [.wrongTimestamp, .rolledBack, .forked].contains(error.code)
        throw Failure(
          error.message, hint: error.hint, exit: isFound ? .violation : .couldNotRun
        ).at(source)
      }
      if place.json { return Answer.json(taken.json) }
      Terminal.standardOutput("\(TimestampText.sentence(taken, false))\n")
      guard taken.standing == .notChecked else { return }
      Terminal.standardOutput(
        "nobody vouches for that yet: bring the authority's certificates with --tsa-certificates\n")
    }

    /// The certificates that were brought, if any.
    private func certificates() throws -> TrustedCertificates? {
      try tsaCertificates.map { try CertificateFile.read($0) }
    }

    private static func checkpointFile(_ file: String) -> String { "\(file).checkpoint" }

    private static func requestFile(of file: String) throws -> String {
      guard file.hasSuffix(".tsr"), file != ".tsr" else {
        throw Failure(
          "Nothing says which request \(file) answers.",
          hint: "Name it with --request, or with --checkpoint what it is of.", exit: .usage)
      }
      return "\(file.dropLast(4)).tsq"
    }

    // MARK: What is kept

    /// All that are kept and can be read, in order of size and time.
    private func kept(
      in ledger: LedgerFolder
    ) throws -> [(stored: StoredTimestamp, timestamped: AuditReport.Timestamped)] {
      let certificates = try certificates()
      var found: [(stored: StoredTimestamp, timestamped: AuditReport.Timestamped)] = []
      try ledger.store.scanTimestamps { stored in
        // What cannot be read is for the audit to find.
        guard found.count < StoredTimestamp.maximumCount,
          let signed = try? SignedCheckpoint(stored.checkpoint),
          let response = try? TimestampResponse(stored.response),
          let timestamped = try? AuditReport.Timestamped(
            size: signed.checkpoint.size, response, trusting: certificates)
        else { return }
        found.append((stored, timestamped))
      }
      return found.sorted {
        ($0.timestamped.size, $0.timestamped.time) < ($1.timestamped.size, $1.timestamped.time)
      }
    }

    private func listKept() throws {
      let kept = try kept(in: LedgerFolder(place.folder, for: .readOnly)).map(\.timestamped)
      if place.json {
        return Answer.json(["timestamps": .array(kept.map { .object($0.json) })])
      }
      guard !kept.isEmpty else { return Terminal.standardOutput("no timestamp is kept\n") }
      for timestamped in kept {
        let word =
          switch timestamped.standing {
          case .notChecked: ""
          case .trusted: " (trusted)"
          case .untrusted: " (not trusted)"
          }
        Terminal.standardOutput(TimestampText.sentence(timestamped, false) + word + "\n")
      }
    }

    private func export(to file: String) throws {
      guard file != "-" else {
        throw Failure("A timestamp needs a file, beside which what it is of is put.", exit: .usage)
      }
      let ledger = try LedgerFolder(place.folder, for: .readOnly)
      let kept = try kept(in: ledger).filter { size == nil || $0.timestamped.size == size }
      // Of several on as many entries, the earliest proves most.
      guard let largest = kept.last?.timestamped.size,
        let newest = kept.first(where: { $0.timestamped.size == largest })
      else {
        throw Failure(
          size.map { "No timestamp on \($0.entries) is kept." } ?? "No timestamp is kept.",
          hint: "`onus checkpoint timestamp --list` shows what is.")
      }
      try Files.write(newest.stored.checkpoint, to: Self.checkpointFile(file))
      try Files.write(newest.stored.response, to: file)
      if place.json { return Answer.json(newest.timestamped.json) }
      Terminal.standardOutput(
        """
        \(TimestampText.sentence(newest.timestamped, false))
        anybody checks it with: openssl ts -verify -data \(Terminal.safe(Self.checkpointFile(file))) -in \(Terminal.safe(file)) -CAfile AUTHORITY.pem

        """)
    }
  }
}

/// A file of certificates by which timestamp authorities are known.
enum CertificateFile {
  /// The certificates in a file.
  static func read(_ path: String) throws(Failure) -> TrustedCertificates {
    let bytes = try Files.read(path, limit: TrustedCertificates.maximumByteCount)
    do {
      return try TrustedCertificates(pem: bytes)
    } catch {
      throw Failure(
        "\(path): \(error.message)",
        hint:
          "It is the CA certificate that the authority publishes; `openssl x509 -inform DER` makes PEM of DER."
      )
    }
  }
}

extension Failure {
  /// What is wrong with a timestamp that came from somewhere.
  fileprivate init(timestamp error: CryptographyError, from source: String) {
    let exit: Exit =
      switch error.code {
      case .otherTimestamp, .forgedTimestamp: .violation
      case .untrustedTimestamp: .notChecked
      default: .couldNotRun
      }
    self.init("\(source): \(error.message)", exit: exit)
  }
}
