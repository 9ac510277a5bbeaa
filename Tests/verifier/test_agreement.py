"""Random histories: the independent verifier and `onus audit` find the same entries void."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agreement_case import AgreementCase
from random_history import History

COUNT = int(os.environ.get("HISTORIES", "8"))
SIZE = int(os.environ.get("ENTRIES", "400"))
SEED = int(os.environ.get("SEED", "20261122"))


class RandomHistories(AgreementCase):
    def test_both_find_the_same_entries_void(self):
        for seed in range(SEED, SEED + COUNT):
            history = History(seed)
            history.grow(SIZE)
            history.ledger.export(self.folder)
            expected = {i: code for i, code in enumerate(history.verdicts) if code}
            voids, sentences = self.voids()
            print(f"\nhistory of {SIZE} entries, seed {seed}: {len(voids)} are void", end="", flush=True)
            for entry in sorted(expected.keys() ^ voids.keys()):
                self.fail(f"seed {seed}, entry {entry}: {expected.get(entry)} here, {voids.get(entry)} there\n"
                          f"{history.ledger.entries[entry].decode()}\n{sentences}")
            self.assertTrue(SIZE / 10 < len(voids) < SIZE / 2, len(voids))
            answer = self.answer()
            self.assertEqual({f["entry"] for f in answer["findings"]}, voids.keys())
            self.assertEqual(answer["axes"]["integrity"], "ok")
        print()


if __name__ == "__main__":
    unittest.main()
