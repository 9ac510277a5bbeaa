import Testing

@testable import Spreadsheets

@Suite("A number format")
struct NumberFormatTests {
  private func kind(_ code: String, _ number: Double, _ text: String) -> NumberFormat.Kind {
    NumberFormat(code).kind(of: number, text)
  }

  @Test(arguments: [
    "General", "0", "#,##0", "0.00", "# ##0.00", "#,##0.00 \"km\"", "\"No \"0", "0_);(0)",
    "0.00;[Red]-0.00", "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)", "[$¥-804]#,##0.00",
  ])
  func `shows a number that stands there in full`(_ code: String) {
    #expect(kind(code, 12, "12") == .number)
  }

  @Test(arguments: [
    ("0\"．\"00", 1234.0, "1234"), ("0\"·\"00", 1234, "1234"), ("0\"，\"000", 1234, "1234"),
    ("\"−\"0", 1234, "1234"), ("\"–\"0", 1234, "1234"), ("\"（\"0\"）\"", 1234, "1234"),
    ("0\"e\"0", 1234, "1234"), ("0\":\"00", 1234, "1234"), ("0\"％\"", 1234, "1234"),
    ("0\"‰\"", 1234, "1234"), ("0\"k\"", 1234, "1234"), ("0\" million\"", 1234, "1234"),
    ("0.0.0", 12, "12"), ("0.00;[Red]0.00", -1234.5, "-1234.5"), ("0;0", -12, "-12"),
    ("General;General", -12, "-12"), ("#,###", 0, "0"), ("#", 0, "0"), ("?.?", 0, "0"),
    ("[<1]0;0.00", 12, "12"), ("000", 12, "12"), ("\"1\"0", 12, "12"),
  ])
  func `is refused where it changes what is read`(_ code: String, _ number: Double, _ text: String)
  {
    #expect(kind(code, number, text) == .unclear)
  }

  @Test(arguments: ["#,##0,", ".0,", "0.0,,", "0,\"k\""])
  func `is known to divide by thousands`(_ code: String) {
    #expect(kind(code, 45_473, "45473") == .scaled)
  }

  @Test(arguments: [
    ("General", true), ("@", true), ("0.00", true), ("0;-0;0;@", true), ("0;-0;0;General", true),
    ("General;General;General;\"ROADS\"", false), (";;;", false), (";;;\"x\"", false),
    ("\"Not \"@", false), ("@\" km\"", false), ("0;0;0;@@", false), ("0;-0;@\"x\"", false),
  ])
  func `says whether it shows a text as it is`(_ code: String, _ shows: Bool) {
    #expect(NumberFormat(code).showsText == shows)
  }
}
