import HelperProtocol
import Testing

@Suite struct `An address` {
  @Test(arguments: [
    "http://example.org", "https://example.org/", "https://example.org:8443/a/b?c=d%20e",
    "http://192.0.2.1/x", "http://[2001:db8::1]:80/", "http://localhost:1/~a/(b)",
  ]) func `is read as it is written`(_ text: String) throws {
    #expect(try "\(WebAddress(text))" == text)
  }

  @Test(arguments: [
    "", "example.org", "ftp://example.org/", "HTTP://example.org/", "http://", "http:///path",
    "http://user@example.org/", "http://example.org:0/", "http://example.org:65536/",
    "http://example.org:080/", "http://example.org:/", "http://exa mple.org/",
    "http://example.org/a b",
    "http://example.org/#x", "http://example.org/../x", "http://example.org/a/./b",
    "http://example.org/%2", "http://example.org/%zz", "http://-example.org/", "http://a..b/",
    "http://[::1/", "http://[]/", "http://[1234]/", "http://ex_ample.org/", "http://例.org/",
    "http://example.org/\u{0}", "http://example.org\\x/",
  ]) func `of another form is none`(_ text: String) {
    #expect(throws: HelperError.self) { try WebAddress(text) }
  }

  @Test func `is bounded`() {
    #expect(throws: HelperError.self) {
      try WebAddress("http://example.org/" + String(repeating: "a", count: 2048))
    }
  }

  @Test func `has others below it, with one slash between`() throws {
    for text in ["http://example.org/a", "http://example.org/a/"] {
      #expect(try "\(WebAddress(text).below("tile/0/000"))" == "http://example.org/a/tile/0/000")
    }
    #expect(throws: HelperError.self) { try WebAddress("http://a/?b").below("c") }
    #expect(throws: HelperError.self) { try WebAddress("http://a/").below("../c") }
  }

  @Test func `is told from the name of a file`() {
    for text in ["http://a", "https://a", "HTTPS://a"] { #expect(WebAddress.isMeant(by: text)) }
    for text in ["http:/a", "./http://a", "httpx://a", ""] {
      #expect(!WebAddress.isMeant(by: text))
    }
  }
}

@Suite struct `A place to listen on` {
  @Test(arguments: ["127.0.0.1:8080", "[::1]:0", "localhost:65535", "0.0.0.0:80"])
  func `is read as it is written`(_ text: String) throws {
    #expect(try "\(ListenAddress(text))" == text)
  }

  @Test(arguments: [
    "", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "a/b:1", "::1:80",
  ])
  func `of another form is none`(_ text: String) {
    #expect(throws: HelperError.self) { try ListenAddress(text) }
  }

  @Test func `is this machine's alone or not`() throws {
    for text in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1"] {
      #expect(try ListenAddress(text).isLoopback)
    }
    for text in ["0.0.0.0:1", "[::]:1", "127.example.org:1", "192.0.2.1:1"] {
      #expect(try !ListenAddress(text).isLoopback)
    }
  }
}

@Suite struct `A route` {
  @Test func `leads to its path alone`() throws {
    let route = try Route("GET /w/*/checkpoint 0")
    #expect("\(route)" == "GET /w/*/checkpoint 0")
    #expect(route.leads(to: "/w/00ff/checkpoint"))
    let others = [
      "/w/checkpoint", "/w//checkpoint", "/w/a/b/checkpoint", "/w/a/checkpoint/", "w/a/checkpoint",
      "/w/a/checkpoint?x", "/W/a/checkpoint", "/w/a%20/checkpoint",
      "/w/\(String(repeating: "a", count: 129))/checkpoint",
    ]
    for path in others { #expect(!route.leads(to: path), "\(path)") }
  }

  @Test(arguments: [
    "", "GET /", "GET / x", "get / 1", "GET x 1", "GET /../x 1", "GET /a?b 1", "GET / 16777217",
    "GET  / 1",
  ]) func `of another form is none`(_ text: String) {
    #expect(throws: HelperError.self) { try Route(text) }
  }
}
