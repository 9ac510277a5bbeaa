package import Foundation

/// A timestamp authority for tests: a CA, a certificate, and `openssl` to answer with.
///
/// ``reply(to:digest:)`` is what `openssl ts` answers, by the clock; ``response(_:)`` signs whatever is
/// stated, with `openssl cms`, so that a test can have any time and any fault.
package struct TestAuthority {
  /// What is in the authority's certificate, and what signs.
  package struct Kind: Sendable {
    /// As `openssl req -newkey` takes it.
    package var key = "ec -pkeyopt ec_paramgen_curve:P-256"
    /// The extended key usage, as a configuration file has it; none if empty.
    package var use = "critical,timeStamping"
    /// From when to when it is valid, as `openssl ca` takes it.
    package var start = "20200101000000Z"
    package var end = "20991231235959Z"
    /// What the CA's signature is made with.
    package var hash = "sha256"
    /// What distinguishes it.
    package var name = "Test TSA"
    /// Whether it is signed by an intermediate CA.
    package var isUnderIntermediate = false

    package init() {}
  }

  /// What is stated and how it is signed: everything of RFC 3161 §2.4.2 that a test may want wrong.
  package struct Statement: Sendable {
    package var imprint: [UInt8]
    /// The hash, in DER: the contents of its identifier.
    package var algorithm: [UInt8] = DERWriter.sha256
    package var time = "20261122030001Z"
    package var nonce: [UInt8]?
    package var accuracy: [UInt8]? = DERWriter.sequence(DERWriter.integer([1]))
    package var policy: [UInt8] = [0x2A, 0x03, 0x04, 0x01]
    package var serial: [UInt8] = [7]
    package var version: UInt8 = 1
    /// Further elements at the end.
    package var more: [UInt8] = []
    package var status: [UInt8] = DERWriter.sequence(DERWriter.integer([0]))
    /// Further options of `openssl cms -sign`.
    package var options = ["-cades", "-md", "sha256"]
    package var contentType = "1.2.840.113549.1.9.16.1.4"

    package init(imprint: [UInt8]) { self.imprint = imprint }
  }

  package let folder: URL
  private let kind: Kind

  /// Whether `openssl` is there to make one.
  package static let isAvailable = (try? run(["version"], in: URL(filePath: "/tmp"))) != nil

  package init(in folder: String, _ kind: Kind = Kind()) throws {
    self.folder = URL(filePath: folder).appending(path: "authority-\(UUID().uuidString)")
    self.kind = kind
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    try write("ca.cnf", Self.configuration)
    try write("ts.cnf", Self.answering)
    for name in ["index.txt", "index.txt.attr"] { try write(name, "") }
    try write("serial", "1000\n")
    try write("ts.serial", "01\n")
    let use = kind.use.isEmpty ? "" : "extendedKeyUsage = \(kind.use)\n"
    try write(
      "tsa.ext", "basicConstraints = CA:FALSE\nkeyUsage = critical,digitalSignature\n\(use)")
    try write("ca.ext", "basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign\n")
    try makeCertificate("ca", key: Kind().key, name: "Test Root", by: nil, "ca.ext", Kind())
    var issuer = "ca"
    if kind.isUnderIntermediate {
      try makeCertificate("mid", key: Kind().key, name: "Test Middle", by: "ca", "ca.ext", Kind())
      issuer = "mid"
    }
    try makeCertificate("tsa", key: kind.key, name: kind.name, by: issuer, "tsa.ext", kind)
  }

  /// The certificate of the root, in PEM.
  package var root: [UInt8] { get throws { try bytes("ca.pem") } }
  /// The authority's own certificate, in PEM.
  package var certificate: [UInt8] { get throws { try bytes("tsa.pem") } }

  /// What `openssl ts` answers to a request.
  package func reply(to request: [UInt8]) throws -> [UInt8] {
    try Data(request).write(to: folder.appending(path: "in.tsq"))
    try openssl(["ts", "-reply", "-config", "ts.cnf", "-queryfile", "in.tsq", "-out", "out.tsr"])
    return try bytes("out.tsr")
  }

  /// An answer that states this, signed.
  package func response(_ statement: Statement) throws -> [UInt8] {
    DERWriter.sequence(statement.status + (try token(statement)))
  }

  /// The signed message alone.
  package func token(_ statement: Statement) throws -> [UInt8] {
    try Data(statement.info).write(to: folder.appending(path: "info.der"))
    var words = [
      "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-outform", "DER", "-in", "info.der",
      "-signer", "tsa.pem", "-inkey", "tsa.key", "-econtent_type", statement.contentType,
      "-out", "token.der",
    ]
    if kind.isUnderIntermediate { words += ["-certfile", "mid.pem"] }
    try openssl(words + statement.options)
    return try bytes("token.der")
  }

  /// Whether `openssl ts -verify` accepts an answer as one about these bytes, and what it said.
  package func accepts(
    _ response: [UInt8], of message: [UInt8], trusting: String = "ca.pem"
  ) throws -> (isAccepted: Bool, said: String) {
    try Data(response).write(to: folder.appending(path: "check.tsr"))
    try Data(message).write(to: folder.appending(path: "check.data"))
    do {
      let said = try openssl(
        ["ts", "-verify", "-data", "check.data", "-in", "check.tsr", "-CAfile", trusting])
      return (true, said)
    } catch let error as OpenSSLFailed {
      return (false, error.said)
    }
  }

  private func makeCertificate(
    _ file: String, key: String, name: String, by issuer: String?, _ extensions: String,
    _ kind: Kind
  ) throws {
    let words = key.split(separator: " ").map { String($0) }
    try openssl(
      ["req", "-new", "-newkey"] + words + [
        "-nodes", "-keyout", "\(file).key", "-subj", "/O=Beihe/CN=\(name)", "-utf8",
        "-out", "\(file).csr",
      ])
    let issuing =
      issuer.map { ["-cert", "\($0).pem", "-keyfile", "\($0).key"] }
      ?? ["-selfsign", "-keyfile", "\(file).key"]
    try openssl(
      [
        "ca", "-batch", "-config", "ca.cnf", "-in", "\(file).csr", "-out", "\(file).pem", "-notext",
        "-startdate", kind.start, "-enddate", kind.end, "-extfile", extensions, "-md", kind.hash,
        "-utf8",
      ] + issuing)
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// Runs a command of openssl in the folder, and says what it said.
  @discardableResult
  package func openssl(_ words: [String]) throws -> String { try Self.run(words, in: folder) }

  private static func run(_ words: [String], in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + words
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw OpenSSLFailed(said: said) }
    return said
  }

  private static let configuration = """
    [ca]
    default_ca = any
    [any]
    database = index.txt
    serial = serial
    new_certs_dir = .
    policy = names
    unique_subject = no
    default_md = sha256
    [names]
    organizationName = optional
    commonName = supplied
    [req]
    distinguished_name = dn
    [dn]

    """

  private static let answering = """
    [tsa]
    default_tsa = any
    [any]
    serial = ts.serial
    signer_cert = tsa.pem
    signer_key = tsa.key
    signer_digest = sha256
    default_policy = 1.2.3.4.1
    other_policies = 1.2.3.4.5
    digests = sha256
    accuracy = secs:1, millisecs:500, microsecs:100
    tsa_name = yes
    ess_cert_id_chain = no
    ess_cert_id_alg = sha256

    """
}

