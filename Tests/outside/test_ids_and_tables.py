"""Ids and tables from outside: what is not one is refused, by name and place, and nothing is written."""
import os
import re
import tempfile
import unittest

from outside_case import COULD_NOT_RUN, DONE, REFUSED, REPOSITORY, USAGE, Case, Office, sample

BAD_IDS = ["../T1", "a/b", "..", ".", "", " ", "T 1", "T1\n", "T1\r", "T1\t", "T\x1b[2J1", "T\x7f1", "T\x851",
           "T\u202e1", "T\u20661", "T\u200f1", "T\u00a01", "Т1", "Ｔ1", "T1\u0301", "-T1", ".T1", "_T1",
           "T" * 65, "T+1", "T;1", "T'1", "T\"1", "$(id)", "%00", "T\udcff1"]


class Ids(Case):
    def commands(self):
        """Every place of the command line that takes an id, with what else it needs."""
        reg, plan, roads = ("--as", "REG"), ("--as", "PLAN"), ("--as", "ROADS")
        titles = ("--title-en", "A", "--title-zh", "B")
        names = ("--kind", "department", "--name-en", "A", "--name-zh", "B")
        return {
            "org add": lambda i: ("org", "add", i, *names, *reg),
            "org add --parent": lambda i: ("org", "add", "NEW", f"--parent={i}", *names, *reg),
            "org post ORG": lambda i: ("org", "post", i, "P1", *titles, *reg),
            "org post POST": lambda i: ("org", "post", "ROADS", i, *titles, *reg),
            "key new": lambda i: ("key", "new", i, "--no-passphrase"),
            "key enrol": lambda i: ("key", "enrol", i, *reg),
            "key revoke": lambda i: ("key", "revoke", i, "--reason", "lost", *reg),
            "role grant": lambda i: ("role", "grant", i, "issuer", "--as", "GOV"),
            "issue programme": lambda i: ("issue", "programme", i, *titles, "--start", "2024-01-01",
                                          "--end", "2024-12-31", *plan),
            "issue objective": lambda i: ("issue", "objective", i, *titles, *plan),
            "issue task": lambda i: ("issue", "task", i, "--objective", "O1", *titles,
                                     "--criterion", "C", *plan),
            "issue task --objective": lambda i: ("issue", "task", "NEW", f"--objective={i}", *titles,
                                                 "--criterion", "C", *plan),
            "assign": lambda i: ("assign", i, "--lead", "ROADS", "--start", "2024-01-10",
                                 "--due", "2024-12-31", *plan),
            "assign --lead": lambda i: ("assign", "T2", f"--lead={i}", "--start", "2024-01-10",
                                        "--due", "2024-12-31", *plan),
            "accept": lambda i: ("accept", i, *roads),
            "progress": lambda i: ("progress", i, "--period", "2024-03", "--percent", "1", *roads),
            "milestone reach": lambda i: ("milestone", "reach", "T1", i, *roads),
            "handover": lambda i: ("handover", i, "--to", "POST-R", *roads),
            "handover --to": lambda i: ("handover", "POST-R", f"--to={i}", *roads),
            "deadline": lambda i: ("deadline", i, "--due", "2025-01-01", "--reason", "R", *plan),
            "--as": lambda i: ("accept", "T2", f"--as={i}"),
            "--with": lambda i: ("accept", "T2", f"--with={i}", *roads),
            "task": lambda i: ("task", i),
            "inbox": lambda i: ("inbox", f"--as={i}"),
            "log": lambda i: ("log", i),
        }

    def test_every_place_that_takes_an_id_refuses_what_is_none(self):
        keys = sorted(os.listdir(self.office.keys))
        with self.unharmed():
            for number, (place, command) in enumerate(self.commands().items()):
                # Each place gets a part of the bad ids, and all places together get each one often.
                for bad in BAD_IDS[number % 9::9]:
                    with self.subTest(place=place, id=bad):
                        arguments = [os.fsencode(word) if isinstance(word, str) else word
                                     for word in command(bad)]
                        answer = self.office.run(*arguments)
                        self.assertIn(answer.code, (COULD_NOT_RUN, REFUSED, USAGE), answer)
                        self.assert_answers(answer, answer.code)
                        self.assertGreater(len(answer.err.strip()), 10, answer)
                        self.assertNotIn("unexpected", answer.err, answer)
        self.assertEqual(sorted(os.listdir(self.office.keys)), keys, "a file was made for a bad id")
        self.assertFalse(os.path.exists(self.office.path("T1+")))

    def test_all_bad_ids_as_a_task(self):
        with self.unharmed():
            for bad in BAD_IDS:
                with self.subTest(id=bad):
                    answer = self.office.run("accept", os.fsencode(bad), "--as", "ROADS")
                    self.assertEqual(answer.code, USAGE, answer)
                    self.assert_answers(answer, USAGE)

    def test_init_refuses_bad_names_and_makes_nothing(self):
        for origin, registrar in (("plain", "REG"), ("onus/x", "REG"), ("a.b c", "REG"), ("a.b+c", "REG"),
                                  ("a.b\u202ec", "REG"), ("a.b\n", "REG"), ("a.b/c", "../REG"),
                                  ("a.b/c", "R\u202eG"), ("a.b/c", "")):
            with self.subTest(origin=origin, registrar=registrar):
                answer = self.office.run("init", f"--origin={origin}", f"--registrar={registrar}",
                                         "--name-en", "A", "--name-zh", "B", "--no-passphrase",
                                         "--ledger", "fresh", "--keys", "fresh-keys")
                self.assert_answers(answer, USAGE)
                self.assertFalse(os.path.exists(self.office.path("fresh")))
                self.assertFalse(os.path.exists(self.office.path("fresh-keys")))


