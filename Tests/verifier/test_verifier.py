"""The independent verifier on sound ledgers, on changed files, and as a command."""
import base64
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ledger_writer import (ORIGIN, Ledger, Sample, Signer, b64, enrolment, event, leaf_hash, opening, post, progress,
                           registration, tile, write)
from verifier_case import REPOSITORY, SCRIPT, Case, verify


class SoundLedgers(Case):
    def test_a_sound_ledger_with_an_anchor_is_sound(self):
        sample = Sample()
        sample.ledger.export(self.folder)
        answer = self.answer(expect=sample.ledger.checkpoint(5), pin=sample.ledger.log.vkey)
        self.assertEqual((answer["exit"], answer["findings"]), (0, []))
        self.assertEqual(answer["axes"], {
            "integrity": "ok", "signatures": "ok", "history": "ok", "authority": "ok",
            "anchoring": "ok", "content": "ok", "views": "absent"})
        self.assertEqual((answer["size"], answer["root"]), (12, b64(sample.ledger.root())))

    def test_without_an_anchor_it_is_not_sound_but_unanchored(self):
        Sample().ledger.export(self.folder)
        answer = self.answer()
        self.assertEqual((answer["exit"], answer["axes"]["anchoring"]), (4, "not checked"))

    def test_all_sizes_round_the_width_of_a_tile(self):
        ledger = Sample(length=515).ledger
        entries = ledger.entries
        for size in (1, 2, 255, 256, 257, 511, 512, 513, 515):
            ledger.entries = entries[:size]
            ledger.export(self.folder)
            self.assertEqual(self.answer(expect=ledger.checkpoint(1))["exit"], 0, size)

    def test_keys_rotate_recover_end_and_hand_over(self):
        sample = Sample()
        ledger, registrar = sample.ledger, sample.registrar
        later, third, recovered = Signer("D02", "later"), Signer("D02", "third"), Signer("D02", "last")
        ledger.add(registrar, post("D02", "P1"), post("D02", "P2"))
        ledger.add([sample.two, later], event("key.rotated", {"vkey": later.vkey}))
        ledger.add([later, third], enrolment(third, post="P1"))
        fourth = Signer("D02", "fourth")
        ledger.add([later, fourth], enrolment(fourth, post="P2"))
        ledger.add([third, fourth],
                   event("duty.handed-over", {"post": "P1", "to": "P2"}, org="D02"))
        fifth = Signer("D02", "fifth")
        ledger.add([fourth, fifth], enrolment(fifth, post="P2"))
        ledger.add(registrar, event("key.revoked", {"key": fifth.key, "reason": "lost"}))
        ledger.add(registrar, event("key.revoked", {"key": later.key, "reason": "lost"}),
                   event("key.revoked", {"key": fourth.key, "reason": "lost"}))
        ledger.add([registrar, sample.governing, recovered], enrolment(recovered, "key.recovered"))
        ledger.add(recovered, progress())
        # A key that ends and the one that takes its place, in one submission.
        last = Signer("D02", "very-last")
        ledger.add([registrar, sample.governing, last],
                   event("key.revoked", {"key": recovered.key, "reason": "lost"}), enrolment(last, "key.recovered"))
        ledger.add(last, progress())
        self.assertEqual(self.findings(ledger), [])

    def test_text_in_chinese_and_escapes_is_read_as_written(self):
        sample = Sample()
        sample.ledger.add(sample.registrar, registration("D09", "督查\"室\\ 😂 A\u030a"))
        self.assertEqual(self.findings(sample.ledger), [])

    def test_three_thousand_entries_take_well_under_ten_seconds(self):
        ledger, signer = Ledger(), Signer("D01", "registrar")
        ledger.add(signer, *opening(ledger, signer), seen=0)
        zero = ledger.root(1)
        tree = verify.Tree()
        tree.append(leaf_hash(ledger.entries[0]))
        while len(ledger.entries) < 3000:
            ledger.add(signer, registration(f"N{len(ledger.entries)}"), seen=1, seen_root=zero, at=ledger.time,
                       place={"root": tree.roots[-1]})
            tree.append(leaf_hash(ledger.entries[-1]))
        ledger.export(self.folder)
        begin = time.monotonic()
        self.assertEqual(self.answer()["findings"], [])
        self.assertLess(time.monotonic() - begin, 10)


