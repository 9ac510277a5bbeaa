internal import Cryptography
internal import Encoding

extension Event {
  /// What the event says that matters, in one line: figures, dates, names and reasons, in the order in
  /// which people ask for them. Empty where the type says it all.
  ///
  /// Sealed text is not in it, only that there is some. What it holds is a stranger's, and is to be made
  /// safe before it is shown.
  public var gist: Label {
    let parts = Self.particulars.compactMap { particular in
      data[particular.name].flatMap { particular.words($0, type) }
    }
    let isSealed = data.members.contains { $0.value.object?["sealed"] != nil }
    return Label(
      english: (parts.map(\.english).filter { !$0.isEmpty }
        + (isSealed ? ["sealed content"] : [])).joined(separator: ", "),
      chinese: (parts.map(\.chinese).filter { !$0.isEmpty } + (isSealed ? ["密封内容"] : []))
        .joined(separator: "，"))
  }

  /// The event that this one accepts, returns, corrects, grants or refuses.
  public var cited: Citation? {
    ["report", "claim", "request"].lazy.compactMap { self.data[$0]?.string }
      .compactMap { Citation($0) }.first
  }

  /// A member of the data, and how it is said.
  private struct Particular: Sendable {
    let name: String
    let words: @Sendable (JSONValue, EventType) -> Label?

    init(_ name: String, _ words: @escaping @Sendable (JSONValue, EventType) -> Label?) {
      (self.name, self.words) = (name, words)
    }

    /// A text, a number or a list of texts between these words.
    init(_ name: String, _ english: String, _ chinese: String) {
      self.init(name) { value, _ in
        Event.plain(value).map { Label(english: english + $0, chinese: chinese + $0) }
      }
    }

    /// How many there are.
    init(counting name: String, _ english: String, _ chinese: String) {
      self.init(name) { value, _ in
        value.array.map {
          Label(english: $0.count.counted(english), chinese: "\(chinese) \($0.count)")
        }
      }
    }
  }

  private static let particulars: [Particular] = [
    Particular("titleEn") { value, _ in value.string.map { Label(english: $0, chinese: "") } },
    Particular("titleZh") { value, _ in value.string.map { Label(english: "", chinese: $0) } },
    Particular("nameEn") { value, _ in value.string.map { Label(english: $0, chinese: "") } },
    Particular("nameZh") { value, _ in value.string.map { Label(english: "", chinese: $0) } },
    Particular("id", "", ""),
    Particular("objective", "objective ", "目标领域 "),
    Particular("period", "", ""),
    Particular("milestone", "", ""),
    Particular("percent") { value, _ in
      plain(value).map { Label(english: "\($0)%", chinese: "\($0)%") }
    },
    Particular("values") { value, _ in values(value) },
    Particular("outcome") { value, _ in
      value.string.map {
        Label(
          english: $0,
          chinese: $0 == AssignmentRuled.Ruling.upheld.rawValue ? "维持原交办" : "改由他方牵头")
      }
    },
    Particular("role") { value, _ in value.string.flatMap { Role(rawValue: $0) }?.label },
    Particular("roles") { value, _ in
      let roles = (value.array ?? []).compactMap { $0.string.flatMap { Role(rawValue: $0) }?.label }
      return Label(
        english: "only as " + roles.map(\.english).joined(separator: " "),
        chinese: "仅限角色：" + roles.map(\.chinese).joined(separator: "、"))
    },
    Particular("task", "for task ", "任务 "),
    Particular("kind", "", ""),
    Particular("lead", "lead ", "牵头 "),
    Particular("supports", "with ", "配合 "),
    Particular("territories", "in ", "地区 "),
    Particular("post", "post ", "岗位 "),
    Particular("openItems", "tasks ", "任务 "),
    Particular("start", "from ", "起始 "),
    Particular("from", "from ", "起始 "),
    Particular("end", "to ", "终止 "),
    Particular("due", "due ", "时限 "),
    Particular("to") { value, type in
      value.string.map {
        switch type {
        case DutyHandedOver.declaration.type:
          Label(english: "to post \($0)", chinese: "移交至岗位 \($0)")
        case ExtensionRequested.declaration.type:
          Label(english: "to \($0)", chinese: "延至 \($0)")
        default: Label(english: "new due date \($0)", chinese: "新时限 \($0)")
        }
      }
    },
    Particular("capturedOn", "made on ", "形成于 "),
    Particular("level") { value, _ in word(value, "level ", "级别：") },
    Particular("answerBy", "to be answered by ", "答复期限 "),
    Particular("criterion") { value, type in
      guard type == TaskClosed.declaration.type else { return nil }
      return value.string.map {
        Label(
          english: "criterion \($0)",
          chinese: $0 == TaskClosed.Criterion.met.rawValue ? "达到标准" : "免予达标")
      }
    },
    Particular("ruling", "by ruling: ", "依据裁定："),
    Particular("order", "order ", "文号 "),
    Particular("reason") { value, type in reason(value, type) },
    Particular("code") { value, _ in word(value, "late because of ", "逾期缘由：") },
    Particular("foundBy") { value, _ in word(value, "found by the ", "发现方：") },
    Particular(counting: "milestones", "milestone", "节点数"),
    Particular(counting: "evidence", "evidence item", "佐证数"),
    Particular(counting: "checklist", "checklist point", "核对项"),
    Particular("key", "", ""),
    Particular("vkey") { value, _ in
      (value.string.flatMap { try? VerifierKey($0) }?.keyName.description).map {
        Label(english: $0, chinese: $0)
      }
    },
    Particular("compromisedSince") { value, _ in
      value.string.map {
        Label(english: "in other hands since \($0)", chinese: "据报自 \($0) 起已泄露")
      }
    },
    Particular("version", "version ", "版本 "),
  ]

