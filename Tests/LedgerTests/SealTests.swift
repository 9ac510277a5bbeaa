import Accountability
import Cryptography
import Encoding
import Ledger
import Testing

@Suite struct `A seal` {
  let key = KeyName(name: "D03", id: 0x1a2b_3c4d)
  let salt = [UInt8](0..<32)

  @Test func `commits to key, media type, salt and content, in these bytes`() throws {
    let opening = try Opening(media: "image/jpeg", salt: salt, content: [1, 2, 3])
    let bytes = Array("onus/seal/v1\nD03+1a2b3c4d\nimage/jpeg\n".utf8) + salt + [1, 2, 3]
    #expect(opening.commitment(by: key) == SHA256.hash(bytes))
  }

  @Test func `differs for every author, media type, salt and content`() throws {
    let base = try Opening(media: "image/jpeg", salt: salt, content: [1])
    let others = [
      try Opening(media: "image/png", salt: salt, content: [1]).commitment(by: key),
      try Opening(media: "image/jpeg", salt: salt.reversed(), content: [1]).commitment(by: key),
      try Opening(media: "image/jpeg", salt: salt, content: [1, 0]).commitment(by: key),
      base.commitment(by: KeyName(name: "D03", id: 0x1a2b_3c4e)),
      base.commitment(by: KeyName(name: "D04", id: 0x1a2b_3c4d)),
    ]
    #expect(Set(others + [base.commitment(by: key)]).count == 6)
  }

  @Test(arguments: [0, 1, 251, 252, 253, 508, 509, 1000])
  func `pads text to a multiple of 256 and gives it back`(count: Int) throws {
    let text = String(repeating: "x", count: count)
    let opening = try Opening.text(text, salt: salt)
    #expect(opening.media == "text/plain")
    #expect(opening.content.count == (count + 4 + 255) / 256 * 256)
    #expect(opening.content[..<4].reduce(0) { $0 << 8 | Int($1) } == count)
    #expect(opening.text == text)
  }

  @Test func `keeps Chinese text and line feeds`() throws {
    let text = "已完成60%。\n下一步：验收。"
    #expect(try Opening.text(text).text == text)
  }

  @Test(arguments: ["a\r\nb", "a\tb", "\u{1B}[2J", "a\u{202E}b", "a\u{2028}b", "\u{FFFE}"])
  func `refuses text that no string of an event may hold`(text: String) throws {
    let error = #expect(throws: LedgerError.self) { try Opening.text(text, salt: salt) }
    #expect(error?.code == .malformedOpening)
    #expect(error?.message.contains("U+") == true)
    var content: [UInt8] = [0, 0, 0, UInt8(text.utf8.count)] + text.utf8
    content += [UInt8](repeating: 0, count: 256 - content.count)
    let carried = try Opening(media: "text/plain", salt: salt, content: content)
    #expect(carried.text == nil)
    #expect(throws: LedgerError.self) { try Seal.text(carried, by: key).check(carried, by: key) }
  }

  @Test func `takes a fresh salt each time`() throws {
    #expect(try Opening.text("a").salt != Opening.text("a").salt)
  }

  @Test func `refuses text that is padded in another way`() throws {
    let good = try Opening.text("abc", salt: salt).content
    var longer = good + [UInt8](repeating: 0, count: 256)
    #expect(try Opening(media: "text/plain", salt: salt, content: longer).text == nil)
    longer = good
    longer[255] = 1
    #expect(try Opening(media: "text/plain", salt: salt, content: longer).text == nil)
    longer = good
    longer[0] = 1
    #expect(try Opening(media: "text/plain", salt: salt, content: longer).text == nil)
    longer = good
    longer[4] = 0xFF
    #expect(try Opening(media: "text/plain", salt: salt, content: longer).text == nil)
    #expect(try Opening(media: "text/plain", salt: salt, content: []).text == nil)
    #expect(
      try Opening(media: "text/plain", salt: salt, content: Array(good.dropLast())).text == nil)
  }

  @Test(arguments: [
    "", "text", "text/", "/plain", "Text/plain", "text/plain;a=b", "a/b/c", "a\n/b",
  ])
  func `refuses a media type that is not plain type and subtype`(media: String) {
    #expect(throws: LedgerError.self) { try Opening(media: media, salt: salt, content: []) }
  }

  @Test func `refuses a salt that is not 32 bytes`() {
    #expect(throws: LedgerError.self) {
      try Opening(media: "a/b", salt: Array(salt.dropLast()), content: [])
    }
  }

  @Test func `is found in the data of any event, however deep`() throws {
    let opening = try Opening.text("done", salt: salt)
    let photo = try Opening(media: "image/jpeg", salt: salt, content: [1, 2])
    let event = Event(
      type: "something.new", subject: .none,
      data: [
        "done": Seal.text(opening, by: key).json,
        "list": .array([.object(["inner": Seal.file(photo, by: key).json])]),
        "sealed": .string("not a seal"),
      ])
    #expect(
      event.seals == [Seal.text(opening, by: key), Seal.file(photo, by: key)])
    let words = event.data { seal in seal.size == nil ? .string("done") : .integer(2) }
    #expect(
      words
        == .object([
          "done": .string("done"), "list": .array([.object(["inner": .integer(2)])]),
          "sealed": .string("not a seal"),
        ]))
    #expect(event.data { $0.size == nil ? .string("done") : nil } == nil)
  }

  @Test func `is opened by its own opening only`() throws {
    let opening = try Opening.text("done", salt: salt)
    let seal = Seal.text(opening, by: key)
    try seal.check(opening, by: key)
    #expect(throws: LedgerError.self) {
      try seal.check(Opening.text("undone", salt: salt), by: key)
    }
    #expect(throws: LedgerError.self) { try seal.check(opening, by: KeyName(name: "D04", id: 1)) }
  }

  @Test func `without a size refuses content that is not padded text`() throws {
    let photo = try Opening(media: "text/plain", salt: salt, content: [1, 2])
    #expect(throws: LedgerError.self) { try Seal.text(photo, by: key).check(photo, by: key) }
    try Seal.file(photo, by: key).check(photo, by: key)
  }
}
