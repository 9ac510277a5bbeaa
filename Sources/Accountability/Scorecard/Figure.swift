public import Encoding

/// A share, with everything it was counted from.
public struct Figure: Hashable, Sendable {
  /// One thing counted, and where in the log it stands.
  public struct Item: Hashable, Sendable {
    /// The task.
    public let task: TaskID
    /// The cycle, where reports are counted.
    public let period: Period?
    /// The event behind it; `nil` where the count is of a silence.
    public let citation: Citation?
    /// The entry behind it, where one is known.
    public let entry: UInt64?
    /// Whether it counts towards the share.
    public let isCounted: Bool

    init(
      task: TaskID, period: Period? = nil, citation: Citation? = nil, entry: UInt64? = nil,
      isCounted: Bool
    ) {
      self.task = task
      self.period = period
      self.citation = citation
      self.entry = entry
      self.isCounted = isCounted
    }
  }

  /// Everything counted, in order of task and then of the log.
  public let items: [Item]

  /// How many count.
  public var part: Int { items.count { $0.isCounted } }
  /// Of how many.
  public var whole: Int { items.count }
  /// The share in per mille, rounded down; `nil` of nothing.
  public var perMille: Int? { items.isEmpty ? nil : part * 1000 / whole }
}
