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
    "doctor", "Look whether this machine and this ledger are fit to work.", example: "onus doctor")

  @OptionGroup var place: LedgerOptions

  func run() throws {
    var problems = 0
    func check(_ what: String, _ body: () throws -> String) {
      do {
        Terminal.standardOutput("ok    \(what): \(try body())\n")
      } catch {
        problems += 1
        let failure = Failure(error)
        Terminal.standardOutput("FAIL  \(what): \(Terminal.safe(failure.message))\n")
        if let hint = failure.hint { Terminal.standardOutput("      \(hint)\n") }
      }
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
      return "\(try folder.all().count) in \(folder.path)"
    }
    guard Files.exists("\(place.folder)/ledger.db") else {
      Terminal.standardOutput("      no ledger in \(place.folder)\n")
      throw ExitCode(problems == 0 ? Exit.sound.rawValue : Exit.couldNotRun.rawValue)
    }
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
    if problems > 0 { throw ExitCode(Exit.couldNotRun.rawValue) }
  }
}
