"""A writer that cheats: it holds the log key and every other key, and judges nothing.

The demo's ledger is cut off in the middle, and what came after is written again, signed by who
signed it, with some events as they were and some changed: fields, tasks, keys and citations
exchanged, others put in. Whoever folds that, entry by entry, as a whole, or in an audit, must come to
the same.
"""
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import unittest

from outside_case import REPOSITORY, VIOLATION, Case

sys.path.insert(0, os.path.join(REPOSITORY, "Scripts"))
from demo_forger import Copy, time_of

VERIFIER = os.path.join(REPOSITORY, "Scripts", "verify-independently")
DEMO = pathlib.Path(REPOSITORY, "demo-output")
COUNT = int(os.environ.get("FORGED", "600"))
SEED = int(os.environ.get("SEED", "20261122"))
CITATION = re.compile(r"[A-Z0-9]+\+[0-9a-f]{8}/[0-9]+\.[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Recorded:
    """The submissions of a ledger: what a forger starts from."""

    def __init__(self, leaves):
        self.submissions, self.citations, self.values, self.events = [], [], {}, {}
        for leaf in leaves:
            header, *lines = leaf.decode().split("\n\n")[1].split("\n")[1:]
            by, events = json.loads(header)["by"], [json.loads(line) for line in lines]
            self.submissions.append((time_of(leaf), [signer["key"] for signer in by], events))
            for place, event in enumerate(events, 1):
                self.citations.append(f"{by[0]['key']}/{by[0]['n']}.{place}")
                self.events.setdefault(event["type"], []).append(event)
                for name, value in [*event["data"].items(), *event.items()]:
                    if isinstance(value, str):
                        self.values.setdefault(name, set()).add(value)
        self.values = {name: sorted(values) for name, values in self.values.items()}


class Forger:
    """Writes again what was recorded, not quite as it was, by a seed."""

    def __init__(self, recorded, keys, seed):
        self.recorded, self.keys, self.random = recorded, sorted(keys), random.Random(seed)

    def again(self, first, count):
        """When, who signs, what, and how many of the added entries they had not seen."""
        for time, signers, events in self.recorded.submissions[first:first + count]:
            if self.random.random() < 0.4:
                signers, events = self.forged(list(signers), json.loads(json.dumps(events)))
            yield time, signers, events, self.random.choice((0, 0, 0, 0, 1, 5))

    def forged(self, signers, events):
        for event in events:
            if self.random.random() < 0.5:
                event["data"] = self.changed(event["data"], "data")
            for name in ("task", "org"):
                if name in event and self.random.random() < 0.3:
                    event[name] = self.random.choice(self.recorded.values[name])
        if self.random.random() < 0.3:
            other = self.random.choice(self.recorded.events[self.random.choice(sorted(self.recorded.events))])
            events.insert(self.random.randint(0, len(events)), other)
        if self.random.random() < 0.2:
            signers.insert(self.random.randint(0, 1), self.random.choice(self.keys))
        return list(dict.fromkeys(signers)), events

    def changed(self, value, name):
        dice = self.random.random()
        if isinstance(value, dict):
            kept = {key: part for key, part in value.items() if self.random.random() > 0.06}
            return {key: self.changed(part, key) if self.random.random() < 0.3 else part
                    for key, part in kept.items()}
        if isinstance(value, list):
            return [self.changed(part, name) for part in value] + value[:dice < 0.2]
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return self.random.choice((0, 1, value + 1, 100, 101, -1, 2**53 - 1))
        if CITATION.fullmatch(value):
            return self.random.choice(self.recorded.citations)
        if dice < 0.6 and name in self.recorded.values:
            return self.random.choice(self.recorded.values[name])
        if DAY.fullmatch(value):
            days = datetime.timedelta(self.random.randint(-400, 400))
            return str(datetime.date.fromisoformat(value) + days)
        return value + "X" if dice < 0.9 else value


@unittest.skipUnless(DEMO.exists(), "needs the ledger that Scripts/demo or Scripts/check leaves in demo-output")
class Forged(Case):
    def setUp(self):
        super().setUp()
        self.office.ledger = self.office.path("forged")
        self.office.keys = str(DEMO / "keys")
        self.forged = Copy(DEMO / "ledger", pathlib.Path(self.office.ledger), DEMO / "keys")

    def test_everyone_who_folds_comes_to_the_same(self):
        recorded = Recorded(self.forged.leaves)
        keys = [path.stem for path in (DEMO / "keys").glob("*.vkey") if not path.name.startswith("log-")]
        middle = len(self.forged.leaves) // 3
        self.forged.remake(self.forged.leaves[:middle])
        self.forged.database.commit()
        # Views of what is left, so that the forged entries are caught up with one by one.
        self.office.do("status")
        self.forged.extend(Forger(recorded, keys, SEED).again(middle, COUNT))
        self.forged.close()

        caught_up = self.answers()
        self.office.do("views", "rebuild")
        self.assertEqual(self.answers(), caught_up)

        audit = caught_up["audit"]
        voids = {finding["entry"]: finding["sentence"]["en"] for finding in audit["findings"]
                 if "counts for nothing" in finding["sentence"]["en"]}
        print(f"\n{COUNT} forged entries, seed {SEED}: {len(voids)} break a rule")
        self.assertTrue(COUNT / 5 < len(voids) < COUNT * 4 / 5)
        self.assertEqual((audit["axes"]["integrity"], audit["axes"]["views"]), ("ok", "ok"))
        self.assert_the_independent_verifier_agrees(voids)

    def assert_the_independent_verifier_agrees(self, voids):
        """It finds exactly the same entries void."""
        tiles = self.office.path("tiles")
        self.office.do("export", "tiles", tiles)
        done = subprocess.run([sys.executable, VERIFIER, tiles, "--json"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, VIOLATION, done.stderr)
        answer = json.loads(done.stdout)
        theirs = {finding["entry"]: finding["sentence"] for finding in answer["findings"]}
        for entry in sorted(voids.keys() ^ theirs.keys(), key=str):
            self.fail(f"seed {SEED}, entry {entry}: the audit says {voids.get(entry)}, the verifier {theirs.get(entry)}")
        self.assertEqual(answer["entries"]["void"], len(voids))

    def answers(self):
        audit = self.office.run("audit", "--forget", "--json")
        self.assertEqual(audit.code, VIOLATION, audit.err)
        return {"audit": json.loads(audit.out),
                "board": self.office.do("status", "--json"),
                "scorecard": self.office.do("report", "scorecard", "--format", "json")}
