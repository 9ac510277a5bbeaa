internal import Cryptography
internal import Encoding

extension Programme {
  /// The records that judging `submission` reads and that are not loaded yet.
  ///
  /// Call, load, and call again until it names none: one record may lead to the next.
  public func missing(for submission: SubmissionFacts) -> [StateKey] {
    var wanted: Set<StateKey> = [.ledger, .charter]
    for signer in submission.by {
      wanted.insert(.key(signer.key))
      if let id = OrganisationID(signer.key.name) { wanted.insert(.organisation(id)) }
    }
    if isLoaded(.ledger), let ledger {
      for id in ledger.registrars + ledger.governors {
        wanted.insert(.organisation(id))
        wanted.formUnion(liveKeys(of: id))
      }
    }
    let author = (submission.by.first?.key.name).flatMap { OrganisationID($0) }
    for event in submission.events {
      switch event.subject {
      case .none: break
      case .task(let id): wanted.insert(.task(id))
      case .organisation(let id): wanted.insert(.organisation(id))
      }
      guard let kind = EventCatalogue.kind(of: event.type),
        let reader = try? EventReader(event, as: kind.declaration),
        let body = try? kind.init(reader)
      else { continue }
      wanted.formUnion(body.reads(in: self))
      if let author { wanted.formUnion(body.reads(by: author)) }
    }
    return wanted.filter { !isLoaded($0) }.sorted()
  }

  /// The keys that count of an organisation, once it is loaded.
  func liveKeys(of id: OrganisationID) -> [StateKey] {
    guard isLoaded(.organisation(id)) else { return [] }
    return (organisations[id]?.liveKeys ?? []).map { .key($0) }
  }
}
