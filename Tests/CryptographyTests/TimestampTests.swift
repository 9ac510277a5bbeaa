import Cryptography
import Encoding
import Foundation
import TestAuthority
import Testing

/// What the tests of timestamps have at hand: a folder that goes away, and authorities in it.
final class TimestampBench {
  let folder = NSTemporaryDirectory() + "onus-timestamps-\(UUID().uuidString)"
  let message = Array("beihe.example/plan\n7\n".utf8)
  var imprint: [UInt8] { SHA256.hash(message).bytes }

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func authority(_ change: (inout TestAuthority.Kind) -> Void = { _ in }) throws -> TestAuthority {
    var kind = TestAuthority.Kind()
    change(&kind)
    return try TestAuthority(in: folder, kind)
  }

  func statement(
    _ change: (inout TestAuthority.Statement) -> Void = { _ in }
  ) -> TestAuthority.Statement {
    var statement = TestAuthority.Statement(imprint: imprint)
    change(&statement)
    return statement
  }
}

/// The code that a check fails with; `nil` if it does not.
func code(_ body: () throws -> Void) -> CryptographyError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? CryptographyError)?.code
  }
}

let noOpenSSL: Comment = "openssl is not installed"

@Suite(.enabled(if: TestAuthority.isAvailable, noOpenSSL))
struct `A request for a timestamp` {
  let bench: TimestampBench
  init() throws { bench = try TimestampBench() }

  @Test func `states hash, number and policy, and is what openssl reads and writes`() throws {
    let request = try TimestampRequest.make(
      of: SHA256.hash(bench.message), policy: "1.2.3.4.5", nonce: [0x7F, 1, 2])
    #expect(request.nonce == [0x7F, 1, 2])
    #expect(request.policy == "1.2.3.4.5")
    #expect(try TimestampRequest(request.bytes) == request)
    let authority = try bench.authority()
    try Data(request.bytes).write(to: authority.folder.appending(path: "q.tsq"))
    let text = try authority.openssl(["ts", "-query", "-in", "q.tsq", "-text"])
    for line in [
      "Hash Algorithm: sha256", "Policy OID: 1.2.3.4.5", "Nonce: 0x7F0102",
      "Certificate required: yes",
    ] {
      #expect(text.contains(line), "\(text)")
    }
    try Data(bench.message).write(to: authority.folder.appending(path: "data"))
    try authority.openssl(["ts", "-query", "-data", "data", "-sha256", "-out", "theirs.tsq"])
    let theirs = try TimestampRequest(
      Array(Data(contentsOf: authority.folder.appending(path: "theirs.tsq"))))
    #expect(theirs.imprint == request.imprint)
    #expect(theirs.policy == nil)
    try authority.openssl(["ts", "-query", "-data", "data", "-sha1", "-out", "old.tsq"])
    let old = try Data(contentsOf: authority.folder.appending(path: "old.tsq"))
    #expect(code { _ = try TimestampRequest(Array(old)) } == .badTimestampRequest)
  }

  @Test func `never has the same number twice, nor one that an authority could not take`() throws {
    let nonces = try (0..<100).map { _ in
      try #require(try TimestampRequest.make(of: SHA256.hash([1])).nonce)
    }
    #expect(Set(nonces).count == 100)
    #expect(nonces.allSatisfy { $0.count == 8 && $0[0] < 0x80 })
  }

  @Test(arguments: ["", "policy", "1", "9.9.9", "1.2.3 ", "1..2"])
  func `under something that is no policy is not made`(_ policy: String) {
    #expect(
      code { _ = try TimestampRequest.make(of: SHA256.hash([1]), policy: policy) }
        == .badTimestampRequest)
  }

  @Test func `is refused in any other spelling`() throws {
    let bytes = try TimestampRequest.make(of: SHA256.hash([1]), nonce: [5]).bytes
    for count in 0..<bytes.count {
      #expect(code { _ = try TimestampRequest(Array(bytes[..<count])) } == .badTimestampRequest)
    }
    let longer = [UInt8](repeating: 0, count: 5000)
    for wrong in [bytes + [0], [0x30, 0x81, UInt8(bytes.count - 2)] + bytes[2...], longer] {
      #expect(code { _ = try TimestampRequest(wrong) } == .badTimestampRequest)
    }
  }
}

@Suite(.enabled(if: TestAuthority.isAvailable, noOpenSSL))
struct `A timestamp` {
  let bench: TimestampBench
  init() throws { bench = try TimestampBench() }

  @Test func `by openssl's own authority answers, verifies, and is trusted`() throws {
    let authority = try bench.authority { $0.name = "时间戳 TSA" }
    let request = try TimestampRequest.make(of: SHA256.hash(bench.message))
    let bytes = try authority.reply(to: request.bytes)
    let response = try TimestampResponse(bytes)
    try response.check(of: bench.message)
    try response.check(answers: request)
    try response.checkSignature()
    try response.check(trusting: TrustedCertificates(pem: authority.root))
    // Whoever is trusted may be the authority itself, and not only who vouches for it.
    try response.check(trusting: TrustedCertificates(pem: authority.certificate))
    #expect(response.policy == "1.2.3.4.1")
    #expect(response.serial == "02")
    #expect(response.accuracyMilliseconds == 1501)
    #expect(response.authority == "CN=时间戳 TSA,O=Beihe")
    #expect(abs(response.time.milliseconds - Int64(Date().timeIntervalSince1970 * 1000)) < 60_000)
    #expect(try authority.accepts(bytes, of: bench.message).isAccepted)
    // Another root of the same name vouches for nothing.
    let other = try bench.authority()
    let stranger = try TrustedCertificates(pem: other.root)
    #expect(code { try response.check(trusting: stranger) } == .untrustedTimestamp)
    let both = try TrustedCertificates(pem: other.root + authority.root)
    #expect(both.count == 2)
    try response.check(trusting: both)
  }

