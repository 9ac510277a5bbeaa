internal import Glibc

/// `onus-net`, the sibling executable that alone speaks on a network, started as git starts its
/// helpers: so the command stays small and can be built without a network stack.
///
/// One call is one process: the body on its standard input, the answer on its standard output, and on
/// standard error one sentence if there is none.
enum NetHelper {
  private static let name = "onus-net"
  /// How long it may outlive its own time limit.
  private static let graceSeconds = 5

  /// What is posted, where to, and what is asked of the answer.
  struct Post {
    var body: [UInt8]
    var url: String
    var contentType: String
    var accept: String
    /// The most bytes of the answer.
    var limit: Int
    /// The whole of the time it may take.
    var seconds: Int
  }

  /// Posts, and returns the body of the answer.
  static func post(_ post: Post) throws(Failure) -> [UInt8] {
    let (answer, said, code) = try run(
      [
        "post", "--content-type", post.contentType, "--accept", post.accept,
        "--limit", String(post.limit), "--timeout", String(post.seconds), post.url,
      ], input: post.body, limit: post.limit, seconds: post.seconds + graceSeconds)
    guard answer.count <= post.limit else {
      throw Failure("\(post.url) answered with more than \(post.limit) bytes.")
    }
    guard code == 0 else {
      let sentence = said.split(separator: "\n").first.map { String($0) } ?? "\(name) failed"
      let prefix = "\(name): "
      let reason = sentence.hasPrefix(prefix) ? String(sentence.dropFirst(prefix.count)) : sentence
      throw Failure(
        reason.contains(post.url) ? reason : "\(post.url): \(reason)",
        hint: "Or go by file: --request-to FILE, and --from FILE.")
    }
    return answer
  }

  /// The helper beside this executable.
  private static func path() throws(Failure) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    let own = String(
      decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = own.lastIndex(of: "/").map { own[...$0] + name } ?? name[...]
    guard unsafe access(String(path), X_OK) == 0 else {
      throw Failure(
        "There is no \(name) beside this command, and only that speaks on a network.",
        hint: "Install it there, or go by file: --request-to FILE, and --from FILE.")
    }
    return String(path)
  }

  // MARK: One process

  private static func run(
    _ arguments: [String], input: [UInt8], limit: Int, seconds: Int
  ) throws(Failure) -> (answer: [UInt8], said: String, code: Int32) {
    let path = try path()
    let (stdin, stdout, stderr) = (try Pipe(), try Pipe(), try Pipe())
    let process = try spawn([path] + arguments, stdin, stdout, stderr)
    // A helper that reads no further must not end this command.
    let before = signal(SIGPIPE, SIG_IGN)
    defer { _ = signal(SIGPIPE, before) }
    stdin.closeReading()
    stdout.closeWriting()
    stderr.closeWriting()
    var exchange = Exchange(input: input, limit: limit)
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    let isInTime = exchange.go(stdin, stdout, stderr, until: end)
    // Whoever waits for room to say too much would wait for ever.
    if !isInTime || exchange.answer.count > limit { kill(process, SIGKILL) }
    let code = wait(for: process, until: end)
    guard isInTime, let code else {
      throw Failure("\(name) gave no answer within \(seconds) seconds.")
    }
    return (exchange.answer, String(decoding: exchange.said, as: UTF8.self), code)
  }

  /// How a process ended, 128 if by a signal; `nil` if it had to be ended.
  private static func wait(for process: pid_t, until end: ContinuousClock.Instant) -> Int32? {
    var status: Int32 = 0
    while true {
      let isLate = ContinuousClock.now >= end
      if isLate { kill(process, SIGKILL) }
      let ended = unsafe waitpid(process, &status, isLate ? 0 : WNOHANG)
      if ended == process {
        return isLate ? nil : status & 0x7F == 0 ? (status >> 8) & 0xFF : 128
      }
      if ended < 0, errno != EINTR { return 128 }
      if ended == 0 { usleep(2000) }
    }
  }

  private static func spawn(
    _ words: [String], _ stdin: Pipe, _ stdout: Pipe, _ stderr: Pipe
  ) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, stdin.reading, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, stdout.writing, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, stderr.writing, 2)
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawn(&process, words[0], &actions, nil, &arguments, environ)
    guard code == 0 else {
      throw Failure("\(name) cannot be started: \(unsafe String(cString: strerror(code))).")
    }
    return process
  }
}

/// Two ends of a pipe, closed when it goes.
private final class Pipe {
  private(set) var reading: Int32 = -1
  private(set) var writing: Int32 = -1

  init() throws(Failure) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 })
    else {
      throw Failure("A pipe cannot be opened: \(Files.reason()).")
    }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}

/// What goes to a process and what comes back, in whatever order the process likes.
private struct Exchange {
  var input: [UInt8]
  /// The most bytes of the answer; one more is read, which shows that there are too many.
  let limit: Int
  var answer: [UInt8] = []
  var said: [UInt8] = []
  private var isAnswerWhole = false
  private var isSaidWhole = false
  private static let saidLimit = 4096

  init(input: [UInt8], limit: Int) {
    self.input = input
    self.limit = limit
  }

  /// - Returns: Whether the process ended both outputs, or said too much, in time.
  mutating func go(
    _ stdin: Pipe, _ stdout: Pipe, _ stderr: Pipe, until end: ContinuousClock.Instant
  ) -> Bool {
    _ = fcntl(stdin.writing, F_SETFL, O_NONBLOCK)
    while !isAnswerWhole || !isSaidWhole {
      if input.isEmpty { stdin.closeWriting() }
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { return false }
      // A descriptor below 0 is passed over.
      var waiting = [
        pollfd(fd: isAnswerWhole ? -1 : stdout.reading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isSaidWhole ? -1 : stderr.reading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stdin.writing, events: Int16(POLLOUT), revents: 0),
      ]
      let milliseconds = Int32(clamping: left.components.seconds * 1000 + 1)
      guard unsafe poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { continue }
      if waiting[0].revents != 0 {
        isAnswerWhole = Self.read(stdout.reading, into: &answer, upTo: limit + 1)
      }
      if waiting[1].revents != 0 {
        isSaidWhole = Self.read(stderr.reading, into: &said, upTo: Self.saidLimit)
      }
      if waiting[2].revents != 0 { write(to: stdin) }
      // Nobody waits for the rest of what is too long.
      if answer.count > limit { return true }
    }
    return true
  }

  private mutating func write(to stdin: Pipe) {
    let count = unsafe input.withUnsafeBytes {
      unsafe Glibc.write(stdin.writing, $0.baseAddress, $0.count)
    }
    if count > 0 {
      input.removeFirst(count)
    } else if count < 0, errno != EAGAIN, errno != EINTR {
      input = []
    }
  }

  /// - Returns: Whether that was the end.
  private static func read(_ file: Int32, into bytes: inout [UInt8], upTo limit: Int) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe Glibc.read(file, $0.baseAddress, $0.count)
    }
    if count < 0 { return errno != EINTR && errno != EAGAIN }
    bytes += buffer[..<min(count, max(0, limit - bytes.count))]
    return count == 0
  }
}
