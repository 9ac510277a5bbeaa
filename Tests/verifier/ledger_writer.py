"""A small writer of Onus ledgers for the tests of the independent verifier.

It shares no code with the verifier or with Onus, computes its trees by the recursive definition of
RFC 6962, and writes whatever it is told: a cheat is a ledger that was written with one thing wrong.
"""
import base64
import hashlib
import json
import os
import shutil
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "beihe.example/plan"
START = datetime(2026, 1, 5, 8, 0, 0, tzinfo=timezone.utc)


def b64(data):
    return base64.b64encode(data).decode()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtree(hashes):
    """The Merkle tree hash of leaf hashes, by its definition."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(subtree(hashes[:split]), subtree(hashes[split:]))


def leaf_hash(leaf):
    return hashlib.sha256(b"\x00" + leaf).digest()


class Signer:
    """A key with its count."""

    def __init__(self, name, seed):
        self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.organisation = name
        self.id = hashlib.sha256(name.encode() + b"\n\x01" + self.public).digest()[:4]
        self.key = f"{name}+{self.id.hex()}"
        self.vkey = f"{self.key}+{b64(bytes([1]) + self.public)}"
        self.n = 0

    def line(self, text):
        return f"\u2014 {self.organisation} {b64(self.id + self.private.sign(text))}\n"


class Ledger:
    """A ledger in memory. `entries` are the leaves, in order."""

    def __init__(self):
        self.log = Signer(ORIGIN, "log")
        self.entries = []
        self.time = START

    def root(self, size=None):
        size = len(self.entries) if size is None else size
        return subtree([leaf_hash(leaf) for leaf in self.entries[:size]])

    def note(self, signers, events, seen=None, at=None, n=None, seen_root=None, edit=None):
        """A signed submission. `edit` changes its text before it is signed."""
        size = len(self.entries) if seen is None else seen
        by = []
        for i, signer in enumerate(signers):
            signer.n = signer.n + 1 if n is None or i > 0 else n
            by.append({"key": signer.key, "n": signer.n})
        header = {"at": stamp(at or self.time), "by": by,
                  "seen": {"root": b64(self.root(size) if seen_root is None else seen_root),
                           "size": size}}
        lines = ["onus/submission/v1", canonical(header)]
        lines += [event if isinstance(event, str) else canonical(event) for event in events]
        text = "\n".join(lines) + "\n"
        if edit:
            text = edit(text)
        return text + "\n" + "".join(signer.line(text.encode()) for signer in signers)

    def place(self, note, index=None, time=None, root=None):
        """Appends an entry with this note, and whatever header is asked for."""
        index = len(self.entries) if index is None else index
        header = (f"onus/entry/v1\nindex {index}\ntime {stamp(time or self.time)}\n"
                  f"root {b64(self.root() if root is None else root)}\n\n")
        data = note if isinstance(note, bytes) else note.encode()
        self.entries.append(header.encode() + data)
        self.time += timedelta(minutes=1)

    def add(self, signers, *events, place=None, **how):
        signers = signers if isinstance(signers, list) else [signers]
        self.place(self.note(signers, list(events), **how), **(place or {}))

    def checkpoint(self, size=None, signer=None, root=None):
        size = len(self.entries) if size is None else size
        text = f"{ORIGIN}\n{size}\n{b64(root or self.root(size))}\n"
        return (text + "\n" + (signer or self.log).line(text.encode())).encode()

    def export(self, folder, checkpoint=None, hashes=None):
        """Writes the tlog-tiles folder of all entries."""
        shutil.rmtree(folder, ignore_errors=True)
        leaves = [leaf_hash(leaf) for leaf in self.entries] if hashes is None else hashes
        write(folder, "checkpoint", checkpoint or self.checkpoint())
        bundles = [len(e).to_bytes(2, "big") + e for e in self.entries]
        for first in range(0, len(bundles), 256):
            part = bundles[first:first + 256]
            write(folder, tile("entries", first // 256, len(part)), b"".join(part))
        level = 0
        while leaves:
            for first in range(0, len(leaves), 256):
                part = leaves[first:first + 256]
                write(folder, tile(level, first // 256, len(part)), b"".join(part))
            leaves = [subtree(leaves[i:i + 256]) for i in range(0, len(leaves) - 255, 256)]
            level += 1


def tile(level, index, width):
    suffix = "" if width == 256 else f".p/{width}"
    return f"tile/{level}/{index:03d}{suffix}"


def write(folder, path, data):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def event(kind, data=None, **subject):
    return {"type": kind, "data": data or {}, **subject}


def enrolment(signer, kind="key.enrolled", **data):
    return event(kind, {"vkey": signer.vkey, **data}, org=signer.organisation)


def progress(percent=10):
    """What D02, who leads it, reports on the sample's task."""
    return event("progress.reported", {"percent": percent, "period": "2026-01"}, task="O01-T01")


def contribution(percent=10):
    """What D03, who supports it, reports on the sample's task."""
    return event("contribution.reported", {"percent": percent, "period": "2026-01"}, task="O01-T01")


def registration(organisation, name="Office"):
    return event("org.registered", {"kind": "office", "nameEn": name, "nameZh": name}, org=organisation)


def grant(organisation, role):
    return event("role.granted", {"role": role}, org=organisation)


def post(organisation, name):
    return event("post.defined", {"post": name, "titleEn": name, "titleZh": name}, org=organisation)


def opening(ledger, signer, **changed):
    data = {"clock": "system", "origin": ORIGIN, "rules": 1, "suite": "ed25519-sha256",
            "vkey": ledger.log.vkey, **changed}
    return [event("ledger.opened", data), registration(signer.organisation), enrolment(signer),
            grant(signer.organisation, "registrar")]


def plan():
    """Governing body and issuer are one here: a programme with one task, given to D02 and D03."""
    titles = {"titleEn": "Roads", "titleZh": "公路"}
    return [grant("D00", "issuer"),
            event("programme.issued", {"id": "P", **titles, "start": "2026-01-01", "end": "2026-12-31",
                                       "offset": "+08:00"}),
            event("objective.defined", {"id": "O01", **titles}),
            event("task.issued", {"objective": "O01", **titles, "criterion": "open", "cycle": "monthly",
                                  "evidenceRequired": 0, "weight": 1}, task="O01-T01"),
            event("task.assigned", {"lead": "D02", "supports": ["D03"], "start": "2026-01-01",
                                    "due": "2026-06-30"}, task="O01-T01")]


class Sample:
    """A sound ledger: a registrar D01, a governing body D00 that issues the plan, departments D02 and D03."""

    def __init__(self, length=12, **changed):
        self.ledger = ledger = Ledger()
        self.registrar, self.governing = Signer("D01", "registrar"), Signer("D00", "governing")
        self.two, self.three = Signer("D02", "two"), Signer("D03", "three")
        ledger.add(self.registrar, *opening(ledger, self.registrar, **changed), seen=0)
        for signer, *more in ((self.governing, grant("D00", "governing")), (self.two,), (self.three,)):
            ledger.add([self.registrar, signer], registration(signer.organisation), enrolment(signer), *more)
        ledger.add(self.governing, *plan())
        ledger.add(self.two, event("task.accepted", task="O01-T01"), progress())
        while len(ledger.entries) < length:
            signer, said = ((self.three, contribution()), (self.two, progress()))[len(ledger.entries) % 2]
            ledger.add(signer, said)
        del ledger.entries[length:]
