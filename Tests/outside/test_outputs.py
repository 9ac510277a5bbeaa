"""What is written, where: names that a terminal would obey, devices and links, modes, pipes."""
import os
import stat
import threading
import unittest

from outside_case import COULD_NOT_RUN, DONE, USAGE, Case

HOSTILE = "\x1b[31mred\u202e\x07"
EVENT = '{"data":{"kind":"department","nameEn":"N","nameZh":"新"},"org":"N1","type":"org.registered"}\n'


class Names(Case):
    """A file may have any name; what is printed of it is visible."""

    def assert_visible(self, answer):
        for scalar in answer.out + answer.err:
            self.assertTrue(scalar.isprintable() or scalar == "\n", answer)

    def test_files_that_are_written(self):
        self.office.write("events.jsonl", EVENT)
        for command in (("sign", "events.jsonl", "--as", "REG", "--to", f"signed{HOSTILE}"),
                        ("export", "tiles", f"tiles{HOSTILE}"),
                        ("report", "scorecard", "--format", "md", "--out", f"report{HOSTILE}"),
                        ("prove", "3", "--note", f"note{HOSTILE}")):
            with self.subTest(command[0]):
                answer = self.office.run(*command)
                self.assertEqual(answer.code, DONE, answer)
                self.assert_visible(answer)
                self.assertTrue(os.path.exists(self.office.path(command[-1])))

    def test_what_is_quoted_is_cut(self):
        """However much was typed, or stands in a cell, a sentence can be read, and says at its end what is wrong."""
        long = "x" * 100_000
        header = "org_id,kind,name_en,name_zh\n"
        rows = "".join(f"{'词' * 5_000} {number},department,A,甲\n" for number in range(50))
        self.office.write("wide.csv", header + rows)
        cases = ((("statu" + long,), USAGE, 1, "There is no command `onus status"[:-1] + "xxx"),
                 (("status", "--" + long), USAGE, 10, "Unknown option"),
                 (("audit", "--expect", "n" * 4_000), COULD_NOT_RUN, 1, "cannot be read: file name too long."),
                 (("submit", "n" * 4_000), COULD_NOT_RUN, 1, "cannot be read: file name too long."),
                 (("org", "add", long, "--kind", "k", "--name-en", "A", "--name-zh", "甲", "--as", "REG"), USAGE, 1,
                  "is not an id: 1 to 64"),
                 (("accept", "T1", "--as", long), COULD_NOT_RUN, 1, long[:50]),
                 (("import", "wide.csv", "--as", "REG"), COULD_NOT_RUN, 50, "is not an id: 1 to 64"))
        for command, code, count, *parts in cases:
            for options in ((), ("--json",)):
                with self.subTest(command[0], options=options, argument=command[-1][:20]):
                    answer = self.office.run(*command, *options)
                    self.assertEqual(answer.code, code, answer.err[:2000])
                    self.assertLess(len(answer.err), 2_000 + 400 * count, answer.err[:2000])
                    self.assertIn("…", answer.err)
                    for part in parts:
                        self.assertIn(part, answer.err)

    def test_commands_in_a_name_are_none_of_the_hint(self):
        """A hint says where its own commands look, and quotes a name as it is."""
        self.office.write("events.jsonl", EVENT)
        for name in ("a``onus status`x`.onus", "a`onus status`x.onus", "it's `onus audit`.onus", "`onus status`.onus"):
            self.office.do("sign", "events.jsonl", "--as", "REG", "--to", name)
            answer = self.office.run("audit", "--expect", name, "--ledger", self.office.ledger)
            self.assertNotEqual(answer.code, DONE, answer)
            hint = answer.err.split("hint: ", 1)[1]
            self.assertIn("'" + name.replace("'", "'\\''") + "'", hint, answer)
            self.assertNotIn("onus status --ledger", hint, answer)
            os.remove(self.office.path(name))

    def test_a_dot_in_the_folder_or_before_the_name(self):
        """What a report's file ends in stands in its last component, and a dot that it begins with is no ending."""
        os.mkdir(self.office.path("my.reports"))
        for name in ("score", "./score", "my.reports/score", ".score", "my.reports/.score"):
            answer = self.office.run("report", "scorecard", "--out", name)
            self.assertEqual(answer.code, DONE, answer)
            with open(self.office.path(name), encoding="utf-8") as file:
                self.assertTrue(file.read().startswith("<!doctype html>"), name)
        self.office.do("report", "scorecard", "--out", "my.reports/score.json")
        for name in ("score.txt", "my.reports/score.", ".score.txt"):
            self.assert_answers(self.office.run("report", "scorecard", "--out", name), USAGE, "is no name of an HTML")

    def test_instants_at_which_nothing_can_be_judged(self):
        """A wrong word on the command line, in one sentence; nothing was being checked."""
        for words in (("--at", "9999-12-31T23:59:59.999Z"), ("--at", "2001-01-01T00:00:00.000Z"),
                      ("--as-of", "9999-12-31")):
            answer = self.office.run("report", "scorecard", *words)
            self.assert_answers(answer, USAGE, "onus: Dates are judged at an instant from", "is not one.")
            self.assertEqual(answer.out, "")

    def test_words_that_the_parser_refuses(self):
        for command in (("submit", f"--{HOSTILE}"), ("show", HOSTILE), ("status", "--lang", HOSTILE),
                        ("report", "scorecard", "--format", HOSTILE), (HOSTILE,), ("task", HOSTILE)):
            with self.subTest(command):
                answer = self.office.run(*command)
                self.assertEqual(answer.code, USAGE, answer)
                self.assert_visible(answer)


