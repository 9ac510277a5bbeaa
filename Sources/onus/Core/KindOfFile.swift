internal import Encoding
internal import Ledger
internal import TransparencyLog

/// What a file is that was named in the place of another.
enum KindOfFile: CaseIterable {
  case carried, unfinished, note, receipt, checkpoint, newerCheckpoint, bundle, database, privateKey
  case events

  /// What the bytes look like; `nil` if like nothing that is known here.
  init?(_ bytes: [UInt8]) {
    guard let kind = Self.allCases.first(where: { $0.isOf(bytes) }) else { return nil }
    self = kind
  }

  private func isOf(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .carried: bytes.starts(with: "\(CarriedSubmission.magic)\n".utf8)
    case .unfinished: bytes.starts(with: "\(UnfinishedSubmission.magic)\n".utf8)
    case .note: bytes.starts(with: "\(Submission.magic)\n".utf8)
    case .receipt: bytes.starts(with: "\(Receipt.magic)\n".utf8)
    case .checkpoint: (try? SignedCheckpoint(bytes)) != nil
    case .newerCheckpoint:
      bytes.starts(with: "old ".utf8) && (try? CheckpointFile.parse(bytes)) != nil
    case .bundle:
      bytes.starts(with: "bundle\0".utf8) && bytes.dropFirst(257).starts(with: "ustar".utf8)
    case .database: bytes.starts(with: "SQLite format 3\0".utf8)
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

  /// That a file is not what is wanted, but this; `nil` where it is like nothing that is known.
  ///
  /// - Parameters:
  ///   - wanted: What was to stand there, in a word or two.
  ///   - kinds: What of that is known here: a broken one is still one.
  static func failure(
    _ path: String, _ bytes: [UInt8], isNot wanted: String, of kinds: [KindOfFile]
  ) -> Failure? {
    guard let kind = KindOfFile(bytes), !kinds.contains(kind) else { return nil }
    return Failure(
      "\(path) is \(kind.name), not \(wanted).", hint: kind.command(path), isLocated: true)
  }
}
