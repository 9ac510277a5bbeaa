internal import Glibc

/// Where a passphrase comes from: a file, the environment, or a person at a terminal. It is never
/// taken from the command line, where every other process can read it.
struct PassphraseSource {
  let file: String?

  /// The passphrase of an existing key.
  func known(for key: String) throws -> [UInt8] {
    if let given = try given() { return given }
    guard Terminal.isTerminal(0) else {
      throw Failure(
        "The key \(key) is protected, and there is no terminal to ask for its passphrase.",
        hint: "Name a file with --passphrase-file or set ONUS_PASSPHRASE.")
    }
    return try ask("Passphrase for \(key): ")
  }

  /// A passphrase for a new key, asked for twice.
  func chosen(for key: String) throws -> [UInt8] {
    if let given = try given() { return given }
    guard Terminal.isTerminal(0) else {
      throw Failure(
        "A new key needs a passphrase, and there is no terminal to ask for one.",
        hint: "Name a file with --passphrase-file, set ONUS_PASSPHRASE, or say --no-passphrase.")
    }
    let first = try ask("Choose a passphrase for \(key): ")
    guard first == (try ask("Again: ")) else { throw Failure("The two passphrases differ.") }
    guard !first.isEmpty else {
      throw Failure(
        "An empty passphrase protects nothing.", hint: "Say --no-passphrase to use none.")
    }
    return first
  }

  private func given() throws -> [UInt8]? {
    if let file {
      var bytes = try Files.read(file, limit: 4096)
      // One end of a line, as an editor of either kind leaves it.
      if bytes.last == UInt8(ascii: "\n") {
        bytes.removeLast()
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      }
      return bytes
    }
    return Files.environment("ONUS_PASSPHRASE").map { Array($0.utf8) }
  }

  /// Asks with the echo turned off, and turns it on again whatever happens.
  private func ask(_ prompt: String) throws -> [UInt8] {
    Terminal.standardError(prompt)
    var settings = termios()
    let isKnown = unsafe tcgetattr(0, &settings) == 0
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    if isKnown { unsafe tcsetattr(0, TCSAFLUSH, &silent) }
    defer {
      if isKnown { unsafe tcsetattr(0, TCSAFLUSH, &settings) }
      Terminal.standardError("\n")
    }
    guard let line = readLine(strippingNewline: true) else {
      throw Failure("The input ended before a passphrase was given.")
    }
    return Array(line.utf8)
  }
}
