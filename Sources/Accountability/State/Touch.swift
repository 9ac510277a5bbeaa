/// Who last changed a thing, as far as staleness asks (`docs/rules.md`, *Staleness*).
///
/// A decision signed by one organisation is stale if another has changed the thing after `seen`;
/// the latest change by anyone and the latest by anyone else answer that for every organisation.
public struct Touch: Record {
  var latest: UInt64 = 0
  var by = OrganisationID.blank
  var earlier: UInt64 = 0

  /// Untouched.
  public init() {}

  mutating func record(_ entry: UInt64, by organisation: OrganisationID) {
    if by != organisation { earlier = latest }
    latest = entry
    by = organisation
  }

  /// The entry of the latest change by an organisation other than this one; 0 if there is none.
  func latest(notBy organisation: OrganisationID) -> UInt64 {
    by == organisation ? earlier : latest
  }

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&latest)
    try coder.code(&by)
    try coder.code(&earlier)
  }
}
