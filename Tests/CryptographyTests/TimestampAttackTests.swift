import Cryptography
import Encoding
import Foundation
import TestAuthority
import Testing

@Suite(.enabled(if: TestAuthority.isAvailable, noOpenSSL))
struct `A timestamp that should not count` {
  let bench: TimestampBench
  init() throws { bench = try TimestampBench() }

  /// A way to make one, and how far it should come.
  struct Attempt: CustomTestStringConvertible {
    enum Verdict: Equatable { case malformed, forged, untrusted, trusted }
    var testDescription: String
    var verdict: Verdict
    /// What `openssl ts -verify` says of it now; `nil` where that is known to be something else.
    var isAcceptedByOpenSSL: Bool?
    var kind: @Sendable (inout TestAuthority.Kind) -> Void
    var statement: @Sendable (inout TestAuthority.Statement) -> Void

    init(
      _ what: String, _ verdict: Verdict, openssl: Bool?,
      kind: @escaping @Sendable (inout TestAuthority.Kind) -> Void,
      _ statement: @escaping @Sendable (inout TestAuthority.Statement) -> Void = { _ in }
    ) {
      (testDescription, self.verdict, isAcceptedByOpenSSL) = (what, verdict, openssl)
      (self.kind, self.statement) = (kind, statement)
    }

    init(
      _ what: String, _ verdict: Verdict, openssl: Bool?,
      _ statement: @escaping @Sendable (inout TestAuthority.Statement) -> Void = { _ in }
    ) {
      self.init(what, verdict, openssl: openssl, kind: { _ in }, statement)
    }
  }

  static let attempts: [Attempt] = [
    // What does count, so that the rest fails for the reason that is named.
    Attempt("good", .trusted, openssl: true),
    Attempt("RSA", .trusted, openssl: true, kind: { $0.key = "rsa:2048" }),
    Attempt(
      "under an intermediate", .trusted, openssl: true, kind: { $0.isUnderIntermediate = true }),
    Attempt(
      "P-384 and SHA-512", .trusted, openssl: true,
      kind: {
        $0.key = "ec -pkeyopt ec_paramgen_curve:P-384"
      }
    ) { $0.options = ["-cades", "-md", "sha512"] },
    // OpenSSL's own command cannot read these two.
    Attempt("RSA-PSS", .trusted, openssl: nil, kind: { $0.key = "rsa:2048" }) {
      $0.options += ["-keyopt", "rsa_padding_mode:pss"]
    },
    Attempt("signer by key identifier", .trusted, openssl: nil) { $0.options += ["-keyid"] },
    Attempt(
      "certificate that has expired since", .trusted, openssl: false,
      kind: {
        $0.end = "20210101000000Z"
      }
    ) { $0.time = "20201231235959Z" },

    Attempt("certificate without a use", .untrusted, openssl: false, kind: { $0.use = "" }),
    Attempt("use not critical", .untrusted, openssl: false, kind: { $0.use = "timeStamping" }),
    Attempt("another use", .untrusted, openssl: false, kind: { $0.use = "critical,codeSigning" }),
    Attempt(
      "two uses", .untrusted, openssl: false,
      kind: {
        $0.use = "critical,timeStamping,codeSigning"
      }),
    // OpenSSL passes over a use that it does not know.
    Attempt(
      "a use that nobody knows beside it", .untrusted, openssl: nil,
      kind: {
        $0.use = "critical,timeStamping,1.2.3.4.5.6"
      }),
    Attempt(
      "expired at that time", .untrusted, openssl: false, kind: { $0.end = "20210101000000Z" }),
    Attempt("not valid yet at that time", .untrusted, openssl: nil) { $0.time = "20191231235959Z" },
    Attempt("short RSA key", .untrusted, openssl: nil, kind: { $0.key = "rsa:1024" }),
    Attempt("certificate signed with SHA-1", .untrusted, openssl: nil, kind: { $0.hash = "sha1" }),
    Attempt("another name than the certificate's", .untrusted, openssl: false) {
      // tsa [0] GeneralName, directoryName: CN=x
      let name = DERWriter.sequence(
        DERWriter.element(
          0x31,
          DERWriter.sequence(
            DERWriter.element(0x06, [0x55, 4, 3]) + DERWriter.element(0x0C, Array("x".utf8)))))
      $0.more = DERWriter.element(0xA0, DERWriter.element(0xA4, name))
    },

    Attempt("signed with SHA-1", .forged, openssl: nil) { $0.options = ["-cades", "-md", "sha1"] },
    Attempt("no certificate named", .forged, openssl: false) { $0.options = ["-md", "sha256"] },

    Attempt("SHA-1 of it", .malformed, openssl: nil) {
      $0.algorithm = DERWriter.sha1
      $0.imprint = Array($0.imprint.prefix(20))
    },
    Attempt("20 bytes as SHA-256", .malformed, openssl: false) { $0.imprint = [1, 2, 3] },
    Attempt("version 2", .malformed, openssl: false) { $0.version = 2 },
    Attempt("no attributes signed", .forged, openssl: nil) { $0.options = ["-noattr"] },
    Attempt("no certificate inside", .malformed, openssl: false) { $0.options += ["-nocerts"] },
    Attempt("another kind of content", .malformed, openssl: false) {
      $0.contentType = "1.2.840.113549.1.7.1"
    },
    Attempt("an unknown extension that is critical", .malformed, openssl: nil) {
      let one = DERWriter.element(0x06, [0x2A, 3]) + [0x01, 1, 0xFF] + DERWriter.element(0x04, [])
      $0.more = DERWriter.element(0xA1, DERWriter.sequence(one))
    },
    Attempt("a serial of 65 bytes", .malformed, openssl: nil) {
      $0.serial = [UInt8](repeating: 9, count: 65)
    },
    Attempt("a nonce of 21 bytes", .malformed, openssl: nil) {
      $0.nonce = [UInt8](repeating: 9, count: 21)
    },
    Attempt("more than can be kept", .malformed, openssl: nil) {
      let text = DERWriter.element(0x0C, [UInt8](repeating: 0x61, count: 65_000))
      $0.status = DERWriter.sequence(DERWriter.integer([0]) + DERWriter.sequence(text))
    },
  ]

