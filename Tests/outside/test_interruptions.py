"""The command is killed or interrupted at random moments: nothing acknowledged is ever lost.

`KILLS` and `SEED` set how often and when.
"""
import concurrent.futures
import contextlib
import os
import random
import re
import signal
import sqlite3
import subprocess
import time
import unittest

from outside_case import COULD_NOT_RUN, DONE, REFUSED, Case

KILLS = int(os.environ.get("KILLS", "100"))
SEED = int(os.environ.get("SEED", "20261122"))
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)


class Killed(Case):
    def run_and_kill(self, office, arguments, delay, how):
        """What stood on standard output when the process ended, and how it ended."""
        process = office.start(*arguments)
        try:
            out, err = process.communicate(timeout=delay)
        except subprocess.TimeoutExpired:
            process.send_signal(how)
            out, err = process.communicate()
        return out.decode(), err.decode(), process.returncode

    def measure(self, office, *arguments):
        begin = time.monotonic()
        office.do(*arguments)
        return time.monotonic() - begin

    def registered(self, office):
        """The place of every organisation in the ledger, each once."""
        places = {}
        for index, leaf in enumerate(office.leaves()):
            for name in re.findall(rb'"org":"([^"]+)","type":"org.registered"', leaf):
                self.assertNotIn(name.decode(), places, "the same id in two places")
                places[name.decode()] = index
        return places

    def guard(self, office):
        (name,) = [name for name in os.listdir(office.keys) if name.endswith(".guard")]
        with open(os.path.join(office.keys, name), encoding="utf-8") as file:
            return int(file.read().split("\n")[1])

    def stop_many(self, worker):
        """One office: appends that are stopped, each at another moment; then everything is counted."""
        numbers = random.Random(SEED + worker)
        office = self.copy(self.office, self.office.path(f"worker-{worker}"))
        kept = office.keep_checkpoint()
        usual = self.measure(office, *self.registration("FIRST"))
        acknowledged, stopped = {}, 0
        for turn in range(KILLS // 2):
            name = f"W{worker}-{turn}"
            delay, how = numbers.uniform(0.2, 1.15) * usual, SIGNALS[turn % len(SIGNALS)]
            out, err, code = self.run_and_kill(office, self.registration(name), delay, how)
            stopped += code < 0
            self.assertTrue(code in (DONE, -how), (code, err))
            entry = re.match(r"entry (\d+) .*\n", out)
            if entry:
                acknowledged[name] = int(entry[1])
            self.assertLessEqual(self.guard(office), office.size(), "the guard is ahead of the ledger")
            if turn % 10 == 9:
                # Whatever was left undone, the next command does, without being told.
                office.do(*self.registration(f"W{worker}-{turn}-next"))
                self.assertEqual(self.guard(office), office.size())
                self.assert_sound(office, kept)
        office.do(*self.registration("LAST"))
        places = self.registered(office)
        for name, index in acknowledged.items():
            self.assertEqual(places.get(name), index, f"{name} was acknowledged")
        self.assertIn("ok    guard", office.do("doctor"))
        self.assert_sound(office, kept)
        return stopped, len(acknowledged)

    def registration(self, name):
        return ("org", "add", name, "--kind", "department", "--name-en", "A", "--name-zh", "B", "--as", "REG")

    def test_appends(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(self.stop_many, range(2)))
        stopped, done = (sum(column) for column in zip(*results))
        print(f"\n{KILLS // 2 * 2} appends, seed {SEED}: {stopped} stopped, {done} acknowledged, none lost")
        self.assertGreater(stopped, KILLS // 4)

    def test_imports(self):
        """Several submissions in one commit: all of them, or none."""
        numbers = random.Random(SEED)
        office, kept = self.office, self.office.keep_checkpoint()
        def table(name):
            rows = "".join(f"{name}-{i},department,A,甲\n" for i in range(600))
            return office.write(f"{name}.csv", "org_id,kind,name_en,name_zh\n" + rows)
        usual = self.measure(office, "import", table("FIRST"), "--as", "REG")
        for turn in range(max(4, KILLS // 20)):
            size, name = office.size(), f"I{turn}"
            delay = numbers.uniform(0.1, 1.1) * usual
            how = SIGNALS[turn % len(SIGNALS)]
            out, _, _ = self.run_and_kill(office, ("import", table(name), "--as", "REG"), delay, how)
            grown = office.size() - size
            self.assertIn(grown, (0, 3), "half an import was kept")
            self.assertTrue(grown or not out)
            # Run again, it completes what is missing and no more.
            again = office.run("import", office.path(f"{name}.csv"), "--as", "REG")
            self.assertEqual(again.code, DONE, again)
            self.assertEqual(office.size() - size, 3)
            self.assert_sound(office, kept)

    def test_opening_a_ledger(self):
        """`init` that was stopped either opened it, or says what is to be done."""
        numbers = random.Random(SEED)
        def init(name):
            return ("init", "--origin", f"{name}.example/x", "--registrar", "REG", "--name-en", "A",
                    "--name-zh", "B", "--no-passphrase", "--ledger", f"{name}/ledger", "--keys", f"{name}/keys")
        usual = self.measure(self.office, *init("first"))
        for turn in range(max(6, KILLS // 12)):
            name = f"i{turn}"
            self.run_and_kill(self.office, init(name), numbers.uniform(0.2, 1.1) * usual, signal.SIGKILL)
            place = ("--ledger", f"{name}/ledger", "--keys", f"{name}/keys")
            answer = self.office.run(*self.registration("NEXT"), *place)
            if answer.code != DONE:
                self.assertEqual(answer.code, COULD_NOT_RUN, answer)
                again = self.office.run(*init(name))
                self.assertEqual(again.code, DONE, f"{answer}\n{again}")
                self.office.do(*self.registration("NEXT"), *place)
            audit = self.office.run("audit", "--forget", *place)
            self.assertNotIn("FAILED", audit.out, audit)

    def test_a_ledger_that_was_made_and_not_opened(self):
        """What `init` leaves when it is killed before entry 0: an empty store, which is no ledger yet."""
        office = self.office
        with office.connect() as database:
            statements = [row[0] for row in database.execute(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type")]
            numbers = [database.execute(f"PRAGMA {name}").fetchone()[0]
                       for name in ("application_id", "user_version")]
        os.mkdir(office.path("empty"))
        with contextlib.closing(sqlite3.connect(office.path("empty", "ledger.db"))) as database:
            database.execute("PRAGMA page_size = 8192")
            for name, number in zip(("application_id", "user_version"), numbers):
                database.execute(f"PRAGMA {name} = {number}")
            database.execute("PRAGMA journal_mode = WAL")
            for statement in statements:
                database.execute(statement)
            database.commit()
        place = ("--ledger", "empty", "--keys", "empty-keys")
        for command in (("status",), ("checkpoint",), self.registration("NEXT")):
            answer = office.run(*command, *(place if "REG" not in command else ("--ledger", "empty")))
            self.assert_answers(answer, COULD_NOT_RUN)
        answer = office.run("audit", "--forget", *place)
        self.assertEqual(answer.code, 3, answer)
        office.do("init", "--origin", "e.example/x", "--registrar", "REG", "--name-en", "A", "--name-zh", "B",
                  "--no-passphrase", *place)
        office.do(*self.registration("NEXT"), *place)

    def test_reading_commands(self):
        """Ctrl-C in an audit, an export or a rebuild: what it reads is untouched, what it makes is
        whole or not there."""
        office, kept = self.office, self.office.keep_checkpoint()
        rows = "".join(f"N{i},department,A,甲\n" for i in range(800))
        office.do("import", office.write("table.csv", "org_id,kind,name_en,name_zh\n" + rows), "--as", "REG")
        numbers = random.Random(SEED)
        before = office.truth()
        commands = {"audit": ("audit", "--forget", "--expect", kept), "rebuild": ("views", "rebuild"),
                    "export": ("export", "tiles", "out"), "status": ("status",),
                    "report": ("report", "scorecard", "--format", "html", "--out", "card.html")}
        for name, command in commands.items():
            usual = self.measure(office, *command)
            self.clean(office)
            for turn in range(max(3, KILLS // 25)):
                with self.subTest(name, turn=turn):
                    how = (signal.SIGINT, signal.SIGKILL)[turn % 2]
                    self.run_and_kill(office, command, numbers.uniform(0.1, 1.0) * usual, how)
                    self.assertEqual(office.truth(), before)
                    answer = office.run(*command)
                    if name == "export" and answer.code != DONE:
                        # It says which folder is in the way; without it, the export is made.
                        self.assert_answers(answer, COULD_NOT_RUN, "hint: ")
                        self.clean(office)
                        office.do(*command)
                    else:
                        self.assertEqual(answer.code, DONE, answer)
                    self.clean(office)
            self.assert_sound(office, kept)
        # Nothing is left of what was begun.
        self.assertEqual([name for name in os.listdir(office.ledger) if ".new" in name], [])

    def clean(self, office):
        subprocess.run(["rm", "-rf", office.path("out"), office.path("out.partial"), office.path("card.html")],
                       check=True)


if __name__ == "__main__":
    unittest.main()
