import Foundation
import GRDB
import Testing

/// A scene for the real command, written as text: one step a line, `#` for remarks.
///
/// ```
/// onus audit --forget            # must exit 0
/// exit 3 onus audit --forget     # must exit 3
/// stdout 'SOUND'                 # of the step before, must contain it
/// stderr 'entry 1: '
/// !stdout 'VIOLATION'            # must not contain it; so too !stderr
/// keep VKEY 'log key +(\S+)'     # $VKEY in later steps is what the group matched
/// sql ledger/ledger.db 'DROP TRIGGER …'
/// write FILE 'text'              # with \n for line ends
/// copy FROM TO
/// delete PATH
/// remove FOLDER .memory          # every file in it whose name ends so, at least one
/// same FILE                      # standard output is what that file holds
/// files FOLDER 5                 # so many files lie in it
/// chmod 500 PATH
/// audit                          # the always-on oracle: the ledger is whole, if unanchored
/// ```
struct Script {
  let name: String
  let lines: [String]

  init(_ file: URL) throws {
    name = file.deletingPathExtension().lastPathComponent
    lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
  }

  /// Every scene beside the tests.
  static let all: [URL] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Scripts")
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }
  }()
}

/// Plays a script in a folder of its own.
final class Stage {
  private let folder: URL
  private var variables: [String: String] = [:]
  private var output = ""
  private var errors = ""

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "onus-script-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func play(_ script: Script) throws {
    for (number, line) in script.lines.enumerated() {
      let words = try Self.words(substituted(line))
      guard let first = words.first else { continue }
      let place: Comment = "\(script.name), line \(number + 1): \(line)\n\(output)\(errors)"
      let rest = Array(words.dropFirst())
      switch first {
      case "onus": #expect(try run(rest) == 0, place)
      case "exit":
        let code = try #require(Int32(rest[0]), place)
        #expect(rest[1] == "onus", place)
        #expect(try run(Array(rest.dropFirst(2))) == code, place)
      case "stdout": #expect(output.contains(rest[0]), place)
      case "!stdout": #expect(!output.contains(rest[0]), place)
      case "stderr": #expect(errors.contains(rest[0]), place)
      case "!stderr": #expect(!errors.contains(rest[0]), place)
      case "keep":
        let match = try #require(output.firstMatch(of: try Regex(rest[1])), place)
        variables[rest[0]] = String(try #require(match.output[1].substring, place))
      case "save": try output.write(to: path(rest[0]), atomically: true, encoding: .utf8)
      case "sql": try Self.execute(rest[1], in: path(rest[0]))
      case "write":
        let text = rest[1].replacing("\\n", with: "\n")
        try FileManager.default.createDirectory(
          at: path(rest[0]).deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: path(rest[0]), atomically: true, encoding: .utf8)
      case "copy":
        try? FileManager.default.removeItem(at: path(rest[1]))
        try FileManager.default.copyItem(at: path(rest[0]), to: path(rest[1]))
      case "remove": try remove(filesIn: path(rest[0]), endingWith: rest[1], place)
      case "same":
        #expect(try String(contentsOf: path(rest[0]), encoding: .utf8) == output, place)
      case "files":
        let names = try? FileManager.default.contentsOfDirectory(atPath: path(rest[0]).path)
        #expect("\(names?.count ?? 0)" == rest[1], "\(place)\n\(names ?? [])")
      case "delete": try FileManager.default.removeItem(at: path(rest[0]))
      case "audit":
        #expect(try run(["audit", "--forget"]) == 4, place)
        #expect(!output.contains("FAILED"), place)
      default: Issue.record("\(place)\nno such step: \(first)")
      }
    }
  }

  private func remove(filesIn folder: URL, endingWith suffix: String, _ place: Comment) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(suffix) }
    try #require(!names.isEmpty, place)
    for name in names { try FileManager.default.removeItem(at: folder.appending(path: name)) }
  }

  private func path(_ name: String) -> URL { folder.appending(path: name) }

  private func substituted(_ line: String) -> String {
    variables.sorted { $0.key.count > $1.key.count }.reduce(line) {
      $0.replacing("$\($1.key)", with: $1.value)
    }
  }

  private func run(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = Self.command
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = [
      "HOME": folder.path, "ONUS_LEDGER": path("ledger").path, "ONUS_KEYS": path("keys").path,
      "PATH": "/usr/bin:/bin",
    ]
    let (out, err) = (path(".out"), path(".err"))
    try Data().write(to: out)
    try Data().write(to: err)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    output = String(decoding: try Data(contentsOf: out), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: err), as: UTF8.self)
    return process.terminationReason == .exit ? process.terminationStatus : 128
  }

  /// The command lies beside the tests, wherever they were built.
  private static let command: URL = {
    var folder = Bundle.main.executableURL?.deletingLastPathComponent() ?? URL(filePath: ".")
    for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
      folder = URL(filePath: argument).deletingLastPathComponent()
    }
    return folder.appending(path: "onus")
  }()

  private static func execute(_ sql: String, in file: URL) throws {
    let queue = try DatabaseQueue(path: file.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// Words between spaces; single quotes keep spaces, `#` begins a remark.
  private static func words(_ line: String) throws -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in line {
      switch character {
      case "'":
        isQuoted.toggle()
        word = word ?? ""
      case " " where !isQuoted:
        if let done = word { words.append(done) }
        word = nil
      case "#" where !isQuoted && word == nil:
        return words
      default: word = (word ?? "") + String(character)
      }
    }
    try #require(!isQuoted, "a quote is never closed: \(line)")
    if let done = word { words.append(done) }
    return words
  }
}

@Suite struct `The real command` {
  @Test(arguments: Script.all) func `plays its scene`(_ file: URL) throws {
    try Stage().play(try Script(file))
  }

  @Test func `has scenes to play`() { #expect(Script.all.count >= 6) }
}
