import Accountability
import Cryptography
import Encoding
import Foundation
import HelperProtocol
import Ledger
import Spreadsheets
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
  case answer, message, address
  case csv, archive, workbook

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
    case .answer: return rereadAnswer(bytes)
    case .message: return rereadMessages(bytes)
    case .address:
      return String(validating: bytes, as: UTF8.self).flatMap { try? WebAddress($0) }
        .map { Array("\($0)".utf8) }
    case .voids: return refusingOnly { _ = try KnownVoids(bytes) }
    case .tsquery: return (try? TimestampRequest(bytes))?.bytes
    case .tsreply:
      return refusingOnly { try TimestampResponse(bytes).check(trusting: Self.authorities) }
    case .certificates: return refusingOnly { _ = try TrustedCertificates(pem: bytes) }
    case .csv: return refusingOnly { _ = try Sheet(csv: bytes) }
    case .archive: return refusingOnly { _ = try Sheet(workbook: bytes) }
    case .workbook: return refusingOnly { _ = try Sheet(workbook: Self.workbook(of: bytes)) }
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

  /// A workbook whose parts stand apart by NUL: the sheet, its texts, its styles, and the list of sheets.
  private static func workbook(of bytes: [UInt8]) -> [UInt8] {
    let names = [
      "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
      "xl/_rels/workbook.xml.rels", "_rels/.rels",
    ]
    let parts = bytes.split(
      separator: 0, maxSplits: names.count - 1, omittingEmptySubsequences: false)
    return StoredArchive.make(zip(names, parts).map { (name: $0, bytes: $1) })
  }

  private func rewritten(_ signed: SignedCheckpoint?) -> [UInt8]? {
    signed.flatMap { signed in
      try? SignedNote(text: signed.checkpoint.text, signatures: signed.note.signatures).bytes
    }
  }

  /// A witness's answer, with its media type and a line feed before it: what it adds to a checkpoint
  /// changes nothing of what is signed.
  private func rereadAnswer(_ bytes: [UInt8]) -> [UInt8]? {
    let type = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    let body = Array(bytes.drop { $0 != 0x0A }.dropFirst())
    for status in [200, 409, 500] {
      let answer = WitnessAnswer(status: status, contentType: type, body: body)
      guard let meaning = try? answer.meaning(for: Self.asked) else { continue }
      if case .cosigned(let cosigned) = meaning {
        precondition(cosigned.bytes == Self.asked.bytes + body, "lines were lost or added")
      }
    }
    return nil
  }

  private static let asked: SignedCheckpoint = {
    let text = "a.example/log\n1\n" + Base64.encode([UInt8](repeating: 7, count: 32)) + "\n"
    let line = "\n\u{2014} a.example/log " + Base64.encode([UInt8](repeating: 9, count: 68)) + "\n"
    guard let signed = try? SignedCheckpoint(Array((text + line).utf8)) else {
      fatalError("the checkpoint that is asked about is none")
    }
    return signed
  }()

  /// All messages in the bytes; nothing if they end in what is none.
  private func rereadMessages(_ bytes: [UInt8]) -> [UInt8]? {
    var frames = Frame.Reader()
    frames.append(bytes)
    var written: [UInt8] = []
    do {
      while let frame = try frames.next() { written += try HelperMessage(frame).bytes }
    } catch { return nil }
    return frames.isInside ? nil : written
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