class Targets(Case):
    """What is no file is written to and stays what it is; a link is followed."""

    def test_a_pipe(self):
        pipe = self.office.path("pipe")
        os.mkfifo(pipe)
        read = []

        def follow():
            with open(pipe, "rb") as file:
                read.append(file.read())

        reader = threading.Thread(target=follow, daemon=True)
        reader.start()
        answer = self.office.run("report", "scorecard", "--format", "json", "--out", pipe)
        reader.join(30)
        self.assertFalse(reader.is_alive())
        self.assertEqual(answer.code, DONE, answer)
        self.assertTrue(stat.S_ISFIFO(os.lstat(pipe).st_mode))
        self.assertIn(b'"size"', read[0])

    def test_a_link_to_a_device_and_one_to_a_file(self):
        os.symlink("/dev/null", self.office.path("nothing"))
        self.office.write("real.md", "old")
        os.symlink("real.md", self.office.path("link.md"))
        for name in ("nothing", "link.md"):
            self.office.do("report", "scorecard", "--format", "md", "--out", name)
            self.assertTrue(os.path.islink(self.office.path(name)))
        self.assertTrue(stat.S_ISCHR(os.stat(self.office.path("nothing")).st_mode))
        with open(self.office.path("real.md"), encoding="utf-8") as file:
            self.assertIn("outside.example/plan", file.read())

    def test_ledger_and_views_are_their_owners_alone(self):
        os.unlink(os.path.join(self.office.ledger, "views.db"))
        for turn in range(2):
            self.office.do("status")
            for name in os.listdir(self.office.ledger):
                mode = stat.S_IMODE(os.stat(os.path.join(self.office.ledger, name)).st_mode)
                self.assertEqual(mode, 0o600, name)
            self.office.do("views", "rebuild")
            self.office.do("progress", "T1", "--period", f"2024-0{turn + 3}", "--percent", "30", "--done", "More",
                           "--as", "ROADS")

    def test_what_holds_sealed_text_is_its_owners_alone(self):
        self.office.do("progress", "T1", "--period", "2024-02", "--percent", "30", "--done", "Secret",
                       "--as", "ROADS", "--sign-to", "carried.onus")
        mode = os.stat(self.office.path("carried.onus")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)


class Pipes(Case):
    """A pipe in the place of a database is no database, and nobody waits for it."""

    def replace(self, name):
        path = os.path.join(self.office.ledger, name)
        if os.path.exists(path):
            os.unlink(path)
        os.mkfifo(path)

    def test_in_the_place_of_the_ledger(self):
        self.replace("ledger.db")
        for command in (("audit", "--forget"), ("status",), ("accept", "T2", "--as", "ROADS")):
            answer = self.office.run(*command, timeout=20)
            self.assert_answers(answer, COULD_NOT_RUN, "is not a file")

    def test_in_the_place_of_the_guard(self):
        guard = next(name for name in os.listdir(self.office.keys) if name.endswith(".guard"))
        path = os.path.join(self.office.keys, guard)
        kept = path + ".kept"
        os.rename(path, kept)
        os.mkfifo(path)
        with self.unharmed():
            answer = self.office.run("accept", "T2", "--as", "ROADS", timeout=20)
            self.assert_answers(answer, COULD_NOT_RUN, "is not a file")

    def test_in_the_place_of_the_views(self):
        self.replace("views.db")
        with self.unharmed():
            self.office.do("status", timeout=20)
            self.assertTrue(os.path.isfile(os.path.join(self.office.ledger, "views.db")))


if __name__ == "__main__":
    unittest.main()
