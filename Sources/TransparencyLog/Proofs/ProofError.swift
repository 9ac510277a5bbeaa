/// Why a proof does not prove what it is said to prove, or cannot be made.
public struct ProofError: Error, Hashable, Sendable {
  /// What went wrong. Open: later versions may add codes.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable name of the code, in ASCII.
    public let description: String

    /// An index or a range that the tree does not have, or that is no subtree.
    public static let outOfRange = Code(description: "out-of-range")
    /// More or fewer hashes than a proof for these sizes has.
    public static let wrongLength = Code(description: "wrong-length")
    /// The proof leads to another hash than the one at its lower end: the earlier root.
    public static let wrongStart = Code(description: "wrong-start")
    /// The proof leads to another root.
    public static let wrongRoot = Code(description: "wrong-root")
    /// The checkpoint is of another log, or its signature does not verify.
    public static let wrongLog = Code(description: "wrong-log")
  }

  /// What went wrong.
  public let code: Code
  /// One sentence for a person.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
