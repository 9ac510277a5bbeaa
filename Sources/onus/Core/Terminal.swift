internal import Encoding
internal import Glibc
internal import Synchronization

/// What a person sees, and what they must never be sent.
enum Terminal {
  /// Whether standard output is a terminal that takes colour.
  static let hasColour = isTerminal(1) && Files.environment("NO_COLOR") == nil
  /// Whether progress may be drawn on standard error.
  static let showsProgress = isTerminal(2)

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Writes all of `text` to standard output.
  static func standardOutput(_ text: String) { write(Array(text.utf8), to: 1) }

  /// Writes all of `bytes` to standard output.
  static func standardOutput(_ bytes: [UInt8]) { write(bytes, to: 1) }

  /// Says something beside the answer that nobody has to act on, on standard error.
  static func note(_ sentence: String) {
    standardError("onus: \(safe(TextRules.shortened(sentence)))\n")
  }

  /// Writes all of `text` to standard error.
  static func standardError(_ text: String) { write(Array(text.utf8), to: 2) }

  /// Text from outside, with everything that a terminal would obey, or that nobody would see, made
  /// visible.
  static func safe(_ text: String) -> String { TextRules.visible(text) }

  /// `text` in a colour, where there is any.
  static func coloured(_ text: String, _ colour: Colour) -> String {
    hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case grey = 90
  }

  /// How many columns `text` takes: two for emoji and for the wide characters of Chinese, Japanese and
  /// Korean, none for what is drawn over the character before it.
  ///
  /// A sequence of emoji with joiners is as wide as its parts, as a terminal that knows no joiners shows it.
  static func width(of text: String) -> Int {
    // Every scalar of a text whose bytes are all ASCII takes one column.
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x300: return 1
    // The vowels and finals of Hangul, which are drawn into the syllable that their initial began.
    case 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
    // Signs of numbers and verses, which are seen although they are format characters.
    case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890...0x0891, 0x08E2, 0x110BD, 0x110CD: return 1
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }

  /// How many columns a line of standard output has; `nil` where it is no terminal.
  static let columns: Int? = {
    var size = winsize()
    guard isTerminal(1), unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }()

  /// As much of a line as so many columns take, with an ellipsis for the rest.
  static func fitted(_ line: String, to columns: Int?) -> String {
    guard let columns, width(of: line) > columns else { return line }
    var cut = ""
    var used = 1
    for character in line {
      used += width(of: String(character))
      guard used <= columns else { break }
      cut.append(character)
    }
    return cut + "…"
  }

  /// Rows in columns, padded by what is seen rather than by characters.
  static func table(_ rows: [[String]]) -> String { lines(rows).map { $0 + "\n" }.joined() }

  /// The lines of a table, without their ends.
  static func lines(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? width(of: $0[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[column] - width(of: cell) + 2)
        }
      }
      return line
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if descriptor == 1 { whyUnwritten.withLock { $0 = $0 ?? Files.reason() } }
        return
      }
      rest = rest.dropFirst(count)
    }
  }

  // MARK: An answer that did not arrive

  /// Why standard output took no more; `nil` while it does.
  private static let whyUnwritten = Mutex<String?>(nil)

  /// Throws if an answer was lost. Asked when all is done, since what was begun is finished first.
  static func requireWritten() throws(Failure) {
    guard let why = whyUnwritten.withLock({ $0 }) else { return }
    throw Failure(
      "The answer could not be written to standard output: \(why).",
      hint: "What was appended stays: look with `onus log` before signing anything again.")
  }

  /// Opens something in the place of standard input, output and error where they are closed.
  ///
  /// The next file to be opened would otherwise get their number, and the answer be written into it.
  /// What is opened takes no answers, so that ``requireWritten()`` tells.
  static func occupyDescriptors() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
    // A limit on the size of files is then an error of the write, like a full disk.
    _ = signal(SIGXFSZ, SIG_IGN)
  }
}
