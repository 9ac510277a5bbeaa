internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct ViewsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "views", abstract: "Look after the views.", subcommands: [Rebuild.self])

  struct Rebuild: ParsableCommand {
    static let configuration = help(
      "rebuild", "Build the views anew from the log, beside the old ones, and swap them.",
      example: "onus views rebuild")

    @Flag(help: "Trust the signatures; sound right after an audit.") var skipSignatures = false
    @OptionGroup var place: LedgerOptions

    func run() throws {
      let folder = try LedgerFolder(place.folder, for: .readWrite)
      let views = try ViewStore.open(
        at: folder.viewsFile, of: folder.store, verifying: skipSignatures ? .nothing : .everything)
      try views.rebuild(from: folder.store) { done, all in
        if Terminal.showsProgress {
          Terminal.standardError("\r\(done) of \(all) entries\u{1B}[K")
          if done == all { Terminal.standardError("\r\u{1B}[K") }
        }
      }
      let hash = try views.dumpHash()
      if place.json {
        Answer.json(["hash": .string(hash.base64)])
      } else {
        Terminal.standardOutput("rebuilt; the rows hash to \(hash)\n")
      }
    }
  }
}

struct Doctor: ParsableCommand {
  static let configuration = help(
    "doctor", "See that machine and ledger are fit to work, and publish what waits for it.",
    example: "onus doctor")

  @OptionGroup var place: LedgerOptions

  func run() throws {
    let checks = checks()
    if place.json {
      Answer.json(["checks": .array(checks.map(\.json))])
    } else {
      for check in checks { Terminal.standardOutput(check.text) }
      if !hasLedger {
        Terminal.standardOutput("      no ledger in \(Terminal.safe(place.folder))\n")
      }
    }
    if checks.contains(where: { !$0.isOK }) { throw ExitCode(Exit.couldNotRun.rawValue) }
  }

  private var hasLedger: Bool { Files.exists("\(place.folder)/ledger.db") }

  private func checks() -> [Check] {
    var checks: [Check] = []
    func check(_ what: String, _ body: () throws -> String) {
      checks.append(Check(what, Result(catching: body).mapError { Failure($0) }))
    }
    check("cryptography") {
      let key = SigningKey()
      let message = Array("onus".utf8)
      guard key.publicKey.isValid(key.sign(message), for: message) else {
        throw Failure("A fresh signature does not verify.", hint: "Do not use this machine.")
      }
      return "signs and verifies"
    }
    check("keys") {
      let folder = place.keyFolder
      try folder.requireOwn()
      return "\(try folder.all().count) in \(folder.path)"
    }
    guard hasLedger else { return checks }
    check("ledger") {
      let folder = try LedgerFolder(place.folder, for: .readOnly)
      let checkpoint = try folder.released().checkpoint
      return "\(checkpoint.origin), \(checkpoint.size.entries)"
    }
    check("guard") {
      let folder = try LedgerFolder(place.folder, for: .readWrite)
      let logKey = try folder.logKey()
      guard place.keyFolder.holds(logKey: logKey) else { return "no log key here; signing only" }
      let office = try Office(folder, keys: place.keyFolder)
      let head = try office.writer.settle()
      return "agrees with the ledger at \((head?.size ?? 0).entries)"
    }
    check("views") {
      let folder = try LedgerFolder(place.folder, for: .readWrite)
      let position = try folder.views().position()
      return "caught up to \(position.size.entries)"
    }
    return checks
  }
}

/// One thing that was looked at, and what was seen.
private struct Check {
  let what: String
  let result: Result<String, Failure>

  init(_ what: String, _ result: Result<String, Failure>) {
    self.what = what
    self.result = result
  }

  var isOK: Bool { if case .success = result { true } else { false } }

  var text: String {
    switch result {
    case .success(let seen): return "ok    \(what): \(Terminal.safe(seen))\n"
    case .failure(let failure):
      let hint =
        failure.hint.map { "      \(Terminal.safe(HintedCommand.located($0)))\n" } ?? ""
      return "FAIL  \(what): \(Terminal.safe(failure.message))\n\(hint)"
    }
  }

  var json: JSONValue {
    var object: JSONObject = ["check": .string(what), "ok": .bool(isOK)]
    switch result {
    case .success(let seen): object["seen"] = .string(seen)
    case .failure(let failure):
      object["error"] = .string(failure.message)
      object["hint"] = failure.hint.map { .string(HintedCommand.located($0)) }
    }
    return .object(object)
  }
}
