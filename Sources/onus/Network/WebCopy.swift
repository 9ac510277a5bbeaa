internal import ArgumentParser
internal import Encoding
internal import Glibc
internal import HelperProtocol
internal import Ledger
internal import TransparencyLog

/// How much is fetched, and for how long it is waited.
struct FetchOptions: ParsableArguments {
  @Option(help: "Of an address: how many seconds one file may take.") var timeout = 60
  @Option(help: "Of an address: how many bytes are fetched at most.")
  var downloadLimit: UInt64 = 8 << 30

  func validate() throws {
    guard (1...3600).contains(timeout) else {
      throw ValidationError("--timeout is 1 to 3600 seconds.")
    }
  }
}

/// A tiles folder that is served by HTTP, fetched into a folder that ends with this process.
///
/// First the checkpoint, then exactly the files of its size, each no longer than the form allows. What
/// the server does not have, or sends longer, is missing from the folder as it would be from one on
/// disk; the audit says so. Nothing is believed: the audit of the folder finds out.
final class WebCopy {
  /// Where the export has been fetched to.
  var path: String { "\(folder)/export" }
  private let folder: String
  private let address: WebAddress
  private let helper: HelperProcess
  private let options: FetchOptions
  private let say: (String) -> Void
  private var fetched: UInt64 = 0
  /// What the tree needs and the server does not have, or not in its length.
  private var lost: [String] = []

  /// How many files are under way at once.
  private static let window = 16
  /// How often a copy is begun again because the log has grown meanwhile.
  private static let attemptCount = 3
  private static let checkpointLimit: UInt64 = 1 << 20

  /// Fetches the export at an address.
  ///
  /// - Parameter say: Takes sentences for whoever watches.
  init(_ address: String, _ options: FetchOptions, say: @escaping (String) -> Void) throws {
    do {
      self.address = try WebAddress(address)
      _ = try self.address.below("checkpoint")
    } catch {
      throw Failure(
        "\(TextRules.quoted(address)) is no address to read a ledger at: \(error.message)",
        exit: .usage)
    }
    self.options = options
    self.say = say
    helper = try HelperProcess(
      [
        "fetch", "--timeout", "\(options.timeout)", "--connections", "\(Self.window)",
        "\(self.address)",
      ], errors: .shared)
    try helper.hearHello()
    switch try helper.hear(within: 30) {
    case .folder(let path)?: folder = path
    case .failed(_, let reason)?: throw Failure(reason)
    default: throw Failure("onus-net does not speak as this version of onus does.")
    }
    try fetch()
  }

  deinit { close() }

  /// Deletes what was fetched: the helper does, and if somebody has ended it, we do.
  func close() {
    helper.end()
    if Files.exists(folder) { Self.remove(folder) }
  }

  private static func remove(_ folder: String) {
    for name in Files.names(in: folder) {
      let path = "\(folder)/\(name)"
      if unsafe unlink(path) != 0 { remove(path) }
    }
    Files.removeEmptyFolder(folder)
  }

  private func fetch() throws {
    var signed = try checkpoint("export/checkpoint")
    for _ in 0..<Self.attemptCount {
      let isWhole = try fetchTree(of: signed.checkpoint.size)
      let newest = try checkpoint("checkpoint")
      try requireOneHistory(signed.checkpoint, newest.checkpoint)
      if isWhole || newest.checkpoint == signed.checkpoint {
        if newest.checkpoint != signed.checkpoint {
          say(
            "The log had \(newest.checkpoint.size.entries) when all was fetched; what follows is of the \(signed.checkpoint.size) it had before."
          )
        }
        if let first = lost.min() {
          let rest = lost.count == 1 ? "" : ", nor are \(lost.count - 1) more"
          say(
            "\(first) is not at \(address) as a log of \(signed.checkpoint.size.entries) has it\(rest)."
          )
        }
        return
      }
      // Files of the old size have gone while it grew: the same again with the new one.
      try discardEdges(of: signed.checkpoint.size)
      signed = newest
      try Files.write(newest.bytes, to: "\(path)/checkpoint", mode: 0o600)
    }
    throw Failure(
      "The ledger at \(address) changed each of \(Self.attemptCount) times that it was fetched.",
      hint: "Try again, or fetch from a place that changes less often.", exit: .couldNotRun)
  }

