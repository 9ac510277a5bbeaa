"""A real JSON Schema validator and our own reader over what a ledger holds: every header and every event.

The ledger is the demo's, if Scripts/demo or Scripts/check has played it; else a small one, made here with
the command itself. Each line is judged as it was recorded, and mutated with a fixed seed.
"""

import base64
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from both_readers import ROOT, SEED, STRANGE, VALID, built, judge, mutated, validator, written

DEMO = ROOT / "demo-output" / "tiles"
EMPTY_ROOT = base64.b64encode(hashlib.sha256(b"").digest()).decode()
NUMBERS = [0, 1, -1, 2**53 - 1, 2**53, 10**30, "1", 1.5, False]
MINUTES = ["2026-11-22T03:00:60.000Z", "2026-11-22T24:00:00.000Z", "2026-11-22T03:00:00Z", "9999-12-31T23:59:59.999Z"]


def small_ledger(folder):
    """The tiles of a ledger with an issuer, a task and its lead."""
    environment = {**os.environ, "ONUS_LEDGER": f"{folder}/ledger", "ONUS_KEYS": f"{folder}/keys", "HOME": folder}

    def onus(text):
        subprocess.run([built() / "onus", *text.split()], env=environment, check=True, capture_output=True)

    onus("init --origin schemas.example/plan --registrar D18 --name-en Data --name-zh 数据局 --no-passphrase")
    for org, kind in (("P00", "governing_body"), ("D01", "department"), ("D02", "department")):
        onus(f"org add {org} --kind {kind} --name-en {org} --name-zh 单位 --as D18")
        onus(f"key new {org} --no-passphrase")
        onus(f"key enrol {org} --as D18")
    onus("role grant P00 governing --as D18")
    onus("role grant D01 issuer --as P00")
    onus("issue programme PLAN --title-en Plan --title-zh 方案 --start 2020-01-01 --end 2099-12-31 --as D01")
    onus("issue objective O1 --title-en One --title-zh 一 --as D01")
    onus("issue task T1 --objective O1 --title-en One --title-zh 一 --criterion done --weight 1 --as D01")
    onus("assign T1 --lead D02 --start 2020-01-01 --due 2099-06-30 --as D01")
    onus("accept T1 --as D02")
    onus(f"export tiles {folder}/tiles")
    return f"{folder}/tiles"


def recorded(folder):
    """The headers and events of every entry of an exported ledger, as they stand there."""
    headers, events = [], []
    for where, _, names in os.walk(os.path.join(folder, "tile", "entries")):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                data = file.read()
            while data:
                size = int.from_bytes(data[:2], "big")
                _, note, _ = data[2:2 + size].decode().split("\n\n")
                _, header, *lines = note.split("\n")
                headers.append(header)
                events += lines
                data = data[2 + size:]
    return headers, events


def beyond_a_schema(header):
    """What the schema of the header cannot say and the reader checks: see SubmissionHeader.swift."""
    keys = [signer["key"] for signer in header["by"]]
    seen = header["seen"]
    return len(set(keys)) < len(keys) or seen["size"] == 0 and seen["root"] != EMPTY_ROOT


class Recorded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.is_demo = DEMO.is_dir()
        cls.headers, cls.events = recorded(DEMO if cls.is_demo else small_ledger(holder.name))

    def agree(self, lines, expected, what):
        verdicts = judge(lines, what)
        self.assertEqual(len(verdicts), len(lines))
        differing = [line for line, one, other in zip(lines, expected, verdicts) if one != other]
        self.assertEqual(differing, [], f"seed {SEED}")

    def test_both_take_every_event_and_agree_on_every_mutated_one(self):
        rng = random.Random(SEED)
        names = {path.stem for path in (ROOT / "Schemas" / "events").glob("*.json")}
        validators = {name: validator(f"events/{name}.json") for name in names}
        parsed = [json.loads(line) for line in self.events]
        if self.is_demo:  # all but the one after which this software cannot go on
            self.assertGreaterEqual({event["type"] for event in parsed}, names - {"rules.adopted"})
        wrong = [event for event in parsed if not validators[event["type"]].is_valid(event)]
        self.assertEqual(wrong, [])
        self.agree(self.events, [True] * len(parsed), "judge")
        some = [event for event in rng.sample(parsed, min(len(parsed), 2000)) for _ in range(1 if self.is_demo else 40)]
        changed = [(event["type"], mutated(event, rng)) for event in some]
        expected = [validators[name].is_valid(event) for name, event in changed]
        self.agree([written(event) for _, event in changed], expected, "judge")
        self.assertGreater(expected.count(False), len(expected) // 3)
        self.assertGreater(expected.count(True), len(expected) // 50)

    def test_both_take_every_header_and_agree_on_every_mutated_one(self):
        rng = random.Random(SEED)
        one = validator("submission-header.json")
        parsed = [json.loads(line) for line in self.headers]
        self.assertEqual([header for header in parsed if not one.is_valid(header)], [])
        self.agree(self.headers, [True] * len(parsed), "judge-header")
        strange = STRANGE + VALID + NUMBERS + MINUTES + [EMPTY_ROOT]
        changed = [mutated(rng.choice(parsed), rng, strange) for _ in range(2000)]
        expected = [one.is_valid(header) and not beyond_a_schema(header) for header in changed]
        self.agree([written(header) for header in changed], expected, "judge-header")
        self.assertGreater(expected.count(False), 1000)
        self.assertGreater(expected.count(True), 20)

    def test_what_no_schema_can_say_is_refused_by_the_reader(self):
        header = json.loads(self.headers[-1])
        twice = {**header, "by": [header["by"][0], {**header["by"][0], "n": 1}]}
        nothing = {**header, "seen": {"root": header["seen"]["root"], "size": 0}}
        one = validator("submission-header.json")
        for changed in (twice, nothing):
            self.assertTrue(one.is_valid(changed) and beyond_a_schema(changed))
            self.assertEqual(judge([written(changed)], "judge-header"), [False])


if __name__ == "__main__":
    unittest.main()