  @Test func `that answers something else is told apart`() throws {
    let authority = try bench.authority()
    let request = try TimestampRequest.make(of: SHA256.hash(bench.message), policy: "1.2.3.4.5")
    let response = try TimestampResponse(try authority.reply(to: request.bytes))
    try response.check(answers: request)
    let others = [
      try TimestampRequest.make(of: SHA256.hash(bench.message)),
      try .make(of: SHA256.hash([1]), policy: "1.2.3.4.5", nonce: request.nonce ?? []),
      try .make(of: SHA256.hash(bench.message), policy: "1.2.3.4.1", nonce: request.nonce ?? []),
    ]
    for other in others {
      #expect(code { try response.check(answers: other) } == .otherTimestamp)
    }
    #expect(code { try response.check(of: bench.message + [0]) } == .otherTimestamp)
  }

  @Test(arguments: [
    ("20261122030001Z", "2026-11-22T03:00:01.000Z"),
    ("20261122030001.4Z", "2026-11-22T03:00:01.400Z"),
    ("20261122030001.412Z", "2026-11-22T03:00:01.412Z"),
    ("20261122030001.4120001Z", "2026-11-22T03:00:01.413Z"),
    ("20261231235959.999999Z", "2027-01-01T00:00:00.000Z"),
    ("20261122030060Z", nil), ("20261322030001Z", nil), ("202611220300Z", nil),
    ("20261122030001.Z", nil), ("20261122030001", nil), ("20261122030001+0800", nil),
    ("20261122030001,5Z", nil),
  ])
  func `states a time, never earlier than it was`(_ text: String, _ expected: String?) throws {
    let authority = try bench.authority()
    let bytes = try authority.response(bench.statement { $0.time = text })
    let response = try? TimestampResponse(bytes)
    #expect(response?.time.description == expected)
    #expect(expected != nil || code { _ = try TimestampResponse(bytes) } == .badTimestamp)
  }

  @Test func `has an accuracy that is rounded up, or none, or one that makes no sense`() throws {
    let authority = try bench.authority()
    func accuracy(_ content: [UInt8]?) throws -> Int64?? {
      let bytes = try authority.response(
        bench.statement { $0.accuracy = content.map { DERWriter.sequence($0) } })
      return (try? TimestampResponse(bytes)).map(\.accuracyMilliseconds)
    }
    #expect(try accuracy(nil) == .some(nil))
    #expect(try accuracy([]) == 0)
    #expect(try accuracy([0x02, 1, 2, 0x80, 1, 3, 0x81, 1, 1]) == 2004)
    #expect(try accuracy([0x02, 1, 0xFF]) == .none)
    #expect(try accuracy([0x02, 5, 1, 0, 0, 0, 0]) == .none)
    #expect(try accuracy([0x80, 2, 3, 0xE8]) == .none)
  }

  @Test func `is granted with changes, or refused with the authority's reasons`() throws {
    let authority = try bench.authority()
    func status(_ number: UInt8, _ more: [UInt8] = []) -> [UInt8] {
      DERWriter.sequence(DERWriter.integer([number]) + more)
    }
    _ = try TimestampResponse(authority.response(bench.statement { $0.status = status(1) }))
    let text = DERWriter.sequence(DERWriter.element(0x0C, Array("come\u{1B}back".utf8)))
    let bits = DERWriter.element(0x03, [0, 0x00, 0x01])
    // With a timestamp or without, a refusal is one.
    for bytes in [
      DERWriter.sequence(status(2, text + bits)),
      try authority.response(bench.statement { $0.status = status(2, text + bits) }),
    ] {
      let error = #expect(throws: CryptographyError.self) { try TimestampResponse(bytes) }
      #expect(error?.code == .timestampRefused)
      #expect(
        error?.message
          == "The authority gave no timestamp: rejection (it does not have the policy asked for, \"come\u{1B}back\")."
      )
    }
    for number in [3, 4, 5, 6, 0xFF] as [UInt8] {
      let error = #expect(throws: CryptographyError.self) {
        try TimestampResponse(DERWriter.sequence(status(number)))
      }
      #expect(error?.code == .timestampRefused)
    }
    // It says that it grants one, and holds none.
    #expect(
      code { _ = try TimestampResponse(DERWriter.sequence(status(0))) } == .badTimestamp)
    let unknown = try authority.reply(
      to: TimestampRequest.make(of: SHA256.hash([1]), policy: "1.2.3.9").bytes)
    let error = #expect(throws: CryptographyError.self) { try TimestampResponse(unknown) }
    #expect(error?.code == .timestampRefused)
    #expect(error?.message.contains("it does not have the policy asked for") == true)
  }
}
