"""What the holder of the log key can make again in a copy of a ledger: entries, tiles and checkpoint.

It shares no code with Onus, so that a cheat is not made by what it is meant to deceive.
"""

import base64, hashlib, json, pathlib, re, shutil, sqlite3
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def sha256(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def tree_hash(hashes):
    """The root over leaf hashes, by the definition of RFC 6962."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256(b"")
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + tree_hash(hashes[:half]) + tree_hash(hashes[half:]))


def root_of(leaves):
    return b64(tree_hash([sha256(b"\0" + leaf) for leaf in leaves]))


def tiles_of(hashes):
    """The rows of the table `tile`: place = level * 2^48 + index, and 32 bytes for each hash."""
    level = 0
    while hashes:
        for first in range(0, len(hashes), 256):
            yield (level << 48) + first // 256, b"".join(hashes[first:first + 256])
        full = len(hashes) // 256 * 256
        hashes = [tree_hash(hashes[i:i + 256]) for i in range(0, full, 256)]
        level += 1


def time_of(leaf):
    return re.search(rb"\ntime (\S+)\n", leaf)[1].decode()


class Copy:
    """A copy of the ledger in FOLDER that whoever holds `keys` may change."""

    def __init__(self, ledger, folder, keys):
        folder.mkdir(parents=True)
        shutil.copy(ledger / "ledger.db", folder)
        self.keys, self.log = keys, next(keys.glob("log-*.vkey"))
        self.database = sqlite3.connect(folder / "ledger.db")
        for (trigger,) in self.database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.database.execute(f"DROP TRIGGER {trigger}")
        self.leaves = [leaf for (leaf,) in self.database.execute("SELECT leaf FROM entry ORDER BY idx")]

    def close(self):
        self.database.commit()
        self.database.close()

    def put(self, index, leaf):
        """Changes the bytes of one entry and nothing else."""
        self.database.execute("UPDATE entry SET leaf = ? WHERE idx = ?", (leaf, index))

    def sign(self, vkey_file, text):
        """A signature line of a C2SP note."""
        name, key_id, _ = vkey_file.read_text(encoding="utf-8").split("+", 2)
        key = load_pem_private_key(vkey_file.with_suffix(".pem").read_bytes(), None)
        return f"\u2014 {name} {b64(bytes.fromhex(key_id) + key.sign(text.encode()))}\n"

    def count(self, key):
        """How many submissions a key has signed."""
        used = re.compile(rb'"key":"%s","n":([0-9]+)' % re.escape(key.encode()))
        return max((int(n) for leaf in self.leaves for n in used.findall(leaf)), default=0)

    def entry(self, place, time, seen, signers, events):
        """The leaf of an entry with these events, signed by these keys with their numbers."""
        header = {"at": time, "by": [{"key": key, "n": n} for key, n in signers], "seen": seen}
        text = "\n".join(["onus/submission/v1"] + [
            json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            for line in (header, *events)]) + "\n"
        note = text + "\n" + "".join(self.sign(self.keys / f"{key}.vkey", text) for key, _ in signers)
        return f"onus/entry/v1\nindex {place['size']}\ntime {time}\nroot {place['root']}\n\n{note}".encode()

    def append(self, key, event):
        """Adds an entry with one event that this key signs, judging nothing, and makes the ledger over it."""
        return self.extend([(time_of(self.leaves[-1]), [key], [event], 0)])

    def extend(self, submissions):
        """Adds an entry for each: when, who signs, what, how many of the added entries they had not seen."""
        first, leaves, counts, places = len(self.leaves), list(self.leaves), {}, []
        for time, keys, events, unseen in submissions:
            places.append({"root": root_of(leaves), "size": len(leaves)})
            for key in keys:
                counts[key] = (counts[key] if key in counts else self.count(key)) + 1
            seen = places[max(0, len(places) - 1 - unseen)]
            leaves.append(self.entry(places[-1], time, seen, [(key, counts[key]) for key in keys], events))
        self.remake(leaves)
        return first

    def remake(self, leaves):
        """Stores these leaves as the whole ledger, with tiles and a checkpoint that belong to them."""
        text = f"{self.log.read_text(encoding='utf-8').split('+')[0]}\n{len(leaves)}\n{root_of(leaves)}\n"
        note = (text + "\n" + self.sign(self.log, text)).encode()
        self.database.execute("DELETE FROM entry")
        self.database.executemany("INSERT INTO entry VALUES (?, ?)", enumerate(leaves))
        self.database.execute("DELETE FROM tile")
        self.database.executemany("INSERT INTO tile VALUES (?, ?)", tiles_of([sha256(b"\0" + leaf) for leaf in leaves]))
        self.database.execute("UPDATE checkpoint SET note = ?", (note,))
        self.database.execute("DELETE FROM opening WHERE entry >= ?", (len(leaves),))
        self.leaves = leaves
