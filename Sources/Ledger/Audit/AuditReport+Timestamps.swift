public import Cryptography
public import Encoding

extension AuditReport {
  /// What a timestamp authority said of a checkpoint that is this ledger's: that its entries existed
  /// by then.
  public struct Timestamped: Hashable, Sendable {
    /// What certificates that the auditor brought say of the authority.
    public enum Standing: Hashable, Sendable {
      /// None were brought: anybody can make a timestamp that nobody vouches for.
      case notChecked
      /// One vouches for it.
      case trusted
      /// None vouches for it; a sentence says why.
      case untrusted(String)
    }

    /// How many entries, from the first on.
    public let size: UInt64
    /// By when, by the authority's clock.
    public let time: Timestamp
    /// How far that clock may be off, in milliseconds, if the authority says so.
    public let accuracyMilliseconds: Int64?
    /// Who says so: the subject of the certificate.
    public let authority: String
    /// Under which policy, in digits.
    public let policy: String
    /// The authority's number of it, in hexadecimal.
    public let serial: String
    /// Whether the auditor has reason to believe it.
    public let standing: Standing

    /// Whether a certificate that was brought vouches for it.
    public var isTrusted: Bool { standing == .trusted }

    /// The latest that the entries can have come into being, if the authority is right.
    public var latest: Timestamp { time.adding(milliseconds: accuracyMilliseconds ?? 0) }

    /// What an authority's answer says of so many entries.
    public init(size: UInt64, _ response: TimestampResponse, standing: Standing) {
      self.size = size
      (time, accuracyMilliseconds) = (response.time, response.accuracyMilliseconds)
      (authority, policy, serial) = (response.authority, response.policy, response.serial)
      self.standing = standing
    }

    /// What certificates say of an answer, if there are any.
    ///
    /// - Throws: `CryptographyError` of code `forged-timestamp` if no certificate of its own signed it.
    public init(
      size: UInt64, _ response: TimestampResponse, trusting certificates: TrustedCertificates?
    ) throws(CryptographyError) {
      try response.checkSignature()
      var standing = Standing.notChecked
      if let certificates {
        do {
          try response.check(trusting: certificates)
          standing = .trusted
        } catch {
          standing = .untrusted(error.message)
        }
      }
      self.init(size: size, response, standing: standing)
    }

    /// For machines.
    public var json: JSONObject {
      var object: JSONObject = [
        "size": .integer(Int64(clamping: size)), "time": .string(time.description),
        "authority": .string(Finding.printable(authority)), "policy": .string(policy),
        "serial": .string(serial),
      ]
      if let accuracyMilliseconds { object["accuracy"] = .integer(accuracyMilliseconds) }
      switch standing {
      case .notChecked: break
      case .trusted: object["trusted"] = .bool(true)
      case .untrusted(let reason):
        object["trusted"] = .bool(false)
        object["reason"] = .string(Finding.printable(reason))
      }
      return object
    }
  }

  /// Of each authority that is trusted, the one that covers most, and of several the earliest.
  public var newestTimestamps: [Timestamped] {
    var newest: [String: Timestamped] = [:]
    for timestamp in timestamps where timestamp.isTrusted {
      let sofar = newest[timestamp.authority]
      if (sofar?.size ?? 0) < timestamp.size { newest[timestamp.authority] = timestamp }
    }
    return timestamps.filter { newest[$0.authority] == $0 }
  }
}