  private static func values(_ value: JSONValue) -> Label? {
    guard case .object(let values) = value else { return nil }
    let text = values.members.compactMap { member in
      plain(member.value).map { "\(member.key) = \($0)" }
    }.joined(separator: " ")
    return Label(english: text, chinese: text)
  }

  /// A reason in the words of whoever gave it, or what a reviewer's word for it means.
  private static func reason(_ value: JSONValue, _ type: EventType) -> Label? {
    guard let text = value.string else { return nil }
    let isReview =
      EventCatalogue.kind(of: type)?.declaration.fields.contains(.returnReason) == true
    if isReview, let label = ReturnReason(rawValue: text)?.label {
      return Label(english: "because: \(label.english)", chinese: "原因：\(label.chinese)")
    }
    guard type == TaskDeclined.declaration.type else {
      return Label(english: "because: \(text)", chinese: "原因：\(text)")
    }
    return word(value, "because: ", "原因：")
  }

  /// One of a few words that an event may use.
  private static func word(_ value: JSONValue, _ english: String, _ chinese: String) -> Label? {
    value.string.map {
      Label(english: english + $0, chinese: chinese + (chineseWords[$0] ?? $0))
    }
  }

  /// What the words that events use are in Chinese, where they have no labels of their own.
  static let chineseWords = [
    "not-competent": "无此职责", "wrong-unit": "单位有误", "overlapping": "职责重叠",
    "no-resources": "缺乏资源", "unclear": "要求不明", "other": "其他",
    "force-majeure": "不可抗力", "policy-changed": "政策调整", "upstream-delay": "前置工作延误",
    "funding": "资金",
    "unit": "本单位", "reviewer": "审核方", "auditor": "审计机关", "statistics": "统计机构",
    "note": "提示", "letter": "函", "blue": "蓝牌", "yellow": "黄牌", "red": "红牌",
  ]

  /// A text, a number or a list of texts.
  private static func plain(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .array(let items):
      items.contains { $0.string == nil }
        ? nil : items.compactMap(\.string).joined(separator: " ")
    case .object, .bool: nil
    }
  }
}
