internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

/// What lies where the ledger would, on a machine on which something is signed to be carried.
///
/// It says which numbers are next, what time it is and what the rules would refuse, as far as it can;
/// a machine that only signs does without.
enum LedgerAtHand {
  case nothing
  /// A ledger of another log.
  case another(LedgerFolder)
  /// The log's, in a folder that cannot be written to, such as a copy on a read-only medium: it keeps no
  /// views that could be asked.
  case withoutViews(LedgerFolder)
  /// The log's, with its views.
  case whole(LedgerFolder)

  init(_ path: String, of logKey: VerifierKey) throws {
    guard Files.exists("\(path)/ledger.db") else {
      self = .nothing
      return
    }
    let isWritable = Files.isWritable(path)
    let folder = try LedgerFolder(path, for: isWritable ? .readWrite : .readOnly)
    guard try folder.logKey() == logKey else {
      self = .another(folder)
      return
    }
    self = isWritable ? .whole(folder) : .withoutViews(folder)
  }

  /// The log's ledger, with views or without.
  var ledger: LedgerFolder? {
    switch self {
    case .nothing, .another: nil
    case .withoutViews(let folder), .whole(let folder): folder
    }
  }

  /// The log's ledger, if its views can be asked.
  var withViews: LedgerFolder? {
    guard case .whole(let folder) = self else { return nil }
    return folder
  }

  /// The number of a key's last submission, where that can be asked.
  func count(of key: KeyName) throws -> UInt64? { try withViews?.views().count(of: key) }

  /// Where a simulated clock stands; `nil` where the ledger has none.
  var simulatedTime: Timestamp? {
    get throws {
      guard let ledger, try ledger.clock() == .simulated else { return nil }
      return try ledger.time(ofSize: ledger.released().checkpoint.size)
    }
  }
}
