#!/usr/bin/env python3
"""Writes the vectors in this folder, from the specifications and without any code of Onus.

Needs Python 3.9 and the `cryptography` package. Output is the same on every run.
"""
import base64
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
ORIGIN = "beihe.example/plan"
WITNESS = "witness.example/w1"


def b64(data):
    return base64.b64encode(data).decode()


class Key:
    def __init__(self, name, seed):
        self.name, self.seed = name, seed
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b"\n\x01" + raw).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(bytes([1]) + raw)}"

    def line(self, text):
        return f"— {self.name} {b64(self.id + self.private.sign(text))}\n".encode()


class Witness(Key):
    """Signs as c2sp.org/tlog-cosignature says, with Ed25519."""

    def __init__(self, name, seed):
        super().__init__(name, seed)
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b"\n\x04" + raw).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(bytes([4]) + raw)}"

    def cosign(self, text, time, stated=None):
        """The line; `stated` is the time in the payload, if it is not the one that was signed."""
        signature = self.private.sign(f"cosignature/v1\ntime {time}\n".encode() + text)
        stated = (time if stated is None else stated).to_bytes(8, "big")
        return f"— {self.name} {b64(self.id + stated + signature)}\n".encode()


LOG = Key(ORIGIN, bytes(range(32)))
OTHER = Key(WITNESS, bytes(range(32, 64)))
COURT = Witness("court.example/w", bytes(range(64, 96)))
CITY = Witness("city.example/w", bytes(range(96, 128)))


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(n):
    """The largest power of two below n."""
    return 1 << ((n - 1).bit_length() - 1)


class Tree:
    """RFC 6962 section 2.1, word for word, with a memory."""

    def __init__(self, entries):
        self.leaves = [leaf(e) for e in entries]
        self.known = {}

    def root(self, lo, hi):
        if lo == hi:
            return hashlib.sha256(b"").digest()
        if hi - lo == 1:
            return self.leaves[lo]
        if (lo, hi) not in self.known:
            k = split(hi - lo)
            self.known[lo, hi] = node(self.root(lo, lo + k), self.root(lo + k, hi))
        return self.known[lo, hi]

    def path(self, m, lo, hi):
        if hi - lo == 1:
            return []
        k = split(hi - lo)
        if m < k:
            return self.path(m, lo, lo + k) + [self.root(lo + k, hi)]
        return self.path(m - k, lo + k, hi) + [self.root(lo, lo + k)]

    def subproof(self, m, lo, hi, known):
        n = hi - lo
        if m == n:
            return [] if known else [self.root(lo, hi)]
        k = split(n)
        if m <= k:
            return self.subproof(m, lo, lo + k, known) + [self.root(lo + k, hi)]
        return self.subproof(m - k, lo + k, hi, False) + [self.root(lo, lo + k)]


def note(text, *keys):
    return text + b"\n" + b"".join(k.line(text) for k in keys)


def checkpoint_text(size, root, origin=ORIGIN):
    return f"{origin}\n{size}\n{b64(root)}\n".encode()


def tile_path(index):
    text = f"{index % 1000:03}"
    while index := index // 1000:
        text = f"x{index % 1000:03}/" + text
    return text


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1, ensure_ascii=True) + "\n")


def case(name, data, code=None):
    found = {"name": name}
    try:
        found["text"] = data.decode()
    except UnicodeDecodeError:
        found["base64"] = b64(data)
    if code:
        found["refused"] = code
    return found


