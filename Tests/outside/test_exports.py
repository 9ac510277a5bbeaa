"""Exports and bundles that somebody has changed: mended, refused by name, or remarked, never passed over."""
import json
import os
import re
import subprocess
import tarfile
import unittest

from outside_case import COULD_NOT_RUN, DONE, Case


class Exports(Case):
    def setUp(self):
        super().setUp()
        self.kept = self.office.keep_checkpoint()
        self.out = self.office.path("out")
        self.office.do("export", "tiles", self.out)

    def files(self):
        return sorted(os.path.relpath(os.path.join(folder, name), self.out)
                      for folder, _, names in os.walk(self.out) for name in names)

    def audit(self, path=None, *options):
        return self.office.run("audit", path or self.out, "--expect", self.kept, "--forget", *options)

    def test_what_was_damaged_is_mended_and_counted(self):
        names = [name for name in self.files() if name != "checkpoint"]
        for name in names:
            path = os.path.join(self.out, name)
            os.truncate(path, os.path.getsize(path) // 2)
        answer = self.office.run("export", "tiles", self.out, "--json")
        self.assertEqual(json.loads(answer.out)["mended"], len(names), answer)
        os.remove(os.path.join(self.out, names[0]))
        self.assertIn("1 file of the earlier export mended", self.office.do("export", "tiles", self.out))
        self.assertNotIn("mended", self.office.do("export", "tiles", self.out))
        self.assertEqual(self.audit().code, DONE)

    def test_nothing_is_deleted_or_written_through_a_link(self):
        elsewhere = self.office.path("elsewhere")
        os.rename(os.path.join(self.out, "tile/0"), elsewhere)
        os.symlink(elsewhere, os.path.join(self.out, "tile/0"))
        before = [(folder, sorted(names)) for folder, _, names in os.walk(elsewhere)]
        self.office.do("org", "add", "NEW", "--kind", "department", "--name-en", "A", "--name-zh", "B", "--as", "REG")
        answer = self.office.run("export", "tiles", self.out)
        self.assert_answers(answer, COULD_NOT_RUN, "tile/0 cannot be read: it is a symbolic link")
        self.assertEqual(before, [(folder, sorted(names)) for folder, _, names in os.walk(elsewhere)])
        self.assert_answers(self.audit(), COULD_NOT_RUN, "tile/0 cannot be read: it is a symbolic link")

    def test_what_is_not_of_the_export_is_named_and_left(self):
        self.office.write("out/.DS_Store", b"x")
        answer = self.office.run("export", "tiles", self.out)
        self.assertEqual(answer.code, DONE, answer)
        self.assertIn(".DS_Store is not of the export", answer.err)
        self.assertIn(".DS_Store", self.audit().err)

    def test_what_a_killed_bundle_leaves_goes_with_the_next(self):
        os.mkdir(self.office.path("stick"))
        self.office.write("stick/b.tar.new-0123456789abcdef", b"half")
        self.office.write("stick/b.tar.new-somebody", b"somebody's own")
        self.office.do("export", "bundle", "stick/b.tar")
        self.assertEqual(sorted(os.listdir(self.office.path("stick"))), ["b.tar", "b.tar.new-somebody"])


class Bundles(Case):
    def setUp(self):
        super().setUp()
        self.kept = self.office.keep_checkpoint()
        self.office.do("export", "bundle", "b.tar")
        self.folder = self.office.path("bundle")
        with tarfile.open(self.office.path("b.tar")) as archive:
            archive.extractall(self.folder)

    def audit(self, path, *options):
        return self.office.run("audit", path, "--expect", self.kept, "--forget", *options)

    def test_what_was_replaced_is_said_and_changes_no_verdict(self):
        for path in ("b.tar", self.folder):
            answer = self.audit(path)
            self.assertEqual(answer.code, DONE, answer)
            self.assertNotIn("in the bundle", answer.out)
            self.assertEqual(json.loads(self.audit(path, "--json").out)["bundleFiles"], [])
        schema = "schemas/events/task.issued.json"
        for name in ("verify-independently", "README.txt", schema, "run-me", "policy"):
            self.office.write(f"bundle/{name}", "echo sound\n")
        os.remove(os.path.join(self.folder, "schemas/event.json"))
        answer = self.audit(self.folder)
        self.assertEqual(answer.code, DONE, answer)
        self.assertRegex(answer.out, f"differs from this build's.*: README.txt, {re.escape(schema)}, verify-independently")
        for said in ("do not run the bundle's verify-independently", "missing: schemas/event.json",
                     "checked by nobody: run-me", "it counts only if you name it with --policy"):
            self.assertIn(said, answer.out)
        self.assertIn("请勿运行", self.audit(self.folder, "--lang", "zh").out)
        listed = {file["file"]: file["standing"] for file in json.loads(self.audit(self.folder, "--json").out)["bundleFiles"]}
        self.assertEqual(listed, {"README.txt": "differs", "policy": "own", "run-me": "foreign", schema: "differs",
                                  "schemas/event.json": "missing", "verify-independently": "differs"})

    def test_its_guide_tells_to_bring_a_checker(self):
        with open(os.path.join(self.folder, "README.txt"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("BRING YOUR OWN CHECKER", text)
        self.assertNotRegex(text, r"python3 (\./)?verify-independently")

    def test_a_sparse_opening_is_not_read(self):
        (name, *_) = os.listdir(os.path.join(self.folder, "openings"))
        os.truncate(os.path.join(self.folder, "openings", name), 1 << 40)
        verifier = os.path.join(self.folder, "verify-independently")
        answer = self.audit(self.folder, "--json")
        self.assertEqual(answer.code, 3, answer)
        found = [f for f in json.loads(answer.out)["findings"] if f["code"] == "ONUS-A090"]
        self.assertEqual(len(found), 1)
        self.assertIn(f"openings/{name} has more bytes", found[0]["sentence"]["en"])
        # At most 512 MiB of memory, in 60 seconds.
        done = subprocess.run(["sh", "-c", 'ulimit -v 524288; exec python3 "$0" "$1" --json', verifier, self.folder],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("was not read", done.stdout)


if __name__ == "__main__":
    unittest.main()
