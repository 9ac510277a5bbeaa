#!/usr/bin/env python3
"""Writes a corpus for each fuzz target into a folder: the vectors, ours and those of ../shared if they
are there, and the examples of docs/formats. A target gets everything that could be of its kind, refused
cases too, since those lie at the edge."""
import base64
import hashlib
import io
import json
import pathlib
import re
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VECTORS = ROOT / "Tests" / "Vectors"
SHARED = ROOT.parent / "shared" / "vectors"
# Which files of vectors and pages feed which targets; what is not named feeds all.
KINDS = {
    "notes": ["note", "checkpoint", "extended", "submission"],
    "checkpoints": ["checkpoint", "extended", "note"],
    "cosignatures": ["checkpoint", "extended", "note"],
    "proofs": ["proof", "consistency", "receipt"],
    "policies": ["policy"],
    "witness": ["request"],
    "canonical-json": ["json", "event"],
}
ALL = ["json", "event", "note", "checkpoint", "extended", "proof", "consistency", "bundle", "tile", "policy",
       "request", "equivocation", "submission", "carried", "unfinished", "entry", "receipt", "head", "voids", "answer",
       "message", "address"]
# What stands in hexadecimal or base64 in docs/formats/timestamp.md, and what it is a corpus of.
TIMESTAMPS = {"request": (bytes.fromhex, "tsquery"), "response": (base64.b64decode, "tsreply"),
              "certificate": (str.encode, "certificates")}


def strings(value):
    """Every text in a JSON value, base64 unpacked where a case says so."""
    if isinstance(value, str):
        yield value.encode()
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        if isinstance(value.get("base64"), str):
            yield base64.b64decode(value["base64"])
        for item in value.values():
            yield from strings(item)


def workbook_parts(name):
    """The parts of a small workbook, in the order of the target that takes them one by one."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"

    def relations(*targets):
        return f'<Relationships xmlns="{package}">' + "".join(
            f'<Relationship Id="r{number}" Type="{office}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets, 1)) + "</Relationships>"

    cells = {"plain": '<c r="A2" t="s"><v>1</v></c><c r="B2"><v>8.25</v></c>',
             "styled": '<c r="A2" s="1"><v>45107</v></c><c t="inlineStr"><is><r><t>a</t></r></is></c>'}[name]
    return {
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{main}"><cols><col min="5" max="9" hidden="1"/></cols><sheetData><row r="1">'
            f'<c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><f>A1</f><v>b</v></c></row><row r="2">{cells}</row>'
            f'</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>a</t></si><si><r><t>b</t></r><rPh><t>c</t></rPh></si></sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts><numFmt numFmtId="164" formatCode="[h]:mm;0%"/></numFmts>'
                         f'<cellXfs><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="0"/><sheets>'
                           f'<sheet name="P" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"),
                                                ("sharedStrings", "sharedStrings.xml")),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
    }


def main():
    target_folder = pathlib.Path(sys.argv[1])

    def add(data, kinds):
        if not data or len(data) > 8192:
            return
        if data.startswith(b"onus/submission/v1\n"):
            # What submissions are carried and recorded in.
            carried = b"note %d\n\n%s" % (len(data), data)
            add(b"onus/carried/v1\n" + carried, ["carried"])
            add(b"onus/unfinished/v1\n" + carried, ["unfinished"])
            root = base64.b64encode(hashlib.sha256(b"").digest())
            header = b"onus/entry/v1\nindex 0\ntime 2026-11-22T03:00:01.412Z\nroot %s\n\n" % root
            add(header + data, ["entry"])
        for kind in kinds:
            folder = target_folder / kind
            folder.mkdir(parents=True, exist_ok=True)
            (folder / hashlib.sha256(data).hexdigest()[:20]).write_bytes(data)

    for path in sorted(VECTORS.rglob("*.json")):
        kinds = next((KINDS[name] for name in (path.stem, path.parent.name) if name in KINDS), ALL)
        for data in strings(json.loads(path.read_text(encoding="utf-8"))):
            add(data, kinds)
    for page in sorted((ROOT / "docs" / "formats").glob("*.md")):
        for block in re.findall(r"^```[\w-]*\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
            add(block.encode(), ALL)
            add(block.rstrip("\n").encode(), ["json", "event"])
    seed = base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))).decode()
    add(f"-----BEGIN PRIVATE KEY-----\n{seed}\n-----END PRIVATE KEY-----\n".encode(), ["keyfile"])
    timestamps = (ROOT / "docs" / "formats" / "timestamp.md").read_text(encoding="utf-8")
    for tag, (decode, kind) in TIMESTAMPS.items():
        block = re.search(rf"^```{tag}\n(.*?)^```$", timestamps, re.M | re.S).group(1)
        add(decode(block if kind == "certificates" else block.replace("\n", "")), [kind])
    for schema in sorted((ROOT / "Schemas").rglob("*.json")):
        add(schema.read_bytes().rstrip(b"\n"), ["json"])
    if SHARED.is_dir():
        for path in sorted((SHARED / "jcs").rglob("*.json")):
            add(path.read_bytes(), ["json"])
        for path in sorted((SHARED / "tessera-log").rglob("*")):
            if path.is_file():
                add(path.read_bytes(), ["checkpoint", "tile", "bundle", "note"])
    line = "\u2014 w.example " + base64.b64encode(bytes(76)).decode() + "\n"
    for answer in (f"text/plain\n{line}{line}", "text/x.tlog.size\n412\n", "\nno\n"):
        add(answer.encode(), ["answer"])
    for address in ("http://example.org", "https://[2001:db8::1]:8443/a/b%20c?d=e", "http://192.0.2.1/~x/"):
        add(address.encode(), ["address"])
    add(bytes(range(32)) * 3, ["tile"])
    for table in re.findall(r"^```[a-z]+\.csv\n(.*?)^```$", (ROOT / "docs/formats/import.md").read_text(), re.M | re.S):
        add(table.encode(), ["csv"])
    for name in ("plain", "styled"):
        seed = workbook_parts(name)
        add(b"\0".join(part.encode() for part in seed.values()), ["workbook"])
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
            for part, text in seed.items():
                file.writestr(part, text)
        add(data.getvalue(), ["archive"])
    add(b"\x00\x03abc\x00\x01z", ["bundle"])


if __name__ == "__main__":
    main()
