public import Accountability

extension FindingCode {
  /// The rule that a finding of this code is measured by, for an inspector who knows no cryptography.
  public var rule: Label {
    integrityRule ?? voidRule ?? outsideRule
      ?? Label(english: rawValue, chinese: rawValue)
  }

  private var integrityRule: Label? {
    switch self {
    case .entryMissing:
      Label(english: "Every entry of the log is there.", chinese: "台账的每一条目都在。")
    case .entryAltered:
      Label(
        english: "The bytes of an entry are those that were recorded.", chinese: "条目的内容与记录时一致。")
    case .tileAltered:
      Label(
        english: "The stored fingerprints are those of the entries.", chinese: "保存的指纹与条目相符。")
    case .entryOrTileAltered:
      Label(
        english: "An entry and its stored fingerprint agree; here nothing shows which was changed.",
        chinese: "条目与其保存的指纹一致；此处无法判断改动的是哪一个。")
    case .entryUnreadable:
      Label(english: "Every entry has the form of an entry.", chinese: "每一条目都符合条目格式。")
    case .wrongIndex:
      Label(english: "Every entry bears the number of its place.", chinese: "每一条目标有其所在位置的编号。")
    case .timeWentBack:
      Label(english: "The ledger's clock never goes back.", chinese: "台账时钟从不倒退。")
    case .wrongRoot:
      Label(
        english: "Every entry states the fingerprint of everything before it.",
        chinese: "每一条目载明此前全部内容的指纹。")
    case .tileMissing:
      Label(english: "Every row of stored fingerprints is there.", chinese: "每一组保存的指纹都在。")
    case .wrongTile:
      Label(
        english: "Every row of stored fingerprints follows from the entries.",
        chinese: "每一组保存的指纹都可由条目推出。")
    case .strayRows:
      Label(
        english: "Nothing is stored that does not belong to the log.", chinese: "不存有不属于台账的内容。")
    case .checkpointUnreadable:
      Label(english: "The checkpoint has the form of one.", chinese: "存证点符合格式。")
    case .wrongCheckpointSize:
      Label(
        english: "The checkpoint covers exactly the entries that are there.",
        chinese: "存证点恰好覆盖现有条目。")
    case .wrongCheckpointRoot:
      Label(
        english: "The checkpoint states the fingerprint of all entries.", chinese: "存证点载明全部条目的指纹。")
    case .checkpointUnsigned:
      Label(
        english: "The checkpoint is signed with the log's own key.", chinese: "存证点由台账自己的密钥签名。")
    case .wrongReleased:
      Label(
        english: "The published checkpoint is one of this log.", chinese: "已公布的存证点属于本台账。")
    case .tailUnreleased:
      Label(
        english: "The newest entries have been published.", chinese: "最新的条目均已公布。")
    case .storeDamaged:
      Label(english: "The store can be read throughout.", chinese: "存储可完整读取。")
    case .notOpened:
      Label(english: "Entry 0 opens the ledger.", chinese: "第 0 条开立台账。")
    case .noEntries:
      Label(english: "A ledger has at least one entry.", chinese: "台账至少有一条条目。")
    case .entryRewritten:
      Label(
        english: "What later entries say of the past is still true of it.",
        chinese: "后续条目对过往的记载至今仍然成立。")
    default: nil
    }
  }

