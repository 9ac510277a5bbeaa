#!/usr/bin/env python3
"""Writes a corpus for each fuzz target into a folder: the vectors, ours and those of ../shared if they
are there, and the examples of docs/formats. A target gets everything that could be of its kind, refused
cases too, since those lie at the edge."""
import base64
import hashlib
import json
import pathlib
import re
import sys

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
    add(b"\x00\x03abc\x00\x01z", ["bundle"])


if __name__ == "__main__":
    main()
