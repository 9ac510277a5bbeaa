internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring a lost or rolled-back ledger up to what its log key has signed.",
    discussion: """
      Takes the missing entries from an exported folder or from a copy of the ledger, and only if \
      they lead to exactly what the log key has signed, which its guard knows: all of them, where \
      `ledger.db` itself is gone. Sealed texts that are missing come back from \
      a copy of the ledger or a full bundle, timestamps from a copy or any bundle; an exported folder \
      has neither.

      Example:
        onus restore --from /media/stick/beihe --from /backup/programme
      """)

  @Option(
    help:
      "An exported folder or its address, or a ledger's folder, with missing entries; repeat for more."
  )
  var from: [String]
  @OptionGroup var fetching: FetchOptions
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let isThere = Files.exists("\(place.folder)/ledger.db")
    let kept = isThere ? try LedgerFolder(place.folder, for: .readWrite) : nil
    let copies: [LedgerCopy]
    do {
      copies = try from.map { try LedgerCopy($0, fetching) }
    } catch let failure as Failure where !isThere {
      throw Failure(
        "There is no ledger in \(place.folder), and to restore it from: \(failure.message)",
        hint: failure.hint, exit: failure.exit)
    }
    defer { for copy in copies { copy.close() } }
    let sources = copies.map(\.source)
    if let kept {
      return try restore(kept, try Office(kept, keys: place.keyFolder), from: sources)
    }
    // The whole file is gone: which ledger it was, entry 0 says, and the guard what it came to.
    let hadFolder = Files.exists(place.folder)
    let logKey = try Self.logKey(of: sources)
    try place.keyFolder.require(logKey: logKey)
    let folder = try LedgerFolder.create(at: place.folder)
    do {
      let office = try Office(folder, keys: place.keyFolder, logKey: logKey)
      try restore(folder, office, from: sources)
    } catch {
      if try folder.isEmpty { folder.remove(withFolder: !hadFolder) }
      throw error
    }
  }

  private static func logKey(of sources: [any AuditSource]) throws -> VerifierKey {
    for source in sources {
      if let leaf = try source.entry(0), let key = try LedgerFolder.logKey(openedBy: leaf) {
        return key
      }
    }
    throw Failure(
      "There is no ledger to restore, and nothing that --from names holds entry 0 of one.",
      hint: "Name an export or a copy of the whole ledger.")
  }

  private func restore(
    _ folder: LedgerFolder, _ office: Office, from sources: [any AuditSource]
  ) throws {
    let restored = try office.writer.restore(
      entry: { index in
        for source in sources {
          if let leaf = try source.entry(index) { return leaf }
        }
        return nil
      },
      opening: { commitment in
        for source in sources {
          if let stored = try source.opening(commitment) { return stored.opening }
        }
        return nil
      })
    let timestampCount = try sources.reduce(0) { count, source in
      try count + folder.store.takeTimestamps(of: source)
    }
    if place.json {
      Answer.json([
        "entries": .integer(Int64(clamping: restored.entryCount)),
        "openings": .integer(Int64(restored.openingCount)),
        "missing": .integer(Int64(restored.missingOpeningCount)),
        "timestamps": .integer(Int64(timestampCount)),
      ])
      return
    }
    if timestampCount > 0 {
      Terminal.standardOutput("restored \(timestampCount.counted("timestamp"))\n")
    }
    if restored.entryCount == 0, restored.openingCount == 0, restored.missingOpeningCount == 0 {
      guard timestampCount == 0 else { return }
      return Terminal.standardOutput("nothing is missing\n")
    }
    Terminal.standardOutput(
      "restored \(restored.entryCount.entries) and \(restored.openingCount.counted("sealed content"))\n"
    )
    guard restored.missingOpeningCount > 0 else { return }
    Terminal.standardOutput(
      "still missing: \(restored.missingOpeningCount.counted("sealed content")), which a copy of the ledger brings back with `onus restore --from`\n"
    )
  }
}
