"""Several processes append at once: never a fork, and what was acknowledged is what is there."""
import collections
import json
import os
import re
import threading
import unittest

from outside_case import COULD_NOT_RUN, DONE, REFUSED, Case

RUNS = int(os.environ.get("RACES", "6"))
AUDITS = int(os.environ.get("AUDITS", "30"))


class Races(Case):
    def race(self, authors, runs, command):
        """Each author's process appends `runs` times, all at once; returns the answers of each."""
        answers = collections.defaultdict(list)
        gate = threading.Barrier(len(authors))

        def work(number, author):
            gate.wait()
            for turn in range(runs):
                answers[number].append(self.office.run(*command(number, turn, author)))

        threads = [threading.Thread(target=work, args=item) for item in enumerate(authors)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [answer for number in sorted(answers) for answer in answers[number]]

    def settle(self, answers, size, kept):
        """Acknowledged entries are all different, and together all there is beside what there was."""
        acknowledged = []
        for answer in answers:
            if answer.code == DONE:
                acknowledged += re.findall(r"^entry (\d+) ", answer.out, re.M)
            else:
                # Told what happened and to try again; nothing of it was appended.
                self.assertIn(answer.code, (COULD_NOT_RUN, REFUSED), answer)
                self.assertRegex(answer.err, r"[Tt]ry again|[Rr]un the command again|[Ss]ign again", answer)
        self.assertEqual(len(set(acknowledged)), len(acknowledged), "an index was given twice")
        self.assertEqual(sorted(map(int, acknowledged)), list(range(size, self.office.size())))
        self.assert_sound(self.office, kept)
        return len(acknowledged), len(answers)

    def report(self, authors, runs):
        kept, size = self.office.keep_checkpoint(), self.office.size()
        command = self.command
        done, tried = self.settle(self.race(authors, runs, command), size, kept)
        print(f"\n{len(authors)} processes, {tried} appends: {done} taken, {tried - done} told to try again")
        return done, tried

    def command(self, number, turn, author):
        if author == "REG":
            return ("org", "add", f"R{number}-{turn}", "--kind", "department", "--name-en", "A",
                    "--name-zh", "B", "--as", author)
        if author == "PLAN":
            return ("issue", "objective", f"R{number}-{turn}", "--title-en", "A", "--title-zh", "B",
                    "--as", author)
        return ("progress", "T1", "--period", f"20{number + 10}-{turn % 12 + 1:02d}", "--percent", "1",
                "--done", "Something", "--as", author)

    def test_two_keys(self):
        done, tried = self.report(["REG", "ROADS"], RUNS)
        self.assertEqual(done, tried, "two departments never stand in each other's way")

    def test_eight_processes_of_three_keys(self):
        self.report(["REG", "ROADS", "PLAN", "REG", "ROADS", "PLAN", "REG", "ROADS"], max(2, RUNS // 2))

    def test_one_key_twice(self):
        self.report(["REG", "REG"], RUNS)

    def test_readers_beside_a_writer(self):
        """Audits are right; other readers may say that the ledger was written to meanwhile, or not yet published."""
        kept, size = self.office.keep_checkpoint(), self.office.size()
        commands = {"audit": ("audit", "--forget", "--expect", kept), "status": ("status",),
                    "checkpoint": ("checkpoint",), "rebuild": ("views", "rebuild")}
        authors = ["ROADS", *commands]

        def command(number, turn, author):
            return commands.get(author) or self.command(number, turn, author)

        answers = self.race(authors, RUNS, command)
        appends = answers[:RUNS]
        for answer in answers[RUNS:]:
            if answer.code != DONE:
                self.assertNotEqual(answer.arguments[0], "audit", answer)
                self.assertEqual(answer.code, COULD_NOT_RUN, answer)
                self.assertRegex(answer.err, r"[Tt]ry again|[Rr]un the command again", answer)
        self.settle(appends, size, kept)

    def test_audits_beside_a_writer(self):
        """An audit is of one published state of the ledger: beside a writer it is right every time."""
        kept, size = self.office.keep_checkpoint(), self.office.size()
        done, appends = threading.Event(), []

        def write():
            while not done.is_set():
                appends.append(self.office.run(*self.command(0, len(appends), "ROADS")))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for turn in range(AUDITS):
                answer = self.office.run("audit", "--forget", "--expect", kept, "--json")
                self.assertEqual(answer.code, DONE, f"audit {turn}: {answer}")
                report = json.loads(answer.out)
                self.assertEqual(set(report["axes"].values()), {"ok"}, answer)
                self.assertGreaterEqual(report["size"], size)
        finally:
            done.set()
            writer.join()
        self.assertGreater(len(appends), AUDITS // 6, "nobody wrote beside them")
        self.settle(appends, size, kept)

    def test_rebuilds_beside_a_writer(self):
        """What keeps the views busy is said so, in words that are not SQLite's."""
        kept, size = self.office.keep_checkpoint(), self.office.size()
        command = lambda number, turn, author: (
            ("views", "rebuild") if author == "rebuild" else self.command(number, turn, author))
        answers = self.race(["ROADS", "rebuild", "rebuild"], RUNS, command)
        for answer in answers[RUNS:]:
            self.assertNotIn("database is locked", answer.err, answer)
            if answer.code != DONE:
                self.assertEqual(answer.code, COULD_NOT_RUN, answer)
                self.assertRegex(answer.err, r"[Tt]ry again|[Rr]un the command again", answer)
        self.settle(answers[:RUNS], size, kept)

    def test_two_importers_of_one_table(self):
        """The second finds the ids taken, or registered: each id once, whoever came first."""
        kept, size = self.office.keep_checkpoint(), self.office.size()
        rows = "".join(f"N{i},department,A,甲\n" for i in range(400))
        path = self.office.write("table.csv", "org_id,kind,name_en,name_zh\n" + rows)
        answers = self.race(["REG", "REG"], 1, lambda *_: ("import", path, "--as", "REG"))
        self.assertIn(DONE, [answer.code for answer in answers])
        events = b"".join(self.office.leaves()[size:]).count(b'"type":"org.registered"')
        self.assertEqual(events, 400)
        self.assert_sound(self.office, kept)


if __name__ == "__main__":
    unittest.main()
