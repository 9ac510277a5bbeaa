"""Random histories: the independent verifier and `onus audit` find the same entries void."""
import os
import random
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agreement_case import AgreementCase
from ledger_writer import leaf_hash
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

    def test_both_find_the_same_in_copies_in_which_entries_were_altered(self):
        """The hashes and the checkpoint are those of before; what an entry had said is then no longer known."""
        words = re.compile(rb'"(?:task|org|percent|period|role|milestone|lead|post)":("?[^",}]+"?)')
        for seed in range(SEED, SEED + COUNT):
            history, dice = History(seed), random.Random(seed)
            history.grow(SIZE // 2)
            ledger, recorded = history.ledger, list(history.ledger.entries)
            hashes, checkpoint = [leaf_hash(leaf) for leaf in recorded], ledger.checkpoint()
            for _ in range(2):
                ledger.entries, altered = list(recorded), dice.sample(range(1, len(recorded)), dice.choice((1, 1, 2, 4)))
                for place in altered:
                    leaf, other, how = recorded[place], dice.choice(recorded[1:]), dice.choice("bit word word swap count cut".split())
                    ours, theirs = words.findall(leaf), words.findall(other)
                    if how == "bit":
                        at = dice.randrange(len(leaf))
                        leaf = leaf[:at] + bytes([leaf[at] ^ 1 << dice.randrange(8)]) + leaf[at + 1:]
                    elif how == "word" and ours and theirs:
                        leaf = leaf.replace(dice.choice(ours), dice.choice(theirs), 1)
                    elif how == "count":
                        leaf = re.sub(rb'"n":[0-9]+', b'"n":%d' % dice.randrange(1, 30), leaf, count=1)
                    elif how == "cut":
                        leaf = b"".join(leaf.split(b"\n", 7)[:7])
                    ledger.entries[place] = other if how == "swap" else leaf
                ledger.export(self.folder, checkpoint=checkpoint, hashes=hashes)
                audit = [(f["entry"], f["code"][5:]) for f in self.audit()["findings"] if f["violation"]]
                answer = [(f["entry"], f["code"][5:]) for f in self.answer()["findings"]]
                # Of two rules that an entry breaks either may be named.
                self.assertEqual(*({(entry, code if code < "A030" else "void") for entry, code in found}
                                   for found in (audit, answer)), (seed, altered, audit, answer))
        print(f"copies of histories with altered entries, seeds from {SEED} on")


if __name__ == "__main__":
    unittest.main()
