"""Workbooks that `import` is handed: what is a table is read as its CSV would be, and what is none, or is made to
harm, is refused by name and within bounds."""
import io
import struct
import unittest
import warnings
import zipfile
from xml.sax.saxutils import escape

from outside_case import COULD_NOT_RUN, DONE, Case

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DIRECTORY = [["org_id", "kind", "name_en", "name_zh"], ["N1", "department", "A & B", "甲"],
             ["N2", "department", "=1+1", "乙"]]


def sheet(rows):
    """The part of a sheet whose cells are all texts of their own."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
                        for place, text in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def relations(*targets):
    return (f'<Relationships xmlns="{PACKAGE}">' + "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)) + "</Relationships>")


def parts(**sheets):
    """The parts of a workbook: name and XML of each sheet, and how it is shown after a bar."""
    listed = "".join(
        f'<sheet name="{name.partition("_")[0]}" sheetId="{number}" r:id="r{number}"'
        f'{" state=%r" % name.partition("_")[2] if "_" in name else ""}/>'
        for number, name in enumerate(sheets, 1)).replace("'", '"')
    made = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1))),
    }
    for number, part in enumerate(sheets.values(), 1):
        made[f"xl/worksheets/sheet{number}.xml"] = part
    return made


def archive(made, method=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as file:
        for name, part in made.items():
            file.writestr(name, part)
    return data.getvalue()


def workbook(**sheets):
    return archive(parts(**sheets))


class Workbooks(Case):
    def read(self, data, *more):
        return self.office.run("import", self.office.write("table.xlsx", data), "--as", "REG", *more)

    def refuse(self, data, *said):
        answer = self.read(data)
        self.assert_answers(answer, COULD_NOT_RUN, "table.xlsx", *said)
        return answer

    def test_a_workbook_gives_what_its_csv_gives(self):
        table = "\n".join(",".join(row) for row in DIRECTORY) + "\n"
        plain = self.office.run("import", self.office.write("table.csv", table), "--as", "REG", "--dry-run", "--json")
        self.assertEqual(plain.code, DONE, plain)
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            answer = self.read(archive(parts(Plan=sheet(DIRECTORY)), method), "--dry-run", "--json")
            self.assertEqual(answer.code, DONE, answer)
            self.assertEqual(answer.out, plain.out)
        answer = self.read(workbook(Plan=sheet(DIRECTORY), Notes=sheet([]), Old_hidden=sheet(DIRECTORY)))
        self.assertEqual(answer.code, DONE, answer)
        self.assertIn("=1+1", self.office.do("org", "list"))

    def test_one_of_several_sheets_is_named(self):
        data = workbook(Plan=sheet(DIRECTORY), Other=sheet([["x"], ["1"]]), Past_veryHidden=sheet(DIRECTORY))
        with self.unharmed():
            self.refuse(data, "has 2 sheets that hold something", "--sheet", '"Plan", "Other"')
            self.assert_answers(self.read(data, "--sheet", "Past"), COULD_NOT_RUN, 'no visible sheet "Past"')
            self.assert_answers(self.read(data, "--sheet", "\x1b[2J"), COULD_NOT_RUN, "no visible sheet")
        self.assertEqual(self.read(data, "--sheet", "Plan").code, DONE)

    def test_what_is_no_workbook_is_named(self):
        whole = workbook(Plan=sheet(DIRECTORY))
        made = parts(Plan=sheet(DIRECTORY))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            twice = io.BytesIO(whole)
            with zipfile.ZipFile(twice, "a") as file:
                file.writestr("xl/worksheets/sheet1.xml", sheet([["x"]]))
        broken = bytearray(archive(made, zipfile.ZIP_STORED))
        broken[broken.index(b"department")] ^= 1
        locked = bytearray(whole)
        # The flag of the first entry of the directory, which says that it is encrypted.
        locked[locked.index(b"PK\x01\x02") + 8] |= 1
        misnamed = bytearray(whole)
        misnamed[misnamed.index(b"xl/worksheets/sheet1.xml")] = ord("y")
        end = whole.rindex(b"PK\x05\x06")
        # A locator of a ZIP64 end record, counted as a part of the directory.
        size = int.from_bytes(whole[end + 12:end + 16], "little") + 20
        zip64 = (whole[:end] + b"PK\x06\x07" + bytes(16) + whole[end:end + 12] + size.to_bytes(4, "little")
                 + whole[end + 16:])
        missing = {name: part for name, part in made.items() if name != "xl/worksheets/sheet1.xml"}
        cases = {
            "OpenDocument": (archive({"mimetype": "x", "content.xml": "<a/>"}), "OpenDocument"),
            "another archive": (archive({"a.txt": "x"}), "zip archive, not an Excel workbook"),
            "cut short": (whole[:-30], "damaged"),
            "a name of its own before a part": (bytes(misnamed), "damaged"),
            "two end records": (zip64, "damaged"),
            "something behind it": (whole + b"x", "damaged"),
            "only its beginning": (b"PK\x03\x04", "damaged"),
            "a part twice": (twice.getvalue(), "two parts of one name"),
            "a flipped bit": (bytes(broken), "damaged"),
            "a part twice but for case": (archive({**made, "xl/worksheets/SHEET1.xml": sheet([["x"]])}),
                                          "two parts of one name"),
            "two sheets of one name": (archive({**made, "xl/workbook.xml": made["xl/workbook.xml"].replace(
                "</sheets>", '<sheet name="PLAN" sheetId="2" r:id="r1"/></sheets>')}), 'two sheets named "PLAN"'),
            "encrypted": (bytes(locked), "encrypted"),
            "a sheet that is not there": (archive(missing), "damaged"),
            "a sheet outside": (archive({**made, "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "../../../../etc/passwd"))}), "damaged"),
            "no XML": (workbook(Plan="<worksheet"), "not well-formed XML (line 1)"),
            "empty": (workbook(Plan=sheet([])), "empty"),
            "only hidden": (workbook(Plan_hidden=sheet(DIRECTORY)), "no visible sheet"),
            "a file elsewhere": (workbook(
                Plan=f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}">&x;</worksheet>'),
                "document type"),
            "entities without end": (workbook(
                Plan='<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'),
                "document type"),
            "5,000 parts": (archive({**made, **{f"x{number}": "" for number in range(5000)}}), "more than 4096 parts"),
            "a cell of 20 kB": (workbook(Plan=sheet([["org_id"], ["x" * 20_000]])), "Cell A2", "16384 bytes"),
            "an escape": (workbook(Plan=sheet([["org_id"], ["a\u009b2J"]])), "Cell A2", "U+009B"),
        }
        with self.unharmed():
            for name, (data, *said) in cases.items():
                with self.subTest(name):
                    self.refuse(data, *said)

    def test_what_unpacks_without_end_is_cut_off(self):
        """A part of 300 MB is no more than 300 kB in the archive."""
        blank = sheet([]).replace("<sheetData>", "<sheetData>" + " " * (300 << 20))
        limited = ("prlimit", f"--as={1 << 30}")
        with self.unharmed():
            path = self.office.write("table.xlsx", workbook(Plan=blank))
            answer = self.office.run("import", path, "--as", "REG", prefix=limited)
            self.assert_answers(answer, COULD_NOT_RUN, "table.xlsx", "unpacks to more than 64 MiB")
            texts = f'<sst xmlns="{MAIN}">' + "<si><t>x</t></si>" * 200_000 + "</sst>"
            made = parts(Plan=sheet(DIRECTORY))
            made["xl/sharedStrings.xml"] = texts
            made["xl/_rels/workbook.xml.rels"] = relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
            answer = self.office.run("import", self.office.write("table.xlsx", archive(made)), "--as", "REG",
                                     "--dry-run", prefix=limited)
            self.assertEqual(answer.code, DONE, answer)

    def test_sizes_that_lie_harm_nothing(self):
        """Each two bytes of the archive's directory and headers, set to the largest that they can hold."""
        whole = workbook(Plan=sheet(DIRECTORY))
        directory = whole.index(b"PK\x01\x02")
        end = whole.index(b"PK\x05\x06")
        with self.unharmed():
            for base, fields in ((directory, range(4, 46, 2)), (end, range(4, 22, 2)), (0, range(4, 30, 2))):
                for field in fields:
                    data = bytearray(whole)
                    struct.pack_into("<H", data, base + field, 0xFFFF)
                    with self.subTest(base=base, field=field):
                        answer = self.read(bytes(data), "--dry-run")
                        self.assertIn(answer.code, (DONE, COULD_NOT_RUN), answer)


if __name__ == "__main__":
    unittest.main()
