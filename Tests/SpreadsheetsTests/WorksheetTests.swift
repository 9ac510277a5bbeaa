import Testing

@testable import Spreadsheets

@Suite("A worksheet")
struct WorksheetTests {
  /// A sheet with this XML in it, read with three shared texts and the styles number, day, time,
  /// percent, and day by a format of its own.
  private func sheet(
    _ rows: String, before: String = "", after: String = "", from1904: Bool = false
  ) throws -> Sheet {
    let space = WorkbookNames.main[0]
    let texts = """
      <sst xmlns="\(space)"><si><t>id</t></si><si><t>name</t></si>
      <si><r><t>街</t></r><r><t xml:space="preserve">道 </t></r><rPh sb="0" eb="1"><t>jie</t></rPh></si></sst>
      """
    let styles = """
      <styleSheet xmlns="\(space)"><numFmts count="2"><numFmt numFmtId="165" formatCode="#,##0,,"/><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d"/></numFmts>
      <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>
      <xf numFmtId="22"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>
      """
    let document =
      "<worksheet xmlns=\"\(space)\">\(before)<sheetData>\(rows)</sheetData>\(after)</worksheet>"
    return try Worksheet(
      Array(document.utf8), named: "sheet1.xml", SharedStrings(Array(texts.utf8)),
      CellStyles(Array(styles.utf8)), countsFrom1904: from1904
    ).sheet()
  }

  private let header = #"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#

  private func row(_ cell: String) -> String {
    header + "<row r=\"2\"><c r=\"A2\"><v>1</v></c>\(cell)</row>"
  }

