import Foundation
import HelperProtocol
import Testing

@Suite struct `A frame` {
  @Test func `is a line of words and bytes`() throws {
    let bytes = Array("5 answer 7 409 text/x.tlog.size\n1234\n".utf8)
    var reader = Frame.Reader()
    reader.append(bytes)
    let frame = try #require(try reader.next())
    #expect(frame.words == ["answer", "7", "409", "text/x.tlog.size"])
    #expect(frame.body == Array("1234\n".utf8))
    #expect(frame.bytes == bytes)
    #expect(!reader.isInside)
    #expect(try reader.next() == nil)
  }

  @Test func `is read however its bytes arrive`() throws {
    let frames = [
      Frame(["one"]), Frame(["two", "x"], [0, 10, 255]),
      Frame(["three"], Array(repeating: 7, count: 999)),
    ]
    let bytes = frames.flatMap(\.bytes)
    for step in [1, 2, 3, 64, 5000] {
      var reader = Frame.Reader()
      var found: [Frame] = []
      for start in stride(from: 0, to: bytes.count, by: step) {
        reader.append(bytes[start..<min(bytes.count, start + step)])
        while let frame = try reader.next() { found.append(frame) }
      }
      #expect(found == frames)
      #expect(!reader.isInside)
    }
  }

  @Test(arguments: [
    "\n", "5\n", "five words\n", "05 words\n", "-1 words\n", " 0 words\n", "0  words\n",
    "0 words \n",
    "16777217 words\n", "0 w\u{7}rds\n", "0 wörds\n", "99999999999999999999 words\n",
  ]) func `has one form`(_ line: String) {
    var reader = Frame.Reader()
    reader.append(Array(line.utf8))
    #expect(throws: HelperError.self) { try reader.next() }
  }

  @Test func `has a line of bounded length, which is told before its end`() throws {
    var reader = Frame.Reader()
    reader.append(Array("0 ".utf8) + Array(repeating: UInt8(ascii: "x"), count: 4094))
    #expect(try reader.next() == nil)
    reader.append([UInt8(ascii: "x")])
    #expect(throws: HelperError.self) { try reader.next() }
  }
}

@Suite struct `A message` {
  static let all: [HelperMessage] = [
    .hello(version: 1), .listening(address: "127.0.0.1:8080"), .folder(path: "/tmp/a folder"),
    .request(id: 3, method: "POST", path: "/add-checkpoint", body: [1, 2, 3]),
    .got(name: "export/tile/0/000", byteCount: 8192), .missing(name: "export/tile/0/000.p/3"),
    .tooLong(name: "export/checkpoint"), .failed(name: "-", reason: "It cannot be listened on."),
    .answer(
      id: 3, .init(status: 409, contentType: "text/x.tlog.size", remark: ["a", "b"], body: [9])),
    .answer(id: 0, .init(status: 200, contentType: nil, body: [])),
    .get(path: "tile/0/000", name: "export/tile/0/000", limit: 8192),
  ]

  @Test(arguments: all) func `is what was said`(_ message: HelperMessage) throws {
    var reader = Frame.Reader()
    reader.append(message.bytes)
    let frame = try #require(try reader.next())
    #expect(try HelperMessage(frame) == message)
  }

  @Test(arguments: [
    Frame(["hello"]), Frame(["onus-net", "x"]), Frame(["onus-net", "1"], [1]), Frame(["got", "a"]),
    Frame(["got", "a", "01"]), Frame(["answer", "1", "99", "-"]),
    Frame(["answer", "1", "600", "-"]),
    Frame(["answer", "1", "200"]), Frame(["missing", "a"], [1]), Frame(["folder"], [0xFF]),
    Frame(["get", "a", "b", "-1"]), Frame(["request", "1", "GET"]),
  ]) func `of other parts is none`(_ frame: Frame) {
    #expect(throws: HelperError.self) { try HelperMessage(frame) }
  }

  @Test func `takes no type and no remark that would break its line`() throws {
    let answer = HelperMessage.Answer(
      status: 200, contentType: "text/plain; charset=\r\nutf-8", remark: ["a b", "", "c", "é"],
      body: [])
    #expect(answer.contentType == "text/plain;charset=utf-8")
    #expect(answer.remark == ["c"])
  }
}

@Suite struct `The page onus-net` {
  @Test func `shows what serve says and is told`() throws {
    let page = try String(
      contentsOf: URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/formats/onus-net.md"), encoding: .utf8)
    let block = try #require(page.components(separatedBy: "\n```serve\n").dropFirst().first)
    var reader = Frame.Reader()
    reader.append(Array((block.components(separatedBy: "\n```\n")[0] + "\n").utf8))
    var messages: [HelperMessage] = []
    while let frame = try reader.next() { messages.append(try HelperMessage(frame)) }
    #expect(!reader.isInside)
    #expect(
      messages == [
        .hello(version: HelperMessage.version), .listening(address: "127.0.0.1:8080"),
        .request(id: 1, method: "POST", path: "/add-checkpoint", body: Array("old 3\n".utf8)),
        .answer(
          id: 1,
          .init(
            status: 409, contentType: "text/x.tlog.size",
            remark: ["beihe.example/plan", "old=3", "new=7"], body: Array("7\n".utf8))),
      ])
  }
}
