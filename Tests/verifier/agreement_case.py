"""What `onus audit` says of a ledger, to be held against what the independent verifier says."""
import json
import os
import subprocess
import unittest

from verifier_case import REPOSITORY, Case

ONUS = os.path.abspath(os.environ.get("ONUS") or os.path.join(REPOSITORY, ".build/debug/onus"))


@unittest.skipUnless(os.path.exists(ONUS), f"needs the command, {ONUS}; build it or name it in $ONUS")
class AgreementCase(Case):
    """A test with both."""

    def audit(self, path=None, *options):
        """The report of `onus audit` on an export."""
        done = subprocess.run([ONUS, "audit", path or self.folder, "--json", "--forget", *options],
                              capture_output=True, text=True, timeout=60, env={"HOME": self.holder.name})
        self.assertIn(done.returncode, (0, 3, 4), done.stderr)
        return json.loads(done.stdout)

    def voids(self, path=None):
        """{entry: code} of what `onus audit` finds, and its sentences for a message."""
        findings = [f for f in self.audit(path)["findings"] if f["violation"]]
        return ({f["entry"]: f["code"][5:] for f in findings},
                "\n".join(f"{f['code']} {f['entry']}: {f['sentence']['en']}" for f in findings))


class RulesCase(AgreementCase):
    """A scene in which entries break one rule each."""

    def assert_scene(self, scene):
        scene.ledger.export(self.folder)
        findings = self.answer()["findings"]
        self.assert_codes(scene.expected, {f["entry"]: f["code"][5:] for f in findings}, scene, findings)
        theirs, sentences = self.voids()
        self.assert_codes(scene.expected, theirs, scene, sentences)

    def assert_codes(self, expected, found, scene, why):
        for entry in sorted(expected.keys() | found.keys()):
            if expected.get(entry) != found.get(entry):
                said = scene.ledger.entries[entry].decode() if entry is not None else ""
                self.fail(f"entry {entry}: {found.get(entry)}, not {expected.get(entry)}\n{said}\n{why}")