  @Test(arguments: [
    (#"<c r="B2"><v>8.0999999999999996</v></c>"#, "8.1"), (#"<c r="B2"><v>110</v></c>"#, "110"),
    (#"<c r="B2"><v>8.0</v></c>"#, "8"), (#"<c r="B2"><v>-0.5</v></c>"#, "-0.5"),
    (#"<c r="B2"><v>1E-3</v></c>"#, "0.001"), (#"<c r="B2"><v>2.5E-7</v></c>"#, "0.00000025"),
    (#"<c r="B2"><v>0.30000000000000004</v></c>"#, "0.3"),
    (#"<c r="B2"><v>999999999999999.9</v></c>"#, "1000000000000000"),
    (#"<c r="B2"><v>0.99999999999999999</v></c>"#, "1"), (#"<c r="B2"><v>-0</v></c>"#, "0"),
    (#"<c r="B2"><v>123456.789</v></c>"#, "123456.789"),
    (#"<c r="B2"><v>1200</v></c>"#, "1200"), (#"<c r="B2"><v>0.05</v></c>"#, "0.05"),
    (#"<c r="B2" s="1"><v>45107</v></c>"#, "2023-06-30"),
    (#"<c r="B2" s="4"><v>45291</v></c>"#, "2023-12-31"),
    (#"<c r="B2" s="1"><v>1</v></c>"#, "1900-01-01"),
    (#"<c r="B2" s="1"><v>59</v></c>"#, "1900-02-28"),
    (#"<c r="B2" s="1"><v>61</v></c>"#, "1900-03-01"),
    (#"<c r="B2" t="s"><v>2</v></c>"#, "街道 "), (#"<c r="B2" t="str"><f>A2</f><v>x</v></c>"#, "x"),
    (#"<c r="B2" t="inlineStr"><is><t>a&amp;b</t></is></c>"#, "a&b"),
    (#"<c r="B2" t="b"><v>1</v></c>"#, "true"), (#"<c r="B2" t="b"><v>0</v></c>"#, "false"),
    (#"<c r="B2" t="d"><v>2023-06-30</v></c>"#, "2023-06-30"), (#"<c r="B2" s="1"/>"#, ""),
    (#"<c><v>7</v></c>"#, "7"), ("", ""),
  ])
  func `has the texts that its cells show`(_ cell: String, _ text: String) throws {
    let sheet = try sheet(row(cell))
    #expect(sheet.header == ["id", "name"])
    #expect(sheet.headerPlace == "Row 1")
    let only = try #require(sheet.rows.first)
    #expect(sheet.rows.count == 1)
    #expect(only["id"] == "1")
    #expect(only["name"] == text)
    #expect(only["other"] == nil)
    #expect(only.place == "Row 2")
  }

  @Test func `counts days from 1904 where the workbook does`() throws {
    let read = try sheet(row(#"<c r="B2" s="1"><v>43645</v></c>"#), from1904: true)
    #expect(read.rows.first?["name"] == "2023-06-30")
    let first = try sheet(row(#"<c r="B2" s="1"><v>0</v></c>"#), from1904: true)
    #expect(first.rows.first?["name"] == "1904-01-01")
    #expect(throws: SheetError.self) {
      _ = try sheet(row(#"<c r="B2" s="1"><v>2957004</v></c>"#), from1904: true)
    }
  }

  @Test(arguments: [
    (#"<c r="B2" s="2"><v>45107.5</v></c>"#, SheetError.Code.notADay, "Cell B2"),
    (#"<c r="B2" s="1"><v>45107.5</v></c>"#, .notADay, "Cell B2"),
    (#"<c r="B2" s="1"><v>60</v></c>"#, .notADay, "Cell B2"),
    (#"<c r="B2" s="1"><v>0</v></c>"#, .notADay, "Cell B2"),
    (#"<c r="B2" s="3"><v>0.08</v></c>"#, .shownOtherwise, "Cell B2"),
    (#"<c r="B2" t="e"><v>#N/A</v></c>"#, .noResult, "Cell B2"),
    (#"<c r="B2"><f>A2*2</f></c>"#, .noResult, "Cell B2"),
    (#"<c r="B2"><v>1e400</v></c>"#, .wrongNumber, "Cell B2"),
    (#"<c r="B2"><v>nan</v></c>"#, .wrongNumber, "Cell B2"),
    (#"<c r="B2"><v>12345678901234567</v></c>"#, .wrongNumber, "Cell B2"),
    (#"<c r="B2"><v>1e-300</v></c>"#, .wrongNumber, "Cell B2"),
    (#"<c r="B2"><v>0x10</v></c>"#, .wrongNumber, "Cell B2"),
    (#"<c r="B2" s="5"><v>8000000</v></c>"#, .shownOtherwise, "Cell B2"),
    (#"<c r="B2" t="b"><v>2</v></c>"#, .damaged, ""),
    (#"<c r="B2"><v>1</v><is><t>0</t></is></c>"#, .damaged, ""),
    (#"<c r="B2" t="s"><v>0</v><is><t>1</t></is></c>"#, .damaged, ""),
    (#"<c r="B2" t="str"><v>A_x0042_</v></c>"#, .forbiddenCharacter, "Cell B2"),
    (#"<row r="3"><c r="A3"><v>1</v></c></row>"#, .damaged, ""),
    (#"<c r="B2" t="str"><f>A2</f></c>"#, .noResult, "Cell B2"),
    (#"<c r="B2" s="9"><v>1</v></c>"#, .damaged, ""),
    (#"<x:x xmlns:x="urn:x"><x:y/></x:x>"#, .ambiguous, ""),
    ("</row><row r=\"3\" hidden=\" 1 \"><c r=\"A3\"><v>1</v></c>", .hidden, "Row 3"),
    (#"<c r="B2"><v>1</v><v>2</v></c>"#, .damaged, ""),
    (#"<c r="B2" t="x"><v>1</v></c>"#, .damaged, ""),
    (#"<c r="B2" t="s"><v>3</v></c>"#, .damaged, ""),
    ("</row><row r=\"3\" ht=\"0\"><c r=\"A3\"><v>1</v></c>", .hidden, "Row 3"),
    (#"<c r="B2" t="s"><v>-1</v></c>"#, .damaged, ""),
    (#"<c r="B3"><v>1</v></c>"#, .damaged, ""),
    (#"<c r="A2"><v>1</v></c>"#, .damaged, ""),
    (#"<c r="ALM2"><v>1</v></c>"#, .tooLarge, "Row 2"),
    (#"<c r="C2"><v>1</v></c>"#, .wrongCellCount, "Cell C2"),
    (#"<c r="B2" t="str"><v>a&#10;b</v></c>"#, .forbiddenCharacter, "Cell B2"),
    (#"<c r="B2" t="str"><v>a&#x202e;b</v></c>"#, .forbiddenCharacter, "Cell B2"),
    ("</row><row r=\"2\">", .damaged, ""),
    ("</row><row r=\"3\" hidden=\"1\"><c r=\"A3\"><v>1</v></c>", .hidden, "Row 3"),
    (
      "<c r=\"B2\"><v>1</v>", .damaged, ""
    ),
  ])
  func `is refused with its place`(_ cell: String, _ code: SheetError.Code, _ place: String) {
    let error = #expect(throws: SheetError.self) { _ = try sheet(row(cell)) }
    #expect(error?.code == code, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix(place) == true, "\(error?.message ?? "")")
  }

  @Test func `is refused where a column that holds something is hidden`() throws {
    let hidden = #"<cols><col min="2" max="3" hidden="1"/></cols>"#
    let error = #expect(throws: SheetError.self) {
      _ = try sheet(row(#"<c r="B2"><v>1</v></c>"#), before: hidden)
    }
    #expect(error?.code == .hidden)
    #expect(error?.message.hasPrefix("Column B ") == true)
    let narrow = #"<cols><col min="2" max="2" width="0"/></cols>"#
    #expect(throws: SheetError.self) {
      _ = try sheet(row(#"<c r="B2"><v>1</v></c>"#), before: narrow)
    }
    let flat = #"<sheetFormatPr zeroHeight="1"/>"#
    #expect(throws: SheetError.self) { _ = try sheet(row(""), before: flat) }
    let empty = #"<cols><col min="3" max="16384" hidden="1"/></cols>"#
    #expect(try sheet(row(""), before: empty).rows.count == 1)
  }

  @Test func `is refused where what belongs before its rows comes after them`() {
    for late in [
      #"<cols><col min="1" max="1" hidden="1"/></cols>"#, #"<sheetFormatPr zeroHeight="1"/>"#,
      "<sheetData/>",
    ] {
      #expect(throws: SheetError.self) { _ = try sheet(row(""), after: late) }
    }
  }

  @Test(arguments: [
    "<cols><col min=\"2\" max=\"2\" hidden=\"on\"/></cols>",
    "<cols><col min=\"2\" max=\"2\"/><col min=\"1\" max=\"2\"/></cols>",
    "<sheetFormatPr zeroHeight=\"2\"/>",
  ])
  func `is refused with truth values and columns that programs read differently`(_ before: String) {
    #expect(code { _ = try sheet(header, before: before) } == .damaged)
  }

  @Test(arguments: ["<cols><col min=\"2\" max=\"2\" width=\"0.05\"/></cols>"])
  func `is refused where a column is too narrow to be seen`(_ before: String) {
    #expect(code { _ = try sheet(header, before: before) } == .hidden)
  }

  @Test(arguments: [
    "<mc:Choice Requires=\"x14\"><sheetData/></mc:Choice>",
    "<mc:Fallback><cols><col min=\"1\" max=\"1\" hidden=\"1\"/></cols></mc:Fallback>",
  ])
  func `is refused with alternatives for what is read`(_ choice: String) throws {
    let name = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    func alternatives(_ choice: String) -> String {
      "<mc:AlternateContent xmlns:mc=\"\(name)\">\(choice)</mc:AlternateContent>"
    }
    #expect(code { _ = try sheet(header, before: alternatives(choice)) } == .ambiguous)
    // Excel writes those of buttons and the like.
    let buttons = "<mc:Choice Requires=\"x14\"><controls/></mc:Choice>"
    #expect(try sheet(header, after: alternatives(buttons)).header == ["id", "name"])
  }

  private func code(_ body: () throws -> Void) -> SheetError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? SheetError)?.code
    }
  }

  @Test func `is refused where cells are merged`() {
    let error = #expect(throws: SheetError.self) {
      _ = try sheet(row(""), after: #"<mergeCells><mergeCell ref="A2:A9"/></mergeCells>"#)
    }
    #expect(error?.code == .merged)
    #expect(error?.message.contains("A2:A9") == true)
  }

  @Test func `passes over blank rows, and what other programs add`() throws {
    let rows =
      "<row r=\"3\"/><row r=\"4\"><c r=\"A4\" s=\"1\"/></row>"
      + header.replacing("1", with: "5").replacing("<v>5</v>", with: "<v>1</v>")
      + "<row r=\"9\"><c r=\"A9\"><v>1</v><extLst><c><v>9</v></c></extLst></c></row>"
    let added =
      "<x:y xmlns:x=\"urn:x\"><row/></x:y><extLst><sheetData><row r=\"1\"/></sheetData></extLst>"
    let read = try sheet(rows, after: added)
    #expect(read.headerPlace == "Row 5")
    #expect(read.rows.map(\.place) == ["Row 9"])
    #expect(read.rows.first?["id"] == "1")
  }

  @Test func `is refused with a document type, and nested without end`() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet xmlns=\"\(WorkbookNames.main[0])\"/>"
    let deep = String(repeating: "<a>", count: 70) + String(repeating: "</a>", count: 70)
    for (text, code) in [(bomb, SheetError.Code.ambiguous), (deep, .tooLarge)] {
      let error = #expect(throws: SheetError.self) {
        _ = try CellStyles(Array(text.utf8))
      }
      #expect(error?.code == code, "\(error?.message ?? "")")
    }
  }

  @Test(arguments: [
    ("General", 8.25, NumberFormat.Kind.number), ("0.00", 8.25, .number), ("@", 8, .number),
    ("#,##0", 1_234_567, .number), ("#,##0.00", 8.25, .number), ("#,##0 \"days\"", 8, .number),
    ("0\"%\"", 8, .number), ("[Red]0.0", 8.5, .number), ("0_);(0)", 8, .number),
    ("0_);(0)", -8, .number), ("#,##0;-#,##0", -8, .number), ("0;0;\"-\"", 0, .number),
    ("_(* #,##0_);_(* (#,##0);_(* \"-\"_)", 8, .number), ("0%", 0.08, .percent),
    ("yyyy-mm-dd", 45473, .day), ("d/m/yy;@", 45473, .day), ("m\\-d\\-yy", 45473, .day),
    ("[$-804]yyyy\"年\"m\"月\"d\"日\";@", 45473, .day), ("h:mm", 0.5, .time),
    ("[h]:mm", 0.5, .time), ("yyyy-mm-dd hh:mm", 45473, .time), ("mmm\\-yy", 45473, .time),
    ("yyyy", 45473, .time), ("dddd", 45473, .time), ("0,", 8000, .scaled),
    ("#,##0,,", 8_000_000, .scaled), ("0", 8.4, .rounded), ("0.0", 8.25, .rounded),
    ("0.00E+00", 8, .unclear), ("# ?/?", 8.5, .unclear), (";;;", 8, .unclear),
    ("\"5\"0", 8, .unclear), ("\"T-\"0", 8, .unclear), ("-0", 8, .unclear), ("(0)", 8, .unclear),
    ("#,##0\"0\"", 8, .unclear), ("[$8]0", 8, .unclear), ("\"2024-12-31\"", 8, .unclear),
    ("0;0;\"zero\"", 0, .unclear), ("000", 8, .unclear), ("000", 118, .number),
    ("[>=1]0;0%", 0.08, .unclear), ("[<0]yyyy;0", 8, .unclear), ("0\\d", 8, .number),
    ("\"x\"yyyy-mm-dd\"5\"", 45473, .unclear), ("", 8, .unclear),
  ])
  func `knows by its format what a cell shows`(
    _ code: String, _ number: Double, _ kind: NumberFormat.Kind
  ) {
    let text = number == number.rounded() ? String(Int64(number)) : String(number)
    #expect(NumberFormat(code).kind(of: number, text) == kind)
  }

  @Test(arguments: [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")])
  func `names columns as programs do`(_ column: Int, _ name: String) {
    #expect(Worksheet.name(ofColumn: column) == name)
    let place = Worksheet.place("\(name)7")
    #expect(place?.column == column)
    #expect(place?.row == 7)
  }
}
