internal import Dispatch
internal import FoundationEssentials
internal import Ledger
internal import Synchronization

/// Reads entries, parses and verifies them on every core, and hands them over in their order.
///
/// A bounded number of chunks is under way, so that memory does not grow with the log. The caller's
/// thread only folds; when it has to wait, the other cores are all reading and parsing.
struct EntryPipeline {
  private static let entriesPerChunk = 256

  let store: any TruthStore
  let policy: VerificationPolicy
  let keys: KeyBook
  /// Whether the bytes are hashed too, to be held against the root.
  var isHashing = false

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
        let chunk = Chunk(next..<min(next + UInt64(Self.entriesPerChunk), range.upperBound))
        next = chunk.range.upperBound
        workers.async { chunk.parse(self) }
        pending.append(chunk)
      }
      let chunk = pending.removeFirst()
      try body(chunk.result())
    }
  }

  /// Some neighbouring entries on their way through a worker.
  private final class Chunk: Sendable {
    let range: Range<UInt64>
    private let parsed = Mutex<Result<[ParsedEntry], any Error>>(.success([]))
    private let isDone = DispatchSemaphore(value: 0)

    init(_ range: Range<UInt64>) { self.range = range }

    func parse(_ pipeline: EntryPipeline) {
      let result = Result { try entries(pipeline) }
      parsed.withLock { $0 = result }
      isDone.signal()
    }

    func result() throws -> [ParsedEntry] {
      isDone.wait()
      return try parsed.withLock { $0 }.get()
    }

    func wait() { isDone.wait() }

    private func entries(_ pipeline: EntryPipeline) throws -> [ParsedEntry] {
      let (policy, keys) = (pipeline.policy, pipeline.keys)
      var leaves = LeafBuffer(leafCount: range.count)
      try pipeline.store.scan(range) { _, leaf in leaves.append(leaf) }
      var known = keys.snapshot
      return zip(range, leaves.takeLeaves()).map { index, leaf in
        let entry = ParsedEntry(
          leaf, at: index, keys: policy.covers(index) ? known : nil, isHashed: pipeline.isHashing)
        if case .success(let entry) = entry.entry, keys.addKeys(of: entry.submission) {
          known = keys.snapshot
        }
        return entry
      }
    }
  }
}
