internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

/// Somebody who signs a submission, perhaps on another machine.
enum CoSigner: Equatable {
  /// The private half is in the folder of keys.
  case here(VerifierKey)
  /// It is not; which number the submission is to have in the key's count, where that was said.
  case elsewhere(KeyName, n: UInt64?)

  /// The signer that was typed: an organisation, a key as `NAME+id` or in full, or for one that is
  /// elsewhere `NAME+id/N`.
  init(_ text: String, in keys: KeyFolder, newest: (String) throws -> VerifierKey) throws {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let vkey = try? VerifierKey(text)
    guard let name = vkey?.keyName ?? KeyName(String(parts[0])) else {
      self = .here(try newest(text))
      return
    }
    if let key = try keys.all(named: name.description).first(where: { $0.keyName == name }) {
      self = .here(key)
      return
    }
    let number = vkey == nil && parts.count == 2 ? String(parts[1]) : nil
    let n = try number.map { number in
      guard let n = Digits.number(Array(number.utf8)[...], atMost: UInt64(Limits.number)), n > 0
      else {
        throw Failure(
          "\(TextRules.quoted(text)) does not end in a number from 1.", exit: .usage)
      }
      return n
    }
    self = .elsewhere(name, n: n)
  }

  var name: KeyName {
    switch self {
    case .here(let key): key.keyName
    case .elsewhere(let name, _): name
    }
  }

  /// That a key has to sign which is not on this machine.
  static func missing(_ name: KeyName, in keys: KeyFolder) -> Failure {
    Failure(
      "\(name) must sign too, and its private half is not in \(keys.path).",
      hint:
        "Write it down with --sign-to FILE, and carry that to whoever holds the key: there `onus sign --join FILE --to FILE2 --as \(name)`."
    )
  }
}
