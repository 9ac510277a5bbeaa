internal import Glibc
internal import HelperProtocol
internal import Ledger

/// A running `onus-net`, which speaks on a network for this command, as git starts its helpers.
///
/// It is started with nothing of ours but its words: no key, no passphrase, no open file.
final class HelperProcess {
  /// Where the helper's standard error goes.
  enum Errors {
    /// Where ours goes.
    case shared
    /// To whoever reads it from here.
    case captured
  }

  let process: pid_t
  /// Its standard input; -1 once it is closed.
  private(set) var input: Int32
  /// Its standard output.
  let output: Int32
  /// Its standard error, or -1.
  let errors: Int32
  private var status: Int32?
  private var frames = Frame.Reader()

  init(_ arguments: [String], errors: Errors) throws(Failure) {
    let program = try Self.program()
    // A helper that has gone is told by the error of the write.
    _ = signal(SIGPIPE, SIG_IGN)
    let toHelper = try Self.pipe()
    let fromHelper = try Self.pipe()
    let complaints = errors == .captured ? try Self.pipe() : nil
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, toHelper.read, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, fromHelper.write, 1)
    if let complaints { unsafe posix_spawn_file_actions_adddup2(&actions, complaints.write, 2) }
    var process: pid_t = 0
    // Lists as C has them: each ends in a null pointer, and lives until the call has returned.
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    let settings = unsafe Self.environment().map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + settings).forEach { unsafe free($0) } }
    let code = unsafe posix_spawn(&process, program, &actions, nil, words, settings)
    for descriptor in [toHelper.read, fromHelper.write, complaints?.write ?? -1]
    where descriptor >= 0 {
      close(descriptor)
    }
    (input, output) = (toHelper.write, fromHelper.read)
    self.errors = complaints?.read ?? -1
    self.process = process
    guard code == 0 else {
      status = HelperExit.couldNotRun.rawValue
      throw Failure("\(program) cannot be started: \(unsafe String(cString: strerror(code))).")
    }
  }

  deinit {
    end()
    close(output)
    if errors >= 0 { close(errors) }
  }

  /// Closes its standard input, which ends it, and waits for that.
  func end() {
    closeInput()
    _ = wait()
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Waits for its end: its exit code, or 128 and the signal.
  func wait() -> Int32 { reap(0) ?? 128 }

  /// Waits for its end until then: as ``wait()``, or `nil` if it had to be ended.
  func wait(until deadline: ContinuousClock.Instant) -> Int32? {
    while true {
      if let code = reap(WNOHANG) { return code }
      guard ContinuousClock.now < deadline else { break }
      usleep(2000)
    }
    kill()
    _ = wait()
    return nil
  }

  private func reap(_ options: Int32) -> Int32? {
    if let status { return status }
    var raw: Int32 = 0
    var ended: pid_t
    repeat { ended = unsafe waitpid(process, &raw, options) } while ended < 0 && errno == EINTR
    guard ended != 0 else { return nil }
    let code = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + (raw & 0x7F)
    status = code
    return code
  }

  func kill(_ number: Int32 = SIGKILL) {
    if status == nil { Glibc.kill(process, number) }
  }

  // MARK: What is said

  /// Says something to it; false if it is not there any more.
  func say(_ message: HelperMessage) -> Bool {
    var rest = message.bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The next thing it says; `nil` if it says no more.
  ///
  /// - Parameter seconds: How long to wait for it; without, for ever.
  func hear(within seconds: Int? = nil) throws(Failure) -> HelperMessage? {
    let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
    do {
      while true {
        if let frame = try frames.next() { return try HelperMessage(frame) }
        var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        let ready = unsafe poll(&waited, 1, Self.milliseconds(until: deadline))
        if ready < 0, errno == EINTR { continue }
        guard ready > 0 else {
          kill()
          throw Failure("onus-net did not answer in time, and was ended.")
        }
        guard let bytes = Self.read(output) else {
          guard !frames.isInside else { throw HelperError("It ended in the middle of a message.") }
          return nil
        }
        frames.append(bytes)
      }
    } catch let error as HelperError {
      throw Failure(
        "\(Self.name) does not speak as this version of onus does: \(error.message)",
        hint: "Build both from the same source.")
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(error)
    }
  }

  /// Hears the helper's greeting, which names the version of what it speaks.
  func hearHello() throws(Failure) {
    guard let message = try hear(within: 30) else {
      throw Failure("\(Self.name) ended with \(wait()) before it was asked anything.")
    }
    guard message == .hello(version: HelperMessage.version) else {
      throw Failure(
        "\(Self.name) does not speak as this version of onus does.",
        hint: "Build both from the same source.")
    }
  }

  /// What is there to be read, at most 64 KiB; `nil` at the end.
  static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      return Array(buffer[..<count])
    }
  }

  /// How long `poll` waits; -1 for ever.
  static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
    guard let deadline else { return -1 }
    let left = deadline - .now
    let milliseconds =
      left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
    return Int32(clamping: max(0, milliseconds))
  }
}

extension HelperProcess {
  private static let name = "onus-net"

  /// The helper's file: `$ONUS_NET`, else `onus-net` beside this command.
  private static func program() throws(Failure) -> String {
    let named = Files.environment("ONUS_NET")
    let path = named ?? "\(folder())/\(name)"
    guard unsafe access(path, X_OK) == 0 else {
      throw Failure(
        named == nil
          ? "What speaks on a network is not installed: there is no \(name) beside this command, at \(path)."
          : "There is no program at \(path), which ONUS_NET names.",
        hint:
          "Build it with `swift build -c release --product onus-net`, and put it beside onus or name it in ONUS_NET."
      )
    }
    return path
  }

  /// The folder that this command lies in.
  private static func folder() -> String {
    let path = Ledger.Files.withoutLinks("/proc/self/exe")
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// What of our environment is no secret and is needed there.
  private static func environment() -> [String] {
    ["TMPDIR", "SSL_CERT_FILE", "LD_LIBRARY_PATH"].compactMap { name in
      Files.environment(name).map { "\(name)=\($0)" }
    }
  }

  private static func pipe() throws(Failure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard unsafe Glibc.pipe(&ends) == 0 else {
      throw Failure("No pipe can be made: \(Files.reason()).")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}
