"""Files on their way between machines, and who carries them: an old one in the place of another, two of one name, a stick
that knows no second names."""
import base64
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
import unittest

from outside_case import COULD_NOT_RUN, DONE, REFUSED, USAGE, VIOLATION, Case
from submissions import Key, sign


def statements(name):
    """What two organisations may say at any time."""
    return {
        "REG": ("org", "add", name, "--kind", "department", "--name-en", "A", "--name-zh", "B", "--as", "REG"),
        "PLAN": ("issue", "objective", name, "--title-en", "A", "--title-zh", "B", "--as", "PLAN"),
    }


class Again(Case):
    """`sign --again`: what comes back is not always what went."""

    def memories(self):
        files = {}
        for path in sorted(glob.glob(os.path.join(self.office.keys, "**", "*"), recursive=True)):
            if "memory" in path and os.path.isfile(path):
                with open(path, "rb") as file:
                    files[path] = file.read()
        self.assertTrue(files)
        return files

    def refuse(self, code, *said, file="old.onus", more=()):
        before = self.memories()
        answer = self.office.run("sign", "--again", file, "--to", "again.onus", "--as", "ROADS", *more)
        self.assert_answers(answer, code, *said)
        self.assertFalse(os.path.exists(self.office.path("again.onus")))
        self.assertEqual(self.memories(), before)

    def test_what_is_in_the_ledger_is_not_signed_again(self):
        self.office.do("progress", "T1", "--period", "2024-03", "--percent", "10", "--done", "early", "--as", "ROADS",
                       "--sign-to", "old.onus")
        self.office.do("submit", "old.onus")
        self.refuse(COULD_NOT_RUN, "old.onus is in the ledger already, as entry ")

    def test_what_was_signed_for_another_log_is_not_signed_for_this_one(self):
        """An exercise with the same key: its events would stand in the real ledger."""
        at = ("--ledger", "exercise")
        self.office.do("init", "--origin", "test.example/exercise", "--registrar", "DRILL", "--name-en", "Drill",
                       "--name-zh", "演练", "--no-passphrase", *at)
        self.office.do("org", "add", "ROADS", "--kind", "department", "--name-en", "Roads", "--name-zh", "路", "--as",
                       "DRILL", *at)
        self.office.do("key", "enrol", "ROADS", "--as", "DRILL", *at)
        exercise, real = self.office.log_key("test.example"), self.office.log_key("outside.example")
        sign = ("accept", "T2", "--as", "ROADS", "--ledger", "nowhere")
        self.office.do(*sign, "--sign-to", "old.onus", "--log-key", exercise)
        self.refuse(VIOLATION, "signed for another log", more=("--log-key", real))
        # Away from the ledger the key's memory is all there is to ask.
        answer = self.office.run("sign", "--again", "old.onus", "--to", "again.onus", "--as", "ROADS", "--log-key",
                                 real, "--ledger", "nowhere")
        self.assertEqual(answer.code, DONE, answer)
        self.assertIn('"type":"task.accepted"', answer.out)

    def test_what_is_signed_again_is_shown(self):
        self.office.do("accept", "T2", "--as", "ROADS", "--sign-to", "old.onus")
        shown = self.office.do("sign", "--again", "old.onus", "--to", "again.onus", "--as", "ROADS")
        self.assertIn('"type":"task.accepted"', shown)
        answer = self.office.run("sign", "--again", "old.onus", "--to", "more.onus", "--as", "ROADS", "--json")
        self.assertIn('"type":"task.accepted"', answer.err)
        json.loads(answer.out)

    def test_sealed_text_is_shown_too(self):
        self.office.write("secret.txt", "Word for word.\nSecond line.\n")
        self.office.do("evidence", "T1", "secret.txt", "--kind", "document", "--captured", "2024-01-02", "--as", "ROADS",
                       "--sign-to", "old.onus")
        shown = self.office.do("sign", "--again", "old.onus", "--to", "first.onus", "--as", "ROADS")
        self.assertRegex(shown, r"sealed as \S+: 28 bytes of application/octet-stream, SHA-256 [0-9a-f]{64}\n")
        self.office.do("progress", "T1", "--period", "2024-03", "--percent", "5", "--done", "Word for word", "--as",
                       "ROADS", "--sign-to", "words.onus")
        shown = self.office.do("sign", "--again", "words.onus", "--to", "words-again.onus", "--as", "ROADS")
        self.assertRegex(shown, r"sealed as \S+:\n +Word for word\n")
        # Whoever carries the file can take out what is sealed: no signature is over that.
        with open(self.office.path("words.onus"), "rb") as file:
            head, _, rest = file.read().partition(b"\n\n")
        lines = [line for line in head.split(b"\n") if not line.startswith(b"opening ")]
        size = int(lines[1].split()[1])
        self.office.write("stripped.onus", b"\n".join(lines) + b"\n\n" + rest[:size])
        self.refuse(COULD_NOT_RUN, "does not bring what is sealed as ", file="stripped.onus")

    def test_what_is_written_on_is_whole(self):
        self.office.do("accept", "T2", "--as", "ROADS", "--sign-to", "old.onus")
        for target in ("-", "/dev/stdout"):
            with self.subTest(target):
                answer = self.office.run("sign", "--again", "old.onus", "--to", target, "--as", "ROADS")
                self.assertEqual(answer.code, DONE, answer)
                self.assertTrue(answer.out.startswith("onus/carried/v1\n"), answer)
                self.assertIn('"type":"task.accepted"', answer.err)

    def test_what_may_still_come_into_the_ledger_does_not_come_twice(self):
        period = ("progress", "T1", "--period", "2024-03", "--percent", "10", "--done", "some", "--as", "ROADS")
        self.office.do(*period, "--sign-to", "old.onus")
        self.office.do("sign", "--again", "old.onus", "--to", "new.onus", "--as", "ROADS", "--ledger", "nowhere")
        self.office.do("submit", "old.onus")
        with self.unharmed():
            answer = self.office.run("submit", "new.onus")
            self.assert_answers(answer, REFUSED, "says the same: do not sign it again")
        # What was signed again says the same as what came in first, although it is another text.
        self.refuse(COULD_NOT_RUN, "new.onus is in the ledger already, as entry ", file="new.onus")

    def test_what_was_signed_again_under_a_later_number_does_not_come_twice(self):
        self.office.write("photo.txt", "A road.\n")
        photo = ("evidence", "T1", "photo.txt", "--kind", "document", "--captured", "2024-01-02", "--as", "ROADS")
        self.office.do(*photo, "--sign-to", "old.onus")
        self.office.write("other.txt", "Another.\n")
        self.office.do("evidence", "T1", "other.txt", "--kind", "document", "--captured", "2024-01-02", "--as", "ROADS")
        answer = self.office.run("submit", "old.onus")
        self.assert_answers(answer, REFUSED, "wrong-count", "onus sign --again old.onus")
        number = re.search(r"--number (\d+)", answer.err).group(1)
        self.office.do("sign", "--again", "old.onus", "--to", "new.onus", "--as", "ROADS", "--number", number)
        self.office.do("submit", "new.onus")
        with self.unharmed():
            answer = self.office.run("submit", "old.onus")
            self.assert_answers(answer, REFUSED, "says the same: do not sign it again")
        self.refuse(COULD_NOT_RUN, "old.onus is in the ledger already, as entry ")

    def test_files_under_way_keep_their_numbers(self):
        away = ("--as", "ROADS", "--ledger", "nowhere")
        for place, month in enumerate(("03", "04", "05")):
            self.office.do("progress", "T1", "--period", f"2024-{month}", "--percent", str(40 + place), *away, "--sign-to",
                           f"{month}.onus")
        self.office.do("sign", "--again", "03.onus", "--to", "again.onus", *away)
        said = self.office.do("progress", "T1", "--period", "2024-06", "--percent", "50", *away, "--sign-to", "06.onus")
        with open(self.office.path("05.onus"), "rb") as file:
            last = int(re.search(rb'"n":(\d+)', file.read()).group(1))
        self.assertIn(f"/{last + 1} into 06.onus", said)

    def test_a_checkpoint_of_a_size_that_no_ledger_has_is_not_taken(self):
        key = Key.of_log(self.office)
        root = self.office.do("checkpoint").split("\n")[2]
        nothing = base64.b64encode(hashlib.sha256(b"").digest()).decode()
        for size, root in ((0, nothing), (1 << 53, root), ((1 << 63) - 1, root)):
            with self.subTest(size):
                self.office.write("new.checkpoint", sign([key.organisation, str(size), root], [key]))
                before = self.memories()
                answer = self.office.run("checkpoint", "--take", "new.checkpoint", "--log-key", key.vkey, "--as", "ROADS")
                self.assert_answers(answer, COULD_NOT_RUN, "a ledger has 1 to ")
                self.assertEqual(self.memories(), before)

    def test_a_number_that_no_key_reaches_is_not_used(self):
        self.office.do("accept", "T2", "--as", "ROADS", "--sign-to", "old.onus")
        for number in ("9007199254740991", "5000000"):
            self.refuse(USAGE, "too far ahead", more=("--number", number))
        self.office.do("sign", "--again", "old.onus", "--to", "near.onus", "--as", "ROADS")


