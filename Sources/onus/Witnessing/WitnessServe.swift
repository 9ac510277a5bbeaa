internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Glibc
internal import HelperProtocol
internal import Ledger
internal import Synchronization
internal import TransparencyLog

extension WitnessCommand {
  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve",
      abstract: "Cosign for whoever asks by HTTP, until it is ended.",
      discussion: """
        POST PREFIX/add-checkpoint and GET PREFIX/HASH/checkpoint of c2sp.org/tlog-witness. onus-net \
        speaks HTTP and holds no key; this process holds the key and speaks to nobody. Each request \
        is a line on standard error: time, client, method, path, status, bytes in, bytes out, how \
        long it took, and which log and sizes it was about. SIGTERM and SIGINT end it when what has \
        begun is answered. It speaks no TLS: beyond one machine, put a proxy that does before it.

        Example:
          onus witness serve --witness court --listen 127.0.0.1:8080
        """)

    @Option(
      help: "Where to listen: HOST:PORT, such as 0.0.0.0:8080; port 0 takes one that is free.")
    var listen = "127.0.0.1:8080"
    @Option(help: "What stands before the paths, such as /witness.") var prefix = ""
    @Option(help: "How many connections there are at most; others wait.") var connections = 64
    @Option(help: "How many seconds a client has for the head of a request, and for its body.")
    var timeout = 10
    @OptionGroup var place: WitnessOptions

    func validate() throws {
      guard (1...4096).contains(connections), (1...3600).contains(timeout) else {
        throw ValidationError("--connections is 1 to 4096, and --timeout 1 to 3600 seconds.")
      }
    }

    func run() throws {
      let address: ListenAddress
      let routes: [Route]
      do {
        address = try ListenAddress(listen)
        let limit = WitnessRequest.maximumByteCount
        routes = try ["POST \(prefix)/add-checkpoint \(limit)", "GET \(prefix)/*/checkpoint 0"].map
        {
          text throws(HelperError) in try Route(text)
        }
      } catch {
        throw Failure(error.message, exit: .usage)
      }
      let witness = try place.key.cosigner()
      // Whoever starts it is told of a lost memory; else only the log that asks would be.
      for log in try place.folder.logs() { _ = try place.folder.latest(of: log.name) }
      let key = try place.key.signing(witness)
      let arguments =
        ["serve", "--listen", "\(address)", "--connections", "\(connections)"]
        + ["--timeout", "\(timeout)"]
        + routes.flatMap { ["--route", "\($0)"] }
      let helper = try HelperProcess(arguments, errors: .shared)
      Interruption.passOn(to: helper.process)
      try helper.hearHello()
      serving: while let message = try helper.hear() {
        switch message {
        case .listening(let listening):
          announce(witness, listening, address)
        case .request(let id, let method, let path, let body):
          let reply = reply(method, path, body, key, witness)
          let answer = HelperMessage.Answer(
            status: reply.answer.status,
            contentType: reply.answer.contentType.filter { $0 != " " }, remark: reply.remark,
            body: reply.answer.body)
          guard helper.say(.answer(id: id, answer)) else { break serving }
        case .failed(_, let reason): throw Failure(reason)
        default: throw Failure("onus-net does not speak as this version of onus does.")
        }
      }
      let code = helper.wait()
      guard code == HelperExit.done.rawValue else {
        throw Failure("onus-net ended with \(code), and nothing is served any more.")
      }
    }

    private func announce(_ witness: CosignerKey, _ place: String, _ address: ListenAddress) {
      if self.place.json {
        Answer.json([
          "key": .string(witness.description), "listening": .string("http://\(place)\(prefix)"),
        ])
      } else {
        Terminal.standardOutput("\(witness)\nlistens on http://\(place)\(prefix)\n")
      }
      if !address.isLoopback {
        Terminal.standardError(
          "onus: Others than this machine reach it, without TLS: what is asked and cosigned is no secret, but only a proxy before it tells clients that it is yours.\n"
        )
      }
    }

    private func reply(
      _ method: String, _ path: String, _ body: [UInt8], _ key: SigningKey, _ witness: CosignerKey
    ) -> WitnessReply {
      do {
        if method == "POST" {
          let seconds = UInt64(clamping: MachineClock.now().milliseconds / 1000)
          return try place.folder.reply(toAddCheckpoint: body, at: seconds, with: key, as: witness)
        }
        let hash = path.dropFirst(prefix.count + 1).prefix { $0 != "/" }
        return try place.folder.reply(toMonitor: String(hash))
      } catch {
        // The client learns that it failed; whoever runs the witness learns why.
        Terminal.standardError("onus: \(Terminal.safe(Failure(error).message))\n")
        return .failed
      }
    }
  }
}

/// Hands on the signals that ask this process to end.
enum Interruption {
  private static let process = Atomic<pid_t>(0)

  /// From now on SIGTERM and SIGINT go to that process, whose end is waited for.
  static func passOn(to process: pid_t) {
    Self.process.store(process, ordering: .sequentiallyConsistent)
    for number in [SIGTERM, SIGINT] {
      // Only what may be done in a handler: an atomic read, and a system call.
      _ = signal(number) { _ in
        _ = kill(Interruption.process.load(ordering: .sequentiallyConsistent), SIGTERM)
      }
    }
  }
}
