"""What an operator with the log key may write, and the independent verifier must find."""
import base64
import hashlib
import os
import sys
import unittest
from datetime import timedelta

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ledger_writer import (Sample, Signer, b64, contribution, enrolment, event, opening, post, progress,
                           registration)
from verifier_case import Case, verify


class CheatsWithTheLogKey(Case):
    """The operator writes what it likes and signs the checkpoint over it."""

    def setUp(self):
        super().setUp()
        self.sample = Sample()
        self.ledger, self.two, self.three = self.sample.ledger, self.sample.two, self.sample.three

    def test_headers_that_lie(self):
        for how, code in (({"index": 13}, "A006"), ({"time": self.ledger.time - timedelta(minutes=2)}, "A007"),
                          ({"root": bytes(32)}, "A008")):
            sample = Sample()
            sample.ledger.place(sample.ledger.note([sample.two], [progress()]), **how)
            self.assert_found(code, 12, sample.ledger)

    def test_time_that_goes_back_for_later_entries_is_said_once(self):
        self.ledger.add(self.two, progress(), place={"time": self.ledger.time - timedelta(minutes=5)})
        self.ledger.add(self.two, progress())
        self.assert_found("A007", 12, self.ledger)

    def test_what_was_seen(self):
        for how, code in (({"seen_root": bytes(32)}, "A041"), ({"seen": 13, "seen_root": bytes(32)}, "A041"),
                          ({"seen": 3}, "A042"), ({"seen": 0}, "A042")):
            sample = Sample()
            sample.ledger.add(sample.two, progress(), **how)
            self.assert_found(code, 12, sample.ledger)

    def test_a_first_submission_cannot_have_seen_nothing(self):
        new = Signer("D05", "five")
        self.ledger.add([self.sample.registrar, new], registration("D05"), enrolment(new), seen=0)
        self.assertEqual([code for code, _ in self.findings(self.ledger)], ["A042"])

    def test_a_count_with_a_gap_or_used_twice(self):
        for n in (7, 5, 1):
            sample = Sample()
            sample.ledger.add(sample.two, progress(), n=n)
            self.assert_found("A040", 12, sample.ledger)

    def test_the_clocks_of_signers(self):
        for at, fails in ((timedelta(minutes=10), False), (timedelta(minutes=10, milliseconds=1), True),
                          (-timedelta(minutes=11), False), (-timedelta(minutes=12), True)):
            sample = Sample()
            sample.ledger.add(sample.two, progress(), at=sample.ledger.time + at)
            self.assertEqual(self.findings(sample.ledger), [("A043", 12)] if fails else [], at)
        for days, fails in ((60, False), (60.001, True)):
            sample = Sample()
            signed = sample.ledger.note([sample.two], [progress()])
            sample.ledger.place(signed, time=sample.ledger.time + timedelta(days=days))
            self.assertEqual(self.findings(sample.ledger), [("A043", 12)] if fails else [], days)

    def test_a_revoked_key_signs(self):
        self.ledger.add(self.sample.registrar, event("key.revoked", {"key": self.two.key, "reason": "lost"}))
        self.ledger.add(self.two, progress())
        self.assert_found("A031", 13, self.ledger)

    def test_a_rotated_key_signs(self):
        new = Signer("D02", "new")
        self.ledger.add([self.two, new], event("key.rotated", {"vkey": new.vkey}))
        self.ledger.add(new, progress())
        self.ledger.add(self.two, progress())
        self.assert_found("A031", 14, self.ledger)

    def test_a_key_signs_for_a_post_it_has_handed_over(self):
        old, new, third = Signer("D02", "old"), Signer("D02", "new"), Signer("D02", "third")
        self.ledger.add(self.sample.registrar, post("D02", "P1"))
        for signer in (old, new):
            self.ledger.add([self.two, signer], enrolment(signer, post="P1"))
        self.ledger.add([old, new], event("duty.handed-over", {"post": "P1", "to": "P1"}, org="D02"))
        self.ledger.add([new, third], enrolment(third, post="P1"))
        self.ledger.add(old, enrolment(third, post="P1"))
        self.assert_found("A031", 17, self.ledger)

    def test_a_handover_with_one_signature_or_a_stranger_s(self):
        old, new = Signer("D02", "old"), Signer("D02", "new")
        self.ledger.add(self.sample.registrar, post("D02", "P1"), post("D02", "P2"))
        for signer, name in ((old, "P1"), (new, "P2")):
            self.ledger.add([self.two, signer], enrolment(signer, post=name))
        handover = event("duty.handed-over", {"post": "P1", "to": "P2"}, org="D02")
        self.ledger.add(old, handover)
        self.ledger.add([old, self.three], handover)
        self.assertEqual(self.findings(self.ledger), [("A033", 15), ("A033", 16)])

    def test_a_stripped_added_or_moved_signature_line(self):
        new = Signer("D02", "new")
        rotation = self.ledger.note([self.two, new], [event("key.rotated", {"vkey": new.vkey})])
        body, _, lines = rotation.rpartition("\n\n")
        first, second = lines.splitlines(True)
        size = len(self.ledger.entries)
        for bad in (first, second, second + first, first + second + second, first + first):
            del self.ledger.entries[size:]
            self.ledger.place(body + "\n\n" + bad)
            self.assert_found("A005", 12, self.ledger)

    def test_keys_nobody_enrolled(self):
        stranger = Signer("D02", "stranger")
        self.ledger.add(stranger, progress())
        self.assert_found("A030", 12, self.ledger)

    def test_a_key_authorises_nothing_in_the_submission_that_enrols_it(self):
        new = Signer("D07", "seven")
        self.ledger.add(self.sample.registrar, registration("D07"))
        self.ledger.add(new, enrolment(new))
        self.assert_found("A030", 13, self.ledger)

    def test_a_signature_over_other_words(self):
        note = self.ledger.note([self.two], [progress(10)])
        self.ledger.place(note.replace('"percent":10', '"percent":99'))
        self.assert_found("A032", 12, self.ledger)

    def test_a_void_entry_has_no_effect_and_its_count_does_not_advance_unsigned(self):
        revocation = event("key.revoked", {"key": self.three.key, "reason": "lost"})
        note = self.ledger.note([self.two], [revocation])
        self.ledger.place(note.replace('"lost"', '"gone"'))
        self.two.n -= 1
        self.ledger.add(self.two, progress())
        self.ledger.add(self.three, contribution())
        self.assert_found("A032", 12, self.ledger)

    def test_a_void_entry_whose_key_signed_advances_its_count(self):
        self.ledger.add(self.two, progress(), seen_root=bytes(32))
        self.ledger.add(self.two, progress())
        self.assert_found("A041", 12, self.ledger)

    def test_cosigners_that_are_lacking_or_not_wanted(self):
        new = Signer("D07", "seven")
        self.ledger.add(self.sample.registrar, registration("D07"), enrolment(new))
        self.ledger.add([self.two, self.three], progress())
        self.assertEqual(self.findings(self.ledger), [("A033", 12), ("A034", 13)])

    def test_a_key_that_has_ended_may_be_reported_as_compromised_and_not_revoked_again(self):
        lost = {"key": self.two.key, "reason": "lost"}
        self.ledger.add(self.sample.registrar, event("key.revoked", lost))
        self.ledger.add(self.sample.registrar, event("key.revoked", {**lost, "compromisedSince": "2026-01-04T00:00:00.000Z"}))
        self.ledger.add(self.sample.registrar, event("key.revoked", lost))
        self.ledger.add(self.two, progress())
        self.assertEqual(self.findings(self.ledger), [("A067", 14), ("A031", 15)])

    def test_a_handover_to_a_key_that_may_not_act_as_lead(self):
        clerk, taker = Signer("D02", "clerk"), Signer("D02", "taker")
        self.ledger.add(self.sample.registrar, post("D02", "P1"), post("D02", "P2"))
        enrolled = enrolment(clerk, post="P2")
        enrolled["data"]["roles"] = ["statistics"]
        self.ledger.add([self.two, clerk], enrolled)
        self.ledger.add([self.two, taker], enrolment(taker, post="P2"))
        handover = event("duty.handed-over", {"post": "P1", "to": "P2"}, org="D02")
        self.ledger.add([self.two, clerk], handover)
        self.ledger.add([self.two, taker], handover)
        self.assertEqual(self.findings(self.ledger), [("A033", 15)])

    def test_a_post_that_is_no_id(self):
        for post in ({}, [], 7, True):
            sample = Sample()
            odd = Signer("D02", "odd")
            sample.ledger.add([sample.two, odd], enrolment(odd, post=post))
            sample.ledger.add([sample.two, odd], event("duty.handed-over", {"post": "P1", "to": "P2"}, org="D02"))
            self.assertEqual(self.findings(sample.ledger)[0], ("A050", 12))

    def test_recovery_by_one_office_alone(self):
        new = Signer("D02", "new")
        self.ledger.add(self.sample.registrar, event("key.revoked", {"key": self.two.key, "reason": "lost"}))
        self.ledger.add([self.sample.registrar, new], enrolment(new, "key.recovered"))
        self.assert_found("A033", 13, self.ledger)

    def test_keys_enrolled_against_the_rules_of_keys(self):
        registrar, other = self.sample.registrar, Signer("D02", "other")
        twin = Signer("D08", "two")  # the key of D02 under another name
        log = Signer("D08", "log")
        stolen = enrolment(other)
        for signers, line, code in (
                ([registrar, other], stolen, "A053"),
                ([registrar, twin], [registration("D08"), enrolment(twin)], "A060"),
                ([registrar, log], [registration("D08"), enrolment(log)], "A060"),
                ([registrar, twin], enrolment(twin), "A058"),
                ([registrar, self.two], enrolment(self.two), "A060"),
                ([self.two, other], {**stolen, "org": "D03"}, "A050"),
                ([self.three, other], event("key.rotated", {"vkey": other.vkey}), "A050"),
                ([registrar], event("key.revoked", {"key": "D09+00000000", "reason": "lost"}), "A058")):
            sample = Sample()
            fresh = {s.key: s for s in (sample.registrar, sample.two, sample.three)}
            for signer in (other, twin, log):
                signer.n = 0
            sample.ledger.add([fresh.get(s.key, s) for s in signers], *(line if isinstance(line, list) else [line]))
            self.assertEqual(self.findings(sample.ledger), [(code, 12)], line)

    def test_small_order_and_non_canonical_public_keys(self):
        for bad in (bytes(32), bytes([1]) + bytes(31), bytes([0xED]) + b"\xff" * 30 + b"\x7f",
                    b"\xff" * 32, bytes([1]) + bytes(30) + b"\x80"):
            sample = Sample()
            new = Signer("D07", "seven")
            new.public = bad
            new.id = hashlib.sha256(b"D07\n\x01" + bad).digest()[:4]
            new.key = f"D07+{new.id.hex()}"
            new.vkey = f"{new.key}+{b64(bytes([1]) + bad)}"
            sample.ledger.add([sample.registrar, new], registration("D07"), enrolment(new))
            self.assertEqual(self.findings(sample.ledger), [("A030", 12)], bad)

    def test_a_scalar_beyond_the_order_of_the_group(self):
        note = self.ledger.note([self.two], [progress()])
        body, _, line = note.rpartition(" ")
        payload = base64.b64decode(line)
        beyond = int.from_bytes(payload[36:], "little") + verify.L
        self.ledger.place(f"{body} {b64(payload[:36] + beyond.to_bytes(32, 'little'))}\n")
        self.assert_found("A032", 12, self.ledger)

    def test_openings_that_are_not(self):
        for changed in ({"origin": "plain"}, {"origin": "onus/x"}, {"suite": "p256"}, {"clock": "mine"},
                        {"rules": 0}, {"rules": True}, {"vkey": "x"}, {"more": 1}):
            sample = Sample(length=1, **changed)
            found = self.findings(sample.ledger)
            self.assertEqual(found[0], ("A019", 0), changed)

    def test_a_second_opening(self):
        self.ledger.add(self.sample.registrar, *opening(self.ledger, self.sample.registrar)[:1])
        self.assert_found("A052", 12, self.ledger)

    def test_rules_it_does_not_know_are_not_checked_and_not_failed(self):
        self.ledger.add(self.sample.governing, event("rules.adopted", {"version": 2}))
        self.ledger.add(self.two, event("something.new"), n=40)
        self.ledger.export(self.folder)
        answer = self.answer(expect=self.ledger.checkpoint(4))
        self.assertEqual((answer["exit"], answer["findings"]), (4, []))
        self.assertEqual((answer["axes"]["signatures"], answer["axes"]["integrity"]), ("not checked", "ok"))


if __name__ == "__main__":
    unittest.main()
