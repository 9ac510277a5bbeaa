public import Accountability

/// What an audit can find, each with a code that never changes its meaning.
///
/// `docs/formats/audit-findings.md` lists them; a test holds the page against ``page``.
public enum FindingCode: String, CaseIterable, Hashable, Sendable {
  // Integrity.
  case entryMissing = "ONUS-A001"
  case entryAltered = "ONUS-A002"
  case tileAltered = "ONUS-A003"
  case entryOrTileAltered = "ONUS-A004"
  case entryUnreadable = "ONUS-A005"
  case wrongIndex = "ONUS-A006"
  case timeWentBack = "ONUS-A007"
  case wrongRoot = "ONUS-A008"
  case tileMissing = "ONUS-A009"
  case wrongTile = "ONUS-A010"
  case strayRows = "ONUS-A011"
  case checkpointUnreadable = "ONUS-A012"
  case wrongCheckpointSize = "ONUS-A013"
  case wrongCheckpointRoot = "ONUS-A014"
  case checkpointUnsigned = "ONUS-A015"
  case wrongReleased = "ONUS-A016"
  case tailUnreleased = "ONUS-A017"
  case storeDamaged = "ONUS-A018"
  case notOpened = "ONUS-A019"
  case noEntries = "ONUS-A020"
  case entryRewritten = "ONUS-A021"
  // Signatures.
  case unknownKey = "ONUS-A030"
  case endedKey = "ONUS-A031"
  case badSignature = "ONUS-A032"
  case missingCosigner = "ONUS-A033"
  case unwantedCosigner = "ONUS-A034"
  case signaturesSkipped = "ONUS-A038"
  case signaturesUnjudged = "ONUS-A039"
  // History.
  case wrongCount = "ONUS-A040"
  case wrongSeen = "ONUS-A041"
  case fallingSeen = "ONUS-A042"
  case wrongTime = "ONUS-A043"
  case historyUnjudged = "ONUS-A049"
  // Authority.
  case malformed = "ONUS-A050"
  case unknownType = "ONUS-A051"
  case misplaced = "ONUS-A052"
  case noRole = "ONUS-A053"
  case keyLimited = "ONUS-A054"
  case notParty = "ONUS-A055"
  case notIndependent = "ONUS-A056"
  case separation = "ONUS-A057"
  case unknownSubject = "ONUS-A058"
  case unknownCitation = "ONUS-A059"
  case alreadyExists = "ONUS-A060"
  case wrongState = "ONUS-A061"
  case notReady = "ONUS-A062"
  case stale = "ONUS-A063"
  case tooLate = "ONUS-A064"
  case wrongDate = "ONUS-A065"
  case lastHolder = "ONUS-A066"
  case nothingToDo = "ONUS-A067"
  case notJudged = "ONUS-A078"
  case needsRules = "ONUS-A079"
  // Anchoring.
  case unanchored = "ONUS-A080"
  case shorterThanExpected = "ONUS-A081"
  case differsFromExpected = "ONUS-A082"
  case foreignCheckpoint = "ONUS-A083"
  case otherLogKey = "ONUS-A084"
  case otherBeginning = "ONUS-A085"
  case originTaken = "ONUS-A086"
  case pinNotEnrolled = "ONUS-A087"
  case memoryUnusable = "ONUS-A088"
  case successorUnconfirmed = "ONUS-A089"
  // Content.
  case wrongOpening = "ONUS-A090"
  case missingOpening = "ONUS-A091"
  case strayOpening = "ONUS-A092"
  case adoptedSeal = "ONUS-A093"
  // Anchoring, again: what witnesses say.
  case wrongCosignature = "ONUS-A100"
  case cosignedOtherwise = "ONUS-A101"
  case quorumMissing = "ONUS-A102"
  // And what timestamp authorities say.
  case wrongTimestamp = "ONUS-A103"
  case timestampedOtherwise = "ONUS-A104"
  case laterThanTimestamp = "ONUS-A105"
  case timestampMissing = "ONUS-A106"
  // Anchoring, again: what was brought is of another log.
  case checkpointOfAnother = "ONUS-A107"
  // Views.
  case viewsDiffer = "ONUS-A095"
  case viewsUnchecked = "ONUS-A096"

  /// The code of a void entry, by the rule it breaks.
  public init(_ refusal: Refusal.Code) {
    switch refusal {
    case .unknownKey: self = .unknownKey
    case .endedKey: self = .endedKey
    case .badSignature: self = .badSignature
    case .missingCosigner: self = .missingCosigner
    case .unwantedCosigner: self = .unwantedCosigner
    case .wrongCount: self = .wrongCount
    case .wrongSeen: self = .wrongSeen
    case .fallingSeen: self = .fallingSeen
    case .wrongTime: self = .wrongTime
    case .malformed: self = .malformed
    case .unknownType: self = .unknownType
    case .misplaced: self = .misplaced
    case .noRole: self = .noRole
    case .keyLimited: self = .keyLimited
    case .notParty: self = .notParty
    case .notIndependent: self = .notIndependent
    case .separation: self = .separation
    case .unknownSubject: self = .unknownSubject
    case .unknownCitation: self = .unknownCitation
    case .alreadyExists: self = .alreadyExists
    case .wrongState: self = .wrongState
    case .notReady: self = .notReady
    case .stale: self = .stale
    case .tooLate: self = .tooLate
    case .wrongDate: self = .wrongDate
    case .lastHolder: self = .lastHolder
    case .nothingToDo: self = .nothingToDo
    }
  }

  /// The question of the audit that it answers.
  public var axis: Axis {
    switch number {
    case ..<30: .integrity
    case ..<40: .signatures
    case ..<50: .history
    case ..<80: .authority
    case ..<90: .anchoring
    case ..<95: .content
    case ..<100: .views
    default: .anchoring
    }
  }

  /// Whether it is a violation; otherwise it says what could not be checked.
  public var isViolation: Bool {
    switch self {
    case .tailUnreleased, .signaturesSkipped, .signaturesUnjudged, .historyUnjudged,
      .notJudged, .needsRules, .unanchored, .memoryUnusable, .successorUnconfirmed, .missingOpening,
      .viewsUnchecked, .quorumMissing, .timestampMissing, .checkpointOfAnother:
      false
    default: true
    }
  }

  private var number: Int { Int(rawValue.dropFirst(6)) ?? 0 }
}