class CheatsWithBytes(Case):
    def setUp(self):
        super().setUp()
        self.sample = Sample()
        self.ledger = self.sample.ledger
        self.hashes = [leaf_hash(leaf) for leaf in self.ledger.entries]

    def export_with(self, entries):
        """The entries are changed; hash tiles and checkpoint are left as they were."""
        checkpoint = self.ledger.checkpoint()
        self.ledger.entries = entries
        self.ledger.export(self.folder, checkpoint=checkpoint, hashes=self.hashes)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def alter(self, path, change):
        with open(self.path(path), "rb") as file:
            data = file.read()
        write(self.folder, path, change(data))

    def test_an_edited_entry_is_found_where_it_is_and_is_one_finding(self):
        for place in (0, 5, 11):
            entries = list(self.ledger.entries)
            entries[place] = entries[place].replace(b'"D0', b'"E0') if place == 0 else (
                entries[place].replace(b'"percent":10', b'"percent":99'))
            original = self.ledger.entries
            self.export_with(entries)
            self.ledger.entries = original
            self.assertIn(("A002", place), self.findings())
            self.assertEqual({entry for _, entry in self.findings()}, {place})
            if place:
                self.assert_found("A002", place)

    def test_a_key_that_an_edited_entry_may_have_enrolled_is_not_called_unknown(self):
        place, entry = next((i, entry) for i, entry in enumerate(self.ledger.entries)
                            if i and b'"type":"key.enrolled"' in entry)
        entries = list(self.ledger.entries)
        entries[place] = entry.replace(b"key.enrolled", b"key.enrollee")
        original = self.ledger.entries
        self.export_with(entries)
        self.ledger.entries = original
        self.assertEqual({entry for _, entry in self.findings()}, {place})

    def test_every_flip_of_one_bit_of_any_file_is_found(self):
        self.ledger.export(self.folder)
        expect = self.ledger.checkpoint(3)
        self.assertEqual(self.answer(expect=expect)["exit"], 0)
        generator = random.Random(20261123)
        paths = [os.path.relpath(os.path.join(where, name), self.folder)
                 for where, _, names in os.walk(self.folder) for name in names]
        for path in sorted(paths):
            with open(self.path(path), "rb") as file:
                data = file.read()
            for _ in range(60):
                position, bit = generator.randrange(len(data)), generator.randrange(8)
                broken = bytearray(data)
                broken[position] ^= 1 << bit
                write(self.folder, path, bytes(broken))
                self.assertEqual(self.answer(expect=expect)["exit"], 3, (path, position, bit))
            write(self.folder, path, data)

    def test_swapped_entries(self):
        entries = list(self.ledger.entries)
        entries[6], entries[7] = entries[7], entries[6]
        self.export_with(entries)
        found = self.findings()
        self.assertIn(6, [entry for _, entry in found])
        self.assertIn(7, [entry for _, entry in found])
        self.assertEqual(len(found), 2)

    def test_swapped_entries_under_new_tiles_and_a_new_checkpoint(self):
        entries = self.ledger.entries
        entries[6], entries[7] = entries[7], entries[6]
        found = self.findings(self.ledger)
        self.assertEqual(found[0], ("A006", 6))
        self.assertIn(("A008", 6), found)

    def test_a_duplicated_entry(self):
        self.ledger.entries.insert(7, self.ledger.entries[6])
        found = self.findings(self.ledger)
        self.assertEqual(found[:2], [("A006", 7), ("A008", 7)])
        self.assertIn(("A040", 7), found)

    def test_a_duplicated_submission_in_an_entry_of_its_own(self):
        self.ledger.place(self.ledger.entries[11].partition(b"\n\n")[2])
        self.assert_found("A040", 12, self.ledger)

    def test_a_dropped_entry_under_a_new_checkpoint(self):
        del self.ledger.entries[6]
        found = self.findings(self.ledger)
        self.assertEqual(found[:2], [("A006", 6), ("A008", 6)])

    def test_dropping_the_tail_is_found_by_what_was_kept_outside(self):
        expect = self.ledger.checkpoint()
        del self.ledger.entries[8:]
        self.ledger.export(self.folder)
        answer = self.answer()
        self.assertEqual((answer["exit"], answer["findings"]), (4, []))
        self.assert_found("A081", 8, expect=expect)

    def test_dropping_the_tail_but_not_the_checkpoint(self):
        checkpoint = self.ledger.checkpoint()
        del self.ledger.entries[8:]
        self.ledger.export(self.folder, checkpoint=checkpoint)
        self.assertEqual({code for code, _ in self.findings()}, {"A001", "A009", "A011"})

    def test_another_history_is_found_by_what_was_kept_outside(self):
        expect = self.ledger.checkpoint(9, root=bytes(32))
        self.assert_found("A082", None, self.ledger, expect=expect)

    def test_an_expected_checkpoint_of_another_key_proves_nothing(self):
        stranger = Signer(self.ledger.log.organisation, "stranger")
        self.assert_found("A083", None, self.ledger, expect=self.ledger.checkpoint(9, signer=stranger))

    def test_an_expected_checkpoint_of_another_log_says_nothing_of_this_one(self):
        self.ledger.export(self.folder)
        text = f"other.example/plan\n9\n{b64(bytes(32))}\n"
        expect = (text + "\n" + Signer("other.example/plan", "log").line(text.encode())).encode()
        answer = self.answer(expect=expect)
        self.assertEqual((answer["exit"], answer["findings"], answer["anchors"]), (4, [], []))
        self.assertEqual(answer["notChecked"]["anchoring"],
                         f"the expected checkpoint is of 'other.example/plan', this is {ORIGIN!r}")

    def test_an_expected_checkpoint_of_no_entries_anchors_nothing(self):
        self.ledger.export(self.folder)
        self.assertEqual(self.answer(expect=self.ledger.checkpoint(0))["exit"], 4)

    def test_another_log_key_than_the_pinned_one(self):
        stranger = Signer(self.ledger.log.organisation, "stranger")
        self.assert_found("A084", None, self.ledger, pin=stranger.vkey)

    def test_a_checkpoint_signed_by_another_key_or_by_none(self):
        for signer in (Signer(self.ledger.log.organisation, "stranger"), Signer("D09", "log")):
            self.ledger.export(self.folder, checkpoint=self.ledger.checkpoint(signer=signer))
            self.assert_found("A015", None)

    def test_a_cosigned_checkpoint_is_fine_and_a_second_wrong_line_of_the_log_is_not(self):
        checkpoint = self.ledger.checkpoint()
        other = self.ledger.checkpoint(3).rpartition(b"\n\n")[2]
        witness = Signer("witness.example", "w").line(b"anything").encode()
        self.ledger.export(self.folder, checkpoint=checkpoint + witness)
        self.assertEqual(self.findings(), [])
        self.ledger.export(self.folder, checkpoint=checkpoint + other)
        self.assert_found("A015", None)

    def test_a_checkpoint_over_another_root(self):
        self.ledger.export(self.folder, checkpoint=self.ledger.checkpoint(root=bytes([7]) * 32))
        self.assert_found("A014", None)

    def test_malformed_checkpoints(self):
        good = self.ledger.checkpoint().decode()
        size_with_zero = good.replace("\n12\n", "\n012\n")
        for bad in ("", good + "x", good[:-1], good + "\n", good.replace("\n12\n", "\n12\nextension\n"),
                    size_with_zero, good.replace("\n12\n", "\n99999999999999999\n"), "\ufeff" + good[1:],
                    good.replace("\n", "\r\n"), good.replace("=\n\n", "\n\n"), good + "\u2014 x !!!!\n"):
            self.ledger.export(self.folder, checkpoint=bad.encode() or b"\n")
            found = self.findings()
            self.assertIn(found[0][0], ("A012", "A015"), bad)

    def test_a_checkpoint_that_claims_a_huge_log(self):
        self.ledger.export(self.folder)
        text = f"{self.ledger.log.organisation}\n{2**53 - 1}\n{b64(bytes(32))}\n"
        line = self.ledger.log.line(text.encode())
        write(self.folder, "checkpoint", f"{text}\n{line}".encode())
        self.assertEqual(self.findings()[0], ("A001", None))

    def test_a_checkpoint_of_more_bytes_than_one_may_have(self):
        self.ledger.export(self.folder)
        write(self.folder, "checkpoint", self.ledger.checkpoint() + b" " * 1_000_001)
        self.assert_found("A012", None)

    def test_a_wrong_hash_in_a_tile(self):
        for place in (0, 5, 11):
            hashes = list(self.hashes)
            hashes[place] = bytes(32)
            self.ledger.export(self.folder, hashes=hashes)
            self.assert_found("A003", place)

    def test_entries_and_hashes_changed_at_once(self):
        """Each is told from the other by the next stated root that follows from either."""
        entries, hashes = list(self.ledger.entries), list(self.hashes)
        for place in (5, 6, 9):
            entries[place] = entries[place].replace(b'"percent":10', b'"percent":99')
        for place in (3, 7, 11):
            hashes[place] = bytes(32)
        checkpoint = self.ledger.checkpoint()
        self.ledger.entries = entries
        self.ledger.export(self.folder, checkpoint=checkpoint, hashes=hashes)
        # Of one row of hashes the first that was changed is named.
        self.assertEqual(self.findings(), [("A003", 3), ("A002", 5), ("A002", 6), ("A002", 9)])

    def test_a_last_entry_or_its_hash_changed_where_nothing_shows_which(self):
        entries = list(self.ledger.entries)
        entries[11] = entries[11].replace(b'"percent":10', b'"percent":99')
        checkpoint = self.ledger.checkpoint(root=bytes(31) + b"x")
        self.ledger.entries = entries
        self.ledger.export(self.folder, checkpoint=checkpoint, hashes=self.hashes)
        self.assertEqual(self.findings(), [("A004", 11), ("A014", None)])

    def test_what_an_altered_entry_said_can_no_longer_be_asked(self):
        entries = list(self.ledger.entries)
        entries[8] = entries[8].replace(b'"percent":10', b'"percent":99')
        self.export_with(entries)
        axes = self.answer()["axes"]
        self.assertEqual([axes[axis] for axis in ("integrity", "signatures", "history", "authority", "content")],
                         ["failed"] + ["not checked"] * 4)

    def test_a_view_of_no_entries_with_a_root(self):
        said = self.ledger.entries[9]
        old = re.search(rb'"root":"[^"]*","size":[0-9]+', said).group()
        self.ledger.entries[9] = said.replace(old, re.sub(rb'"size":[0-9]+', b'"size":0', old))
        self.assertIn(("A005", 9), self.findings(self.ledger))

    def test_a_wrong_upper_tile(self):
        ledger = Sample(length=300).ledger
        ledger.export(self.folder)
        for bad in (bytes(32), b"", bytes(31), bytes(33)):
            write(self.folder, "tile/1/000.p/1", bad)
            self.assert_found("A010", None)

    def test_missing_extra_and_misplaced_files(self):
        for path, code in ((tile(0, 0, 12), "A009"), (tile("entries", 0, 12), "A001")):
            self.ledger.export(self.folder)
            os.remove(self.path(path))
            self.assertIn((code, None if code == "A001" else 0), self.findings())
        for path in ("tile/0/000.p/11", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000",
                     "tile/0/x000/000.p/12", "note.txt", "tile/8/000.p/1", "tile/00/000.p/12"):
            self.ledger.export(self.folder)
            write(self.folder, path, b"x")
            self.assert_found("A011", None)

    def test_an_empty_folder_in_the_export(self):
        for name in ("tile/2", "empty", "tile/0/000.p/1"):
            self.ledger.export(self.folder)
            os.makedirs(self.path(name))
            self.assert_found("A011", None)
            shutil.rmtree(self.folder)

    def test_the_logs_own_line_any_number_of_times_as_long_as_each_verifies(self):
        """c2sp.org/signed-note: a known key's line that fails refuses the note; how many it has is not limited."""
        text, line = self.ledger.checkpoint().rsplit(b"\n\n", 1)
        name, data = line.rstrip(b"\n").rsplit(b" ", 1)
        broken = bytearray(base64.b64decode(data))
        broken[20] ^= 1
        broken = name + b" " + base64.b64encode(broken) + b"\n"
        for lines, codes in (([line] * 2, []), ([line] * 64, []), ([line, broken], ["A015"]), ([broken, line], ["A015"]),
                             ([line] * 65, ["A012"])):
            self.ledger.export(self.folder, checkpoint=text + b"\n\n" + b"".join(lines))
            self.assertEqual([code for code, _ in self.findings()], codes, len(lines))

    def test_trailing_and_missing_bytes(self):
        for path, change, code in (
                ("tile/entries/000.p/12", lambda d: d + b"\0", "A011"),
                ("tile/entries/000.p/12", lambda d: d[:-1], "A001"),
                ("tile/0/000.p/12", lambda d: d + b"\0", "A009"),
                ("tile/0/000.p/12", lambda d: d[:-1], "A009"),
                ("tile/entries/000.p/12", lambda d: b"", "A001")):
            self.ledger.export(self.folder)
            self.alter(path, change)
            self.assertIn(code, [found for found, _ in self.findings()], path)


