internal import Encoding
internal import Glibc
internal import HelperProtocol
internal import NIOCore

/// One line on standard error for each request: `docs/formats/onus-net.md` says which words.
struct AccessLine: Sendable {
  var method = "-"
  var path = "-"
  var status = 0
  var received = 0
  var sent = 0
  var remark: [String] = []
  let client: String
  let start = ContinuousClock.now

  init(_ client: SocketAddress?) {
    self.client =
      client.flatMap { address in
        address.ipAddress.map { ListenAddress.text(host: $0, port: address.port ?? 0) }
      } ?? "-"
  }

  /// Writes the line in one piece.
  func write() {
    let time = ContinuousClock.now - start
    let milliseconds =
      time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
    let words =
      [
        Self.now(), client, Self.short(method), Self.short(path), "\(status)", "\(received)",
        "\(sent)", "\(milliseconds)ms",
      ] + remark
    _ = Standard.write(Array("\(words.joined(separator: " "))\n".utf8), to: 2)
  }

  /// What a stranger wrote, as one word of bounded length that a terminal does not obey.
  private static func short(_ text: String) -> String {
    let safe = String(
      decoding: text.utf8.prefix(256).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") },
      as: UTF8.self)
    return safe.isEmpty ? "-" : safe
  }

  private static func now() -> String {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    return Timestamp(milliseconds: milliseconds).description
  }
}