  private var voidRule: Label? {
    switch self {
    case .unknownKey:
      Label(english: "Only enrolled keys sign.", chinese: "只有已登记的密钥可以签名。")
    case .endedKey:
      Label(
        english: "A key signs nothing after it was ended.", chinese: "密钥停用之后不得再签名。")
    case .badSignature:
      Label(
        english: "Every listed key has signed exactly these words.", chinese: "列出的每一密钥都确实签署了这些内容。")
    case .missingCosigner:
      Label(english: "What needs two signatures has both.", chinese: "需要双方签名的事项双方均已签名。")
    case .unwantedCosigner:
      Label(
        english: "Nobody signs whose signature no event asks for.", chinese: "没有事项要求签名者不得签名。")
    case .wrongCount:
      Label(
        english: "Each key numbers its submissions without a gap.", chinese: "每一密钥的报送编号连续无缺。")
    case .wrongSeen:
      Label(
        english: "What a signer had seen is the history of this ledger.", chinese: "签名者所见即本台账的历史。")
    case .fallingSeen:
      Label(
        english: "A signer never claims to have seen less than before.", chinese: "签名者所见不会比以前更少。")
    case .wrongTime:
      Label(
        english: "A signer's clock agrees with the ledger's within the limits.",
        chinese: "签名者的时钟与台账时钟之差在限度之内。")
    case .malformed:
      Label(english: "Every event has the form its type fixes.", chinese: "每一事项符合其类型规定的格式。")
    case .unknownType:
      Label(
        english: "Every event is of a type the rules in force know.", chinese: "每一事项的类型均为现行规则所知。")
    case .misplaced:
      Label(english: "An event stands where it may stand.", chinese: "事项出现在允许的位置。")
    case .noRole:
      Label(english: "Only who holds the role may do this.", chinese: "只有担任该职责者可为此事。")
    case .keyLimited:
      Label(english: "A key does only what it is limited to.", chinese: "密钥只用于其限定的事务。")
    case .notParty:
      Label(
        english: "Only the unit that the task is given to may do this.", chinese: "只有承担该任务的单位可为此事。")
    case .notIndependent:
      Label(
        english: "Nobody judges a task that they lead or support.", chinese: "牵头或配合单位不得评判本任务。")
    case .separation:
      Label(
        english: "Duties that must be apart are held apart.", chinese: "应当分离的职责保持分离。")
    case .unknownSubject:
      Label(
        english: "What an event speaks of has been recorded before.", chinese: "事项所涉对象此前已有记录。")
    case .unknownCitation:
      Label(english: "What an event cites has been recorded before.", chinese: "事项所引内容此前已有记录。")
    case .alreadyExists:
      Label(english: "An id is given once.", chinese: "编号只使用一次。")
    case .wrongState:
      Label(
        english: "An event fits the state its task is in.", chinese: "事项与任务所处状态相符。")
    case .notReady:
      Label(
        english: "What must come before has come before.", chinese: "前置事项均已完成。")
    case .stale:
      Label(
        english: "Nobody decides without having seen the latest change.", chinese: "未看到最新变化者不得作出决定。"
      )
    case .tooLate:
      Label(english: "What has an end is done before it.", chinese: "有期限的事项在期限内完成。")
    case .wrongDate:
      Label(english: "Dates fit the programme and each other.", chinese: "日期与方案及彼此相符。")
    case .lastHolder:
      Label(
        english: "The registry and the governing body always have a holder with a key.",
        chinese: "登记机关与领导小组始终有持钥者。")
    case .nothingToDo:
      Label(english: "An event changes something.", chinese: "事项应有实际变更。")
    default: nil
    }
  }