DIRECTORY = "org_id,kind,name_en,name_zh\n"
PLAN = ("programme_id,task_code,objective_code,objective_en,objective_zh,task_en,task_zh,evidence_en,weight,"
        "report_cycle,lead_org,support_orgs,city_orgs,start_date,due_date\n")


class Tables(Case):
    def read(self, data, *more, signer="REG"):
        return self.office.run("import", self.office.write("table.csv", data), "--as", signer, *more)

    def refuse(self, data, code, *parts, signer="REG"):
        """Refused with --dry-run and without, in the same words."""
        answer = self.read(data, signer=signer)
        self.assert_answers(answer, code, *parts)
        return answer

    def test_tables_that_are_none(self):
        row = "N1,department,A,甲\n"
        wide = "N1,department," + "x" * (10 << 20) + ",甲\n"
        cases = {
            "too few cells": (DIRECTORY + "N1,department,A\n", "Line 2: "),
            "too many cells": (DIRECTORY + row + "N2,department,A,甲,more\n", "Line 3: "),
            "a cell of 10 MB": (DIRECTORY + wide, "Line 2: "),
            "a quoted cell of 10 MB": (DIRECTORY + wide.replace("x" * 100, '"' + "x" * 99, 1), "Line 2: "),
            "a header of 10 MB": ("x" * (10 << 20) + "\n", "Line 1: "),
            "a file of 65 MB": (b"x" * (65 << 20), "larger"),
            "two columns of one name": ("org_id,kind,kind\nN1,a,b\n", "Line 1: "),
            "nothing": ("", "empty"),
            "only a mark": ("\ufeff", "empty"),
            "a NUL": (DIRECTORY + "N1,department,A\0B,甲\n", "Line 2: "),
            "an escape": (DIRECTORY + "N1,department,A\x1b[2JB,甲\n", "Line 2: "),
            "a bidi mark": (DIRECTORY + "N1,department,A\u202eB,甲\n", "Line 2: "),
            "a line break in a cell": (DIRECTORY + 'N1,department,"A\nB",甲\n', "Line 3: ", "U+000A"),
            "not UTF-8": (DIRECTORY.encode() + b"N1,department,A,\xce\xd2\n", "Line 2: ", "UTF-8"),
            "UTF-16": ((DIRECTORY + row).encode("utf-16"), "text in UTF-16", "UTF-8"),
            "an open quote": (DIRECTORY + 'N1,department,"A,甲\n', "quote"),
            "a quote inside": (DIRECTORY + 'N1,department,A"B,甲\n', "Line 2: "),
            "more after a quote": (DIRECTORY + 'N1,department,"A"B,甲\n', "Line 2: "),
            "another header": ("a,b\n1,2\n", "org_id"),
            "a missing column": ("org_id,kind,name_en\nN1,department,A\n", "name_zh"),
            "an empty id": (DIRECTORY + ",department,A,甲\n", "Line 2: ", "org_id"),
            "a bare return as line end": (DIRECTORY.replace("\n", "\r") + row, "Line 1: "),
        }
        with self.unharmed():
            for name, (data, *parts) in cases.items():
                with self.subTest(name):
                    self.refuse(data, COULD_NOT_RUN, "table.csv", *parts)

    def test_bad_ids_in_a_table_are_named_with_their_line(self):
        with self.unharmed():
            for bad in BAD_IDS:
                if bad == "" or "\udcff" in bad:
                    continue
                cell = '"' + bad.replace('"', '""') + '"'
                with self.subTest(id=bad):
                    answer = self.read(DIRECTORY + "N1,department,A,甲\n" + f"{cell},department,A,甲\n")
                    self.assertIn(answer.code, (COULD_NOT_RUN, USAGE), answer)
                    self.assert_answers(answer, answer.code, "table.csv: Line ")
                    self.assertRegex(answer.err, r"Line (3, column org_id|4): " if "\n" in bad else
                                     r"Line 3(, column org_id)?: ")

    def test_bad_ids_in_a_plan(self):
        good = ["P", "N1", "O9", "A", "B", "A", "B", "C", "1", "month", "ROADS", "", "", "2024-01-01",
                "2024-02-01"]
        with self.unharmed():
            for column in (0, 1, 2, 10, 11, 12):
                for bad in ("../T1", "T\u202e1", "T\x1b1", "T 1"):
                    with self.subTest(column=column, id=bad):
                        row = [*good]
                        row[column] = bad
                        answer = self.read(PLAN + ",".join(row) + "\n", signer="PLAN")
                        self.assertIn(answer.code, (COULD_NOT_RUN, REFUSED, USAGE), answer)
                        self.assert_answers(answer, answer.code)

    def test_what_spreadsheets_write_is_read(self):
        """A mark, CRLF, quotes and formulas are text like any other, and are read as they stand."""
        kept = self.office.keep_checkpoint()
        table = ("\ufeff" + DIRECTORY + 'N1,department,"=HYPERLINK(""http://x"",""y"")",甲\n'
                 "N2,department,=1+1,@SUM(A1)\nN3,department,+1,-1\n\n").replace("\n", "\r\n")
        answer = self.read(table, "--dry-run")
        self.assertEqual(answer.code, DONE, answer)
        self.assertIn("new: 3 organisations", answer.out)
        self.assertEqual(self.office.size(), sample().size())
        answer = self.read(table)
        self.assertEqual(answer.code, DONE, answer)
        listed = self.office.do("org", "list")
        for part in ('=HYPERLINK("http://x","y")', "=1+1", "+1"):
            self.assertIn(part, listed)
        self.assert_sound(self.office, kept)

    def test_a_formula_is_defused_in_the_csv_that_comes_out(self):
        kept = self.office.keep_checkpoint()
        self.assertEqual(self.read(DIRECTORY + "N1,department,=cmd(),=cmd()\n").code, DONE)
        card = self.office.path("card.csv")
        self.office.do("report", "scorecard", "--format", "csv", "--out", card)
        with open(card, encoding="utf-8") as file:
            for cell in file.read().replace("\n", ",").split(","):
                self.assertFalse(cell.strip('"').startswith(("=", "@", "+")), cell)
        self.assert_sound(self.office, kept)

    def test_a_dry_run_writes_nothing(self):
        with self.unharmed():
            answer = self.read(DIRECTORY + "N1,department,A,甲\n", "--dry-run")
            self.assertEqual(answer.code, DONE, answer)
            self.assertIn("nothing was written", answer.out)

    def test_a_table_that_the_rules_refuse_leaves_no_half(self):
        """Two submissions, the second of which would be refused: the first is not begun."""
        rows = [f"N{i},department,A,甲" for i in range(300)]
        rows[299] = "N0,department,A,甲"
        kept = self.office.keep_checkpoint()
        size = self.office.size()
        answer = self.read(DIRECTORY + "\n".join(rows) + "\n")
        self.assert_answers(answer, REFUSED, "refused (already-exists)", "table.csv, line 301: ")
        self.assertEqual((self.office.size() - size, answer.out), (0, ""), answer)
        self.assert_sound(self.office, kept)


