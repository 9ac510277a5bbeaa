/// Whose signatures a fold verifies.
///
/// Views must ignore exactly what an audit calls void, and a cheating writer can commit anything: so
/// a fold verifies every signature unless somebody else has done so. What a writer has just admitted
/// itself does not come through a fold at all but through `ViewStore.record(_:)`.
public enum VerificationPolicy: Sendable {
  /// Every signature, on every core.
  case everything
  /// Those of these entries only; all others are known to be good.
  ///
  /// To be used after an audit, with the entries that it found void, or with those that views list
  /// as void. With a signature that nobody has verified the rows are not worth anything.
  case only(Set<UInt64>)

  /// No signature: after an audit that found no entry void.
  public static let nothing = VerificationPolicy.only([])

  func covers(_ entry: UInt64) -> Bool {
    switch self {
    case .everything: true
    case .only(let entries): entries.contains(entry)
    }
  }
}
