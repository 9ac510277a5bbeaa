/// Words of commands that people are told to type.
public enum ShellWord {
  /// The name of a file as a shell takes it, and as no command takes it for an option.
  public static func quoted(_ name: String) -> String {
    let word = name.utf8.first == UInt8(ascii: "-") ? "./\(name)" : name
    let isPlain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "/._-+".utf8.contains(byte)
    }
    if isPlain, !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}
