"""Exports that cannot be read throughout, or hold what is not theirs: the verifier and `onus audit` say the same."""
import contextlib
import io
import os
import shutil
import subprocess
import sys
import unittest
import unittest.mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agreement_case import ONUS, AgreementCase
from ledger_writer import Sample, write
from test_bundles import opening, pack
from verifier_case import SCRIPT, verify

NAMES = ("checkpoint", "tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1")
NOBODY = 65534


class UnreadableCase(AgreementCase):
    def setUp(self):
        super().setUp()
        self.ledger = Sample(length=300).ledger
        self.ledger.export(self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def take_away(self, name):
        """Where it was moved to."""
        aside = os.path.join(self.holder.name, "aside")
        shutil.rmtree(aside, ignore_errors=True)
        if os.path.isfile(aside):
            os.remove(aside)
        os.rename(self.path(name), aside)
        return aside

    def run_both(self):
        """(exit, standard error, standard output) of each."""
        for command in ([ONUS, "audit", self.folder, "--forget"], [sys.executable, SCRIPT, self.folder]):
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={"HOME": "/nonexistent"})
            yield done.returncode, done.stderr, done.stdout

    def assert_unreadable(self, name):
        for code, err, out in self.run_both():
            self.assertEqual(code, 1, (name, err, out))
            self.assertIn(f"/{name}", err)
            self.assertNotIn("A0", err + out)

    def both(self):
        """The codes of the verifier, which are those of the audit, with their sentences."""
        answer = self.answer()
        report = self.audit()
        found = [f for f in report["findings"] if f["violation"]]
        self.assertEqual({f["code"] for f in found}, {f["code"] for f in answer["findings"]}, found)
        for axis in ("integrity", "signatures", "history", "authority", "content"):
            self.assertEqual(report["axes"][axis].replace("-", " "), answer["axes"][axis], axis)
        return {f["code"][5:] for f in found}, [f["sentence"]["en"] for f in found]


class Unreadable(UnreadableCase):
    def test_a_link_a_pipe_or_a_folder_in_the_place_of_a_file(self):
        for name in NAMES:
            for make in (lambda path, aside: os.symlink(aside, path), lambda path, _: os.mkfifo(path),
                         lambda path, _: os.mkdir(path), lambda path, _: os.makedirs(os.path.join(path, "in"))):
                self.ledger.export(self.folder)
                make(self.path(name), self.take_away(name))
                self.assert_unreadable(name)

    def test_a_link_or_a_pipe_in_the_place_of_a_folder(self):
        for name in ("tile", "tile/0", "tile/entries", "tile/entries/001.p"):
            for make in (lambda path, aside: os.symlink(aside, path), lambda path, _: os.mkfifo(path)):
                self.ledger.export(self.folder)
                make(self.path(name), self.take_away(name))
                self.assert_unreadable(name)

    def test_links_and_pipes_beside_the_tiles(self):
        os.symlink("/nowhere", self.path("tile/0/extra"))
        self.assert_unreadable("tile/0/extra")
        os.remove(self.path("tile/0/extra"))
        for make in (lambda path: os.symlink("/nowhere", path), os.mkfifo):
            make(self.path("extra"))
            codes, sentences = self.both()
            self.assertEqual(codes, {"A011"})
            self.assertIn("extra", sentences[0])
            os.remove(self.path("extra"))

    def test_openings_of_a_bundle(self):
        write(self.folder, "bundle", b"onus/bundle/v1\nedition full\n")
        name = f"openings/{9:016d}-{'0' * 64}"
        write(self.folder, name, b"")
        os.remove(self.path(name))
        for make in (lambda path: os.symlink("/nowhere", path), os.mkfifo, os.mkdir):
            make(self.path(name))
            self.assert_unreadable(name)
            os.rmdir(self.path(name)) if os.path.isdir(self.path(name)) else os.remove(self.path(name))

    @unittest.skipIf(os.geteuid(), "needs root, to run as somebody who may not read")
    def test_what_may_not_be_read(self):
        os.chmod(self.holder.name, 0o755)
        try:
            probe = subprocess.run([ONUS, "--version"], user=NOBODY, capture_output=True, timeout=60)
        except PermissionError:
            self.skipTest("nobody may run the command where it lies")
        if probe.returncode:
            self.skipTest("nobody cannot run the command")
        for name in (*NAMES, "tile/0", "tile/entries/001.p"):
            mode = os.stat(self.path(name)).st_mode
            os.chmod(self.path(name), 0)
            done = subprocess.run([ONUS, "audit", self.folder, "--forget"], capture_output=True, text=True, timeout=60,
                                  env={"HOME": "/nonexistent"}, user=NOBODY)
            self.assertEqual(done.returncode, 1, (name, done.stderr))
            self.assertIn(name, done.stderr)
            self.assertNotIn("A0", done.stderr)
            self.assertIn(name, self.verified_by_nobody())
            os.chmod(self.path(name), mode)

    def verified_by_nobody(self):
        """What the verifier says when it ends with 1; in this process, since nobody may not read where Python lies."""
        said = io.StringIO()
        os.seteuid(NOBODY)
        try:
            with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as raised, \
                    unittest.mock.patch.object(sys, "argv", ["verify-independently", self.folder]):
                verify.main()
        finally:
            os.seteuid(0)
        self.assertEqual(raised.exception.code, 1, said.getvalue())
        return said.getvalue()


