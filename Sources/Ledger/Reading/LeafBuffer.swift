/// Leaves copied out of a store, some hundreds to an array, and lent as slices of it.
///
/// Each slice shares its array's memory, which is freed when the last of those slices is: nobody has to
/// give anything back.
///
/// An array for each would be most of what reading a log allocates, on one thread, and frees, on
/// another.
public struct LeafBuffer {
  /// How many bytes an array has room for, unless one leaf alone is longer.
  private static let byteCount = 192 << 10

  private var whole: [ArraySlice<UInt8>] = []
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// A buffer without leaves.
  ///
  /// - Parameter leafCount: How many are to come, as far as that is known.
  public init(leafCount: Int) {
    whole.reserveCapacity(leafCount)
    ends.reserveCapacity(leafCount)
  }

  /// Copies a leaf.
  public mutating func append(_ leaf: Span<UInt8>) {
    if bytes.capacity - bytes.count < leaf.count {
      close()
      bytes.reserveCapacity(max(leaf.count, Self.byteCount))
    }
    // One copy of exactly the span's bytes; the buffer does not leave the closure.
    unsafe leaf.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    ends.append(bytes.count)
  }

  /// The leaves, in the order in which they came.
  public mutating func takeLeaves() -> [ArraySlice<UInt8>] {
    close()
    defer { whole = [] }
    return whole
  }

  /// Cuts the array at hand into its leaves; the next begin another.
  private mutating func close() {
    var start = 0
    for end in ends {
      whole.append(bytes[start..<end])
      start = end
    }
    bytes = []
    ends.removeAll(keepingCapacity: true)
  }
}
