internal import Cryptography
internal import Encoding

/// What stands in a bundle beside the tiles folder (docs/formats/bundle.md).
enum BundleFormat {
  /// Says that it is a bundle, and of which edition.
  static let manifest = "bundle"
  /// The folder of the openings.
  static let openings = "openings"

  /// The manifest of an edition.
  static func manifest(_ edition: AuditEdition) -> [UInt8] {
    Array("onus/bundle/v1\nedition \(edition.rawValue)\n".utf8)
  }

  /// Whether a file looks like a bundle, in which the manifest comes first; one that is broken may.
  static func begins(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: "\(manifest)\0".utf8)
      && bytes.dropFirst(TarFormat.magic.offset).starts(with: TarFormat.magic.text.utf8)
  }

  /// The edition that a manifest states; `nil` if it is none.
  static func edition(_ manifest: [UInt8]) -> AuditEdition? {
    [AuditEdition.full, .public].first { self.manifest($0) == manifest }
  }

  /// The name of an opening: its entry, so that names stand in the order of the log, and its
  /// commitment.
  static func path(of stored: StoredOpening) -> String {
    let entry = String(stored.entry)
    let zeros = String(repeating: "0", count: max(0, entryWidth - entry.utf8.count))
    return "\(openings)/\(zeros)\(entry)-\(Hex.encode(stored.commitment.bytes))"
  }

  /// The place of the opening of that name; `nil` if it is not the name of one.
  static func place(_ path: String) -> (entry: UInt64, commitment: Digest)? {
    let name = path.utf8.dropFirst(openings.utf8.count + 1)
    guard path.utf8.starts(with: "\(openings)/".utf8),
      name.count == entryWidth + 1 + 2 * Digest.byteCount,
      name.prefix(entryWidth).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let entry = UInt64(String(decoding: name.prefix(entryWidth), as: UTF8.self)),
      let bytes = Hex.decode(String(decoding: name.dropFirst(entryWidth + 1), as: UTF8.self)),
      let commitment = Digest(bytes)
    else { return nil }
    return (entry, commitment)
  }

  private static let entryWidth = 16

  // MARK: Timestamps

  /// The folder of the timestamps.
  static let timestamps = "timestamps"
  /// How the names of a timestamp's two files end: the authority's answer, and what it is of.
  static let timestampEnds = (response: ".tsr", checkpoint: ".checkpoint")

  /// The name of both files of a timestamp, but for how each ends.
  static func path(of timestamp: StoredTimestamp) -> String { path(ofTimestamp: timestamp.digest) }

  static func path(ofTimestamp digest: [UInt8]) -> String {
    "\(timestamps)/\(Hex.encode(digest))"
  }

  /// The hash that the name of one of the files states; `nil` if it is the name of neither.
  static func timestamp(_ path: String) -> [UInt8]? {
    guard path.utf8.starts(with: "\(timestamps)/".utf8) else { return nil }
    let name = path.utf8.dropFirst(timestamps.utf8.count + 1)
    let end = name.dropFirst(2 * Digest.byteCount)
    guard
      [timestampEnds.response, timestampEnds.checkpoint].contains(where: {
        end.elementsEqual($0.utf8)
      })
    else { return nil }
    return Hex.decode(String(decoding: name.prefix(2 * Digest.byteCount), as: UTF8.self))
  }

  // MARK: Openings

  private static let magic = "onus/opening/v1"
  /// More than the lines before the content have.
  static let maximumByteCount = Limits.openingByteCount + 1024

  /// The file of an opening.
  static func file(of opening: Opening) -> [UInt8] {
    head(media: opening.media, salt: opening.salt) + opening.content
  }

  private static func head(media: String, salt: [UInt8]) -> [UInt8] {
    Array("\(magic)\nmedia \(media)\nsalt \(Base64.encode(salt))\n\n".utf8)
  }

  /// The opening in a file; `nil` if there is none in it, or in another form.
  static func opening(_ bytes: [UInt8]) -> Opening? {
    // The content can be long: it is copied once, and never written again to compare.
    let lines = bytes.prefix(1024).split(
      separator: UInt8(ascii: "\n"), maxSplits: 4, omittingEmptySubsequences: false)
    guard lines.count == 5, lines[3].isEmpty,
      let media = String(validating: lines[1].dropFirst("media ".utf8.count), as: UTF8.self),
      let salt = Base64.decode(lines[2].dropFirst("salt ".utf8.count))
    else { return nil }
    let head = head(media: media, salt: salt)
    guard bytes.starts(with: head) else { return nil }
    return try? Opening(media: media, salt: salt, content: Array(bytes[head.count...]))
  }
}
