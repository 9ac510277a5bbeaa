internal import CExpat

/// What reads an XML document: it is told of the elements at the places that it names.
///
/// A place is a path of local names from the root, such as `sst/si/t`. An element of such a name at
/// another place is refused: another program might read it. Extensions, and elements of other
/// namespaces, are passed over with all that is in them; but within one of the places they are refused,
/// since they could be alternatives for it.
protocol XMLReader: AnyObject {
  /// The namespaces it knows.
  var namespaces: [String] { get }
  /// The places of the elements that it reads.
  var places: Set<String> { get }
  /// An element begins. Attributes have their local names, and `r:id` is a relation's.
  func begin(_ place: String, _ attributes: [String: String]) throws(SheetError)
  /// Text inside the element that began last, perhaps in parts.
  func text(_ text: String) throws(SheetError)
  /// An element ends.
  func end(_ place: String) throws(SheetError)
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
    _ bytes: [UInt8], named name: String, by reader: any XMLReader,
    _ budget: WorkbookBudget = WorkbookBudget()
  ) throws(SheetError) {
    guard let parser = unsafe XML_ParserCreateNS(nil, CChar(bitPattern: separator)) else {
      preconditionFailure("out of memory")
    }
    defer { unsafe XML_ParserFree(parser) }
    let session = unsafe XMLSession(reader, parser, budget)
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
        .damaged,
        "The workbook is damaged: its part \(name) is not well-formed XML (line \(unsafe XML_GetCurrentLineNumber(parser))).",
        hint: "Open it in the spreadsheet program and save it again.")
    }
  }
}

/// One document on its way through the parser, as Expat's functions are handed it.
@safe private final class XMLSession {
  private let reader: any XMLReader
  private let parser: XML_Parser
  private let budget: WorkbookBudget
  private let namespaces: Set<String>
  private let places: Set<String>
  /// The names that places end in.
  private let names: Set<String>
  /// The places of the elements that are open.
  private var open: [String] = []
  private var depth = 0
  /// How deep the elements are that are passed over; 0 outside of them.
  private var foreignDepth = 0
  /// Whether those are alternatives, of which each program takes one.
  private var isInAlternatives = false
  private(set) var error: SheetError?

  init(_ reader: any XMLReader, _ parser: XML_Parser, _ budget: WorkbookBudget) {
    self.reader = reader
    unsafe self.parser = parser
    self.budget = budget
    namespaces = Set(reader.namespaces)
    places = reader.places
    names = Set(places.map { place in String(place.split(separator: "/").last ?? "") })
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
      return stop(
        SheetError(.tooLarge, "The workbook nests elements deeper than any program does."))
    }
    attempt { () throws(SheetError) in try budget.takeElement() }
    guard foreignDepth == 0, let local = known(name), local != "extLst" else {
      if foreignDepth == 0 { isInAlternatives = name == WorkbookNames.alternatives }
      let isAtPlace = foreignDepth == 0 && open.last.map(places.contains) == true
      let isOfReader = isInAlternatives && known(name).map(names.contains) == true
      if isAtPlace && known(name) == nil || isOfReader {
        stop(
          SheetError(
            .ambiguous,
            "The workbook holds alternatives that programs choose from, where the table is.",
            hint: "Save the table anew in the spreadsheet program, or as \"CSV UTF-8\"."))
      }
      foreignDepth += 1
      return
    }
    let place = open.last.map { "\($0)/\(local)" } ?? local
    open.append(place)
    guard places.contains(place) else {
      if names.contains(local) { stop(Archive.damaged) }
      return
    }
    guard let values = unsafe Self.values(attributes) else { return stop(Archive.damaged) }
    attempt { () throws(SheetError) in try reader.begin(place, values) }
  }

  private func text(_ text: String) {
    guard foreignDepth == 0, let place = open.last, places.contains(place) else { return }
    attempt { () throws(SheetError) in try reader.text(text) }
  }

  private func end(_ name: String) {
    depth -= 1
    guard foreignDepth == 0 else {
      foreignDepth -= 1
      return
    }
    guard let place = open.popLast(), places.contains(place) else { return }
    attempt { () throws(SheetError) in try reader.end(place) }
  }

  private func refuseDocumentType() {
    stop(
      SheetError(
        .ambiguous, "The workbook holds a document type declaration, and no workbook has one."))
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

  /// The attributes; `nil` if the two namespaces of relations give one of them twice.
  private static func values(
    _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
  ) -> [String: String]? {
    var values: [String: String] = [:]
    guard var next = unsafe attributes else { return values }
    while let name = unsafe next[0], let value = unsafe next[1] {
      let (space, local) = unsafe parts(String(cString: name))
      if space.isEmpty {
        values[local] = unsafe String(cString: value)
      } else if WorkbookNames.relations.contains(space) {
        let old = values.updateValue(unsafe String(cString: value), forKey: "r:\(local)")
        guard old == nil else { return nil }
      }
      unsafe next += 2
    }
    return values
  }
}
