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
    var files = BundleContents.guides
    let standard = "\(ledger.path)/policy"
    if let path = policy ?? (Files.exists(standard) ? standard : nil) {
      _ = try PolicyFile.read(path)
      files.append(
        (
          name: ExportAuditSource.policyName,
          bytes: try Files.read(path, limit: Policy.maximumByteCount)
        ))
    }
    return files + BundleContents.schemas
  }
}
