"""What is no file in the place of a file that the command reads: nobody waits for it.

A pipe that nobody fills, a device without an end, a folder, and a file that is too long.
"""
import os
import subprocess
import unittest

from outside_case import COULD_NOT_RUN, DONE, NOT_CHECKED, USAGE, Case

SECONDS = 20


class Inputs(Case):
    def setUp(self):
        super().setUp()
        self.vkey = self.read_key("log-")
        self.office.do("checkpoint", "--take", self.office.keep_checkpoint(), "--log-key", self.vkey, "--as",
                       "ROADS")

    def read_key(self, beginning):
        name = next(name for name in os.listdir(self.office.keys)
                    if name.startswith(beginning) and name.endswith(".vkey"))
        with open(os.path.join(self.office.keys, name), encoding="utf-8") as file:
            return file.read().strip()

    def named(self):
        """Every command that is told which file to read, with FILE for its name."""
        return {
            "expect": ("audit", "--forget", "--expect", "FILE"),
            "pin": ("audit", "--forget", "--pin", "FILE"),
            "policy": ("audit", "--forget", "--policy", "FILE"),
            "authorities": ("audit", "--forget", "--tsa-certificates", "FILE"),
            "known": ("audit", "--forget", "--known", "FILE"),
            "take": ("checkpoint", "--take", "FILE", "--log-key", self.vkey, "--as", "ROADS"),
            "keep a cosignature": ("checkpoint", "cosign", "--from", "FILE", "--policy", "FILE"),
            "sign": ("sign", "FILE", "--to", "out.onus", "--as", "ROADS"),
            "sign again": ("sign", "--again", "FILE", "--to", "out.onus", "--as", "ROADS"),
            "join": ("sign", "--join", "FILE", "--to", "out.onus", "--as", "ROADS"),
            "submit": ("submit", "FILE"),
            "import": ("import", "FILE", "--as", "PLAN"),
            "evidence": ("evidence", "T1", "FILE", "--kind", "photograph", "--captured", "2024-01-12", "--media",
                         "image/jpeg", "--as", "ROADS"),
            "receipt": ("receipt", "check", "FILE", "FILE", "--log-key", self.vkey),
            "equivocation": ("equivocation", "FILE", "--log-key", self.vkey),
            "report": ("report", "verify", "FILE"),
            "passphrase": ("key", "new", "ROADS", "--passphrase-file", "FILE"),
            "witness": ("witness", "cosign", "FILE", "--witness", "court"),
        }

    def refuse(self, command, what, *parts):
        arguments = [what if word == "FILE" else word for word in command]
        try:
            answer = self.office.run(*arguments, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.fail(f"{arguments} waits")
        self.assertEqual(answer.code, COULD_NOT_RUN, answer)
        self.assertIn("onus: ", answer.err, answer)
        for part in parts:
            self.assertIn(part, answer.err, answer)

    def test_what_is_named(self):
        self.office.do("witness", "init", "court.example/witness", "--no-passphrase", "--witness", "court")
        os.mkfifo(self.office.path("pipe"))
        with self.unharmed():
            for name, command in self.named().items():
                for what in ("pipe", "/dev/zero", self.office.ledger):
                    with self.subTest(name, what=what):
                        self.refuse(command, what, what, "is not a file")
                with self.subTest(name, what="nothing"):
                    self.refuse(command, "absent", "absent cannot be read: no such file")

    def test_what_is_too_long(self):
        with open(self.office.path("long"), "wb") as file:
            file.truncate(200 << 20)  # Of no bytes on the disk.
        commands = self.named()
        for name in ("expect", "pin", "policy", "sign", "submit", "import", "receipt", "report", "passphrase"):
            with self.subTest(name):
                self.refuse(commands[name], "long", "long is larger than the ")

    def test_among_receipts(self):
        """Each is named, and no check that was not made is passed."""
        self.office.do("org", "add", "NEW", "--kind", "department", "--name-en", "A", "--name-zh", "B", "--as",
                       "REG", "--receipt", "new.receipt")
        folder = self.office.path("receipts")
        os.mkdir(folder)
        for name in ("new.receipt", "new.receipt.note"):
            os.rename(self.office.path(name), os.path.join(folder, name))
        command = ("receipt", "check", "--all", "receipts", "--against", self.office.ledger, "--log-key",
                   self.vkey)
        self.assertIn("1 of 1 receipts", self.office.do(*command))
        os.mkfifo(os.path.join(folder, "pipe.receipt"))
        os.symlink("nowhere", os.path.join(folder, "link.receipt"))
        os.symlink("/dev/zero", os.path.join(folder, "zero.receipt"))
        answer = self.office.run(*command, timeout=SECONDS)
        self.assertEqual(answer.code, NOT_CHECKED, answer)
        for name in ("pipe.receipt", "link.receipt", "zero.receipt"):
            self.assertRegex(answer.out, rf"unchecked .*{name}")
        self.assertIn("1 of 4 receipts", answer.out)
        self.assertIn("3 of 4 receipts could not be checked", answer.err)

    def test_beside_the_keys(self):
        """In the place of a key's own files, which nobody names."""
        command = ("accept", "T2", "--as", "ROADS", "--sign-to", "out.onus")
        for suffix in (".pem", ".vkey", ".memory"):
            with self.subTest(suffix):
                name = next(name for name in os.listdir(self.office.keys)
                            if name.startswith("ROADS") and name.endswith(suffix))
                path = os.path.join(self.office.keys, name)
                os.rename(path, path + ".kept")
                os.mkfifo(path, 0o600)
                self.refuse(command, "", name, "is not a file")
                os.unlink(path)
                os.rename(path + ".kept", path)
        self.office.do(*command)

    def test_tables_that_are_none(self):
        """What a spreadsheet program saves by itself is named, with what to do."""
        header = "org_id,kind,name_en,name_zh\n"
        for name, data, *parts in (
                ("book.xlsx", b"PK\x03\x04rest", "workbook is damaged", "save it again"),
                ("book.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook", "CSV UTF-8"),
                ("wide.csv", header.encode("utf-16"), "text in UTF-16", "CSV UTF-8"),
                ("tabs.csv", header.replace(",", "\t"), "separated by tabs", "comma delimited"),
                ("semicolons.csv", "\ufeff" + header.replace(",", ";"), "separated by semicolons"),
                ("commas.csv", "," * 60_000_000, "Line 1: there are more than 1000 cells"),
                ("row.csv", header + "D1" + "," * 5000, "Line 2: there are more than 1000 cells"),
                ("blank.csv", header + "D1,department,\u200b \u3164,甲\n", "Line 2: the column name_en is empty")):
            with self.subTest(name):
                self.office.write(name, data)
                limit = ("bash", "-c", "ulimit -v 900000; exec \"$@\"", "-")
                answer = self.office.run("import", name, "--as", "REG", timeout=SECONDS, prefix=limit)
                self.assert_answers(answer, COULD_NOT_RUN, f"onus: {name}: ", *parts)

    def test_text_that_nobody_can_see(self):
        with self.unharmed():
            for text in (" ", "\u200b", "\u2060\u00ad", "\u3164", "\u115f\u1160", "\u2800", "\u00a0\u3000",
                         "\ufe0f"):
                with self.subTest(text=ascii(text)):
                    answer = self.office.run("issue", "objective", "O9", "--title-en", text, "--title-zh", "公路",
                                             "--as", "PLAN")
                    self.assert_answers(answer, USAGE, "holds nothing that can be seen")
        self.office.do("issue", "objective", "O9", "--title-en", "a\u200bb", "--title-zh", "公路", "--as", "PLAN")

    def test_a_passphrase_file_of_another_editor(self):
        """An end of a line is no part of a passphrase, whichever kind it is."""
        self.office.write("plain", "secret phrase")
        self.office.do("witness", "init", "court.example/w", "--passphrase-file", "plain", "--witness", "court")
        self.office.do("witness", "trust", self.vkey, "--witness", "court")
        self.office.do("checkpoint", "cosign", "--request-to", "request", "--since", "0")
        command = ("witness", "cosign", "request", "--witness", "court", "--passphrase-file", "other")
        for phrase in ("secret phrase\n\n", "secret phrase ", "secret phrase\r", "\r\n"):
            self.office.write("other", phrase)
            answer = self.office.run(*command)
            self.assertEqual(answer.code, COULD_NOT_RUN, answer)
        for end in ("\n", "\r\n", ""):
            self.office.write("other", "secret phrase" + end)
            answer = self.office.run(*command)
            # The key opens; from the second time on, the request is one of before.
            self.assertIn("last cosigned size" if answer.code else "court.example/w ", answer.err + answer.out)

    def test_paths_that_are_too_long(self):
        """Too long for the system, or for SQLite alone: said so, and not that nothing is there."""
        long, deep = "x" * 300, self.office.path(*["y" * 200] * 2, "z" * 90)
        os.makedirs(deep)
        with open(self.office.database, "rb") as file:
            self.office.write(os.path.join(deep, "ledger.db"), file.read())
        for command in (("status",), ("audit", "--forget"), ("accept", "T2", "--as", "ROADS"), ("views", "rebuild")):
            with self.subTest(command):
                answer = self.office.run(*command, "--ledger", long)
                self.assert_answers(answer, COULD_NOT_RUN, "file name too long")
                answer = self.office.run(*command, "--ledger", deep)
                self.assert_answers(answer, COULD_NOT_RUN, "The path of the ledger's file has", "shorter path")
        answer = self.office.run("key", "list", "--keys", long)
        self.assert_answers(answer, COULD_NOT_RUN, "file name too long")
        answer = self.office.run("init", "--origin", "a.example", "--registrar", "R", "--name-en", "A", "--name-zh",
                                 "B", "--no-passphrase", "--ledger", os.path.join(deep, "new"), "--keys", "other")
        self.assert_answers(answer, COULD_NOT_RUN, "shorter path")

    def test_a_link_to_an_open_file(self):
        """Only who starts the command hands it an open file; a link that somebody left is none."""
        os.symlink("/dev/stdin", self.office.path("link"))
        with subprocess.Popen(["sleep", str(SECONDS)], stdout=subprocess.PIPE) as sleeper:
            answer = self.office.run("submit", "link", stdin=sleeper.stdout, timeout=SECONDS)
            sleeper.kill()
        self.assert_answers(answer, COULD_NOT_RUN, "link is not a file")

    def test_what_a_shell_hands_over(self):
        """`-`, and the open file that stands for `<(…)`, are read to their end."""
        line = b'{"data":{},"task":"T2","type":"task.accepted"}\n'
        for number, name in enumerate(("-", "/dev/stdin", "/dev/fd/0")):
            out = self.office.path(f"{number}.onus")
            done = subprocess.run(
                [*self.command(), "sign", name, "--to", out, "--as", "ROADS"], input=line, cwd=self.office.folder,
                env=self.office.environment(), capture_output=True, timeout=SECONDS, check=False)
            self.assertEqual(done.returncode, DONE, done)

    @staticmethod
    def command():
        from outside_case import COMMAND
        return [COMMAND]


if __name__ == "__main__":
    unittest.main()
