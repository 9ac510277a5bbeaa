internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

/// What a file is that was named in the place of another.
enum FileKind: CaseIterable {
  case carried, unfinished, note, receipt, checkpoint, newerCheckpoint, bundle, database, privateKey
  case events

  /// What the bytes look like; `nil` if like nothing that is known here.
  init?(_ bytes: [UInt8]) {
    guard let kind = Self.allCases.first(where: { $0.begins(bytes) }) else { return nil }
    self = kind
  }

  /// Whether the bytes look like this kind; those of a broken file may.
  func begins(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .carried: bytes.starts(with: "\(CarriedSubmission.magic)\n".utf8)
    case .unfinished: bytes.starts(with: "\(UnfinishedSubmission.magic)\n".utf8)
    case .note: bytes.starts(with: "\(Submission.magic)\n".utf8)
    case .receipt: bytes.starts(with: "\(Receipt.magic)\n".utf8)
    case .checkpoint: (try? SignedCheckpoint(bytes)) != nil
    case .newerCheckpoint:
      bytes.starts(with: "old ".utf8) && (try? CheckpointFile.parse(bytes)) != nil
    case .bundle: BundleExport.begins(bytes)
    case .database: SQLiteStore.isDatabase(bytes)
    case .privateKey: bytes.starts(with: "-----BEGIN ".utf8)
    case .events: bytes.starts(with: "{".utf8)
    }
  }

  private var name: String {
    switch self {
    case .carried: "a signed submission, ready to be appended"
    case .unfinished: "a submission that still waits for a signature"
    case .note: "a signed submission without what it seals"
    case .receipt: "a receipt"
    case .checkpoint: "a checkpoint"
    case .newerCheckpoint: "a checkpoint with the proof that it extends an older one"
    case .bundle: "a bundle"
    case .database: "a database, such as a ledger's"
    case .privateKey: "a private key, or a certificate"
    case .events: "a file of event lines, which nobody has signed"
    }
  }

  /// Which command takes it.
  private func command(_ path: String) -> String {
    let file = ShellWord.quoted(path)
    return switch self {
    case .carried: "The office appends it: `onus submit \(file)`."
    case .unfinished:
      "Whoever is to sign it does so with `onus sign --join \(file) --to FILE --as KEY`."
    case .note:
      "It goes with its receipt: `onus receipt check \(file) RECEIPT --log-key VKEY`."
    case .receipt:
      "It goes with what it is for: `onus receipt check SUBMISSION \(file) --log-key VKEY`."
    case .checkpoint, .newerCheckpoint:
      "A key takes it to sign against with `onus checkpoint --take \(file) --log-key VKEY --as KEY`, and an audit is held against it with `onus audit --expect \(file)`."
    case .bundle:
      "It is checked with `onus audit \(file)`, and a lost ledger is brought back from it with `onus restore --from \(file)`."
    case .database: "A ledger is named by its folder, with --ledger."
    case .privateKey: "Keep private keys where they are; they are named by their organisation."
    case .events: "It is signed with `onus sign \(file) --to FILE --as KEY`."
    }
  }

  /// Throws where a file is of another known kind than what is wanted, with the command that takes it.
  ///
  /// What is like nothing that is known is let pass: whoever reads it says what is wrong with it.
  ///
  /// - Parameters:
  ///   - kinds: What is wanted, as far as it is known here: a broken one is still one.
  ///   - wanted: The same in a word or two.
  ///   - path: The file that the bytes are of.
  static func require(
    _ kinds: FileKind..., as wanted: String, in path: String, _ bytes: [UInt8]
  ) throws(Failure) {
    guard let kind = FileKind(bytes), !kinds.contains(kind) else { return }
    throw Failure(
      "\(path) is \(kind.name), not \(wanted).", hint: kind.command(path), isLocated: true)
  }
}
