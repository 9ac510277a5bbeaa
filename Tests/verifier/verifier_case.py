"""Loads the independent verifier, and says what it finds in a folder."""
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPT = os.path.join(REPOSITORY, "Scripts", "verify-independently")
sys.dont_write_bytecode = True
LOADER = importlib.machinery.SourceFileLoader("verify_independently", SCRIPT)
verify = importlib.util.module_from_spec(importlib.util.spec_from_loader(LOADER.name, LOADER))
LOADER.exec_module(verify)


class Case(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.folder = os.path.join(self.holder.name, "tiles")

    def answer(self, expect=None, pin=None):
        verifier = verify.Verifier(verify.Folder(self.folder))
        verifier.run(expect and verify.parse_checkpoint(expect), pin and verify.parse_vkey(pin))
        return verifier.answer()

    def findings(self, ledger=None, **how):
        """(code, entry) of each finding; a finding always means exit 3."""
        if ledger:
            ledger.export(self.folder)
        answer = self.answer(**how)
        if answer["findings"]:
            self.assertEqual(answer["exit"], 3)
        return [(f["code"][5:], f["entry"]) for f in answer["findings"]]

    def assert_found(self, code, entry, ledger=None, **how):
        self.assertEqual(self.findings(ledger, **how), [(code, entry)])