  @Test(arguments: attempts) func `does not`(_ attempt: Attempt) throws {
    let authority = try bench.authority(attempt.kind)
    let bytes = try authority.response(bench.statement(attempt.statement))
    let trusted = try TrustedCertificates(pem: authority.root)
    var verdict = Attempt.Verdict.malformed
    var error: CryptographyError?
    do {
      let response = try TimestampResponse(bytes)
      verdict = .forged
      try response.checkSignature()
      verdict = .untrusted
      try response.check(trusting: trusted)
      verdict = .trusted
    } catch let caught { error = caught }
    #expect(verdict == attempt.verdict, "\(error?.message ?? "")")
    let expected: [Attempt.Verdict: CryptographyError.Code] = [
      .malformed: .badTimestamp, .forged: .forgedTimestamp, .untrusted: .untrustedTimestamp,
    ]
    #expect(error?.code == expected[verdict])
    if let expected = attempt.isAcceptedByOpenSSL {
      let (isAccepted, said) = try authority.accepts(bytes, of: bench.message)
      #expect(isAccepted == expected, "\(said)")
    }
  }

  @Test func `has another certificate in the place of the signer's`() throws {
    let authority = try bench.authority()
    let (folder, root) = (authority.folder, try authority.root)
    func response(with certificate: String) throws -> TimestampResponse {
      try TimestampResponse(
        authority.response(
          bench.statement { $0.options += ["-nocerts", "-certfile", certificate] }))
    }
    // The same issuer and number; once another key, once the same key for another time.
    func issue(_ name: String, request: String, end: String) throws {
      try Data().write(to: folder.appending(path: "index.txt"))
      try "1001\n".write(to: folder.appending(path: "serial"), atomically: false, encoding: .utf8)
      try authority.openssl([
        "ca", "-batch", "-config", "ca.cnf", "-in", request, "-out", name, "-notext",
        "-startdate", "20200101000000Z", "-enddate", end, "-extfile", "tsa.ext",
        "-cert", "ca.pem", "-keyfile", "ca.key",
      ])
    }
    try response(with: "tsa.pem").check(trusting: TrustedCertificates(pem: root))
    try authority.openssl(
      [
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
        "other.key", "-subj", "/O=Beihe/CN=Test TSA", "-out", "other.csr",
      ])
    try issue("other.pem", request: "other.csr", end: "20991231235959Z")
    let other = try response(with: "other.pem")
    #expect(code { try other.checkSignature() } == .forgedTimestamp)
    try issue("longer.pem", request: "tsa.csr", end: "20981231235959Z")
    let longer = try response(with: "longer.pem")
    let error = #expect(throws: CryptographyError.self) { try longer.checkSignature() }
    #expect(error?.message.contains("does not name the certificate") == true)
    #expect(throws: CryptographyError.self) {
      try longer.check(trusting: TrustedCertificates(pem: root))
    }
  }

  @Test func `is cut short, drawn out, spelled otherwise, or nothing of the kind`() throws {
    let authority = try bench.authority()
    let bytes = try authority.response(bench.statement())
    _ = try TimestampResponse(bytes)
    for count in 0..<bytes.count {
      #expect(code { _ = try TimestampResponse(Array(bytes[..<count])) } == .badTimestamp)
    }
    let token = try authority.token(bench.statement())
    let wrong: [[UInt8]] = [
      bytes + [0], Array(token), Array("hello".utf8), [UInt8](repeating: 0x30, count: 65_536),
      [UInt8](repeating: 0, count: 70_000), [0x30, 0x80] + bytes[4...] + [0, 0],
      [0x30, 0x83, 0] + bytes[2...], [0x3F, 0x10] + bytes, Array(try authority.root),
    ]
    for bytes in wrong {
      #expect(code { _ = try TimestampResponse(bytes) } == .badTimestamp)
    }
    // Nested a thousand times.
    var deep: [UInt8] = [5, 0]
    for _ in 0..<1000 { deep = DERWriter.sequence(deep) }
    #expect(code { _ = try TimestampResponse(deep) } == .badTimestamp)
  }

  @Test func `with a bit flipped states nothing else that is trusted`() throws {
    let authority = try bench.authority()
    let bytes = try authority.response(bench.statement { $0.nonce = [1, 2, 3] })
    let good = try TimestampResponse(bytes)
    let trusted = try TrustedCertificates(pem: authority.root)
    var trustedCount = 0
    for bit in stride(from: 0, to: bytes.count * 8, by: 3) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let response = try? TimestampResponse(flipped),
        code({ try response.check(trusting: trusted) }) == nil
      else { continue }
      trustedCount += 1
      // What is outside the signature: the status, versions, how algorithms are announced.
      #expect(response.imprint == good.imprint && response.time == good.time, "bit \(bit)")
      #expect(response.nonce == good.nonce && response.serial == good.serial, "bit \(bit)")
      #expect(response.policy == good.policy && response.authority == good.authority, "bit \(bit)")
    }
    #expect(trustedCount > 0 && trustedCount * 30 < bytes.count * 8, "\(trustedCount)")
  }
}

@Suite(.enabled(if: TestAuthority.isAvailable, noOpenSSL))
struct `Certificates to trust` {
  let bench: TimestampBench
  init() throws { bench = try TimestampBench() }

  @Test func `are read from PEM, all or none`() throws {
    let root = try bench.authority().root
    let comment = Array("# the root of Beihe\n".utf8)
    #expect(try TrustedCertificates(pem: comment + root + comment + root).count == 2)
    let key = try Data(contentsOf: bench.authority().folder.appending(path: "tsa.key"))
    let cut = Array(root.prefix(root.count / 2))
    let broken = Array(
      String(decoding: root, as: UTF8.self).replacing("MII", with: "MMM").utf8)
    for wrong in [
      [], comment, Array(key), root + Array(key), cut, root + cut, broken, root + broken,
      [UInt8](repeating: 0x0A, count: 2 << 20),
    ] {
      #expect(code { _ = try TrustedCertificates(pem: wrong) } == .badCertificates)
    }
  }
}