class Receipts(Case):
    def test_of_two_files_of_one_name(self):
        """Neither is lost, in one run or in two."""
        for folder, statement in zip("ab", statements("N1").values()):
            os.mkdir(self.office.path(folder))
            self.office.do(*statement, "--sign-to", f"{folder}/feb.onus")
        out = self.office.do("submit", "a/feb.onus", "b/feb.onus", "--receipts", "r")
        receipts = dict(re.findall(r"^(\S+): entry \d+, receipt (\S+)$", out, re.M))
        self.assertEqual(len(set(receipts.values())), 2, out)
        for file, receipt in receipts.items():
            self.office.do("receipt", "check", file, receipt, "--log-key", self.office.log_key())
        again = self.office.do("submit", "a/feb.onus", "b/feb.onus", "--receipts", "r")
        self.assertEqual(dict(re.findall(r"^(\S+): .*, receipt (\S+)$", again, re.M)), receipts)
        self.assertEqual(len(os.listdir(self.office.path("r"))), 2)

    def test_beside_somebody_s_own_file(self):
        self.office.write("mine.note", "What I think of it.\n")
        answer = self.office.run("accept", "T2", "--as", "ROADS", "--receipt", "mine")
        self.assert_answers(answer, COULD_NOT_RUN, "is in the ledger", "mine.note is there and holds no submission")
        with open(self.office.path("mine.note"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "What I think of it.\n")


class Names(Case):
    def test_two_signings_into_one_name(self):
        """One is told, and its number is not spent: what the other signed is there, whole."""
        for turn in range(8):
            name = f"same{turn}.onus"
            gate = threading.Barrier(2)
            answers = {}

            def sign(who, statement):
                gate.wait()
                answers[who] = self.office.run(*statement, "--sign-to", name)

            threads = [threading.Thread(target=sign, args=item) for item in statements(f"N{turn}").items()]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            done = [who for who, answer in answers.items() if answer.code == DONE]
            self.assertEqual(len(done), 1, [str(answer) for answer in answers.values()])
            with open(self.office.path(name), "rb") as file:
                self.assertIn(f'"key":"{done[0]}+'.encode(), file.read())
            other = next(answer for who, answer in answers.items() if who not in done)
            self.assert_answers(other, COULD_NOT_RUN, name, "there already")

    def test_on_a_stick_that_knows_no_second_names(self):
        compiler = shutil.which("clang") or shutil.which("gcc") or shutil.which("cc")
        if not compiler:
            self.skipTest("there is no C compiler, with which a file system without links is made up")
        source = self.office.write("fat.c", "#include <errno.h>\n" + "".join(
            f"int {name} {{ errno = EPERM; return -1; }}\n" for name in (
                "link(const char *a, const char *b)",
                "linkat(int a, const char *b, int c, const char *d, int e)")))
        library = self.office.path("fat.so")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
        env = self.office.environment(LD_PRELOAD=library)
        kept = self.office.keep_checkpoint()
        self.office.do("accept", "T2", "--as", "ROADS", "--sign-to", "out.onus", env=env)
        self.office.do("export", "bundle", "all.tar", env=env)
        answer = self.office.run("export", "bundle", "all.tar", env=env)
        self.assert_answers(answer, COULD_NOT_RUN, "there already")
        self.office.do("audit", "all.tar", "--expect", kept)
        self.office.do("submit", "out.onus")
        self.assertEqual([name for name in os.listdir(self.office.folder) if ".new-" in name], [])


if __name__ == "__main__":
    unittest.main()
