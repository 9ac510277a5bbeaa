internal import Accountability
internal import ArgumentParser
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

extension ExportCommand {
  struct Bundle: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "bundle",
      abstract: "Pack everything an auditor needs into one archive, sealed contents included.",
      discussion: """
        Tiles, checkpoint with its cosignatures, timestamps, openings, policy, schemas and the independent \
        verifier, in one tar archive: `onus audit FILE` reads it as it is, `tar xf` unpacks it. The \
        same ledger gives the same bytes. Whoever has it reads what is sealed.

        Example:
          onus export bundle /media/stick/beihe.tar
        """)

    @Argument(help: "The archive to write.") var file: String
    @OptionGroup var options: BundleOptions

    func run() throws { try options.write(.full, to: file) }
  }

  struct Public: ParsableCommand {
    static let configuration = help(
      "public", "Pack the same without the sealed contents, for everybody.",
      example: "onus export public beihe-public.tar")

    @Argument(help: "The archive to write.") var file: String
    @OptionGroup var options: BundleOptions

    func run() throws { try options.write(.public, to: file) }
  }
}

/// What both editions of a bundle take.
struct BundleOptions: ParsableArguments {
  @Option(help: "A tlog-policy file to take along; else `policy` in the ledger's folder, if any.")
  var policy: String?
  @OptionGroup var place: LedgerOptions

  func write(_ edition: AuditEdition, to file: String) throws {
    let ledger = try LedgerFolder(place.folder, for: .readOnly)
    let checkpoint = try BundleExport.write(
      ledger.store, to: file, edition: edition, further: try further(ledger)
    ).checkpoint
    if place.json {
      Answer.json([
        "edition": .string(edition.rawValue), "size": .integer(Int64(clamping: checkpoint.size)),
      ])
    } else {
      let what = edition == .full ? "edition full: it holds what is sealed" : "edition public"
      Terminal.standardOutput("\(checkpoint.size.entries), \(what), in \(Terminal.safe(file))\n")
    }
  }

  /// What goes in beside the ledger.
  private func further(_ ledger: LedgerFolder) throws -> [(name: String, bytes: [UInt8])] {
    var files = [
      (name: "README.txt", bytes: Array(Self.readme.utf8)),
      (name: "verify-independently", bytes: PackageResources.verify_independently),
    ]
    let standard = "\(ledger.path)/policy"
    if let path = policy ?? (Files.exists(standard) ? standard : nil) {
      _ = try PolicyFile.read(path)
      files.append((name: "policy", bytes: try Files.read(path, limit: Policy.maximumByteCount)))
    }
    files.append((name: "schemas/event.json", bytes: Self.line(SchemaDocument.anyEvent)))
    files.append(
      (name: "schemas/submission-header.json", bytes: Self.line(SubmissionHeader.schema)))
    for kind in EventCatalogue.all {
      files.append(
        (
          name: "schemas/\(SchemaDocument.path(of: kind.declaration.type))",
          bytes: Self.line(SchemaDocument.event(kind.declaration))
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
    verify-independently   checks all of it with Python alone, and can be read in an hour

    Unpack it, and run

        python3 verify-independently . --expect YOUR_CHECKPOINT --log-key YOUR_LOG_KEY

    or, with Onus, which can also remember what it saw for the next time:

        onus audit . --expect YOUR_CHECKPOINT --log-key YOUR_LOG_KEY

    Both should come to the same, and take --policy with the witnesses that you trust.

    A checkpoint or a receipt that you had before, and the log key that you were given by
    somebody else than who gave you this archive, are what makes the check worth anything.

    本档案为 Onus 台账的打包副本，供任何人核验。解包后运行上述任一命令；请使用您此前自行
    留存的存证点或回执，以及由他人告知的台账密钥，否则核验没有意义。

    """
}
