internal import Cryptography
internal import Encoding

/// A key ends after this entry. A report of compromise is for the auditor: what it signed since then
/// is listed, and not undone.
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
      throw Refusal(.unknownSubject, "The key \(key) was never enrolled here.")
    }
    if let end = record.endedAt {
      throw Refusal(
        .nothingToDo, "The key \(key) ended at entry \(end) already.", entry: end)
    }
    guard
      record.organisation == context.organisation || programme.acts(as: .registrar, context)
        || programme.acts(as: .governing, context)
    else {
      throw Refusal(
        .noRole,
        "The key \(key) is ended by \(record.organisation), the registrar or the governing body.")
    }
    if let compromisedSince, compromisedSince > context.time {
      throw Refusal(.wrongDate, "`compromisedSince` lies in the future.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.end(key, .revoked, since: compromisedSince, context)
  }
}
