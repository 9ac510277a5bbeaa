/// What all parts of a workbook may take together, however often each is read.
final class WorkbookBudget {
  /// The most bytes that they may unpack to.
  static let byteCount = 64 << 20
  /// The most elements that they may hold.
  static let elementCount = 4_500_000

  private var bytesLeft = byteCount
  private var elementsLeft = elementCount

  /// Takes bytes that were unpacked.
  func takeBytes(_ count: Int) throws(SheetError) {
    guard count <= bytesLeft else {
      throw SheetError(.tooLarge, "The workbook unpacks to more than \(Self.byteCount >> 20) MiB.")
    }
    bytesLeft -= count
  }

  /// Takes an element that was read.
  func takeElement() throws(SheetError) {
    guard elementsLeft > 0 else {
      throw SheetError(.tooLarge, "The workbook holds more than \(Self.elementCount) elements.")
    }
    elementsLeft -= 1
  }
}
