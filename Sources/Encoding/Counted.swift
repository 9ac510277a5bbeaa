extension BinaryInteger {
  /// The number with an English noun: `1 day`, `3 days`.
  public func counted(_ noun: String) -> String {
    self == 1 ? "1 \(noun)" : "\(self) \(noun)s"
  }
}
