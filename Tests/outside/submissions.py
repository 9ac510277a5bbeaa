"""Writes submissions as a department's machine would, or with one thing wrong.

Shares no code with Onus: keys are read from the PKCS #8 files that the command wrote, the bytes are
those of docs/formats/submission.md and carried-submission.md.
"""
import base64
import glob
import hashlib
import json
import os
import re
import struct
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def base(data):
    return base64.b64encode(data).decode()


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def now(**later):
    return datetime.now(timezone.utc) + timedelta(**later)


class Key:
    """A key with its name and id."""

    def __init__(self, name, private=None):
        self.private = private or Ed25519PrivateKey.generate()
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.organisation = name
        self.id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
        self.name = f"{name}+{self.id.hex()}"
        self.vkey = f"{self.name}+{base(bytes([1]) + public)}"

    @classmethod
    def of_log(cls, office):
        """The key of the only log in the folder."""
        (path,) = glob.glob(os.path.join(office.keys, "log-*.pem"))
        with open(path, "rb") as file:
            return cls(office.log_key().split("+")[0], load_pem_private_key(file.read(), None))

    @classmethod
    def of(cls, office, name):
        """The only key of that organisation in the folder, or the one named in full."""
        pattern = name if "+" in name else f"{name}+*"
        (path,) = glob.glob(os.path.join(office.keys, f"{pattern}.pem"))
        with open(path, "rb") as file:
            private = load_pem_private_key(file.read(), None)
        return cls(name.split("+")[0], private)

    def line(self, text):
        return f"\u2014 {self.organisation} {base(self.id + self.private.sign(text))}\n".encode()

    def next(self, office):
        """The number after the last that this key has signed in the ledger."""
        taken = re.compile(re.escape(f'{{"key":"{self.name}","n":'.encode()) + rb"([0-9]+)\}")
        numbers = [int(n) for leaf in office.leaves() for n in taken.findall(leaf.split(b"\n")[6])]
        return max(numbers, default=0) + 1


def head(office):
    """Size and root of the newest checkpoint."""
    _, size, root = office.do("checkpoint").split("\n")[:3]
    return {"root": root, "size": int(size)}


def seal(key, content, media="text/plain", salt=b"\x07" * 32):
    """A commitment and its opening."""
    if media == "text/plain":
        content = struct.pack(">I", len(content)) + content
        content += bytes(-len(content) % 256)
    bound = f"onus/seal/v1\n{key.name}\n{media}\n".encode()
    return base(hashlib.sha256(bound + salt + content).digest()), (media, salt, content)


def header(keys, office, numbers=None, seen=None, at=None):
    numbers = numbers or [key.next(office) for key in keys]
    return {"at": stamp(at or now()), "by": [{"key": k.name, "n": n} for k, n in zip(keys, numbers)],
            "seen": seen or head(office)}


def sign(lines, keys):
    """A note over lines, each text or bytes."""
    body = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    return body + b"\n" + b"".join(key.line(body) for key in keys)


def note(keys, office, events, **how):
    """A sound note, signed by `keys` in their order."""
    keys = keys if isinstance(keys, list) else [keys]
    lines = ["onus/submission/v1", canonical(header(keys, office, **how))]
    return sign(lines + [canonical(event) for event in events], keys)


def carried(submission, openings=()):
    """The file that is carried to the office."""
    lines = [f"onus/carried/v1\nnote {len(submission)}\n"]
    lines += [f"opening {media} {len(content)} {base(salt)}\n" for media, salt, content in openings]
    return "".join(lines).encode() + b"\n" + submission + b"".join(o[2] for o in openings)


def progress(percent=30, task="T1", period="2024-02", **data):
    return {"data": {"percent": percent, "period": period, **data}, "task": task,
            "type": "progress.reported"}


def registration(name):
    return {"data": {"kind": "department", "nameEn": name, "nameZh": name}, "org": name,
            "type": "org.registered"}
