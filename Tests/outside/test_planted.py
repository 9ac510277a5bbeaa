"""What somebody has planted where Onus will look: links in the place of its own files, names, folders, and words
under another's signature. Nothing outside is changed, and nothing is signed that its signer did not say."""
import json
import os
import shutil
import unittest

from outside_case import COULD_NOT_RUN, DONE, NOT_CHECKED, VIOLATION, Case


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Links(Case):
    def setUp(self):
        super().setUp()
        self.victim = self.office.write("elsewhere/precious", b"precious")
        for end in ("-wal", "-shm", "-journal"):
            self.office.write(f"elsewhere/precious{end}", b"beside it")
        self.before = self.all()

    def all(self):
        folder = self.office.path("elsewhere")
        return {name: read(os.path.join(folder, name)) for name in os.listdir(folder)}

    def remove_views(self):
        for name in os.listdir(self.office.ledger):
            if name.startswith("views.db"):
                os.remove(os.path.join(self.office.ledger, name))

    def test_in_the_place_of_the_views(self):
        views = os.path.join(self.office.ledger, "views.db")
        for command in (("status",), ("log",), ("doctor",), ("views", "rebuild")):
            with self.subTest(command):
                self.remove_views()
                os.symlink(self.victim, views)
                self.assertEqual(self.office.run(*command).code, DONE)
                self.assertEqual(self.all(), self.before)
                self.assertFalse(os.path.islink(views))

    def test_an_audit_passes_nothing_over(self):
        self.remove_views()
        views = os.path.join(self.office.ledger, "views.db")
        os.symlink(self.victim, views)
        answer = self.office.run("audit", "--expect", self.office.keep_checkpoint(), "--forget")
        self.assertEqual(answer.code, NOT_CHECKED, answer)
        self.assertIn("ONUS-A096 views: The stored views were not compared: what lies in their place is no file.", answer.err)
        self.assertEqual(self.all(), self.before)

    def test_in_the_place_of_what_a_dead_process_left(self):
        for place in ("views.db", "ledger.db"):
            link = os.path.join(self.office.ledger, f"{place}.new-999999")
            os.symlink(self.victim, link)
            self.office.do("views", "rebuild")
            self.assertEqual(self.all(), self.before)
        os.mkdir(self.office.path("new"))
        os.symlink(self.victim, self.office.path("new", "ledger.db.new-999999"))
        self.office.do("init", "--origin", "another.example/plan", "--registrar", "REG", "--name-en", "A", "--name-zh",
                       "甲", "--no-passphrase", "--ledger", "new", "--keys", "new-keys")
        self.assertEqual(self.all(), self.before)

    def test_in_the_place_of_a_receipt(self):
        """Whatever is there stays as it is, and the receipt lies beside it."""
        self.office.do("accept", "T2", "--as", "ROADS", "--sign-to", "stick.onus")
        plants = {"link": lambda path: os.symlink(self.victim, path),
                  "link to nowhere": lambda path: os.symlink(self.office.path("nowhere"), path),
                  "folder": os.mkdir, "pipe": os.mkfifo,
                  "large": lambda path: self.office.write(path, bytes(1_000_001)),
                  "other": lambda path: self.office.write(path, b"mine")}
        entry = self.office.size()
        for name, plant in plants.items():
            with self.subTest(name):
                file = f"{name}.onus"
                shutil.copy(self.office.path("stick.onus"), self.office.path(file))
                path = self.office.path(f"{file}.receipt")
                plant(path)
                there = os.lstat(path)
                answer = self.office.run("submit", file)
                self.assertEqual(answer.code, DONE, answer)
                beside = f"{file}.entry-{entry}.receipt"
                self.assertIn(f", receipt {beside}\n", answer.out)
                self.assertIn(f"onus: {file}.receipt is there and is no receipt of entry {entry}", answer.err)
                self.assertEqual(os.lstat(path), there)
                self.assertEqual(self.all(), self.before)
                self.assertFalse(os.path.exists(self.office.path("nowhere")))
                self.office.do("receipt", "check", file, beside, "--log-key", self.office.log_key())
                # Where both names are taken by something else there is no third.
                os.remove(self.office.path(beside))
                plant(self.office.path(beside))
                self.assert_answers(self.office.run("submit", file), COULD_NOT_RUN,
                                    f"neither is a receipt of entry {entry}", "hint: `onus prove ")
                self.assertEqual(self.all(), self.before)


class Words(Case):
    def test_what_is_signed_again_is_what_was_signed(self):
        self.office.do("accept", "T2", "--as", "ROADS", "--sign-to", "out.onus")
        said = read(self.office.path("out.onus"))
        self.office.do("key", "new", "ROADS", "--no-passphrase", "--keys", "elsewhere")
        new = self.office.do("key", "list", "--keys", "elsewhere").strip()
        self.office.do("key", "enrol", "ROADS", "--key", new, "--as", "ROADS", "--sign-to", "half.onus")
        half = read(self.office.path("half.onus"))
        for name, data, old, other in (("whole", said, b"task.accepted", b"task.declined"),
                                       ("half", half, b'"org":"ROADS"', b'"org":"PARKS"')):
            self.assertIn(old, data)
            for changed in (data.replace(old, other), data.replace(b'"at":"20', b'"at":"19')):
                with self.subTest(name):
                    self.office.write("evil.onus", changed)
                    answer = self.office.run("sign", "--again", "evil.onus", "--to", "evil2.onus", "--as", "ROADS")
                    self.assert_answers(answer, VIOLATION, "does not verify over what stands there")
                    self.assertFalse(os.path.exists(self.office.path("evil2.onus")))
        for name in ("out", "half"):
            self.office.do("sign", "--again", f"{name}.onus", "--to", f"{name}-again.onus", "--as", "ROADS")


class Names(Case):
    def test_json_stays_json(self):
        self.office.do("accept", "T2", "--as", "ROADS", "--sign-to", "out.onus")
        name = "n\x1b]0;x\x07\u202e\n.onus"
        os.rename(self.office.path("out.onus"), self.office.path(name))
        answer = self.office.run("submit", name, "--json")
        self.assertEqual(answer.code, DONE, answer)
        self.assertEqual(json.loads(answer.out)["submissions"][0]["file"], name)
        for hostile in "\x1b\x07\u202e":
            self.assertNotIn(hostile, answer.out)

    def test_folders_without_an_end(self):
        self.office.do("export", "tiles", "out")
        inner = self.office.path("out", "tile")
        for _ in range(100):
            inner = os.path.join(inner, "d")
            os.mkdir(inner)
        kept = self.office.keep_checkpoint()
        for command in (("audit", "out", "--expect", kept, "--forget"), ("export", "tiles", "out")):
            self.assert_answers(self.office.run(*command), COULD_NOT_RUN, "more than 32 deep")

    def test_many_files_hide_no_changed_one(self):
        self.office.do("export", "bundle", "b.tar")
        os.mkdir(self.office.path("bundle"))
        os.system(f"tar -C '{self.office.path('bundle')}' -xf '{self.office.path('b.tar')}'")
        with open(self.office.path("bundle", "verify-independently"), "a", encoding="utf-8") as file:
            file.write("# changed\n")
        for number in range(1100):
            self.office.write(f"bundle/a{number}", b"")
        answer = self.office.run("audit", "bundle", "--expect", self.office.keep_checkpoint(), "--forget")
        self.assertIn("do not run the bundle's verify-independently", answer.out)


if __name__ == "__main__":
    unittest.main()
