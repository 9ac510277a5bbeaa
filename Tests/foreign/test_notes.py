"""Checkpoints, submissions and receipts, read by other people's implementations of signed notes and proofs."""
import re
import unittest

from others_case import OthersCase, flip, needs, public_keys


class Notes(OthersCase):
    def submissions(self):
        """Every submission of the ledger as it was signed, with the keys that its header lists."""
        for leaf in self.office.leaves():
            note = leaf.split(b"\n\n", 1)[1]
            yield note, re.findall(r'"key":"([^"]+)"', note.split(b"\n")[1].decode())

    @needs("onus-others")
    def test_of_golang_note(self):
        path = self.office.keep_checkpoint()
        self.assertIn("1 verified, 0 of unknown", self.agrees("onus-others", "note", path, self.office.log_key()))
        flip(path, 5)
        self.refuses("onus-others", "note", path, self.office.log_key())

        keys = public_keys(self.office)
        most = 0
        for number, (note, signers) in enumerate(self.submissions()):
            path = self.office.write("submission", note)
            said = self.agrees("onus-others", "note", path, *(keys[name] for name in signers))
            self.assertIn(f"{len(signers)} verified, 0 of unknown", said)
            most = max(most, len(signers))
            flip(path, 50)
            self.refuses("onus-others", "note", path, *(keys[name] for name in signers))
        self.assertEqual((number + 1, most), (self.office.size(), 2))

    @needs("onus-others")
    def test_of_receipts(self):
        size = self.office.size()
        entries = (0, 1, size // 2, size - 1)
        notes = {entry: self.office.path(f"{entry}.note") for entry in entries}
        receipts = {entry: self.office.write(f"{entry}.receipt", self.office.do(
            "prove", str(entry), "--note", notes[entry])) for entry in entries}
        for entry, receipt in receipts.items():
            said = self.agrees("onus-others", "receipt", receipt, notes[entry], self.office.log_key())
            self.assertIn(f"entry {entry} is in {size}" + (", which extends the " if entry else ""), said)
            another = notes[0 if entry else 1]
            self.refuses("onus-others", "receipt", receipt, another, self.office.log_key())
        for entry, receipt in receipts.items():
            flip(notes[entry], 60)
            self.refuses("onus-others", "receipt", receipt, notes[entry], self.office.log_key())
        # A proof with one hash more, one less, or of another place is none.
        entry, note = entries[1], notes[entries[1]]
        flip(note, 60)
        with open(receipts[entry], encoding="utf-8") as file:
            text = file.read()
        self.agrees("onus-others", "receipt", receipts[entry], note, self.office.log_key())
        path = re.search(r"(?m)^index 1\n(.{44}\n)", text)
        for bad in (text.replace(path[1], "", 1), text.replace(path[1], path[1] * 2, 1),
                    text.replace("\nindex 1\n", "\nindex 2\n"), text.replace("old ", "old 1", 1)):
            self.refuses("onus-others", "receipt", self.office.write("bad", bad), note, self.office.log_key())

    @needs("tlog-tiles")
    def test_that_tlog_scales_makes_the_same_proofs(self):
        """From our export it makes the very tlog-proof that we make, but for the extra data."""
        tiles = self.export()
        for entry in (0, self.office.size() - 1):
            ours = self.office.do("prove", str(entry)).split("\n\n", 1)[1]
            ours = re.sub(r"(?m)^extra .*\n", "", ours)
            self.assertEqual(self.agrees("tlog-tiles", "gen-proof", tiles, str(entry)), ours)


if __name__ == "__main__":
    unittest.main()