  private var outsideRule: Label? {
    switch self {
    case .signaturesSkipped:
      Label(
        english: "Every signature is checked; this audit was told to leave them out.",
        chinese: "应检查全部签名；本次审计按要求略过。")
    case .signaturesUnjudged:
      Label(
        english: "Signatures are judged as far as this software knows the rules.",
        chinese: "签名的判定以本软件所知规则为限。")
    case .historyUnjudged:
      Label(
        english: "Counts are judged as far as this software knows the rules.",
        chinese: "编号的判定以本软件所知规则为限。")
    case .notJudged:
      Label(
        english: "Entries are judged once the ledger has been opened.", chinese: "台账开立之后，条目方可判定。")
    case .needsRules:
      Label(
        english:
          "Entries are judged by the rules in force at their place, if this software knows them.",
        chinese: "条目按其所在位置的现行规则判定，以本软件所知为限。")
    case .unanchored:
      Label(
        english: "The ledger is held against something kept outside it.", chinese: "台账与台账之外保存的凭据核对。"
      )
    case .shorterThanExpected:
      Label(
        english: "The ledger still holds everything that was there before.",
        chinese: "台账仍保有以前的全部内容。")
    case .differsFromExpected:
      Label(
        english: "The ledger's past is the one that was seen before.", chinese: "台账的过往与以前所见一致。")
    case .foreignCheckpoint:
      Label(
        english: "The checkpoint that was brought is signed with this log's key.",
        chinese: "所带存证点由本台账密钥签名。")
    case .checkpointOfAnother:
      Label(
        english: "The checkpoint that was brought is of this log, and of no other.",
        chinese: "所带存证点属于本台账，而非其他台账。")
    case .otherLogKey:
      Label(english: "The log's key is the expected one.", chinese: "台账密钥与预期一致。")
    case .otherBeginning:
      Label(english: "The ledger begins as it did before.", chinese: "台账的开端与以前一致。")
    case .originTaken:
      Label(
        english: "A name that is known belongs to the ledger it belonged to, or to its successor.",
        chinese: "已知名称属于原台账或其继任者。")
    case .pinNotEnrolled:
      Label(
        english: "Keys that departments vouch for are enrolled here.", chinese: "各部门担保的密钥均已在此登记。")
    case .memoryUnusable:
      Label(
        english: "The memory of earlier audits can be read and written.", chinese: "以往审计的记忆可读可写。")
    case .successorUnconfirmed:
      Label(
        english: "A ledger that continues a known one is confirmed by its log key.",
        chinese: "承继已知台账者，其台账密钥须经核实。")
    case .wrongOpening:
      Label(
        english: "Sealed content is what was sealed.", chinese: "密封内容与封存时一致。")
    case .missingOpening:
      Label(
        english: "Sealed content is there to be read.", chinese: "密封内容可供查阅。")
    case .strayOpening:
      Label(
        english: "Every stored content belongs to a seal of its entry.",
        chinese: "每一份保存的内容都对应其条目的一处密封。")
    case .adoptedSeal:
      Label(
        english: "Nobody adopts what another has sealed.", chinese: "不得冒用他人的密封。")
    case .wrongCosignature:
      Label(
        english: "A cosignature that is kept verifies and is of this log.",
        chinese: "所存联署可验证，且属于本台账。")
    case .cosignedOtherwise:
      Label(
        english: "What a witness cosigned is the history that is here.", chinese: "见证方联署的即现存历史。")
    case .quorumMissing:
      Label(
        english: "Enough witnesses of the policy have cosigned the ledger.",
        chinese: "策略所列见证方已有足够数目联署。")
    case .wrongTimestamp:
      Label(
        english: "A timestamp that is kept is of its checkpoint, as its authority signed it.",
        chinese: "所存时间戳确属其存证点，且为出具机构所签。")
    case .timestampedOtherwise:
      Label(
        english: "What an authority timestamped is the history that is here.",
        chinese: "时间戳机构所证明的即现存历史。")
    case .laterThanTimestamp:
      Label(
        english: "No entry states a later time than a timestamp on it.",
        chinese: "条目所载时间不晚于对其出具的时间戳。")
    case .timestampMissing:
      Label(
        english: "An authority that the auditor trusts has timestamped the ledger.",
        chinese: "审计方信任的机构已为台账出具时间戳。")
    case .viewsDiffer:
      Label(
        english: "The stored views follow from the log.", chinese: "保存的视图可由台账推出。")
    case .viewsUnchecked:
      Label(
        english: "The stored views can be compared.", chinese: "保存的视图可以比对。")
    default: nil
    }
  }

  /// The table of `docs/formats/audit-findings.md`.
  public static var page: String {
    var text = ""
    for axis in Axis.allCases {
      text +=
        "\n## \(axis.rawValue)\n\n| code | what must hold | 规则 | if not |\n|---|---|---|---|\n"
      for code in allCases where code.axis == axis {
        let verdict = code.isViolation ? "failed" : "not checked"
        text +=
          "| `\(code.rawValue)` | \(code.rule.english) | \(code.rule.chinese) | \(verdict) |\n"
      }
    }
    return text
  }
}
