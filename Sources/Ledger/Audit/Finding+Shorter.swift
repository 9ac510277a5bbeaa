extension Finding {
  /// That the ledger holds fewer entries than somebody outside it knows of: its end is gone, and what is
  /// left may well be the same history.
  static func shorter(
    _ size: UInt64, than known: UInt64, _ english: String, _ chinese: String
  ) -> Finding {
    Finding(
      .shorterThanExpected, size, affected: known - size,
      "The ledger holds \(size) entries, and \(english) \(known): the last \(known - size) are missing, or it was rolled back.",
      "台账仅有 \(size) 条，而\(chinese) \(known) 条：末尾 \(known - size) 条缺失，或台账被回退。")
  }
}
