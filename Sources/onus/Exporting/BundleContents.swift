internal import Accountability
internal import Encoding
internal import Ledger

/// What this build packs into every bundle for people to read and to run; no signature covers it.
enum BundleContents {
  /// All of it: what an audit holds the files of a bundle against.
  static var all: [(name: String, bytes: [UInt8])] { guides + schemas }

  /// How to check the bundle, and with what.
  static var guides: [(name: String, bytes: [UInt8])] {
    [
      (name: "README.txt", bytes: Array(readme.utf8)),
      (name: verifier, bytes: PackageResources.verify_independently),
    ]
  }

  /// The name of the independent verifier.
  static let verifier = "verify-independently"

  /// A JSON Schema for everything that is signed.
  static var schemas: [(name: String, bytes: [UInt8])] {
    var files = [
      (name: "schemas/event.json", bytes: line(SchemaDocument.anyEvent)),
      (name: "schemas/submission-header.json", bytes: line(SubmissionHeader.schema)),
    ]
    for kind in EventCatalogue.all {
      files.append(
        (
          name: "schemas/\(SchemaDocument.path(of: kind.declaration.type))",
          bytes: line(SchemaDocument.event(kind.declaration))
        ))
    }
    return files
  }

  private static func line(_ schema: JSONValue) -> [UInt8] {
    CanonicalJSON.write(schema) + [UInt8(ascii: "\n")]
  }

  private static let readme = """
    This is a ledger of Onus, packed for whoever wants to check it.

    checkpoint             what the log says of itself, signed, with its cosignatures
    tile/                  every entry, and the hashes over them (c2sp.org/tlog-tiles)
    openings/              what is sealed, if this is the full edition (see the file bundle)
    timestamps/            by when how much of it existed: openssl ts -verify checks each pair
    policy                 which witnesses the operator thinks are enough; bring your own
    schemas/               a JSON Schema for every type of event
    verify-independently   a checker in Python, to be read; run one that you had from elsewhere

    BRING YOUR OWN CHECKER. Nothing signs this text, the schemas, the policy or the program
    verify-independently: whoever gave you the archive may have put anything in their place,
    and a program from a stranger reports what the stranger likes. Take Onus, or its file
    Scripts/verify-independently, from somebody you trust, and run that on this folder or
    on the archive as it is:

        onus audit . --expect YOUR_CHECKPOINT --log-key YOUR_LOG_KEY
        python3 YOUR_COPY_OF/verify-independently . --expect YOUR_CHECKPOINT --log-key YOUR_LOG_KEY

    Both should come to the same, and take --policy with the witnesses that you trust. The
    first also says which of these files are not those that its own build packs.

    A checkpoint or a receipt that you had before, and the log key that you were given by
    somebody else than who gave you this archive, are what makes the check worth anything.

    本档案为 Onus 台账的打包副本，供任何人核验。请勿运行本档案所附的程序：本说明、模式文件、
    策略与 verify-independently 均无签名，可能已被替换。请使用您自可信来源取得的 Onus 或
    verify-independently 运行上述命令，并使用您此前自行留存的存证点或回执，以及由他人告知的
    台账密钥，否则核验没有意义。

    """
}
