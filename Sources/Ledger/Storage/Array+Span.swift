extension Array where Element == UInt8 {
  /// The bytes of a span in an array of its own: for leaves that outlive the call that lent them.
  public init(copying bytes: Span<UInt8>) {
    // One copy of exactly the span's bytes; the buffer does not leave the closure.
    self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }
}
