"""A ledger that was handed over with a value of hundreds of megabytes in it: refused, and not read into memory."""
import os
import subprocess
import sys
import unittest

from outside_case import COMMAND, COULD_NOT_RUN, VIOLATION, Case

LENGTH = 450_000_000
# Twice what the longest opening that there can be takes, and a third of what used to be taken.
MOST_KILOBYTES = 400_000


class LongValues(Case):
    def change(self, *statements):
        """In a process of its own: what a child begins with counts as memory that it took."""
        code = ("import sqlite3, sys; database = sqlite3.connect(sys.argv[1]); "
                "[database.execute(statement) for statement in sys.argv[2:]]; database.commit()")
        subprocess.run([sys.executable, "-c", code, self.office.database, *statements], check=True)

    def measured(self, *arguments):
        """The exit, standard error and standard output, and the most memory that was taken, in kilobytes."""
        with subprocess.Popen([COMMAND, *arguments], env=self.office.environment(), cwd=self.office.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            out = process.stdout.read().decode()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, out, usage.ru_maxrss

    def assert_refused(self, code, words, *arguments):
        found, out, kilobytes = self.measured(*arguments)
        self.assertEqual(found, code, out)
        self.assertIn(words, out)
        self.assertLess(kilobytes, MOST_KILOBYTES, out)
        return kilobytes

    def test_a_checkpoint(self):
        self.change(f"UPDATE checkpoint SET note = zeroblob({LENGTH})")
        words = "A checkpoint in the ledger is longer than the 1000000 bytes that it can have."
        self.assert_refused(VIOLATION, words, "audit", "--forget")
        for command in (("status",), ("show", "1"), ("log",), ("checkpoint",), ("export", "tiles", "out")):
            self.assert_refused(COULD_NOT_RUN, words, *command)

    def test_a_leaf(self):
        self.change("DROP TRIGGER entry_is_never_changed",
                    f"UPDATE entry SET leaf = zeroblob({LENGTH}) WHERE idx = 3")
        self.assert_refused(VIOLATION, "Entry 3 is missing", "audit", "--forget")
        self.assert_refused(COULD_NOT_RUN, "An entry in the ledger is longer", "show", "3")

    def test_an_opening(self):
        """Also where SQLite reads a row only to compare it with what is looked for."""
        self.change(f"UPDATE opening SET content = zeroblob({LENGTH}) "
                    "WHERE commitment = (SELECT min(commitment) FROM opening)")
        self.assert_refused(VIOLATION, "longer than", "audit", "--forget")

    def test_a_cosignature(self):
        self.change(f"INSERT INTO cosignature VALUES ('w', zeroblob({LENGTH}))")
        self.assert_refused(VIOLATION, "A cosignature in the ledger is longer", "audit", "--forget")

    def test_a_value_of_the_views(self):
        self.change(f"ATTACH '{self.office.path('ledger', 'views.db')}' AS views",
                    f"UPDATE views.state SET value = zeroblob({LENGTH}) "
                    "WHERE kind = (SELECT max(kind) FROM views.state) AND name = "
                    "(SELECT min(name) FROM views.state WHERE kind = (SELECT max(kind) FROM views.state))")
        self.assert_refused(4, "they are damaged", "audit", "--forget")


if __name__ == "__main__":
    unittest.main()
