internal import Glibc
internal import HelperProtocol

/// What is posted to a server.
struct NetPost {
  let address: WebAddress
  let contentType: String
  /// The media type that the answer must have, whose status is then 200; `nil` takes whatever comes.
  var accept: String?
  let body: [UInt8]
  /// The most bytes of the answer.
  let limit: Int
  /// How long all of it may take.
  let seconds: Int

  /// What became of it: whatever the server answered, or one sentence why it did not.
  enum Outcome {
    case answered(HelperMessage.Answer)
    case failed(HelperExit, String)
  }

  /// How many are under way at once: each is a process, and three descriptors of the 1024 that this
  /// one is commonly given.
  private static let maximumCount = 64
  /// How long a helper may take to start and to end beyond the time it was given.
  private static let grace = 5

  /// Posts all of them, each within its time, which runs for all from now; the outcomes are in their
  /// order.
  ///
  /// Beyond the most that are under way at once, one waits until another has ended, and has what is left
  /// of its time then.
  static func run(_ posts: [NetPost]) throws -> [Outcome] {
    let start = ContinuousClock.now
    var outcomes: [Outcome?] = Array(repeating: nil, count: posts.count)
    var running: [Running] = []
    var next = 0
    while next < posts.count || !running.isEmpty {
      while next < posts.count, running.count < maximumCount {
        let left = posts[next].seconds - Int((ContinuousClock.now - start).components.seconds)
        if left > 0 {
          running.append(try Running(posts[next], number: next, seconds: left))
        } else {
          outcomes[next] = .failed(
            .unanswered, "\(posts[next].address) was not asked: others took the time for it.")
        }
        next += 1
      }
      Running.wait(for: running)
      for post in running where post.isOver { outcomes[post.number] = post.outcome() }
      running.removeAll { $0.isOver }
    }
    return outcomes.compactMap { $0 }
  }

  /// One that is under way.
  private final class Running {
    let number: Int
    private let post: NetPost
    private let helper: HelperProcess
    private let deadline: ContinuousClock.Instant
    private var unsent: ArraySlice<UInt8>
    private var answer: [UInt8] = []
    private var complaint: [UInt8] = []
    private var hasAnswered = false
    private var hasComplained = false
    private var isLate = false
    private var isTooLong = false

    init(_ post: NetPost, number: Int, seconds: Int) throws {
      self.post = post
      self.number = number
      unsent = post.body[...]
      deadline = .now + .seconds(seconds + NetPost.grace)
      helper = try HelperProcess(
        [
          "post", "--content-type", post.contentType, "--limit", "\(post.limit)",
          "--timeout", "\(seconds)",
        ] + (post.accept.map { ["--accept", $0] } ?? ["--framed"]) + ["\(post.address)"],
        errors: .captured)
      let flags = fcntl(helper.input, F_GETFL)
      _ = fcntl(helper.input, F_SETFL, flags | O_NONBLOCK)
      if unsent.isEmpty { helper.closeInput() }
    }

    var isOver: Bool { hasAnswered && hasComplained || isLate || isTooLong }

    /// The most bytes that the helper has to write.
    private var answerLimit: Int {
      post.limit + (post.accept == nil ? Frame.maximumLineByteCount : 0)
    }

    /// Waits until something happens to one of them, and takes note of it.
    static func wait(for running: [Running]) {
      var waited = running.flatMap { $0.descriptors }
      guard let deadline = running.map(\.deadline).min() else { return }
      let count = nfds_t(waited.count)
      _ = unsafe poll(&waited, count, HelperProcess.milliseconds(until: deadline))
      for (place, post) in running.enumerated() {
        post.note(waited[(place * 3)..<(place * 3 + 3)].map { $0.revents != 0 })
      }
    }

    /// Its standard input, output and error; a descriptor of -1 is passed over.
    private var descriptors: [pollfd] {
      [
        pollfd(fd: helper.input, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: hasAnswered ? -1 : helper.output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: hasComplained ? -1 : helper.errors, events: Int16(POLLIN), revents: 0),
      ]
    }

    private func note(_ isReady: [Bool]) {
      if isReady[0] { send() }
      if isReady[1] {
        if let bytes = HelperProcess.read(helper.output) {
          answer += bytes
          if answer.count > answerLimit { isTooLong = true }
        } else {
          hasAnswered = true
        }
      }
      if isReady[2] {
        if let bytes = HelperProcess.read(helper.errors) {
          if complaint.count < 1 << 16 { complaint += bytes }
        } else {
          hasComplained = true
        }
      }
      if !isOver, deadline <= .now { isLate = true }
      if isLate || isTooLong { helper.kill() }
    }

    private func send() {
      let count = unsafe unsent.withUnsafeBytes {
        unsafe write(helper.input, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR || errno == EAGAIN { return }
      unsent = count < 0 ? [] : unsent.dropFirst(count)
      if unsent.isEmpty { helper.closeInput() }
    }

    func outcome() -> Outcome {
      let code = helper.wait(until: deadline)
      if isTooLong {
        return .failed(
          .unacceptable, "\(post.address) answered with more than \(post.limit) bytes.")
      }
      guard let code, !isLate else {
        return .failed(.unanswered, "\(post.address) gave no answer within \(post.seconds) s.")
      }
      guard code == HelperExit.done.rawValue else {
        let line = String(decoding: complaint.prefix { $0 != 0x0A }, as: UTF8.self)
        let name = "onus-net: "
        let reason = line.hasPrefix(name) ? String(line.dropFirst(name.count)) : line
        guard !reason.isEmpty else {
          return .failed(.couldNotRun, "onus-net ended with \(code) and said nothing.")
        }
        return .failed(HelperExit(rawValue: code) ?? .couldNotRun, reason)
      }
      if let type = post.accept {
        return .answered(HelperMessage.Answer(status: 200, contentType: type, body: answer))
      }
      var frames = Frame.Reader()
      frames.append(answer)
      guard let frame = try? frames.next(), !frames.isInside,
        case .answer(0, let answer)? = try? HelperMessage(frame)
      else {
        return .failed(.couldNotRun, "onus-net does not speak as this version of onus does.")
      }
      return .answered(answer)
    }
  }
}
