"""The ledgers that Tests/Adversary attacks: of each the independent verifier says what the audit says.

`swift test` leaves them (PLACES of each attack, by a SEED); ATTACKED names a folder that has them already.
"""
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from verifier_case import REPOSITORY, Case, verify

PLACES, SEED, ATTACKED = (os.environ.get(name, usual) for name, usual in (
    ("PLACES", "1"), ("SEED", "20261122"), ("ATTACKED", "")))
AXES = ("integrity", "signatures", "history", "authority", "anchoring", "content")
TIMESTAMPS = {"A103", "A104", "A105", "A106"}  # which the verifier does not read


def said_by_audit(report, found):
    """What the audit says, in the words of the verifier, that found so much: (axes, {(code, entry)} of violations)."""
    axes = {axis: report["axes"][axis].replace("-", " ") for axis in AXES}
    said = [(f["code"][5:], f.get("entry"), f["axis"], f["violation"]) for f in report["findings"]]
    rest = [violation for code, _, axis, violation in said if axis == "anchoring" and code not in TIMESTAMPS]
    if axes["anchoring"] == "failed":
        axes["anchoring"] = "failed" if any(rest) else "not checked" if rest else "ok"
    codes = {(code, entry) for code, entry, _, violation in said if violation and code not in TIMESTAMPS}
    # Where an entry was rewritten, by the signatures, the verifier names the first that states another past than
    # there is: that one, or the next.
    for code, entry in [said for said in codes if said[0] == "A021"]:
        codes ^= {(code, entry), ("A008", entry if ("A008", entry) in found else entry + 1)}
    # An export has one checkpoint, which the audit takes for the newest and for the published one.
    if any(code in ("A014", "A015") for code, _ in codes):
        codes.discard(("A016", None))
    # What cannot be read as a content at all it says a second time, since it reads them all through.
    if any(code == "A090" and entry is not None for code, entry in codes):
        codes.discard(("A090", None))
    return axes, codes


class AttackedLedgers(Case):
    def test_both_say_the_same_of_every_attacked_ledger(self):
        folder = ATTACKED or self.attack()
        names = sorted(name[:-5] for name in os.listdir(folder) if name.endswith(".json"))
        self.assertGreater(len(names), 100)
        failed = 0
        for name in names:
            with self.subTest(name, seed=SEED):
                failed += self.compare(os.path.join(folder, name))
        print(f"{len(names)} attacked ledgers, seed {SEED}: both find {failed} of them failed")
        self.assertGreater(failed, len(names) // 2)

    def attack(self):
        """Has the suite leave its ledgers."""
        build = os.path.join(REPOSITORY, ".build/debug")
        tests = os.path.isdir(build) and [name for name in os.listdir(build) if name.endswith(".xctest")]
        if not tests or not shutil.which("swift"):
            self.skipTest("needs the tests built with `swift build --build-tests`, or their ledgers in $ATTACKED")
        folder = os.path.join(self.holder.name, "attacked")
        environment = {**os.environ, "ADVERSARY": folder, "PLACES": PLACES, "SEED": SEED}
        command = ["swift", "test", "--skip-build", "--filter", "Whoever has the|by the same rule|by a trick"]
        done = subprocess.run(command, timeout=3600, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-4000:])
        return folder

    def compare(self, ledger):
        """Whether it is one that fails; both must say so."""
        with open(f"{ledger}.json", encoding="utf-8") as file:
            report = json.load(file)
        expect = None
        if os.path.exists(f"{ledger}.expect"):
            with open(f"{ledger}.expect", "rb") as file:
                expect = file.read()
        self.folder = ledger
        answer = self.answer(expect)
        found = {(f["code"][5:], f["entry"]) for f in answer["findings"]}
        axes, codes = said_by_audit(report, found)
        said = "\n".join([os.path.basename(ledger), *(f"audit: {f['code']} {f.get('entry')}: {f['sentence']['en']}"
                                                      for f in report["findings"]), *map(str, answer["findings"])])
        self.assertEqual(axes, {axis: answer["axes"][axis] for axis in AXES}, said)
        if ("A020", None) in codes:  # where not one entry can be read, the verifier says why
            self.assertEqual({code for code, _ in codes}, {"A020"}, said)
            self.assertTrue(all(code < "A030" for code, _ in found), said)
        else:
            self.assertEqual(codes, found, said)
        return "failed" in axes.values()


if __name__ == "__main__":
    unittest.main()
