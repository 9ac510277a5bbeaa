internal import Cryptography
internal import Glibc
internal import TransparencyLog

/// Re-derives a whole ledger from its bytes and says what does not hold (`docs/design.md`,
/// *Auditing*).
///
/// It reads the truth only, trusts nothing it reads, and writes nothing but its own memory of
/// heads.
///
/// ```swift
/// var options = AuditOptions()
/// options.anchors.memory = HeadMemory(folder: "/home/anna/.config/onus/heads")
/// let report = try await Auditor(store, options).run()
/// print(report.json)
/// exit(report.exitCode)
/// ```
///
/// Entries are read in chunks of 256, the ones under one tile. Hashing, parsing and the signatures
/// of the chunks ahead are done on every core; the chain and the rules follow on one task, in
/// order. A signature verified ahead is only remembered as "this line verifies under this key":
/// which key counts is decided in the fold. Beside the folded state, memory does not grow with the
/// log: what is read ahead is bounded in entries and in bytes.
public struct Auditor: Sendable {
  private let source: any AuditSource
  private let options: AuditOptions

  /// An audit of anything that lends entries and tiles.
  public init(source: any AuditSource, _ options: AuditOptions = AuditOptions()) {
    self.source = source
    self.options = options
  }

  /// An audit of a store.
  public init(_ store: any TruthStore, _ options: AuditOptions = AuditOptions()) {
    self.init(source: StoreAuditSource(store), options)
  }

  /// Goes through everything.
  ///
  /// - Throws: Only what keeps it from running: the source cannot be read, what the auditor brought
  ///   is no checkpoint, or the task was cancelled. Whatever is wrong with the ledger is in the
  ///   report.
  @concurrent
  public func run() async throws -> AuditReport {
    var report = try await audit()
    if let copies = options.bundleCopies {
      report.bundleFiles = try (source as? ExportAuditSource)?.compareBundleFiles(with: copies)
    }
    return report
  }

  private func audit() async throws -> AuditReport {
    var run: AuditRun
    do {
      guard let head = try source.head() else {
        if let problem = source.checkpointProblem {
          return empty(
            Finding(
              .checkpointUnreadable, affected: 0,
              "The checkpoint cannot be used, so that nothing under it was checked. \(problem)",
              "存证点无法读取，其下内容均未核验。"))
        }
        return empty(
          Finding(
            .noEntries, affected: 0, "There are no entries: this is no ledger.", "没有任何条目：这不是台账。"))
      }
      run = try AuditRun(source, options, head)
    } catch let error as StorageError where error.code == .damaged {
      return empty(Self.damage(error))
    }
    do {
      let isComplete = try await goThrough(&run)
      return try run.finish(isComplete: isComplete)
    } catch let error as StorageError where error.code == .damaged {
      return run.broken(by: Self.damage(error))
    }
  }

  /// Reads ahead, and takes the chunks in as their turn comes.
  private func goThrough(_ run: inout AuditRun) async throws -> Bool {
    let size = run.size
    let step = ChunkReader.entryCount
    let reader = ChunkReader(
      source: source, keys: KeyCandidates(), checksSignatures: options.checksSignatures,
      verifiedCount: run.verifiedCount)
    let returns = ThreadReturns<ReadChunk>()
    let onProgress = options.onProgress
    var ahead = ReadAhead(chunkCount: 2 * Self.coreCount + 2)
    return try await withThrowingTaskGroup(of: ThreadOwned<ReadChunk>.self) { group in
      var started: UInt64 = 0
      var taken: UInt64 = 0
      var waiting: [UInt64: ThreadOwned<ReadChunk>] = [:]
      while taken < size {
        while started < size, ahead.hasRoom {
          let range = started..<min(started + step, size)
          group.addTask { try returns.make { try reader.read(range) } }
          started = range.upperBound
          ahead.start()
        }
        if let chunk = waiting.removeValue(forKey: taken) {
          guard try run.take(chunk.value) else {
            group.cancelAll()
            return false
          }
          taken = chunk.value.range.upperBound
          ahead.take(chunk.value.byteCount)
          onProgress?(AuditProgress(done: taken, total: size))
        } else if let chunk = try await group.next() {
          waiting[chunk.value.range.lowerBound] = chunk
        }
        // By its full name: what Accountability calls a task is another thing.
        try _Concurrency.Task<Never, Never>.checkCancellation()
      }
      return true
    }
  }

  private static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  private static func damage(_ error: StorageError) -> Finding {
    Finding(
      .storeDamaged, affected: 0, "The store contradicts itself: \(error.message)", "存储自相矛盾，无法读取。")
  }

  private func empty(_ finding: Finding) -> AuditReport {
    options.onFinding?(finding)
    return AuditReport.unreadable(finding, options)
  }
}

/// How much may be read before its turn comes.
///
/// What a chunk holds is only known once it is read; until then it is taken to hold as much as the
/// largest so far.
private struct ReadAhead {
  /// The most bytes of entries that are held at a time, as far as they can be foreseen.
  private static let maximumByteCount = 32 << 20

  private let chunkCount: Int
  private var count = 0
  private var largest = 0

  init(chunkCount: Int) { self.chunkCount = chunkCount }

  var hasRoom: Bool {
    if largest == 0 { return count < 2 }
    return count == 0 || (count < chunkCount && (count + 1) * largest <= Self.maximumByteCount)
  }

  mutating func start() { count += 1 }

  mutating func take(_ byteCount: Int) {
    count -= 1
    largest = max(largest, byteCount)
  }
}