def tree_vectors():
    count = 70_000
    tree = Tree([f"leaf {i}".encode() for i in range(count)])
    sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537,
             65792, 65793, count]
    tiles, level, hashes = [], 0, tree.leaves
    while hashes:
        for index in range((len(hashes) + 255) // 256):
            row = hashes[index * 256:index * 256 + 256]
            path = f"tile/{level}/{tile_path(index)}" + ("" if len(row) == 256 else f".p/{len(row)}")
            tiles.append({"path": path, "sha256": hashlib.sha256(b"".join(row)).hexdigest()})
        span = 256 ** (level + 1)
        hashes = [tree.root(i * span, (i + 1) * span) for i in range(count // span)]
        level += 1
    inclusion = [(0, 1), (0, 2), (1, 2), (2, 3), (255, 256), (256, 257), (0, 257), (300, 513),
                 (511, 512), (65535, 65537), (65536, 65537), (0, count), (69_999, count),
                 (69_887, count), (69_888, count), (34_567, count)]
    consistency = [(1, 1), (1, 2), (2, 3), (3, 7), (255, 256), (256, 257), (1, 257), (256, 512),
                   (300, 513), (65535, 65536), (65536, 65537), (257, count), (65537, count),
                   (69_888, count), (69_999, count), (12_345, count)]
    write("tree.json", {
        "about": "Leaf i is the text 'leaf i'. Paths are lowest hash first.",
        "roots": [{"size": s, "root": b64(tree.root(0, s))} for s in sizes],
        "inclusion": [{"index": i, "size": n, "path": [b64(h) for h in tree.path(i, 0, n)]}
                      for i, n in inclusion],
        "consistency": [{"old": m, "new": n,
                         "path": [b64(h) for h in tree.subproof(m, 0, n, True)]}
                        for m, n in consistency],
        "tiles": {"size": count, "all": tiles},
    })


def note_vectors():
    text = "Über die Brücke\n\nzweiter Absatz\n".encode()
    good = note(text, LOG)
    line = LOG.line(text)
    name = ORIGIN.encode()
    dash = "— ".encode()
    malformed, signature, forbidden = "malformed-note", "malformed-signature", "forbidden-byte"
    payload = line[len(dash) + len(name) + 1:-1]
    cases = [
        case("one signature", good),
        case("two signatures", note(text, LOG, OTHER)),
        case("the same signature twice", text + b"\n" + line + line),
        case("64 signatures", text + b"\n" + line * 64),
        case("65 signatures", text + b"\n" + line * 65, "too-long"),
        case("an unknown key with a payload of one byte",
             text + b"\n" + line + dash + b"unknown.example " + b64(b"\1\2\3\4\5").encode() + b"\n"),
        case("a text that is one line feed", note(b"\n", LOG)),
        case("a text that ends in a blank line", note(text + b"\n", LOG)),
        case("a text that looks like a signature", note(line, LOG)),
        case("nothing", b"", malformed),
        case("a line feed", b"\n", malformed),
        case("two line feeds", b"\n\n", malformed),
        case("no text", b"\n" + line, malformed),
        case("no signature", text + b"\n", malformed),
        case("no blank line", b"text\n" + line, malformed),
        case("no final line feed", good[:-1], malformed),
        case("a blank line after the signatures", good + b"\n", malformed),
        case("an empty line between signatures", text + b"\n" + line + b"\n" + line),
        case("text after the signatures", good + b"more\n", signature),
        case("a carriage return", good.replace(b"\n", b"\r\n"), forbidden),
        case("a tab", note(b"a\tb\n", LOG), forbidden),
        case("a zero byte", note(b"a\0b\n", LOG), forbidden),
        case("a byte that is not UTF-8", note(b"a\xffb\n", LOG), forbidden),
        case("an overlong encoding", note(b"a\xc0\xafb\n", LOG), forbidden),
        case("an encoded surrogate", note(b"a\xed\xa0\x80b\n", LOG), forbidden),
        case("a hyphen for the em dash", good.replace(dash, b"- "), signature),
        case("an en dash for the em dash", good.replace(dash, "– ".encode()), signature),
        case("a no-break space after the dash", good.replace(dash, "—\u00a0".encode()), signature),
        case("two spaces after the dash", good.replace(dash, dash + b" "), signature),
        case("two spaces after the name", good.replace(name + b" ", name + b"  "), signature),
        case("a space at the end of the line", good[:-1] + b" \n", signature),
        case("no name", text + b"\n" + dash + payload + b"\n", signature),
        case("an empty name", text + b"\n" + dash + b" " + payload + b"\n", signature),
        case("a plus in the name", good.replace(name, b"a+b"), signature),
        case("a no-break space in the name", good.replace(name, "a\u00a0b".encode()), signature),
        case("an ideographic space in the name", good.replace(name, "a\u3000b".encode()), signature),
        case("a name that is not ASCII", text + b"\n" + line.replace(name, "北河.example".encode())),
        case("base64 without padding",
             text + b"\n" + dash + name + b" " + b64(b"\1\2\3\4\5").rstrip("=").encode() + b"\n",
             signature),
        case("base64 with unused bits set",
             text + b"\n" + dash + name + b" AQIDBAV=\n", signature),
        case("base64 of the URL alphabet",
             text + b"\n" + dash + name + b" AQIDBAU_\n", signature),
        case("only an id", text + b"\n" + dash + name + b" AQIDBA==\n", signature),
        case("three bytes", text + b"\n" + dash + name + b" AQID\n", signature),
        case("no base64", text + b"\n" + dash + name + b" \n", signature),
    ]
    write("notes.json", {"vkey": LOG.vkey, "seed": LOG.seed.hex(), "cases": cases})


def checkpoint_vectors():
    root = Tree([b"one", b"two", b"three"]).root(0, 3)
    empty = hashlib.sha256(b"").digest()
    good = checkpoint_text(3, root)
    bad = "malformed-checkpoint"
    r = b64(root).encode()
    o = ORIGIN.encode()
    texts = [
        ("a checkpoint", good, None),
        ("the empty tree", checkpoint_text(0, empty), None),
        ("the largest size", checkpoint_text(2**63 - 1, root), None),
        ("an origin with spaces", checkpoint_text(3, root, "Log of the plan"), None),
        ("the empty tree with a root", checkpoint_text(0, root), "wrong-empty-root"),
        ("a size of 2^63", checkpoint_text(2**63, root), bad),
        ("a size of 2^64", checkpoint_text(2**64, root), bad),
        ("a leading zero", o + b"\n03\n" + r + b"\n", bad),
        ("a size of 00", o + b"\n00\n" + b64(empty).encode() + b"\n", bad),
        ("a plus sign", o + b"\n+3\n" + r + b"\n", bad),
        ("a minus sign", o + b"\n-3\n" + r + b"\n", bad),
        ("a space before the size", o + b"\n 3\n" + r + b"\n", bad),
        ("a size in hex", o + b"\n0x3\n" + r + b"\n", bad),
        ("a full-width digit", o + "\n３\n".encode() + r + b"\n", bad),
        ("no size", o + b"\n\n" + r + b"\n", bad),
        ("no origin", b"\n3\n" + r + b"\n", bad),
        ("no root", o + b"\n3\n", bad),
        ("a root of 31 bytes", o + b"\n3\n" + b64(root[:31]).encode() + b"\n", bad),
        ("a root of 33 bytes", o + b"\n3\n" + b64(root + b"\0").encode() + b"\n", bad),
        ("a root without padding", o + b"\n3\n" + r[:-1] + b"\n", bad),
        ("a root in hex", o + b"\n3\n" + root.hex().encode() + b"\n", bad),
        ("a space after the root", o + b"\n3\n" + r + b" \n", bad),
        ("an extension line", good + b"extension\n", bad),
        ("an empty line at the end", good + b"\n", bad),
    ]
    write("checkpoints.json", {
        "vkey": LOG.vkey,
        "cases": [case(n, note(t, LOG), c) for n, t, c in texts],
    })


def proof_vectors():
    entries = [f"entry {i}".encode() for i in range(7)]
    tree = Tree(entries)
    root = tree.root(0, 7)
    text = checkpoint_text(7, root)
    signed = note(text, LOG)
    path = "".join(b64(h) + "\n" for h in tree.path(4, 0, 7)).encode()
    head = b"c2sp.org/tlog-proof@v1\n"
    good = head + b"index 4\n" + path + b"\n" + signed
    extra = head + b"extra " + b64(b"entry ").encode() + b"\nindex 4\n" + path + b"\n" + signed
    bad = "malformed-proof"
    consistency = "".join(b64(h) + "\n" for h in tree.subproof(3, 0, 7, True)).encode()
    hash_line = b64(root).encode() + b"\n"
    receipts = [
        case("a proof", good),
        case("a proof with extra data", extra),
        case("a cosigned checkpoint", head + b"index 4\n" + path + b"\n" + note(text, LOG, OTHER)),
        case("no header", good[len(head):], bad),
        case("another version", good.replace(b"@v1", b"@v2"), bad),
        case("no index", head + path + b"\n" + signed, bad),
        case("a leading zero", good.replace(b"index 4", b"index 04"), bad),
        case("empty extra data", good.replace(b"index 4", b"extra \nindex 4"), bad),
        case("extra data that is not base64", good.replace(b"index 4", b"extra ??\nindex 4"), bad),
        case("extra data twice", good.replace(b"index 4", b"extra AA==\nextra AA==\nindex 4"), bad),
        case("extra data after the index", good.replace(b"index 4\n", b"index 4\nextra AA==\n"), bad),
        case("a hash of 31 bytes",
             good.replace(b"index 4\n", b"index 4\n" + b64(root[:31]).encode() + b"\n"), bad),
        case("65 hashes", head + b"index 4\n" + hash_line * 65 + b"\n" + signed, "too-long"),
        case("no blank line", head + b"index 4\n" + path + signed, bad),
        case("two blank lines", head + b"index 4\n" + path + b"\n\n" + signed,
             "malformed-checkpoint"),
        case("no checkpoint", head + b"index 4\n" + path + b"\n", "malformed-note"),
        case("only the header", head, bad),
    ]
    form = b"old 3\nnew 7\n" + consistency
    forms = [
        case("a consistency proof", form),
        case("equal sizes", b"old 7\nnew 7\n"),
        case("no sizes", consistency, bad),
        case("sizes the wrong way round", b"new 7\nold 3\n" + consistency, bad),
        case("a leading zero", form.replace(b"old 3", b"old 03"), bad),
        case("no final line feed", form[:-1], bad),
        case("a blank line at the end", form + b"\n", bad),
        case("a blank line and more", form + b"\n" + consistency, bad),
        case("text at the end", form + b"end", bad),
        case("65 hashes", b"old 3\nnew 7\n" + hash_line * 65, "too-long"),
        case("nothing", b"", bad),
    ]
    write("proofs.json", {"vkey": LOG.vkey, "leaf": b64(tree.leaves[4]), "oldRoot": b64(
        tree.root(0, 3)), "newRoot": b64(root), "receipts": receipts, "consistency": forms})


def cosignature_vectors():
    text = checkpoint_text(3, Tree([b"one", b"two", b"three"]).root(0, 3))
    other = checkpoint_text(4, Tree([b"one", b"two", b"three", b"four"]).root(0, 4))
    log = text + b"\n" + LOG.line(text)
    good = COURT.cosign(text, 1_700_000_000)
    flipped = bytearray(base64.b64decode(good.split(b" ")[2]))
    flipped[-1] ^= 1
    broken = good[:good.rindex(b" ") + 1] + b64(bytes(flipped)).encode() + b"\n"
    as_log = Key(COURT.name, COURT.seed).line(text)
    short = f"— {COURT.name} {b64(COURT.id + bytes(70))}\n".encode()

    def case_of(name, lines, time=None):
        found = {"name": name, "text": (log + lines).decode()}
        if time is not None:
            found["time"] = time
        return found

    write("cosignatures.json", {
        "log": LOG.vkey, "witness": COURT.vkey, "seed": COURT.seed.hex(),
        "cases": [
            case_of("one cosignature", good, 1_700_000_000),
            case_of("among others", CITY.cosign(text, 5) + good + OTHER.line(text), 1_700_000_000),
            case_of("two of the witness", good + COURT.cosign(text, 1_700_000_001), 1_700_000_001),
            case_of("the newest first", COURT.cosign(text, 9) + COURT.cosign(text, 8), 9),
            case_of("the last second of 9999", COURT.cosign(text, 253_402_300_799), 253_402_300_799),
            case_of("none", b""),
            case_of("of another witness", CITY.cosign(text, 1_700_000_000)),
            case_of("on another checkpoint", COURT.cosign(other, 1_700_000_000)),
            case_of("of another time", COURT.cosign(text, 1_700_000_000, stated=1_700_000_001)),
            case_of("of no time", COURT.cosign(text, 0)),
            case_of("of the year 10000", COURT.cosign(text, 253_402_300_800)),
            case_of("of a time above 2^63", COURT.cosign(text, 2**63)),
            case_of("a bit flipped", broken),
            case_of("a good one and a broken one", good + broken),
            case_of("the key's plain signature", as_log),
            case_of("a payload that is too short", short),
        ],
    })


def policy_vectors():
    def public(seed):
        return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(
            Encoding.Raw, PublicFormat.Raw)

    def write_key(name, algorithm, raw):
        key_id = hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + raw).digest()[:4]
        return f"{name}+{key_id.hex()}+{b64(bytes([algorithm]) + raw)}"

    quantum = write_key("pq.example/w", 6, bytes(1312))
    twin = write_key("twin.example/w", 4, public(COURT.seed))
    log = f"log {LOG.vkey}\n"
    court, city = f"witness court {COURT.vkey}\n", f"witness city {CITY.vkey}\n"
    both = log + court + city
    bad, long = "malformed-policy", "too-long"
    text = checkpoint_text(3, Tree([b"one", b"two", b"three"]).root(0, 3))
    signed = text + b"\n" + LOG.line(text)
    notes = {
        "log": signed,
        "court": signed + COURT.cosign(text, 7),
        "city": signed + CITY.cosign(text, 8),
        "both": signed + COURT.cosign(text, 7) + CITY.cosign(text, 8),
        "other": text + b"\n" + OTHER.line(text) + COURT.cosign(text, 7) + CITY.cosign(text, 8),
    }
    every = ["log", "court", "city", "both"]
    policies = [
        ("no witnesses", log + "quorum none\n", None, every),
        ("no logs either", "quorum none\n", None, every + ["other"]),
        ("one witness", both + "quorum court\n", None, ["court", "both"]),
        ("any", both + "group g any court city\nquorum g\n", None, ["court", "city", "both"]),
        ("all", both + "group g all court city\nquorum g\n", None, ["both"]),
        ("one of two", both + "group g 1 court city\nquorum g\n", None, ["court", "city", "both"]),
        ("two of two", both + "group g 2 court city\nquorum g\n", None, ["both"]),
        ("a group of a group",
         both + "group a all court\ngroup b any a city\ngroup c all b\nquorum c\n", None,
         ["court", "city", "both"]),
        ("the quorum is inside a group", both + "group g all court city\nquorum city\n", None,
         ["city", "both"]),
        ("tabs, spaces, comments, empty lines and URLs",
         "# a policy\n\n \t\n" + log[:-1] + " https://log.example/\n\t# more\n" + court[:-1]
         + " \thttps://w.example/ \n  quorum\tcourt  \n", None, ["court", "both"]),
        ("a name that is not ASCII", log + court.replace("court", "法院", 1) + "quorum 法院\n", None,
         ["court", "both"]),
        ("a witness of another algorithm never counts",
         log + court + f"witness pq {quantum}\ngroup g all court pq\nquorum g\n", None, []),
        ("and does no harm",
         log + court + f"witness pq {quantum}\ngroup g any court pq\nquorum g\n", None,
         ["court", "both"]),
        ("a log of another algorithm has signed nothing", f"log {quantum}\nquorum none\n", None, []),
        ("and does no harm to another", f"log {quantum} https://log.example/\n" + log + "quorum none\n", None,
         every),
        ("a log of another algorithm twice", f"log {quantum}\nlog {quantum}\nquorum none\n", bad, []),
        ("a witness of another algorithm twice",
         log + court + f"witness pq {quantum}\nwitness qp {quantum}\nquorum court\n", bad, []),
        ("a key of another algorithm that is too short",
         log + f"witness pq {write_key('w', 6, bytes(32))}\nquorum none\n", bad, []),
        ("1000 witnesses in a group", log + court + "".join(
            f"witness w{i} {write_key('w', 4, public(i.to_bytes(32, 'big')))}\n"
            for i in range(999)) + "group g any court " + " ".join(f"w{i}" for i in range(999))
         + "\nquorum g\n", None, ["court", "both"]),
        ("nothing", "", bad, []),
        ("no quorum", both, bad, []),
        ("two quorums", both + "quorum court\nquorum court\n", bad, []),
        ("no line feed at the end", both + "quorum court", bad, []),
        ("an unknown keyword", both + "quorum court\nwitnesses 3\n", bad, []),
        ("a keyword in capitals", both + "Quorum court\n", bad, []),
        ("a quorum of nobody", both + "quorum mayor\n", bad, []),
        ("a quorum that is defined later", both + "quorum g\ngroup g any court\n", bad, []),
        ("a quorum of two names", both + "quorum court city\n", bad, []),
        ("a group of nobody", both + "group g any\nquorum g\n", bad, []),
        ("a group of an unknown name", both + "group g any mayor\nquorum g\n", bad, []),
        ("a group of itself", both + "group g any g\nquorum g\n", bad, []),
        ("a group of none", both + "group g any none\nquorum g\n", bad, []),
        ("a threshold of 0", both + "group g 0 court city\nquorum g\n", bad, []),
        ("a threshold above the members", both + "group g 3 court city\nquorum g\n", bad, []),
        ("a threshold with a zero before it", both + "group g 01 court city\nquorum g\n", bad, []),
        ("a threshold of minus one", both + "group g -1 court city\nquorum g\n", bad, []),
        ("a member twice", both + "group g 2 court court\nquorum g\n", bad, []),
        ("a member of two groups",
         both + "group a any court\ngroup b any court city\nquorum b\n", bad, []),
        ("a name twice", both + f"witness court {quantum}\nquorum court\n", bad, []),
        ("a group named like a witness", both + "group court any city\nquorum court\n", bad, []),
        ("a witness named none", log + court.replace("court", "none", 1) + "quorum none\n", bad, []),
        ("a witness twice under two names",
         both + f"witness twin {twin}\nquorum court\n", bad, []),
        ("a log twice", log + both + "quorum court\n", bad, []),
        ("a log with a witness's key", f"log {COURT.vkey}\nquorum none\n", bad, []),
        ("a witness with a log's key", f"witness w {LOG.vkey}\nquorum w\n", bad, []),
        ("a witness without a key", "witness w\nquorum w\n", bad, []),
        ("a log with too much", log[:-1] + " u v\nquorum none\n", bad, []),
        ("a key whose id is wrong", court.replace(COURT.id.hex(), "00000000") + "quorum court\n",
         bad, []),
        ("a carriage return", both + "quorum court\r\n", "forbidden-byte", []),
        ("a zero byte", both + "# \0\nquorum court\n", "forbidden-byte", []),
        ("a delete character", both + "# \x7f\nquorum court\n", "forbidden-byte", []),
        ("10,000 groups", both + "".join(f"group g{i} any g{i - 1}\n" if i else
                                         "group g0 any court\n" for i in range(10_000))
         + "quorum g9999\n", long, []),
        ("more than a megabyte", both + "#" * (1 << 20) + "\nquorum court\n", long, []),
    ]
    cases = []
    for name, body, refused, met in policies:
        if len(body) > 100_000:  # Too long for the file: the test makes it anew.
            continue
        found = case(name, body.encode(), refused)
        found["met"] = met
        cases.append(found)
    write("policies.json", {"notes": {k: v.decode() for k, v in notes.items()}, "cases": cases})


def witness_vectors():
    tree = Tree([f"entry {i}".encode() for i in range(7)])
    three, seven = checkpoint_text(3, tree.root(0, 3)), checkpoint_text(7, tree.root(0, 7))
    fork = checkpoint_text(3, tree.root(0, 4))
    stranger = checkpoint_text(7, tree.root(0, 7), "stranger.example/log")
    path = "".join(b64(h) + "\n" for h in tree.subproof(3, 0, 7, True)).encode()
    first = b"old 0\n\n" + note(three, LOG)
    good = b"old 3\n" + path + b"\n" + note(seven, LOG)
    hash_line = b64(bytes(32)).encode() + b"\n"
    line = LOG.line(seven)
    broken = line[:-6] + (b"A" if line[-6:-5] != b"A" else b"B") + line[-5:]

    def step(name, body, status, size=None):
        found = {"name": name, "text": body.decode(), "status": status}
        if size is not None:
            found["size"] = size
        return found

    write("witness.json", {
        "about": "Requests to one witness, one after the other, and the status of its answer.",
        "log": LOG.vkey, "steps": [
            step("no request", b"", 400),
            step("no old size", b"\n" + note(three, LOG), 400),
            step("a leading zero", b"old 00\n\n" + note(three, LOG), 400),
            step("no blank line", b"old 0\n" + note(three, LOG), 400),
            step("64 hashes", b"old 0\n" + hash_line * 64 + b"\n" + note(three, LOG), 400),
            step("an unknown log", b"old 0\n\n" + note(stranger, Key("stranger.example/log",
                                                                  LOG.seed)), 404),
            step("a checkpoint that nobody known has signed",
                 b"old 0\n\n" + note(three, OTHER), 403),
            step("a signature that does not verify",
                 b"old 0\n\n" + seven + b"\n" + broken, 403),
            step("a good signature beside one that does not verify",
                 b"old 0\n\n" + seven + b"\n" + line + broken, 403),
            step("an old size above the new", b"old 4\n\n" + note(three, LOG), 400),
            step("an old size that was never cosigned", good, 409, 0),
            step("an empty tree with a root", b"old 0\n\n" + note(
                checkpoint_text(0, tree.root(0, 3)), LOG), 422),
            step("a proof from nothing", b"old 0\n" + hash_line + b"\n" + note(three, LOG), 422),
            step("the empty tree", b"old 0\n\n" + note(
                checkpoint_text(0, hashlib.sha256(b"").digest()), LOG), 200, 0),
            step("the first", first, 200, 3),
            step("the first again", first, 409, 3),
            step("the same size", b"old 3\n\n" + note(three, LOG), 200, 3),
            step("the same size, another root", b"old 3\n\n" + note(fork, LOG), 422),
            step("the same size with a proof", b"old 3\n" + hash_line + b"\n" + note(three, LOG), 422),
            step("no proof", b"old 3\n\n" + note(seven, LOG), 422),
            step("a proof that is cut short", b"old 3\n" + path[:45] + b"\n" + note(seven, LOG), 422),
            step("a proof with a hash too many",
                 b"old 3\n" + path + hash_line + b"\n" + note(seven, LOG), 422),
            step("a proof and an extension line", b"old 3\n" + path + b"\n" + note(
                seven + b"more\n", LOG), 200, 7),
            step("a step back", b"old 7\n\n" + note(three, LOG), 400),
            step("the past", b"old 3\n\n" + note(three, LOG), 409, 7),
            step("with other signatures", b"old 7\n\n" + note(seven, LOG, OTHER), 200, 7),
        ],
    })


if __name__ == "__main__":
    cosignature_vectors()
    policy_vectors()
    witness_vectors()
    tree_vectors()
    note_vectors()
    checkpoint_vectors()
    proof_vectors()
