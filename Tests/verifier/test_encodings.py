"""Of every thing exactly one encoding is accepted."""
import base64
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ledger_writer import Sample, Signer, event, progress
from verifier_case import REPOSITORY, Case, verify


class Encodings(Case):
    """Submissions that are signed well and written wrongly; each is refused as a form."""

    def refused(self, *lines, edit=None):
        sample = Sample()
        note = sample.ledger.note([sample.two], list(lines) or [progress()], edit=edit)
        sample.ledger.place(note)
        self.assert_found("A005", 12, sample.ledger)

    def test_json_that_is_not_canonical(self):
        for data in ('{"a":1, "b":2}', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":null}', '{"a":1.0}',
                     '{"a":1e3}', '{"a":-0}', '{"a":01}', '{"a":9007199254740992}', '{"a":NaN}',
                     '{"a":"\\u0041"}', '{"a":"\\/"}', '{"a":"\\n"}', '{"a":"\\ud800"}', '{"a":"\u202e"}',
                     '{"a":"\u2028"}', '{"a":"\x85"}', '{"a":"\x7f"}', '{"a":"\ufdd0"}', '{"a":"\U0001ffff"}',
                     '{"é":1}', '{"":1}', '{"a":[[[[[[[1]]]]]]]}', "[]", '{"a":1}x',
                     '{"a":' + "[" * 5000 + "]" * 5000 + "}", "{" + ",".join(f'"k{i:03d}":1' for i in range(257)) + "}"):
            with self.subTest(data[:40]):
                self.refused('{"data":%s,"type":"note.added"}' % data)

    def test_event_lines_of_another_shape(self):
        for line in ('{"type":"a.b"}', '{"data":{}}', '{"data":{},"type":1}', '{"data":{},"extra":1,"type":"a.b"}',
                     '{"data":{},"org":"D01","task":"T1","type":"a.b"}', '{"data":{},"task":"../x","type":"a.b"}',
                     '{"data":{},"task":true,"type":"a.b"}', '{"data":{},"type":"A B"}', "7", "true"):
            with self.subTest(line):
                self.refused(line)

    def test_headers_of_another_shape(self):
        for old, new in (('"n":6', '"n":"6"'), ('"n":6', '"n":0'), ('"n":6', '"n":true'), ('.000Z', 'Z'),
                         ('.000Z', '.000+00:00'), ('T08', 'T24'), ('"at":"2026-01', '"at":"2026-13'),
                         ('{"at"', '{"a":1,"at"'), ('"size":12', '"size":-1'), ('onus/submission/v1', 'onus/submission/v2'),
                         ('"by":[', '"by":[7,')):
            with self.subTest(new):
                self.refused(edit=lambda text: text.replace(old, new, 1))

    def test_a_second_sixty(self):
        self.refused(edit=lambda text: text.replace(":00.000Z", ":60.000Z", 1))

    def test_the_same_key_twice_and_more_keys_than_sixteen(self):
        sample = Sample()
        sample.ledger.add([sample.two, sample.two], progress())
        self.assert_found("A005", 12, sample.ledger)
        sample = Sample()
        sample.ledger.add([sample.two] + [Signer(f"D{i}", "x") for i in range(20, 36)], progress())
        self.assert_found("A005", 12, sample.ledger)

    def test_more_events_than_256_and_more_bytes_than_60000(self):
        self.refused(*[progress()] * 257)
        self.refused(event("note.added", {"text": "x" * 60_000}))
        sample = Sample()
        sample.ledger.add(sample.two, *[progress()] * 256)
        self.assertEqual(self.findings(sample.ledger), [])

    def test_signature_lines_of_another_form(self):
        sample = Sample()
        note = sample.ledger.note([sample.two], [progress()])
        size, count = len(sample.ledger.entries), 0
        line = note.rpartition("\n\n")[2]
        loose = line[:-3] + chr(ord(line[-3]) + 1) + line[-2:]  # an unused bit set
        self.assertEqual(base64.b64decode(loose.split()[2]), base64.b64decode(line.split()[2]))
        for bad in (line + "\n", line[:-1], line + "x", line.replace("\u2014", "-"), loose, " " + line,
                    line.replace("=", ""), line.replace(" D02 ", " D02  "), line.replace("D02", "D03"),
                    line[:-1] + " \n", line.replace("\n", "\r\n")):
            del sample.ledger.entries[size:]
            sample.ledger.place(note[:-len(line)] + bad)
            self.assert_found("A005", 12, sample.ledger)
            count += 1
        self.assertEqual(count, 11)

    def test_bytes_that_are_not_text(self):
        sample = Sample()
        note = sample.ledger.note([sample.two], [progress()]).encode()
        size = len(sample.ledger.entries)
        for bad in (note.replace(b"2026-01\"", b"2026\xff01\""), note.replace(b"\n", b"\r\n", 1),
                    note.replace(b"10", b"\t1", 1), note.replace(b"\n{", b"\n\n{", 1), b"", note + b"\0"):
            del sample.ledger.entries[size:]
            sample.ledger.place(bad)
            self.assert_found("A005", 12, sample.ledger)

    def test_entry_headers_of_another_form(self):
        sample = Sample()
        sample.ledger.add(sample.two, progress())
        good = sample.ledger.entries[12]
        for old, new in ((b"index 12", b"index 012"), (b"entry/v1", b"entry/v2"), (b".000Z\nroot", b"Z\nroot"),
                         (b"\nroot ", b"\nroot  "), (b"=\n\nonus", b"\n\nonus"), (b"index 12", b"index +12"),
                         (b"index 12\n", b"index 12\nmore 1\n"), (b"time 2026-01", b"time 2026-02-30T00:00:00.000Z"[:12])):
            sample.ledger.entries[12] = good.replace(old, new, 1)
            if sample.ledger.entries[12] != good and old != b"time 2026-01":
                self.assert_found("A005", 12, sample.ledger)
        sample.ledger.entries[12] = good.replace(good[22:46], b"ime 2026-02-30T08:00:00."[:24], 1)
        self.assert_found("A005", 12, sample.ledger)

    def test_the_edge_cases_of_ed25519(self):
        path = os.path.join(REPOSITORY, "Tests", "Vectors", "ed25519", "speccheck.txt")
        if not os.path.exists(path):
            self.skipTest("the vectors are not here")
        with open(path) as file:
            cases = [line.split() for line in file if line.strip() and not line.startswith("#")]
        self.assertEqual(len(cases), 12)
        for number, says, message, key, signature in cases:
            accepted = verify.verifies(*map(bytes.fromhex, (key, signature, message)))
            self.assertEqual(accepted, says == "accepted", number)

    def test_the_vectors_of_canonical_json(self):
        folder = os.path.join(REPOSITORY, "Tests", "Vectors", "canonical-json")
        if not os.path.isdir(folder):
            self.skipTest("the vectors are not here")
        with open(os.path.join(folder, "accepted.txt"), encoding="utf-8") as file:
            for line in file.read().splitlines():
                verify.unjson(line)
        with open(os.path.join(folder, "refused.txt"), encoding="utf-8") as file:
            for line in file.read().split("\n")[:-1]:
                with self.assertRaises(ValueError, msg=line):
                    verify.unjson(line.split(" ", 2)[2])


if __name__ == "__main__":
    unittest.main()
