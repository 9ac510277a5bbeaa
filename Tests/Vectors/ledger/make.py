#!/usr/bin/env python3
"""Writes `ledger.json` from docs/formats, without any code of Onus.

A log of eleven entries whose submissions, seals, entries, carried files and receipts are made here from
the descriptions alone. Needs Python 3.9 and the `cryptography` package. Output is the same on every run.
"""
import base64
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent


def b64(data):
    return base64.b64encode(data).decode()


def sha(data):
    return hashlib.sha256(data).digest()


def jcs(value):
    # Enough of RFC 8785 for what is written here: ASCII keys, integers, strings without escapes.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Key:
    def __init__(self, name, seed):
        self.name = name
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = sha(name.encode() + b"\n\x01" + raw)[:4]
        self.key = f"{name}+{self.id.hex()}"
        self.vkey = f"{self.key}+{b64(bytes([1]) + raw)}"

    def line(self, text):
        return f"— {self.name} {b64(self.id + self.private.sign(text))}\n".encode()


def note(text, keys):
    return text + b"\n" + b"".join(key.line(text) for key in keys)


def leaf_hash(data):
    return sha(b"\x00" + data)


def largest_power_below(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return sha(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def inclusion(m, leaves):
    if len(leaves) <= 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return inclusion(m, leaves[:k]) + [root(leaves[k:])]
    return inclusion(m - k, leaves[k:]) + [root(leaves[:k])]


def consistency(m, leaves, whole=True):
    n = len(leaves)
    if m == n:
        return [] if whole else [root(leaves)]
    k = largest_power_below(n)
    if m <= k:
        return consistency(m, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(m - k, leaves[k:], False) + [root(leaves[:k])]


def pad(text):
    content = len(text).to_bytes(4, "big") + text
    return content + bytes(-len(content) % 256)


def commitment(key, media, salt, content):
    head = f"onus/seal/v1\n{key.key}\n{media}\n".encode()
    return sha(head + salt + content)


LOG = Key("beihe.example/plan", 1)
AUTHORS = [Key("D03", 3), Key("D04", 4)]
TEXTS = [b"", b"x" * 251, b"x" * 252, b"x" * 253, "桥面浇筑完成。\n".encode(), b"y" * 600]

leaves, entries = [], []
for index in range(11):
    author, other = AUTHORS[index % 2], AUTHORS[(index + 1) % 2]
    n = index // 2 + 1
    seen = max(0, index - index % 3)
    salt = bytes([index] * 32)
    if index % 4 == 3:
        media, text, content = "image/jpeg", None, bytes(range(256)) * index
    else:
        text = TEXTS[index % len(TEXTS)]
        media, content = "text/plain", pad(text)
    sealed = commitment(author, media, salt, content)
    seal = {"media": media, "sealed": b64(sealed)}
    if text is None:
        seal["size"] = len(content)
    keys = [author, other] if index % 5 == 4 else [author]
    header = {
        "at": f"2026-11-22T03:00:{index:02}.000Z",
        "by": [{"key": k.key, "n": n} for k in keys],
        "seen": {"root": b64(root(leaves[:seen])), "size": seen},
    }
    events = [
        {"data": {"done": seal, "percent": index * 10 % 101}, "task": "O03-T04",
         "type": "progress.reported"},
        {"data": {}, "org": "D09", "type": "a.type-nobody.knows"},
    ]
    lines = ["onus/submission/v1", jcs(header)] + [jcs(e) for e in events]
    submission = note(("\n".join(lines) + "\n").encode(), keys)
    place = (f"onus/entry/v1\nindex {index}\ntime 2026-11-22T03:00:{index:02}.412Z\n"
             f"root {b64(root(leaves))}\n\n").encode()
    leaf = place + submission
    leaves.append(leaf_hash(leaf))
    carried = (f"onus/carried/v1\nnote {len(submission)}\n"
               f"opening {media} {len(content)} {b64(salt)}\n\n").encode() + submission + content
    entries.append({
        "index": index, "place": place, "note": submission, "leaf": leaf, "seen": seen,
        "sealed": sealed, "media": media, "salt": salt, "content": content, "text": text,
        "carried": carried, "keys": keys,
    })

body = f"{LOG.name}\n{len(leaves)}\n{b64(root(leaves))}\n".encode()
checkpoint = note(body, [LOG])
cases = []
for entry in entries:
    index, seen = entry["index"], entry["seen"]
    receipt = f"onus/receipt/v1\nstored {b64(entry['sealed'])}\n"
    if seen:
        receipt += f"old {seen}\nnew {len(leaves)}\n"
        receipt += "".join(b64(h) + "\n" for h in consistency(seen, leaves))
    receipt += f"\nc2sp.org/tlog-proof@v1\nextra {b64(entry['place'])}\nindex {index}\n"
    receipt += "".join(b64(h) + "\n" for h in inclusion(index, leaves)) + "\n"
    case = {
        "index": index,
        "vkeys": [key.vkey for key in entry["keys"]],
        "note": entry["note"].decode(),
        "leaf": entry["leaf"].decode(),
        "leafHash": b64(leaf_hash(entry["leaf"])),
        "salt": b64(entry["salt"]),
        "media": entry["media"],
        "content": b64(entry["content"]),
        "commitment": b64(entry["sealed"]),
        "carried": b64(entry["carried"]),
        "receipt": receipt + checkpoint.decode(),
    }
    if entry["text"] is not None:
        case["text"] = entry["text"].decode()
    cases.append(case)

log = {"vkey": LOG.vkey, "checkpoint": checkpoint.decode(),
       "guard": sha(LOG.vkey.encode()).hex() + ".guard", "entries": cases}
(HERE / "ledger.json").write_text(json.dumps(log, indent=1, ensure_ascii=False) + "\n")