class Deep(UnreadableCase):
    def test_folders_in_one_another(self):
        """The deepest that is looked into, and one below it: both checkers draw the same line."""
        deepest = ["d"] * 32
        os.makedirs(self.path(*deepest))
        self.assertEqual(self.both()[0], {"A011"})
        write(self.folder, "/".join([*deepest, "file"]), b"x")
        self.assertEqual(self.both()[0], {"A011"})
        os.makedirs(self.path(*deepest, "d"))
        for code, err, out in self.run_both():
            self.assertEqual(code, 1, (err, out))
            self.assertIn("holds folders more than 32 deep", err)


class Foreign(UnreadableCase):
    def test_what_belongs_to_no_entry_is_named(self):
        for name in (".DS_Store", "tile/2/", "empty/", "tile/0/000.p/", "tile/0/000.p/notes"):
            self.ledger.export(self.folder)
            if name.endswith("/"):
                os.makedirs(self.path(name))
            else:
                write(self.folder, name, b"x")
            codes, sentences = self.both()
            self.assertEqual(codes, {"A011"}, name)
            self.assertIn(name, sentences[0])

    def test_an_empty_folder_among_the_tiles_of_a_bundle(self):
        write(self.folder, "bundle", b"onus/bundle/v1\nedition public\n")
        os.makedirs(self.path("elsewhere"))
        self.assertEqual(self.both()[0], set())
        os.makedirs(self.path("tile/2"))
        self.assertEqual(self.both()[0], {"A011"})

    def test_a_checkpoint_that_is_none(self):
        good = self.ledger.checkpoint()
        for bad in (good[:-20], b"rubbish", b"", good + b" " * 1_000_001, None):
            self.ledger.export(self.folder, checkpoint=b"x")
            os.remove(self.path("checkpoint"))
            if bad is not None:
                write(self.folder, "checkpoint", bad)
            self.assertEqual(self.both()[0], {"A012"}, bad and bad[:80])


class Guides(UnreadableCase):
    """What a bundle has for people: no signature covers it, and it changes no verdict."""

    def remarks(self):
        write(self.folder, "bundle", b"onus/bundle/v1\nedition public\n")
        pack(self.folder, archive := os.path.join(self.holder.name, "bundle.tar"))
        verifier = verify.Verifier(verify.Archive(archive))
        verifier.run()
        self.assertEqual(verifier.answer()["findings"], [])
        return verifier.answer()["remarks"]

    def test_another_verifier_and_a_policy_are_remarked(self):
        with open(SCRIPT, "rb") as file:
            own = file.read()
        self.assertEqual(self.remarks(), [])
        write(self.folder, "verify-independently", own)
        self.assertEqual(self.remarks(), [])
        for other in (own[:-1], own + b"\n", b"", own.replace(b"Checks", b"checks", 1)):
            write(self.folder, "verify-independently", other)
            self.assertEqual(self.remarks(), ["its verify-independently is not this one: do not run it"])
        os.remove(self.path("verify-independently"))
        write(self.folder, "policy", b"quorum none\n")
        self.assertIn(verify.sha256(b"quorum none\n").hex(), self.remarks()[0])


class LongOpenings(UnreadableCase):
    def test_what_is_longer_than_any_content_is_not_read(self):
        write(self.folder, "bundle", b"onus/bundle/v1\nedition full\n")
        sparse = self.path("sparse")
        for count in (verify.OPENING_LIMIT + 1, 1 << 40):
            with open(sparse, "wb") as file:
                file.write(opening(b""))
                file.truncate(count)
            verifier = verify.Verifier(verify.Folder(self.folder))
            with self.assertRaisesRegex(verify.Broken, "was not read"):
                verifier.open_seal("sparse", "D01+00000000", bytes(32), "text/plain", None)


if __name__ == "__main__":
    unittest.main()
