internal import Cryptography
internal import Encoding

/// The computed root before each entry, and each entry's time, as far back as submissions look.
///
/// The newest are kept; an older one is read again from the header of its entry, which the chain has
/// held against the tree when it went by. Where that header was wrong, what was computed is kept.
struct SeenRoots {
  private let source: any AuditSource
  private let capacity: UInt64
  private var roots: [Digest] = []
  private var times: [Timestamp] = []
  private var corrected: [UInt64: (root: Digest, time: Timestamp)] = [:]
  private var count: UInt64 = 0

  /// - Parameter capacity: How many are kept; usually 640 KiB of them.
  init(source: any AuditSource, capacity: UInt64 = 16_384) {
    self.source = source
    self.capacity = capacity
  }

  /// Takes the next entry in: the root before it, and its time.
  mutating func append(root: Digest, time: Timestamp, isAsStated: Bool) {
    if !isAsStated { corrected[count] = (root, time) }
    if count < capacity {
      roots.append(root)
      times.append(time)
    } else {
      roots[Int(count % capacity)] = root
      times[Int(count % capacity)] = time
    }
    count += 1
  }

  /// The root over the first `size` entries; `nil` beyond the entries taken in.
  func root(at size: UInt64) throws -> Digest? {
    guard size < count else { return nil }
    if count - size <= capacity { return roots[Int(size % capacity)] }
    return try corrected[size]?.root ?? source.header(size)?.root
  }

  /// The time of an entry; `nil` beyond those taken in.
  func time(of index: UInt64) throws -> Timestamp? {
    guard index < count else { return nil }
    if count - index <= capacity { return times[Int(index % capacity)] }
    return try corrected[index]?.time ?? source.header(index)?.time
  }
}