class TheCommand(Case):
    def run_script(self, *arguments):
        done = subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def test_exits_and_output(self):
        ledger = Sample().ledger
        ledger.export(self.folder)
        old = os.path.join(self.holder.name, "old")
        write(self.holder.name, "old", ledger.checkpoint(4))
        status, output, _ = self.run_script(self.folder)
        self.assertEqual(status, 4)
        self.assertIn("UNANCHORED", output)
        status, output, _ = self.run_script(self.folder, "--expect", old, "--log-key", ledger.log.vkey)
        self.assertEqual(status, 0)
        self.assertIn("authority: ok (12 entries applied, 0 void, 0 not judged)\n", output)
        status, output, _ = self.run_script(self.folder, "--json")
        self.assertEqual((status, json.loads(output)["exit"]), (4, 4))
        stranger = Signer(ledger.log.organisation, "stranger")
        ledger.export(self.folder, checkpoint=ledger.checkpoint(signer=stranger))
        status, output, _ = self.run_script(self.folder, "--expect", old)
        self.assertEqual(status, 3)
        self.assertIn("ONUS-A015 integrity: ", output)

    def test_what_keeps_it_from_running(self):
        Sample().ledger.export(self.folder)
        write(self.holder.name, "bad", b"not a checkpoint")
        for status, arguments in ((64, []), (64, [self.folder, "--what"]), (1, [self.folder + "x"]),
                                  (1, [self.holder.name]), (1, [self.folder, "--expect", self.folder + "x"]),
                                  (64, [self.folder, "--expect", os.path.join(self.holder.name, "bad")]),
                                  (64, [self.folder, "--log-key", "nonsense"])):
            done = self.run_script(*arguments)
            self.assertEqual((done[0], done[1]), (status, ""), arguments)
            self.assertTrue(done[2].startswith("verify-independently: "), done[2])

    def test_every_type_of_the_schemas_has_its_rules(self):
        """Two need none beyond what the table says of them."""
        types = {name.removesuffix(".json") for name in os.listdir(os.path.join(REPOSITORY, "Schemas", "events"))}
        self.assertEqual(types, verify.TYPES.keys())
        lacking = {name for name in types if not hasattr(verify.Rules, re.sub("[.-]", "_", name))}
        self.assertEqual(lacking, {"task.accepted", "task.declined"})

    def test_it_is_one_file_that_imports_nothing_else(self):
        self.assertTrue(os.access(SCRIPT, os.X_OK))
        with open(SCRIPT, encoding="utf-8") as file:
            text = file.read()
        self.assertLessEqual(len(text.splitlines()), 1650)
        imported = set(re.findall(r"^(?:import|from) ([^\n]*?)(?: import .*)?$", text, re.MULTILINE))
        allowed = {"cryptography", *sys.stdlib_module_names}
        self.assertLessEqual({name.strip().split(".")[0] for line in imported for name in line.split(",")}, allowed)


if __name__ == "__main__":
    unittest.main()
