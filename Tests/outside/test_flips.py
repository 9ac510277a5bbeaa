"""One bit of one value of `ledger.db` is flipped, and `onus audit` says so. Every time.

Any row, any column of any truth table (docs/design.md), whatever its type: blobs, text and integer keys. The
file stays a ledger that SQLite reads without complaint; triggers and checks are gone around, as who
holds the file would. `FLIPS` and `SEED` set how many and which.
"""
import concurrent.futures
import hashlib
import os
import random
import shutil
import sqlite3
import unittest

from authorities import OpenSSLAuthority, PythonAuthority
from outside_case import DONE, NOT_CHECKED, VIOLATION, Case, Office
from submissions import Key, carried, note, progress, seal

FLIPS = int(os.environ.get("FLIPS", "200"))
SEED = int(os.environ.get("SEED", "20261122"))


class Flips(Case):
    def setUp(self):
        super().setUp()
        self.grow(self.office)
        self.cosign(self.office)
        self.stamp(self.office)
        self.kept = self.office.keep_checkpoint()
        answer = self.office.run("audit", "--forget", "--expect", self.kept)
        self.assertEqual(answer.code, DONE, answer)
        # What is flipped is the truth alone; a copy of it is all that an auditor needs.
        self.original = self.office.path("original.db")
        with sqlite3.connect(self.office.database) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        shutil.copy(self.office.database, self.original)

    def grow(self, office):
        """To more entries than one tile holds, with openings of texts and files."""
        roads = Key.of(office, "ROADS")
        number, wanted = roads.next(office), 262 - office.size()
        files = []
        for i in range(wanted):
            openings, event = [], progress(i % 101, period=f"2024-{i % 12 + 1:02d}")
            if i % 40 == 0:
                salt = hashlib.sha256(str(i).encode()).digest()
                commitment, opening = seal(roads, f"Report {i}".encode(), salt=salt)
                event["data"]["done"] = {"media": "text/plain", "sealed": commitment}
                openings.append(opening)
            signed = note(roads, office, [event], numbers=[number + i], seen=self.seen(office))
            files.append(office.write(f"in/{i:04}.onus", carried(signed, openings)))
        office.do("submit", *files)

    def cosign(self, office):
        """By two witnesses, whom nobody here trusts: what is stored is checked all the same."""
        with office.connect() as database:
            (opening,) = database.execute("SELECT leaf FROM entry WHERE idx = 0").fetchone()
        log_key = opening.split(b'"vkey":"')[1].split(b'"')[0].decode()
        for name in ("court", "city"):
            folder = office.path(name)
            office.do("witness", "init", f"{name}.example/w", "--no-passphrase", "--witness", folder)
            with open(os.path.join(folder, "witness.vkey"), encoding="utf-8") as file:
                witness = file.read().strip()
            office.do("witness", "trust", log_key, "--witness", folder)
            request, cosigned = office.path(f"{name}.request"), office.path(f"{name}.cosigned")
            office.do("checkpoint", "cosign", "--request-to", request, "--witness", witness)
            office.do("witness", "cosign", request, "--to", cosigned, "--witness", folder)
            office.do("checkpoint", "cosign", "--from", cosigned, "--witness", witness)

    def stamp(self, office):
        """By two authorities, whose certificates no audit here is given: the same goes for them."""
        for authority in (OpenSSLAuthority(office.path("openssl")), PythonAuthority(office.path("python"))):
            office.do("checkpoint", "timestamp", "--request-to", office.path("now.tsq"))
            with open(office.path("now.tsq"), "rb") as file:
                office.write("now.tsr", authority.reply(file.read()))
            office.do("checkpoint", "timestamp", "--from", office.path("now.tsr"))

    def seen(self, office):
        if not hasattr(self, "known"):
            from submissions import head
            self.known = head(office)
        return self.known

    def columns(self):
        """Every column of every truth table, with the rowids or keys of its rows."""
        with sqlite3.connect(self.original) as database:
            tables = [row[0] for row in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
            found = {}
            for table in tables:
                names = [(row[1], row[5]) for row in database.execute(f"PRAGMA table_info({table})")]
                keys = [name for name, place in names if place]
                rows = list(database.execute(f"SELECT {', '.join(keys)} FROM {table}"))
                for name, _ in names:
                    if rows:
                        found[table, name] = (keys, rows)
        database.close()
        return found

    def test_every_flip_is_found(self):
        columns = self.columns()
        self.assertGreaterEqual({table for table, _ in columns}, {"entry", "tile", "checkpoint", "opening", "cosignature", "timestamp"})
        random_numbers = random.Random(SEED)
        plans = []
        # Every row and column alike within a table; every column of every table has its share.
        for number in range(FLIPS):
            column = sorted(columns)[number % len(columns)]
            keys, rows = columns[column]
            plans.append((number, column, keys, random_numbers.choice(rows), random_numbers.random()))
        missed, codes = [], {VIOLATION: 0, NOT_CHECKED: 0}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            for what, answer in pool.map(self.flip_and_audit, plans):
                if answer.code in codes and "ONUS-A" in answer.err:
                    codes[answer.code] += 1
                else:
                    missed.append(f"{what}: {answer}")
        print(f"\n{FLIPS} flips, seed {SEED}: {codes[VIOLATION]} violations, {codes[NOT_CHECKED]} not "
              f"checked, {len(missed)} missed")
        self.assertEqual(missed, [], f"seed {SEED}")

    def flip_and_audit(self, plan):
        number, (table, column), keys, row, where = plan
        office = Office(self.office.path(f"flipped-{number}"))
        os.makedirs(office.ledger)
        shutil.copy(self.original, office.database)
        what = self.flip(office.database, table, column, keys, row, where)
        # No views lie beside it and nothing is remembered: the truth is judged by itself, and held
        # against nothing but the checkpoint that the auditor has.
        answer = office.run("audit", "--forget", "--expect", self.kept)
        shutil.rmtree(office.folder)
        return what, answer

    def flip(self, path, table, column, keys, row, where):
        database = sqlite3.connect(path)
        for (trigger,) in list(database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("PRAGMA ignore_check_constraints = ON")
        condition = " AND ".join(f"{key} = ?" for key in keys)
        (value,) = database.execute(f"SELECT {column} FROM {table} WHERE {condition}", row).fetchone()
        while True:
            changed, bit = flipped(value, where)
            try:
                database.execute(f"UPDATE {table} SET {column} = ? WHERE {condition}", (changed, *row))
                break
            except sqlite3.IntegrityError:  # Another row has that key: take another bit.
                where = (where + 1 / 64) % 1
        database.commit()
        (stored,) = database.execute(
            f"SELECT count(*) FROM {table} WHERE {column} = ?", (changed,)).fetchone()
        database.close()
        assert stored, "the flip was not stored"
        return f"bit {bit} of {table}.{column} in row {row!r}"


def flipped(value, where):
    """The value with one bit flipped, of the same type; `where` chooses the bit."""
    if isinstance(value, int):
        bit = int(where * 64)
        changed = (value ^ (1 << bit)) & (2**64 - 1)
        return (changed - 2**64 if changed >> 63 else changed), bit
    data = bytearray(value.encode() if isinstance(value, str) else value)
    bit = int(where * len(data) * 8)
    while True:
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        if isinstance(value, bytes):
            return bytes(changed), bit
        try:
            return changed.decode(), bit
        except UnicodeDecodeError:  # No longer text: take the next bit.
            bit = (bit + 1) % (len(data) * 8)


if __name__ == "__main__":
    unittest.main()
