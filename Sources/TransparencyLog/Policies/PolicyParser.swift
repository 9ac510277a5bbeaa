internal import Cryptography
internal import Encoding

extension Policy {
  /// The most bytes of a policy.
  public static let maximumByteCount = 1 << 20
  /// The most logs, and the most witnesses, and the most groups. The specification asks for 32.
  public static let maximumCount = 1_000

  /// Parses a policy.
  ///
  /// Lines end in LF; items stand apart by spaces and tabs; empty lines and those that begin with
  /// `#` are skipped. Names are bytes: two spellings of one character are two names.
  ///
  /// - Throws: `malformedPolicy`, with the number of the line, for anything that the specification
  ///   does not allow: unknown keywords, keys of the wrong kind, names that are taken, not yet
  ///   defined or in two groups, thresholds no group can reach, no quorum or two; `tooLong` beyond
  ///   the limits; `forbiddenByte` for a control byte.
  public init(_ bytes: [UInt8]) throws(NoteError) {
    var parser = PolicyParser()
    self = try parser.parse(bytes)
  }
}

private struct PolicyParser {
  private var policy = Policy()
  private var nodes: [[UInt8]: Int] = [:]
  private var members: Set<Int> = []
  /// The public keys, of logs and of witnesses, of an algorithm that this software cannot check.
  private var otherLogs: Set<[UInt8]> = []
  private var otherWitnesses: Set<[UInt8]> = []
  private var groupCount = 0
  private var hasQuorum = false
  private var line = 0

  private static let tab = UInt8(ascii: "\t")
  private static let none = Array("none".utf8)

  mutating func parse(_ bytes: [UInt8]) throws(NoteError) -> Policy {
    guard bytes.count <= Policy.maximumByteCount else {
      throw NoteError(.tooLong, "A policy may have at most \(Policy.maximumByteCount) bytes.")
    }
    var lines = LineReader(bytes[...])
    while let text = lines.next() {
      line += 1
      guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == Self.tab }) else {
        throw NoteError(
          .forbiddenByte,
          "Line \(line): a policy has no control byte but the tab and the line feed.")
      }
      let items = text.split { $0 == ASCII.space || $0 == Self.tab }.map { Array($0) }
      guard let keyword = items.first, keyword.first != UInt8(ascii: "#") else { continue }
      try take(keyword, Array(items.dropFirst()))
    }
    line += 1
    guard lines.rest.isEmpty else { throw malformed("the last line does not end in a line feed") }
    guard hasQuorum else {
      throw malformed("there is no line `quorum NAME`, nor `quorum none`")
    }
    return policy
  }

  private mutating func take(_ keyword: [UInt8], _ items: [[UInt8]]) throws(NoteError) {
    switch String(decoding: keyword, as: UTF8.self) {
    case "log": try takeLog(items)
    case "witness": try takeWitness(items)
    case "group": try takeGroup(items)
    case "quorum": try takeQuorum(items)
    default: throw malformed("a line begins with log, witness, group or quorum")
    }
  }

  private mutating func takeLog(_ items: [[UInt8]]) throws(NoteError) {
    guard (1...2).contains(items.count) else {
      throw malformed("a log is written `log VKEY` or `log VKEY URL`")
    }
    try requireRoom(policy.logs.count, "logs")
    let vkey = text(items[0])
    var key: VerifierKey?
    if let other = CosignerKey.publicKeyOfOtherAlgorithm(vkey) {
      guard otherLogs.insert(other).inserted else { throw malformed("a log's key is listed twice") }
    } else {
      let read: VerifierKey
      do { read = try VerifierKey(vkey) } catch { throw malformed(error.message) }
      guard !policy.logs.contains(where: { $0.key?.publicKey == read.publicKey }) else {
        throw malformed("the key of \(read.name) is listed twice")
      }
      key = read
    }
    policy.logs.append(Policy.Log(key: key, url: items.dropFirst().first.map(text)))
  }

  private mutating func takeWitness(_ items: [[UInt8]]) throws(NoteError) {
    guard (2...3).contains(items.count) else {
      throw malformed("a witness is written `witness NAME VKEY` or `witness NAME VKEY URL`")
    }
    try requireRoom(policy.witnesses.count, "witnesses")
    let vkey = text(items[1])
    var key: CosignerKey?
    let isNew: Bool
    if let other = CosignerKey.publicKeyOfOtherAlgorithm(vkey) {
      isNew = otherWitnesses.insert(other).inserted
    } else {
      let read: CosignerKey
      do { read = try CosignerKey(vkey) } catch { throw malformed(error.message) }
      isNew = !policy.witnesses.contains { $0.key?.publicKey == read.publicKey }
      key = read
    }
    guard isNew else {
      throw malformed("the key of the witness \(text(items[0])) is listed twice")
    }
    policy.witnesses.append(
      Policy.Witness(name: items[0], key: key, url: items.dropFirst(2).first.map(text)))
    try define(items[0], .witness(policy.witnesses.count - 1))
  }

  private mutating func takeGroup(_ items: [[UInt8]]) throws(NoteError) {
    guard items.count >= 3 else {
      throw malformed("a group is written `group NAME all|any|NUMBER MEMBER…`")
    }
    try requireRoom(groupCount, "groups")
    groupCount += 1
    var group: [Int] = []
    for name in items[2...] {
      let node = try node(name)
      guard members.insert(node).inserted else {
        throw malformed("\(text(name)) is a member of a group already, and may be of one only")
      }
      group.append(node)
    }
    let threshold: Int
    switch text(items[1]) {
    case "all": threshold = group.count
    case "any": threshold = 1
    default:
      guard let number = Digits.number(items[1][...], atMost: UInt64(group.count)), number > 0
      else {
        throw malformed(
          "the threshold of a group is all, any, or a number from 1 to \(group.count), how many members it has"
        )
      }
      threshold = Int(number)
    }
    try define(items[0], .group(threshold: threshold, members: group))
  }

  private mutating func takeQuorum(_ items: [[UInt8]]) throws(NoteError) {
    guard items.count == 1 else { throw malformed("a quorum is written `quorum NAME`") }
    guard !hasQuorum else {
      throw malformed("a policy has one quorum line, and this is the second")
    }
    policy.quorum = items[0] == Self.none ? nil : try node(items[0])
    hasQuorum = true
  }

  private func node(_ name: [UInt8]) throws(NoteError) -> Int {
    guard let node = nodes[name] else {
      throw malformed("no witness and no group \(text(name)) is defined before this line")
    }
    return node
  }

  private mutating func define(_ name: [UInt8], _ node: Policy.Node) throws(NoteError) {
    guard name != Self.none, nodes[name] == nil else {
      throw malformed("the name \(text(name)) is taken")
    }
    nodes[name] = policy.nodes.count
    policy.nodes.append(node)
  }

  private func requireRoom(_ count: Int, _ what: String) throws(NoteError) {
    guard count < Policy.maximumCount else {
      throw NoteError(
        .tooLong, "Line \(line): a policy has at most \(Policy.maximumCount) \(what).")
    }
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func malformed(_ what: String) -> NoteError {
    NoteError(.malformedPolicy, "Line \(line): \(what.trimmingFullStop).")
  }
}

extension String {
  /// Without the full stop at its end: part of another sentence.
  fileprivate var trimmingFullStop: Substring { hasSuffix(".") ? dropLast() : self[...] }
}