  /// The checkpoint that the server shows now.
  private func checkpoint(_ name: String) throws -> SignedCheckpoint {
    try order("checkpoint", as: name, limit: Self.checkpointLimit)
    guard try take().isThere else {
      throw Failure(
        "There is no exported ledger at \(address): its file checkpoint is not there, or too long.",
        hint: "Name the address of a folder that `onus export tiles` wrote.")
    }
    let bytes = try Files.read("\(folder)/\(name)", limit: Int(Self.checkpointLimit))
    guard let signed = try? SignedCheckpoint(bytes) else {
      throw Failure(
        "What \(address) serves as checkpoint is none.",
        hint: "Name the address of a folder that `onus export tiles` wrote.")
    }
    return signed
  }

  /// Throws if the server has shown two trees of one size.
  private func requireOneHistory(_ one: Checkpoint, _ two: Checkpoint) throws {
    guard one.size == two.size, one.root != two.root else { return }
    throw Failure(
      "\(address) has shown two checkpoints of \(one.size.entries) with different roots: its readers are shown two histories.",
      hint: "Fetch the checkpoint again until you hold both, and run `onus equivocation` on them.",
      exit: .violation)
  }

  /// Fetches every file of a log of that size that is not here yet; false if one is missing.
  private func fetchTree(of size: UInt64) throws -> Bool {
    // Before the first: what a made up size would cost.
    guard size < 1 << 56, size * 40 <= options.downloadLimit else { throw tooMuch(size) }
    lost = []
    var underWay = 0
    var done = 0
    func settle() throws {
      let (name, isThere) = try take()
      if !isThere { lost.append(String(name.dropFirst("export/".count))) }
      underWay -= 1
      done += 1
      if done % 64 == 0 { Self.draw("fetched \(done) files, \(fetched) bytes") }
      guard fetched <= options.downloadLimit else { throw tooMuch(size) }
    }
    for file in TreeFile.files(ofSize: size) {
      guard !file.isFull || !Files.exists("\(path)/\(file.path)") else { continue }
      if underWay == Self.window { try settle() }
      try order(file.path, as: "export/\(file.path)", limit: UInt64(file.maximumByteCount))
      underWay += 1
    }
    while underWay > 0 { try settle() }
    Self.draw(nil)
    return lost.isEmpty
  }

  private func tooMuch(_ size: UInt64) -> Failure {
    Failure(
      "The ledger at \(address), of \(size.entries), is more than the \(options.downloadLimit) bytes that are fetched.",
      hint: "Allow more with --download-limit, and see that there is room in TMPDIR.")
  }

  /// Deletes the files that a log of that size has and a larger one has not.
  private func discardEdges(of size: UInt64) throws {
    for file in TreeFile.edges(ofSize: size) { try Files.remove("\(path)/\(file.path)") }
  }

  // MARK: The helper

  private func order(_ path: String, as name: String, limit: UInt64) throws {
    guard helper.say(.get(path: path, name: name, limit: limit)) else {
      throw Failure("onus-net ended before all was fetched.")
    }
  }

  /// What became of one order, in whatever order they end.
  private func take() throws -> (name: String, isThere: Bool) {
    // Each is tried twice.
    switch try helper.hear(within: 2 * options.timeout + 10) {
    case .got(let name, let count)?:
      fetched += count
      return (name, true)
    case .missing(let name)?, .tooLong(let name)?: return (name, false)
    case .failed(_, let reason)?:
      throw Failure("The ledger at \(address) could not be fetched: \(reason)")
    default: throw Failure("onus-net ended before all was fetched.")
    }
  }

  private static func draw(_ text: String?) {
    guard Terminal.showsProgress else { return }
    Terminal.standardError("\r\u{1B}[K" + (text ?? ""))
  }
}
