internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger

/// Where a witness keeps its key and its memory.
struct WitnessOptions: ParsableArguments {
  @Option(help: "The witness's folder; else $ONUS_WITNESS, else ~/.config/onus/witness.")
  var witness: String?

  @Option(help: "A file that holds the passphrase; else $ONUS_PASSPHRASE, else asked for.")
  var passphraseFile: String?

  @Flag(help: "Answer in JSON; what is written for a file stays as it is.")
  var json = false

  var path: String {
    witness ?? Files.environment("ONUS_WITNESS") ?? "\(Files.configuration)/onus/witness"
  }

  var folder: WitnessFolder { WitnessFolder(path) }

  var key: WitnessKey {
    WitnessKey(folder: path, passphrase: PassphraseSource(file: passphraseFile))
  }
}

/// The key of a witness, in its folder: `witness.pem` (PKCS #8, mode 0600) and `witness.vkey`.
struct WitnessKey {
  let folder: String
  let passphrase: PassphraseSource

  private var privateFile: String { "\(folder)/witness.pem" }
  private var publicFile: String { "\(folder)/witness.vkey" }

  /// Makes the key, and writes its private half down first.
  func make(_ name: String, isProtected: Bool) throws -> CosignerKey {
    // A folder that lost its list still has the key, which others know it by.
    for file in [privateFile, publicFile] where Files.exists(file) {
      throw Failure(
        "\(folder) is the folder of a witness already: \(file) is there.",
        hint:
          "Name another folder with --witness; what is missing here comes back from a backup alone."
      )
    }
    let signing = SigningKey()
    let cosigner = try CosignerKey(name: name, publicKey: signing.publicKey)
    let phrase = isProtected ? try passphrase.chosen(for: cosigner.keyName.description) : nil
    let pem = try signing.pem(passphrase: phrase)
    try WitnessFolder(folder).create()
    try Files.write(pem, to: privateFile, mode: 0o600)
    try Files.write(Array("\(cosigner)\n".utf8), to: publicFile)
    return cosigner
  }

  /// The public half.
  func cosigner() throws -> CosignerKey {
    try Files.requireReachable(publicFile)
    guard Files.exists(publicFile) else {
      throw Failure(
        "There is no witness in \(folder).",
        hint: "Make one with `onus witness init NAME`, or name its folder with --witness.")
    }
    let text = String(decoding: try Files.read(publicFile, limit: 4096), as: UTF8.self)
    return try CosignerKey(text.hasSuffix("\n") ? String(text.dropLast()) : text)
  }

  /// The private half, which must belong to the public one.
  func signing(_ cosigner: CosignerKey) throws -> SigningKey {
    let pem = try Files.readPrivateKey(privateFile)
    let phrase =
      SigningKey.pemIsEncrypted(pem)
      ? try passphrase.known(for: cosigner.keyName.description) : nil
    let key: SigningKey
    do {
      key = try SigningKey(pem: pem, passphrase: phrase)
    } catch {
      throw Failure("\(cosigner.keyName): \(error.message)")
    }
    guard key.publicKey == cosigner.publicKey else {
      throw Failure("\(privateFile) is not the private half of \(cosigner).")
    }
    return key
  }
}
