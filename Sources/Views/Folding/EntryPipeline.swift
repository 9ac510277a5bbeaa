internal import Dispatch
internal import Foundation
internal import Ledger
internal import Synchronization

/// Reads entries, parses and verifies them on every core, and hands them over in their order.
///
/// A bounded number of chunks is under way, so that memory does not grow with the log. The caller's
/// thread reads and folds; when it has to wait, the other cores are all parsing.
struct EntryPipeline {
  private static let chunkCount = 256

  let store: any TruthStore
  let policy: VerificationPolicy
  let keys: KeyBook

  /// Calls `body` with the entries of `range` in order, some hundreds at a time.
  ///
  /// - Throws: What `body` throws, and `StorageError` if the store cannot be read.
  func run(_ range: Range<UInt64>, _ body: ([ParsedEntry]) throws -> Void) throws {
    let workers = DispatchQueue(
      label: "onus.views.parse", qos: .userInitiated, attributes: .concurrent)
    let window = 2 * ProcessInfo.processInfo.activeProcessorCount + 2
    var pending: [Chunk] = []
    var next = range.lowerBound
    defer { for chunk in pending { chunk.wait() } }
    while next < range.upperBound || !pending.isEmpty {
      while next < range.upperBound, pending.count < window {
        let chunk = try read(next..<min(next + UInt64(Self.chunkCount), range.upperBound))
        next += UInt64(chunk.leaves.count)
        workers.async { chunk.parse(policy, keys) }
        pending.append(chunk)
      }
      let chunk = pending.removeFirst()
      try body(chunk.result())
    }
  }

  private func read(_ range: Range<UInt64>) throws -> Chunk {
    var leaves: [[UInt8]] = []
    leaves.reserveCapacity(range.count)
    try store.scan(range) { _, leaf in leaves.append([UInt8](copying: leaf)) }
    return Chunk(first: range.lowerBound, leaves: leaves)
  }

  /// Some neighbouring entries on their way through a worker.
  private final class Chunk: Sendable {
    let first: UInt64
    let leaves: [[UInt8]]
    private let parsed = Mutex<[ParsedEntry]>([])
    private let isDone = DispatchSemaphore(value: 0)

    init(first: UInt64, leaves: [[UInt8]]) {
      self.first = first
      self.leaves = leaves
    }

    func parse(_ policy: VerificationPolicy, _ keys: KeyBook) {
      var known = keys.snapshot
      var entries: [ParsedEntry] = []
      entries.reserveCapacity(leaves.count)
      for (offset, leaf) in leaves.enumerated() {
        let index = first + UInt64(offset)
        let entry = ParsedEntry(leaf, at: index, keys: policy.covers(index) ? known : nil)
        if case .success(let entry) = entry.entry, keys.addKeys(of: entry.submission) {
          known = keys.snapshot
        }
        entries.append(entry)
      }
      parsed.withLock { $0 = entries }
      isDone.signal()
    }

    func result() -> [ParsedEntry] {
      isDone.wait()
      return parsed.withLock { $0 }
    }

    func wait() { isDone.wait() }
  }
}
