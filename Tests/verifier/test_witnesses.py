"""Cosignatures and policies: by the vectors, and in ledgers, where `onus audit --policy` must come to the same."""
import hashlib
import json
import os
import random
import sys
import unittest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agreement_case import AgreementCase
from ledger_writer import Sample, b64, write
from verifier_case import REPOSITORY, verify


def vectors(name):
    with open(os.path.join(REPOSITORY, "Tests", "Vectors", "transparency-log", f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


class Vectors(unittest.TestCase):
    def test_cosignatures(self):
        known = vectors("cosignatures")
        log, witness = verify.parse_vkey(known["log"]), verify.parse_vkey(known["witness"], (verify.WITNESS_KEY,))
        for case in known["cases"]:
            with self.subTest(case["name"]):
                checkpoint = verify.parse_checkpoint(case["text"].encode())
                self.assertEqual(checkpoint.cosigned_at(witness), case.get("time"))
                self.assertTrue(checkpoint.is_signed_by(log))

    def test_policies(self):
        known = vectors("policies")
        notes = {name: verify.parse_checkpoint(note.encode()) for name, note in known["notes"].items()}
        refused = 0
        for case in known["cases"]:
            with self.subTest(case["name"]):
                if "refused" in case:
                    refused += 1
                    with self.assertRaises(ValueError):
                        verify.Policy(case["text"].encode("utf-8", "surrogateescape"))
                    continue
                policy = verify.Policy(case["text"].encode("utf-8", "surrogateescape"))
                met = [name for name, note in notes.items()
                       if (not policy.logs or any(map(note.is_signed_by, policy.logs)))
                       and policy.is_enough(policy.cosigners(note))]
                self.assertEqual(sorted(met), sorted(case["met"]))
        self.assertGreater(refused, 20)

    def test_checkpoints_and_notes(self):
        for case in vectors("checkpoints")["cases"]:
            if case["name"] != "the largest size":  # of a ledger it is at most 2^53 - 1
                with self.subTest(case["name"]):
                    self.read(case, verify.parse_checkpoint)
        for case in vectors("notes")["cases"]:
            with self.subTest(case["name"]):
                self.read(case, lambda data: verify.parse_note(data, 1_000_000))

    def read(self, case, parse):
        data = verify.unbase64(case["base64"]) if "base64" in case else case["text"].encode()
        if "refused" in case:
            self.assertRaises(verify.UNREADABLE, parse, data)
        else:
            parse(data)


class Witness:
    def __init__(self, name):
        self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
        public = b"\x04" + self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.name, self.id = name, hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(public)}"

    def line(self, checkpoint, time=1_770_000_000):
        text = checkpoint.rpartition(b"\n\n")[0] + b"\n"
        signature = self.private.sign(b"cosignature/v1\ntime %d\n" % time + text)
        return f"\u2014 {self.name} {b64(self.id + time.to_bytes(8, 'big') + signature)}\n".encode()


class Ledgers(AgreementCase):
    def setUp(self):
        super().setUp()
        self.ledger = Sample().ledger
        self.witnesses = [Witness(f"witness.example/{name}") for name in "abc"]
        self.lines = "".join(f"witness {name} {w.vkey}\n" for name, w in zip("abc", self.witnesses))

    def both(self, policy, checkpoint, expect=None):
        """What the verifier and `onus audit` say of anchoring, and who cosigned; both the same."""
        self.ledger.export(self.folder, checkpoint=checkpoint)
        verifier = verify.Verifier(verify.Folder(self.folder))
        verifier.run(expect and verify.parse_checkpoint(expect), None, verify.Policy(policy.encode()))
        answer = verifier.answer()
        write(self.holder.name, "policy", policy.encode())
        write(self.holder.name, "expect", expect or b"")
        more = ["--expect", os.path.join(self.holder.name, "expect")] if expect else []
        report = self.audit(self.folder, "--policy", os.path.join(self.holder.name, "policy"), *more)
        self.assertEqual(report["axes"]["anchoring"].replace("-", " "), answer["axes"]["anchoring"], report["findings"])
        self.assertEqual([f["code"] for f in report["findings"] if f["violation"]],
                         [f["code"] for f in answer["findings"]])
        witnessed, theirs = answer["witnessed"], report.get("witnessed")
        self.assertEqual(witnessed and (witnessed["size"], sorted(witnessed["by"])),
                         theirs and (theirs["size"], sorted(w["name"] for w in theirs["by"])))
        return answer["axes"]["anchoring"], witnessed

    def test_a_quorum(self):
        a, b, c = self.witnesses
        note = self.ledger.checkpoint()
        signed = note + a.line(note) + b.line(note, 1_770_000_005)
        for quorum, met in (("quorum a\n", True), ("quorum c\n", False), ("group g all a b\nquorum g\n", True),
                            ("group g 2 a b c\nquorum g\n", True), ("group g all a b c\nquorum g\n", False),
                            ("group g any b c\ngroup h all g a\nquorum h\n", True), ("quorum none\n", False)):
            anchoring, witnessed = self.both(self.lines + quorum, signed)
            self.assertEqual((anchoring, witnessed is not None), ("ok" if met else "not checked", met), quorum)
        self.assertEqual(witnessed, None)
        self.assertEqual(self.both(f"log {self.ledger.log.vkey}\n{self.lines}quorum b\n", signed)[1],
                         {"size": 12, "by": {"a": 1_770_000_000, "b": 1_770_000_005}})

    def test_another_log_s_policy(self):
        stranger = Sample().ledger.log
        stranger.private = Ed25519PrivateKey.from_private_bytes(bytes(32))
        public = stranger.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        name = stranger.organisation
        vkey = f"{name}+{hashlib.sha256(name.encode() + bytes([10, 1]) + public).hexdigest()[:8]}+{b64(bytes([1]) + public)}"
        note = self.ledger.checkpoint()
        policy = f"log {vkey}\n{self.lines}quorum a\n"
        self.assertEqual(self.both(policy, note + self.witnesses[0].line(note))[0], "failed")

    def test_lines_that_do_not_verify_count_for_nothing(self):
        a, b, _ = self.witnesses
        note, older = self.ledger.checkpoint(), self.ledger.checkpoint(5)
        for wrong in (a.line(older), a.line(note) + a.line(older), a.line(note).replace(b"witness.example/a", b"witness.example/b"),
                      a.line(note, 0), a.line(note, 253_402_300_800), self.ledger.log.line(note).encode()):
            if wrong.startswith(b"\xe2\x80\x94 beihe"):
                continue
            self.assertEqual(self.both(self.lines + "quorum a\n", note + wrong), ("not checked", None))
        self.assertEqual(self.both(self.lines + "quorum a\n", note + b.line(older) + a.line(note))[0], "ok")

    def test_what_was_brought_counts_too_and_the_largest_is_said(self):
        a, b, _ = self.witnesses
        note, older = self.ledger.checkpoint(), self.ledger.checkpoint(7)
        both = self.lines + "group g all a b\nquorum g\n"
        self.assertEqual(self.both(both, note, older + a.line(older) + b.line(older))[1]["size"], 7)
        self.assertEqual(self.both(both, note + a.line(note), older + a.line(older) + b.line(older))[1]["size"], 7)
        self.assertEqual(self.both(both, note + a.line(note), note + b.line(note))[1]["size"], 12)
        self.assertEqual(self.both(both, note + a.line(note) + b.line(note), older)[1]["size"], 12)
        self.assertEqual(self.both(both, note, older + a.line(older))[0], "not checked")
        other = self.ledger.checkpoint(7, root=bytes(32))
        self.assertEqual(self.both(both, note, other + a.line(other) + b.line(other))[0], "failed")

    def test_random_policies(self):
        seed = int(os.environ.get("SEED", "20261122"))
        dice, note = random.Random(seed), self.ledger.checkpoint()
        print(f"\nrandom policies, seed {seed}", end=" ", flush=True)
        met = 0
        for _ in range(24):
            signers = [w for w in self.witnesses if dice.random() < 0.5]
            names, groups = list("abc"), ""
            for group in "gh":
                members = dice.sample(names, dice.randint(1, len(names)))
                names = [name for name in names if name not in members] + [group]
                groups += f"group {group} {dice.choice(('any', 'all', dice.randint(1, len(members))))} {' '.join(members)}\n"
            policy = self.lines + groups + f"quorum {dice.choice('abcgh')}\n"
            met += self.both(policy, note + b"".join(w.line(note) for w in signers))[1] is not None
        self.assertTrue(4 < met < 20, met)


if __name__ == "__main__":
    unittest.main()
