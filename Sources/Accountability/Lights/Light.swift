/// The colour of a task on the wall chart (`docs/rules.md`, *Lights*). Computed, never stored as a
/// fact.
public enum Light: String, CaseIterable, Hashable, Sendable {
  case black, green, blue, red, yellow, grey

  /// What it is called, for people.
  public var label: Label {
    switch self {
    case .black: Label(english: "black", chinese: "黑灯")
    case .green: Label(english: "green", chinese: "绿灯")
    case .blue: Label(english: "blue", chinese: "蓝灯")
    case .red: Label(english: "red", chinese: "红灯")
    case .yellow: Label(english: "yellow", chinese: "黄灯")
    case .grey: Label(english: "grey", chinese: "灰灯")
    }
  }
}
