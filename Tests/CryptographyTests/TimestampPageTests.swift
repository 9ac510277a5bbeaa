import Cryptography
import Encoding
import Foundation
import TestAuthority
import Testing

/// The worked example of docs/formats/timestamp.md, which was made once and must be read for ever.
@Suite struct `The page of timestamps` {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func block(_ tag: String) throws -> String {
    let page = try String(
      contentsOf: repository.appending(path: "docs/formats/timestamp.md"), encoding: .utf8)
    let start = try #require(page.firstRange(of: "\n```\(tag)\n")).upperBound
    let stop = try #require(page[start...].firstRange(of: "```")).lowerBound
    return String(page[start..<stop])
  }

  private let checkpoint: [UInt8]
  private let request: [UInt8]
  private let response: [UInt8]
  private let certificate: [UInt8]

  init() throws {
    func joined(_ tag: String) throws -> String { try Self.block(tag).replacing("\n", with: "") }
    checkpoint = Array(try Self.block("checkpoint").utf8)
    request = try #require(Hex.decode(joined("request")))
    response = try #require(Base64.decode(joined("response")))
    certificate = Array(try Self.block("certificate").utf8)
  }

  @Test func `shows a request that we make, and an answer to it that counts`() throws {
    let made = try TimestampRequest.make(
      of: SHA256.hash(checkpoint), nonce: #require(Hex.decode("4f6e757320333136")))
    #expect(made.bytes == request)
    let answer = try TimestampResponse(response)
    try answer.check(answers: TimestampRequest(request))
    try answer.check(of: checkpoint)
    try answer.check(trusting: TrustedCertificates(pem: certificate))
    #expect(answer.time.description == "2026-11-28T01:57:02.000Z")
    #expect(answer.accuracyMilliseconds == 1000)
    #expect(answer.serial == "02")
    #expect(answer.policy == "1.2.3.4.1")
    #expect(answer.authority == "CN=Beihe Time,O=Beihe")
  }

  @Test(.enabled(if: TestAuthority.isAvailable, noOpenSSL))
  func `shows what openssl says of both`() throws {
    let bench = try TimestampBench()
    let authority = try bench.authority()
    try Data(request).write(to: authority.folder.appending(path: "page.tsq"))
    let text = try authority.openssl(["ts", "-query", "-in", "page.tsq", "-text"])
    for line in try Self.block("text").split(separator: "\n") {
      #expect(text.contains(line), "\(text)")
    }
    try Data(certificate).write(to: authority.folder.appending(path: "page.pem"))
    let verdict = try authority.accepts(response, of: checkpoint, trusting: "page.pem")
    #expect(verdict.isAccepted, "\(verdict.said)")
  }
}
