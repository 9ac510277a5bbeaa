import Accountability
import Cryptography
import Encoding
import Foundation
import Ledger
import TransparencyLog

/// Every parser of bytes from outside, called by libFuzzer with whatever it thinks of.
///
/// A parser may refuse anything and must trap on nothing; what it accepts has exactly one encoding,
/// so that writing it again gives the same bytes. `$ONUS_FUZZ` says which parser.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let written = Target.chosen.reread(bytes) else { return 0 }
  precondition(written == bytes, "\(Target.chosen) accepts what it would write otherwise")
  return 0
}

enum Target: String, CaseIterable {
  case json, event, note, checkpoint, extended, proof, consistency, bundle, tile, policy, request
  case equivocation, submission, carried, unfinished, entry, receipt, head, voids
  case tsquery, tsreply, certificates, keyfile

  static let chosen: Target = {
    let name = ProcessInfo.processInfo.environment["ONUS_FUZZ"] ?? ""
    guard let target = Target(rawValue: name) else {
      fatalError("ONUS_FUZZ is one of \(Target.allCases.map(\.rawValue).joined(separator: " "))")
    }
    return target
  }()

  /// What the parser would write again; `nil` if it refuses, or if there is nothing to write.
  func reread(_ bytes: [UInt8]) -> [UInt8]? {
    switch self {
    case .json: return (try? CanonicalJSON.parse(bytes)).map { CanonicalJSON.write($0) }
    case .event:
      return (try? CanonicalJSON.parse(bytes)).flatMap { try? Event(checking: $0) }
        .map { CanonicalJSON.write($0.json) }
    case .note:
      return (try? SignedNote(bytes)).flatMap { note in
        try? SignedNote(text: Array(note.text), signatures: note.signatures).bytes
      }
    case .checkpoint: return rewritten(try? SignedCheckpoint(bytes))
    case .extended: return rewritten(try? SignedCheckpoint(bytes, allowingExtensions: true))
    case .proof: return (try? TransparencyProof(bytes))?.bytes
    case .consistency: return (try? ConsistencyProof(bytes))?.bytes
    case .bundle:
      return (try? EntryBundle.decode(bytes)).flatMap {
        try? EntryBundle.encode($0.map { Array($0) })
      }
    case .tile:
      return Tile(level: 0, index: 0, width: max(1, min(256, bytes.count / 32)))
        .decoded(bytes).map { Tile.encode($0) }
    case .policy: return refusingOnly { _ = try Policy(bytes) }
    case .request: return (try? WitnessRequest(bytes))?.bytes
    case .equivocation: return (try? Equivocation(bytes))?.bytes
    case .submission: return (try? Submission(bytes))?.rewritten
    case .carried: return (try? CarriedSubmission(bytes))?.bytes
    case .unfinished: return (try? UnfinishedSubmission(bytes))?.bytes
    case .entry: return (try? Entry(bytes))?.bytes
    case .receipt: return (try? Receipt(bytes))?.bytes
    case .head:
      return (try? RememberedHead(bytes)).flatMap {
        $0.bytes.starts(with: bytes.prefix(12)) ? $0.bytes : nil
      }
    case .voids: return refusingOnly { _ = try KnownVoids(bytes) }
    case .tsquery: return (try? TimestampRequest(bytes))?.bytes
    case .tsreply:
      return refusingOnly { try TimestampResponse(bytes).check(trusting: Self.authorities) }
    case .certificates: return refusingOnly { _ = try TrustedCertificates(pem: bytes) }
    case .keyfile: return refusingOnly { _ = try SigningKey(pem: bytes, passphrase: nil) }
    }
  }

  /// The root of docs/formats/timestamp.md, so that its example gets as far as it can.
  private static let authorities: TrustedCertificates = {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/formats/timestamp.md")
    guard let text = try? String(contentsOf: page, encoding: .utf8),
      let certificates = try? TrustedCertificates(pem: Array(text.utf8))
    else { fatalError("\(page.path) holds no certificate") }
    return certificates
  }()

  private func rewritten(_ signed: SignedCheckpoint?) -> [UInt8]? {
    signed.flatMap { signed in
      try? SignedNote(text: signed.checkpoint.text, signatures: signed.note.signatures).bytes
    }
  }

  private func refusingOnly(_ parse: () throws -> Void) -> [UInt8]? {
    try? parse()
    return nil
  }
}

extension Tile {
  fileprivate func decoded(_ bytes: [UInt8]) -> [Digest]? { try? decode(bytes) }
}

extension Submission {
  /// The same, written from its parts.
  fileprivate var rewritten: [UInt8]? {
    let text = Submission.text(at: at, by: by, seen: seen, events: events)
    return try? SignedNote(text: text, signatures: note.signatures).bytes
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the package manager makes the program's `main` of.
@_cdecl("fuzz_main")
public func run(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, fuzz)
}
