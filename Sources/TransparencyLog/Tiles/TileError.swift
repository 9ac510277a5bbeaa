/// Why tiles or entry bundles could not be used.
public struct TileError: Error, Hashable, Sendable {
  /// What went wrong. Open: later versions may add codes.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable name of the code, in ASCII.
    public let description: String

    /// A tile without the hashes its width promises.
    public static let wrongWidth = Code(description: "wrong-width")
    /// The tiles of the right edge are not those of a tree of the size given.
    public static let wrongEdge = Code(description: "wrong-edge")
    /// An entry bundle that is cut short or holds too many entries.
    public static let malformedBundle = Code(description: "malformed-bundle")
    /// An entry longer than 65,535 bytes.
    public static let entryTooLong = Code(description: "entry-too-long")
    /// A tile that the reader does not hold.
    public static let missingTile = Code(description: "missing-tile")
  }

  /// What went wrong.
  public let code: Code
  /// One sentence for a person.
  public let message: String

  /// An error with this code and sentence; readers of tiles throw their own with it.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
