internal import Cryptography
internal import Encoding

/// A key ends after this entry. A report of compromise is for the auditor: what it signed since then
/// is listed, and not undone; it may also come, or reach further back, after the key has ended.
struct KeyRevoked: EventBody {
  static let declaration = Declaration(
    "key.revoked", about: .none,
    by: .words("a live key of the same organisation, the registrar, or the governing body"),
    fields: [
      .optional("compromisedSince", .timestamp), .required("key", .keyName),
      .required("reason", .text(maximum: 500)),
    ], "Key revoked", "注销密钥")

  let key: KeyName
  let compromisedSince: Timestamp?

  init(_ event: EventReader) throws(Refusal) {
    key = try event.keyName("key")
    let text = try event.optionalString("compromisedSince")
    compromisedSince = text.flatMap { Timestamp($0) }
  }

  func reads(in programme: Programme) -> [StateKey] {
    [.key(key)] + (OrganisationID(key.name).map { [.organisation($0)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard let record = programme.keys[key] else {
      throw Refusal(
        .unknownSubject, "The key \(key) was never enrolled here.",
        hint: "`onus org show` lists an organisation's keys.")
    }
    if let end = record.endedAt, !reports(onto: record) {
      throw Refusal(
        .nothingToDo, "The key \(key) ended at entry \(end) already.", entry: end)
    }
    if record.organisation != context.organisation {
      try programme.requireActing(
        asAnyOf: [.registrar, .governing], context,
        else: Refusal(
          .noRole,
          "The key \(key) is ended by \(record.organisation), the registrar or the governing body.",
          hint: "`onus org list` shows which organisations those are."))
    }
    if let compromisedSince, compromisedSince > context.time {
      throw Refusal(.wrongDate, "`compromisedSince` lies in the future.")
    }
  }

  /// Whether this says more of a compromise than is known of the key.
  private func reports(onto record: EnrolledKey) -> Bool {
    guard let compromisedSince else { return false }
    return record.compromisedSince.map { compromisedSince < $0 } ?? true
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    if programme.keys[key]?.endedAt != nil {
      programme.keys.update(key) { $0.compromisedSince = compromisedSince }
      return
    }
    programme.end(key, .revoked, since: compromisedSince, context)
  }
}