class Example(unittest.TestCase):
    """The tables that docs/formats/import.md shows are read as they stand."""

    def test_the_page_shows_tables_that_work(self):
        with open(os.path.join(REPOSITORY, "docs/formats/import.md"), encoding="utf-8") as page:
            blocks = dict(re.findall(r"^```([a-z]+)\.csv\n(.*?)^```$", page.read(), re.M | re.S))
        with tempfile.TemporaryDirectory() as folder:
            office = Office(folder)
            office.do("init", "--origin", "page.example/plan", "--registrar", "REG", "--name-en", "Registry",
                      "--name-zh", "登记处", "--no-passphrase")
            directory = office.write("directory.csv", blocks["directory"])
            plan = office.write("plan.csv", blocks["plan"])
            office.do("import", directory, "--as", "REG")
            office.do("import", plan, "--posts", "--as", "REG")
            for name in ("GOV", "PLAN"):
                office.do("org", "add", name, "--kind", "department", "--name-en", name, "--name-zh", name,
                          "--as", "REG")
                office.do("key", "new", name, "--no-passphrase")
                office.do("key", "enrol", name, "--as", "REG")
            office.do("role", "grant", "GOV", "governing", "--as", "REG")
            office.do("role", "grant", "PLAN", "issuer", "--as", "GOV")
            self.assertNotIn("not read", office.do("import", plan, "--dry-run", "--as", "PLAN"))
            office.do("import", plan, "--as", "PLAN")
            self.assertIn("T1-M1", office.do("task", "T1"))
            self.assertIn("T2", office.do("status"))


if __name__ == "__main__":
    unittest.main()
