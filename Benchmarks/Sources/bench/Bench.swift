// A measurement whose ledger is not what it was made to be has nothing to go on with: it traps.
// swift-format-ignore-file: NeverForceUnwrap

import Accountability
import Cryptography
import Dispatch
import Encoding
import Foundation
import Ledger
import SQLiteStorage
import Synchronization
import Views

/// Times what users wait for. `bench generate DIR SUBMISSIONS EVENTS` makes a ledger, the other verbs
/// measure one; every figure is printed for each of five runs, and as a median.
@main
struct Bench {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count >= 2, let verb = arguments.first else {
      print(
        "usage: bench generate DIR SUBMISSIONS EVENTS | audit DIR | hashing DIR | rebuild DIR | size DIR"
      )
      exit(64)
    }
    let folder = arguments[arguments.startIndex + 1]
    switch verb {
    case "generate":
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try Generator(
        folder: folder, submissionCount: Int(arguments[arguments.startIndex + 2])!,
        eventsPerSubmission: Int(arguments[arguments.startIndex + 3])!
      ).run()
    case "audit": try await audit(folder)
    case "hashing": try await hashing(folder)
    case "rebuild": try rebuild(folder)
    case "size": try size(folder)
    default: exit(64)
    }
  }

  /// An audit against the bare cost of its signatures, in turn, on the same cores.
  static func audit(_ folder: String) async throws {
    let store = try SQLiteStore.open(at: "\(folder)/ledger.db", access: .readOnly)
    var ratios: [Double] = []
    for _ in 0..<5 {
      let bare = try bareSignatures(store)
      let before = processorTime()
      let whole = try await time {
        let report = try await Auditor(store, options()).run()
        precondition(report[.authority] == .ok && report[.signatures] == .ok)
      }
      ratios.append(whole / bare)
      let cores = (processorTime() - before) / whole
      print(
        String(
          format: "bare %.3f s  audit %.3f s on %.2f cores  ratio %.3f", bare, whole, cores,
          whole / bare))
    }
    print(String(format: "median ratio %.3f", ratios.sorted()[2]))
  }

  static func hashing(_ folder: String) async throws {
    let store = try SQLiteStore.open(at: "\(folder)/ledger.db", access: .readOnly)
    let size = Double(try entryCount(store))
    var rates: [Double] = []
    for _ in 0..<5 {
      let seconds = try await time {
        var options = options()
        options.checksSignatures = false
        _ = try await Auditor(store, options).run()
      }
      rates.append(size / seconds)
    }
    print(String(format: "without signatures, median %.0f entries/s", rates.sorted()[2]))
  }

  static func rebuild(_ folder: String) throws {
    let store = try SQLiteStore.open(at: "\(folder)/ledger.db", access: .readOnly)
    let views = try ViewStore.open(at: "\(folder)/views.db", of: store, verifying: .nothing)
    var events = 0
    try store.scan(0..<entryCount(store)) { _, leaf in
      var bytes: [UInt8] = []
      for index in 0..<leaf.count { bytes.append(leaf[index]) }
      events += try Entry(bytes).submission.events.count
    }
    var rates: [Double] = []
    for _ in 0..<5 {
      let seconds = try time { try views.rebuild(from: store, verifying: .nothing) }
      rates.append(Double(events) / seconds)
    }
    print(String(format: "rebuild, median %.0f events/s of %d", rates.sorted()[2], events))
  }

  static func size(_ folder: String) throws {
    let store = try SQLiteStore.open(at: "\(folder)/ledger.db", access: .readOnly)
    var notes = 0
    try store.scan(0..<entryCount(store)) { _, leaf in
      var bytes: [UInt8] = []
      for index in 0..<leaf.count { bytes.append(leaf[index]) }
      notes += try Entry(bytes).submission.bytes.count
    }
    let file = try FileManager.default.attributesOfItem(atPath: "\(folder)/ledger.db")
    let size = (file[.size] as! NSNumber).intValue
    print(
      String(
        format: "ledger.db %d bytes, notes %d bytes, ratio %.3f", size, notes,
        Double(size) / Double(notes)))
  }

  // MARK: Parts

  private static func entryCount(_ store: SQLiteStore) throws -> UInt64 {
    try store.head()?.size ?? 0
  }

  private static func options() -> AuditOptions {
    var options = AuditOptions()
    options.remembersHead = false
    return options
  }

  /// Verifies every signature of the log on every core, and nothing else.
  private static func bareSignatures(_ store: SQLiteStore) throws -> Double {
    var keys: [KeyName: PublicKey] = [:]
    var work: [(PublicKey, Signature, ArraySlice<UInt8>)] = []
    try store.scan(0..<entryCount(store)) { _, leaf in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(leaf.count)
      for index in 0..<leaf.count { bytes.append(leaf[index]) }
      let submission = try Entry(bytes).submission
      for event in submission.events {
        if let text = event.data["vkey"]?.string, let vkey = try? VerifierKey(text) {
          keys[vkey.keyName] = vkey.publicKey
        }
      }
      for (signer, line) in zip(submission.by, submission.note.signatures) {
        work.append((keys[signer.key]!, Signature(line.payload)!, submission.note.text))
      }
    }
    let items = work
    let count = ProcessInfo.processInfo.activeProcessorCount
    let failures = Atomic<Int>(0)
    let next = Atomic<Int>(0)
    let seconds = time {
      DispatchQueue.concurrentPerform(iterations: count) { _ in
        while true {
          let start = next.wrappingAdd(64, ordering: .relaxed).oldValue
          guard start < items.count else { return }
          for (key, signature, text) in items[start..<min(start + 64, items.count)]
          where !key.isValid(signature, for: text) {
            failures.wrappingAdd(1, ordering: .relaxed)
          }
        }
      }
    }
    precondition(failures.load(ordering: .relaxed) == 0)
    return seconds
  }

  /// The seconds that this process has spent on all cores.
  private static func processorTime() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }

  private static func time(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
  }

  private static func time(_ body: () async throws -> Void) async rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try await body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
  }
}
