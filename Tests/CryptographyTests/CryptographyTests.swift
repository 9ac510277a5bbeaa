import Cryptography
import Encoding
import Foundation
import Testing

@Suite struct `Hashes` {
  @Test func `agree with FIPS 180-4`() {
    let empty = SHA256.hash([UInt8]())
    #expect(
      Hex.encode(empty.bytes) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Hex.encode(SHA256.hash(Array("abc".utf8)).bytes)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest(base64: empty.base64) == empty)
    #expect(Digest(base64: empty.base64 + "=") == nil)
  }

  @Test func `of prefix and parts equal the hash of the whole`() async {
    let left = SHA256.hash([1])
    let right = SHA256.hash([2])
    let node = SHA256.hash([1] + left.bytes + right.bytes)
    #expect(SHA256.hash(prefix: 1, left, right) == node)
    #expect(SHA256.hash(prefix: 0, [9, 8]) == SHA256.hash([0, 9, 8]))
    #expect(SHA256.hash(prefix: 0, [7, 9, 8][1...]) == SHA256.hash([0, 9, 8]))
    var hash = SHA256()
    hash.update([1])
    left.withBytes { hash.update($0) }
    hash.update(right.bytes[...])
    #expect(hash.finalize() == node)
    #expect(hash.finalize() == SHA256.hash([UInt8]()))
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask { (0..<500).allSatisfy { _ in SHA256.hash(prefix: 1, left, right) == node } }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}

@Suite struct `Signatures` {
  private static let vectors = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Vectors/ed25519/speccheck.txt")

  @Test func `agree with RFC 8032`() throws {
    let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    let seedBytes = try #require(Hex.decode(seed))
    let key = try SigningKey(seed: seedBytes)
    #expect(
      Hex.encode(key.publicKey.bytes)
        == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    let signature = key.sign([0x72])
    #expect(
      Hex.encode(signature.bytes)
        == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    #expect(key.publicKey.isValid(signature, for: [0x72]))
    #expect(!key.publicKey.isValid(signature, for: [0x73]))
    for bit in 0..<512 {
      var bytes = signature.bytes
      bytes[bit / 8] ^= 1 << (bit % 8)
      let flipped = try #require(Signature(bytes))
      #expect(!key.publicKey.isValid(flipped, for: [0x72]))
    }
  }

  @Test func `accept of the published edge cases exactly those pinned`() throws {
    let text = try String(contentsOf: Self.vectors, encoding: .utf8)
    let cases = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(cases.count == 12)
    for line in cases {
      let parts = line.split(separator: " ").map { String($0) }
      let message = try #require(Hex.decode(parts[2]))
      let keyBytes = try #require(Hex.decode(parts[3]))
      let signatureBytes = try #require(Hex.decode(parts[4]))
      let key = try? PublicKey(keyBytes)
      let signature = try #require(Signature(signatureBytes))
      #expect(
        (key?.isValid(signature, for: message) ?? false) == (parts[1] == "accepted"), "\(line)")
    }
  }

  @Test func `refuse every y from p up, and the small-order keys`() {
    for low in UInt8(0xED)...0xFF {
      for high in [UInt8(0x7F), 0xFF] {
        let bytes = [low] + [UInt8](repeating: 0xFF, count: 30) + [high]
        #expect(throws: CryptographyError.self) { try PublicKey(bytes) }
      }
    }
    let zeros = [UInt8](repeating: 0, count: 31)
    for bytes in [[0] + zeros, [1] + zeros, zeros + [0x80], [1] + zeros.dropLast() + [0x80], zeros]
    {
      #expect(throws: CryptographyError.self) { try PublicKey(bytes) }
    }
  }
}

@Suite struct `Key files` {
  @Test func `come back, protected or not`() throws {
    let key = SigningKey()
    let plain = try key.pem(passphrase: nil)
    #expect(!SigningKey.pemIsEncrypted(plain))
    #expect(try SigningKey(pem: plain, passphrase: nil).publicKey == key.publicKey)
    let phrase = Array("beihe 北河".utf8)
    let closed = try key.pem(passphrase: phrase)
    #expect(SigningKey.pemIsEncrypted(closed))
    #expect(try SigningKey(pem: closed, passphrase: phrase).sign([1]) == key.sign([1]))
    for wrong in [nil, [], [1, 2, 3], [UInt8](repeating: 7, count: 5000)] as [[UInt8]?] {
      let error = #expect(throws: CryptographyError.self) {
        try SigningKey(pem: closed, passphrase: wrong)
      }
      #expect(error?.code == .badPassphrase)
    }
    #expect(throws: CryptographyError.self) { try key.pem(passphrase: []) }
  }

  @Test func `of anything else are refused`() throws {
    for text in ["", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
      #expect(throws: CryptographyError.self) {
        try SigningKey(pem: Array(text.utf8), passphrase: nil)
      }
    }
    #expect(throws: CryptographyError.self) { try SigningKey(seed: [1]) }
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "no openssl"))
  func `are read by openssl, whose other kinds are refused`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "key.pem")
    try Data(try SigningKey().pem(passphrase: Array("secret".utf8))).write(to: file)
    #expect(try openssl(["pkey", "-in", file.path, "-passin", "pass:secret", "-noout"]) == 0)
    #expect(try openssl(["pkey", "-in", file.path, "-passin", "pass:other", "-noout"]) != 0)
    for kind in [["X25519"], ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]] {
      #expect(try openssl(["genpkey", "-algorithm"] + kind + ["-out", file.path]) == 0)
      let error = #expect(throws: CryptographyError.self) {
        try SigningKey(pem: [UInt8](try Data(contentsOf: file)), passphrase: nil)
      }
      #expect(error?.code == .badKeyFile)
    }
    #expect(try openssl(["genpkey", "-algorithm", "ED25519", "-out", file.path]) == 0)
    _ = try SigningKey(pem: [UInt8](try Data(contentsOf: file)), passphrase: nil)
  }

  private func openssl(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

@Suite struct `Verifier keys` {
  private static let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

  @Test func `agree with the specification's example`() throws {
    let key = try VerifierKey(Self.text)
    #expect(key.description == Self.text)
    #expect(key.keyName.description == "example.com/foo+530d903a")
    #expect(KeyName("example.com/foo+530d903a") == key.keyName)
    let payload = try #require(
      Base64.decode(
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
      ))
    let signature = try #require(Signature(Array(payload[4...])))
    #expect(key.publicKey.isValid(signature, for: Array("This is an example message.\n".utf8)))
  }

  @Test func `of another spelling are refused`() throws {
    for text in [
      "", "a+b", Self.text + "=", Self.text.replacing("530d", with: "530D"),
      Self.text.replacing("530d", with: "530e"), Self.text.replacing(".com", with: " com"),
      Self.text.replacing("Aeky", with: "Auky"),
      "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
      #expect(throws: CryptographyError.self, "\(text)") { try VerifierKey(text) }
    }
    for text in ["D03", "D03+1a2b3c4", "D03+1A2B3C4D", "+1a2b3c4d", "D 3+1a2b3c4d", "a+b+1a2b3c4d"]
    {
      #expect(KeyName(text) == nil, "\(text)")
    }
  }
}