/// `openssl` ended with another code than 0.
package struct OpenSSLFailed: Error, CustomStringConvertible {
  package let said: String
  package var description: String { said }
}

extension TestAuthority.Statement {
  /// `TSTInfo`.
  fileprivate var info: [UInt8] {
    let imprint = DERWriter.sequence(
      DERWriter.sequence(DERWriter.element(0x06, algorithm) + [0x05, 0x00])
        + DERWriter.element(0x04, imprint))
    return DERWriter.sequence(
      DERWriter.integer([version]) + DERWriter.element(0x06, policy) + imprint
        + DERWriter.integer(serial) + DERWriter.element(0x18, Array(time.utf8)) + (accuracy ?? [])
        + (nonce.map { DERWriter.integer($0) } ?? []) + more)
  }
}

/// As much of DER as a timestamp is made of.
package enum DERWriter {
  /// The contents of the identifiers of hashes.
  package static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
  package static let sha1: [UInt8] = [0x2B, 0x0E, 0x03, 0x02, 0x1A]

  package static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = content.count
    repeat {
      length.insert(UInt8(rest & 0xFF), at: 0)
      rest >>= 8
    } while rest > 0
    if content.count >= 0x80 { length.insert(0x80 | UInt8(length.count), at: 0) }
    return [tag] + length + content
  }

  package static func sequence(_ content: [UInt8]) -> [UInt8] { element(0x30, content) }
  package static func integer(_ bytes: [UInt8]) -> [UInt8] {
    element(0x02, (bytes.first ?? 0) >= 0x80 ? [0] + bytes : bytes)
  }
}
