"""What no ledger would take is not signed, and no number is spent on it."""
import os
import unittest

from outside_case import REFUSED, Case

GOOD = '{"data":{},"task":"T2","type":"task.accepted"}\n'
BAD = {
    "a type that the rules do not know": '{"data":{},"task":"T2","type":"assignment.swallowed"}\n',
    "a member that is missing": '{"data":{"period":"2024-01"},"task":"T1","type":"progress.reported"}\n',
    "a member too many": '{"data":{"more":1},"task":"T2","type":"task.accepted"}\n',
    "another kind of member": '{"data":{"days":"ten"},"task":"T2","type":"task.accepted"}\n',
    "no subject": '{"data":{},"type":"task.accepted"}\n',
    "another subject": '{"data":{},"org":"ROADS","type":"task.accepted"}\n',
    "an opening": '{"data":{},"type":"ledger.opened"}\n',
    "rules before the end": '{"data":{"version":1},"type":"rules.adopted"}\n' + GOOD,
}


class Form(Case):
    def setUp(self):
        super().setUp()
        name = next(name for name in os.listdir(self.office.keys) if name.startswith("log-")
                    and name.endswith(".vkey"))
        with open(os.path.join(self.office.keys, name), encoding="utf-8") as file:
            self.office.do("checkpoint", "--take", self.office.keep_checkpoint(), "--log-key",
                           file.read().strip(), "--as", "ROADS")

    def memories(self):
        """What every key remembers, with its count."""
        found = {}
        for name in os.listdir(self.office.keys):
            if name.endswith(".memory"):
                with open(os.path.join(self.office.keys, name), "rb") as file:
                    found[name] = file.read()
        return found

    def test_of_a_file(self):
        before = self.memories()
        for name, lines in BAD.items():
            with self.subTest(name):
                self.office.write("events.jsonl", lines)
                answer = self.office.run("sign", "events.jsonl", "--to", "out.onus", "--as", "ROADS")
                self.assert_answers(answer, REFUSED, "onus: refused (")
                self.assertFalse(os.path.exists(self.office.path("out.onus")))
                self.assertEqual(self.memories(), before)
        # The next number is still the next: the office takes what is signed with it.
        self.office.write("events.jsonl", GOOD)
        self.office.do("sign", "events.jsonl", "--to", "out.onus", "--as", "ROADS")
        self.office.do("submit", "out.onus")

    def test_of_a_verb(self):
        before = self.memories()
        for period, percent in (("2024-02", "101"), ("February", "10")):
            with self.subTest(period=period, percent=percent):
                answer = self.office.run("progress", "T1", "--period", period, "--percent", percent, "--done", "More",
                                         "--as", "ROADS", "--sign-to", "out.onus")
                self.assert_answers(answer, REFUSED, "onus: refused (malformed)")
                self.assertFalse(os.path.exists(self.office.path("out.onus")))
        self.assertEqual(self.memories(), before)

    def test_of_what_another_key_began(self):
        """Whoever adds a signature spends a number too."""
        self.office.do("key", "new", "ROADS", "--no-passphrase", "--keys", "elsewhere")
        new = self.office.do("key", "list", "--keys", "elsewhere").strip()
        name = "+".join(new.split("+")[:2])
        self.office.write("events.jsonl", f'{{"data":{{"vkey":"{new}"}},"type":"key.rotated"}}\n')
        self.office.do("sign", "events.jsonl", "--to", "begun.onus", "--as", "ROADS", "--with", f"{name}/1")
        with open(self.office.path("begun.onus"), "rb") as file:
            begun = file.read()
        self.assertIn(b'"key.rotated"', begun)
        self.office.write("begun.onus", begun.replace(b'"key.rotated"', b'"key.mislaid"'))
        with open(self.office.path("begun.onus"), "rb") as file:
            self.assertIn(b'"key.mislaid"', file.read())
        answer = self.office.run("sign", "--join", "begun.onus", "--to", "both.onus", "--as", name, "--keys",
                                 "elsewhere", "--log-key", self.office.log_key())
        self.assert_answers(answer, REFUSED, "refused (unknown-type)")
        self.assertFalse(os.path.exists(self.office.path("both.onus")))
        self.assertFalse([name for name in os.listdir(self.office.path("elsewhere"))
                          if name.endswith(".memory")])

    def test_of_an_old_view(self):
        """What changed after the checkpoint that a key takes is said where the ledger is, with what to do."""
        listed = self.office.do("log", "T1")
        place = next(line.split()[0] for line in listed.splitlines() if "Progress reported" in line)
        self.office.do("correct", "T1", place, "--percent", "15", "--reason", "Counted twice", "--as", "ROADS")
        before = self.memories()
        command = ("review", "accept", "T1", place, "--as", "CHECK", "--sign-to", "out.onus")
        answer = self.office.run(*command)
        self.assert_answers(answer, REFUSED, "refused (stale)", "onus checkpoint --since ", "onus checkpoint --take FILE")
        self.assertEqual(self.memories(), before)
        self.assertFalse(os.path.exists(self.office.path("out.onus")))
        checkpoint = self.office.path("newer.checkpoint")
        with open(checkpoint, "w", encoding="utf-8") as file:
            size = answer.err.split("--since ")[1].split()[0]
            file.write(self.office.do("checkpoint", "--since", size))
        self.office.do("checkpoint", "--take", checkpoint, "--log-key", self.office.log_key(), "--as", "CHECK")
        answer = self.office.run(*command)
        self.assertEqual((answer.code, answer.err), (0, ""), answer)
        self.office.do("submit", "out.onus")


if __name__ == "__main__":
    unittest.main()
