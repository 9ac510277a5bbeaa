public import Cryptography
public import Encoding

extension AuditReport {
  /// A file that a bundle has for people to read or to run, which no signature covers: whoever packed
  /// the bundle, or had it since, may have put another in its place.
  public struct BundleFile: Hashable, Sendable {
    /// What it was found to be.
    public enum Standing: String, Hashable, Sendable {
      /// It is, byte for byte, what this build packs.
      case same
      /// It is something else, as it is in a bundle of another build.
      case differs
      /// This build packs such a file, and it is not there.
      case missing
      /// This build packs no such file.
      case foreign
      /// The policy of whoever packed it: there is none to compare it with.
      case own
      /// It is a link, or something else that is no file.
      case unreadable
    }

    /// Its name in the bundle.
    public let name: String
    /// What it was found to be.
    public let standing: Standing
    /// The SHA-256 of a policy.
    public let digest: Digest?

    /// A file of that name.
    init(_ name: String, _ standing: Standing, digest: Digest? = nil) {
      self.name = Finding.printable(name)
      self.standing = standing
      self.digest = digest
    }

    /// For machines.
    public var json: JSONObject {
      var object: JSONObject = [
        "file": .string(name), "standing": .string(standing.rawValue),
      ]
      if let digest { object["sha256"] = .string(Hex.encode(digest.bytes)) }
      return object
    }
  }
}
