internal import CExpat

/// What reads an XML document: it is told of each element of the namespaces that it knows.
///
/// Elements of other namespaces are passed over with all that is in them.
protocol XMLReader: AnyObject {
  /// The namespaces it knows.
  var namespaces: [String] { get }
  /// An element begins. Attributes have their local names, and `r:id` is a relation's.
  func begin(_ name: String, _ attributes: [String: String]) throws(SheetError)
  /// Text inside the element that began last, perhaps in parts.
  func text(_ text: String) throws(SheetError)
  /// An element ends.
  func end(_ name: String) throws(SheetError)
}

/// XML as a workbook holds it, parsed by Expat.
///
/// A document type is refused: entities that expand without end, or name files elsewhere, need one.
enum XMLDocument {
  /// The deepest that elements may nest.
  fileprivate static let maximumDepth = 64
  /// Between a namespace and a name, where Expat puts it: neither can hold it.
  fileprivate static let separator = UInt8(ascii: "\n")

  /// Has `reader` read a document.
  ///
  /// - Parameter name: What the document is called in an error.
  static func read(
    _ bytes: [UInt8], named name: String, by reader: any XMLReader
  ) throws(SheetError) {
    guard let parser = unsafe XML_ParserCreateNS(nil, CChar(bitPattern: separator)) else {
      preconditionFailure("out of memory")
    }
    defer { unsafe XML_ParserFree(parser) }
    let session = unsafe XMLSession(reader, parser)
    session.attach()
    let status = withExtendedLifetime(session) {
      unsafe bytes.withUnsafeBytes {
        unsafe XML_Parse(
          parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), CInt($0.count), 1)
      }
    }
    if let error = session.error { throw error }
    guard status == XML_STATUS_OK else {
      throw SheetError(
        "The workbook is damaged: its part \(name) is not well-formed XML (line \(unsafe XML_GetCurrentLineNumber(parser))).",
        hint: "Open it in the spreadsheet program and save it again.")
    }
  }
}

/// One document on its way through the parser, as Expat's functions are handed it.
@safe private final class XMLSession {
  private let reader: any XMLReader
  private let parser: XML_Parser
  private let namespaces: Set<String>
  private var depth = 0
  /// How deep the elements are that are passed over; 0 outside of them.
  private var foreignDepth = 0
  private(set) var error: SheetError?

  init(_ reader: any XMLReader, _ parser: XML_Parser) {
    self.reader = reader
    unsafe self.parser = parser
    namespaces = Set(reader.namespaces)
  }

  func attach() {
    unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    unsafe XML_SetElementHandler(
      parser,
      { session, name, attributes in
        guard let name = unsafe name else { return }
        unsafe XMLSession.from(session)?.begin(String(cString: name), attributes)
      },
      { session, name in
        guard let name = unsafe name else { return }
        unsafe XMLSession.from(session)?.end(String(cString: name))
      })
    unsafe XML_SetCharacterDataHandler(parser) { session, text, count in
      let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
      unsafe XMLSession.from(session)?.text(String(decoding: bytes, as: UTF8.self))
    }
    unsafe XML_SetStartDoctypeDeclHandler(parser) { session, _, _, _, _ in
      unsafe XMLSession.from(session)?.refuseDocumentType()
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> XMLSession? {
    unsafe pointer.map { unsafe Unmanaged<XMLSession>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: What Expat calls

  private func begin(
    _ name: String, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
  ) {
    depth += 1
    guard depth <= XMLDocument.maximumDepth else {
      return stop(SheetError("The workbook nests elements deeper than any program does."))
    }
    guard foreignDepth == 0, let local = known(name) else {
      foreignDepth += 1
      return
    }
    let values = unsafe Self.values(attributes)
    attempt { () throws(SheetError) in try reader.begin(local, values) }
  }

  private func text(_ text: String) {
    guard foreignDepth == 0 else { return }
    attempt { () throws(SheetError) in try reader.text(text) }
  }

  private func end(_ name: String) {
    depth -= 1
    guard foreignDepth == 0 else {
      foreignDepth -= 1
      return
    }
    guard let local = known(name) else { return }
    attempt { () throws(SheetError) in try reader.end(local) }
  }

  private func refuseDocumentType() {
    stop(SheetError("The workbook holds a document type declaration, and no workbook has one."))
  }

  // MARK: Parts

  private func attempt(_ body: () throws(SheetError) -> Void) {
    guard error == nil else { return }
    do { try body() } catch { stop(error) }
  }

  private func stop(_ error: SheetError) {
    self.error = self.error ?? error
    unsafe XML_StopParser(parser, XML_Bool(XML_FALSE))
  }

  /// The local part of a name of a known namespace.
  private func known(_ name: String) -> String? {
    let (space, local) = Self.parts(name)
    return namespaces.contains(space) ? local : nil
  }

  private static func parts(_ name: String) -> (space: String, local: String) {
    guard let cut = name.utf8.firstIndex(of: XMLDocument.separator) else { return ("", name) }
    return (String(name[..<cut]), String(name[name.utf8.index(after: cut)...]))
  }

  private static func values(
    _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
  ) -> [String: String] {
    var values: [String: String] = [:]
    guard var next = unsafe attributes else { return values }
    while let name = unsafe next[0], let value = unsafe next[1] {
      let (space, local) = unsafe parts(String(cString: name))
      if space.isEmpty {
        values[local] = unsafe String(cString: value)
      } else if WorkbookNames.relations.contains(space) {
        values["r:\(local)"] = unsafe String(cString: value)
      }
      unsafe next += 2
    }
    return values
  }
}
