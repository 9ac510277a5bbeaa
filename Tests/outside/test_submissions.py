"""Crafted submissions at the office's counter: each is answered, and none leaves a mark."""
import os
import unittest

from outside_case import COULD_NOT_RUN, DONE, REFUSED, VIOLATION, Case
from submissions import (Key, base, canonical, carried, head, header, note, now, progress,
                         registration, seal, sign)


class SubmissionCase(Case):
    def setUp(self):
        super().setUp()
        self.roads = Key.of(self.office, "ROADS")
        self.registrar = Key.of(self.office, "REG")

    def submit(self, *files, **how):
        paths = [self.office.write(f"in/{i}.onus", data) for i, data in enumerate(files)]
        return self.office.run("submit", *paths, **how)

    def refuse(self, data, code, *parts):
        """The file is not taken, the message says why, and not a row changed."""
        with self.unharmed():
            answer = self.submit(data)
        self.assert_answers(answer, code, *parts)
        self.assertFalse(os.path.exists(self.office.path("in", "0.onus.receipt")))
        return answer

    def refuse_each(self, files, code, *parts):
        """Several, with one audit after all of them and every row compared after each."""
        with self.unharmed():
            for number, data in enumerate(files):
                with self.subTest(number=number, data=data[:400]):
                    self.refuse(data, code, *parts)

    def refuse_lines(self, lines, *parts, keys=None):
        """Signed properly, but the text is not a submission's."""
        self.refuse(carried(sign(lines, keys or [self.roads])), COULD_NOT_RUN, *parts)

    def lines(self, *events):
        return ["onus/submission/v1", canonical(header([self.roads], self.office)),
                *(events or [canonical(progress())])]


class Form(SubmissionCase):
    """What is no submission at all cannot be run: exit 1."""

    def test_a_sound_one_is_taken_and_its_receipt_checks(self):
        kept = self.office.keep_checkpoint()
        commitment, opening = seal(self.roads, "第一段完工\nsecond line".encode())
        event = progress(done={"media": "text/plain", "sealed": commitment})
        answer = self.submit(carried(note(self.roads, self.office, [event]), [opening]))
        self.assertEqual(answer.code, DONE, answer)
        log_key = next(name for name in os.listdir(self.office.keys) if name.startswith("log-")
                       and name.endswith(".vkey"))
        with open(os.path.join(self.office.keys, log_key), encoding="utf-8") as file:
            vkey = file.read().strip()
        path = self.office.path("in", "0.onus")
        self.assertIn("sound", self.office.do("receipt", "check", path, f"{path}.receipt",
                                              "--log-key", vkey))
        self.assert_sound(self.office, kept)

    def test_truncated_anywhere(self):
        whole = carried(note(self.roads, self.office, [progress()]))
        with self.unharmed():
            for end in sorted({0, 1, len(whole) // 2, len(whole) - 1, *range(7, len(whole), 97)}):
                with self.subTest(end=end):
                    self.assert_answers(self.submit(whole[:end]), COULD_NOT_RUN, "0.onus: ")

    def test_with_something_after_it(self):
        whole = carried(note(self.roads, self.office, [progress()]))
        self.refuse_each([whole + more for more in (b"\n", b"x", b"\0", whole)], COULD_NOT_RUN, "0.onus: ")

    def test_oversized(self):
        many = [canonical(progress(note="x" * 300)) for _ in range(200)]
        self.refuse_lines(self.lines(*many), "60000")
        self.refuse_lines(self.lines(*[canonical(progress())] * 257), "256")
        self.refuse(b"onus/carried/v1\nnote 99999999999999999999\n\n", COULD_NOT_RUN, "0.onus: ")
        self.refuse(b"x" * (129 << 20), COULD_NOT_RUN, "larger")
        self.refuse(carried(note(self.roads, self.office, [progress()]),
                            [("text/plain", b"\0" * 32, b"")] * 5000), COULD_NOT_RUN, "0.onus: ")

    def test_not_utf_8(self):
        event = canonical(progress(note="HERE")).encode()
        self.refuse_each(
            [carried(sign(self.lines(event.replace(b"HERE", bad)), [self.roads]))
             for bad in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80")],
            COULD_NOT_RUN, "UTF-8")

    def test_control_characters_and_bidi_marks(self):
        event = canonical(progress(note="HERE"))
        self.refuse_each(
            [carried(sign(self.lines(event.replace("HERE", bad)), [self.roads]))
             for bad in ("\0", "\x1b[2J", "\r", "\x85", "\u2028", "\u202e", "\u2066", "\ufdd0", "\uffff")],
            COULD_NOT_RUN, "0.onus: ")

    def test_duplicate_keys(self):
        sound = canonical(progress())
        self.refuse_lines(self.lines(sound.replace('"percent":30', '"percent":30,"percent":31')),
                          "line 6")
        lines = self.lines()
        lines[1] = lines[1].replace('{"at"', '{"at":"2026-01-01T00:00:00.000Z","at"')
        self.refuse_lines(lines, "line 5")

    def test_not_canonical(self):
        sound = canonical(progress())
        events = (sound.replace(":", ": "), " " + sound, sound + " ", sound + "\r",
                      sound.replace("30", "30.0"), sound.replace("30", "3e1"),
                      sound.replace("30", "030"), sound.replace("30", "null"),
                      sound.replace("T1", "\\u00541"),
                      sound.replace('"percent":30,"period":"2024-02"', '"period":"2024-02","percent":30'),
                      sound.replace("30", "9007199254740992"), sound.replace("}", ",}", 1), "[]", "", "x")
        self.refuse_each([carried(sign(self.lines(event), [self.roads])) for event in events],
                         COULD_NOT_RUN, "0.onus: ")

    def test_deeply_nested(self):
        event = canonical(progress(note="HERE"))
        self.refuse_each(
            [carried(sign(self.lines(event.replace('"HERE"', "[" * depth + "]" * depth)), [self.roads]))
             for depth in (7, 500, 20_000)], COULD_NOT_RUN, "line 6", "8 levels")

    def test_a_header_with_something_wrong(self):
        good = header([self.roads], self.office)
        wrong = (("at", "2026-02-30T00:00:00.000Z"), ("at", "2026-01-01T00:00:60.000Z"),
                            ("at", 1), ("by", []), ("by", good["by"] * 2), ("by", good["by"] * 17),
                            ("by", [{"key": self.roads.name, "n": 0}]),
                            ("by", [{"key": "../../etc+00000000", "n": 1}]),
                            ("seen", {"root": "", "size": 1}), ("seen", {"root": good["seen"]["root"]}),
                            ("seen", {"root": good["seen"]["root"], "size": -1}), ("extra", 1))
        first, _, event = self.lines()
        self.refuse_each(
            [carried(sign([first, canonical({**good, name: value}), event], [self.roads]))
             for name, value in wrong], COULD_NOT_RUN, "line 5")

    def test_of_another_format_or_version(self):
        lines = self.lines()
        self.refuse_each([carried(sign([first, *lines[1:]], [self.roads]))
                          for first in ("onus/submission/v2", "onus/entry/v1", "")],
                         COULD_NOT_RUN, "line 4")
        self.refuse(note(self.roads, self.office, [progress()]), COULD_NOT_RUN, "a signed submission without what it seals, not a carried submission.")


class Signatures(SubmissionCase):
    def test_unsigned(self):
        sound = note(self.roads, self.office, [progress()])
        body = sound[:sound.rindex(b"\n\xe2\x80\x94") + 1]
        self.refuse(carried(body), COULD_NOT_RUN, "0.onus: ")
        self.refuse(carried(body[:-1]), COULD_NOT_RUN, "0.onus: ")

    def test_wrongly_signed(self):
        """A line of the right form, whose signature is of something else: the rules refuse it."""
        sound = note(self.roads, self.office, [progress()])
        self.refuse(carried(sound.replace(b'"percent":30', b'"percent":99')), REFUSED, "signature")
        body = sound[:sound.rindex(b"\n\xe2\x80\x94") + 1]
        for forged in (bytes(64), b"\xff" * 64, bytes([1]) + bytes(63)):
            line = f"\u2014 ROADS {base(self.roads.id + forged)}\n".encode()
            self.refuse(carried(body + line), REFUSED, "signature")

    def test_signed_by_a_key_of_the_same_name_that_nobody_enrolled(self):
        self.refuse(carried(note(Key("ROADS"), self.office, [progress()])), REFUSED, "ROADS+")

    def test_signed_by_somebody_else_under_the_name_of_the_author(self):
        lines = self.lines()
        body = b"".join(line.encode() + b"\n" for line in lines) + b"\n"
        parks = Key.of(self.office, "PARKS")
        self.refuse(carried(body + parks.line(body[:-1])), COULD_NOT_RUN, "ROADS")
        parks.organisation, parks.id = self.roads.organisation, self.roads.id
        self.refuse(carried(body + parks.line(body[:-1])), REFUSED, "signature")

    def test_the_wrong_number_of_lines(self):
        sound = note(self.roads, self.office, [progress()])
        line = sound[sound.rindex(b"\xe2\x80\x94"):]
        self.refuse(carried(sound + line), COULD_NOT_RUN, "0.onus: ")
        parks = Key.of(self.office, "PARKS")
        body = sound[:sound.rindex(b"\n\xe2\x80\x94")]
        self.refuse(carried(sound + parks.line(body)), COULD_NOT_RUN, "0.onus: ")

    def test_a_key_that_no_event_asks_for(self):
        parks = Key.of(self.office, "PARKS")
        self.refuse(carried(note([self.roads, parks], self.office, [progress()])), REFUSED, "PARKS+")

    def test_the_key_of_a_wrong_organisation(self):
        for name in ("PARKS", "CHECK", "PLAN", "REG"):
            with self.subTest(name):
                self.refuse(carried(note(Key.of(self.office, name), self.office, [progress()])),
                            REFUSED, "refused (")

    def test_a_revoked_key(self):
        self.office.do("key", "revoke", self.roads.name, "--reason", "lost", "--as", "ROADS")
        self.refuse(carried(note(self.roads, self.office, [progress()])), REFUSED,
                    "refused (ended-key)", self.roads.name)

    def test_a_second_signature_that_was_stripped(self):
        """A handover and an enrolment need two: with one line gone, or one name gone, they are nothing."""
        fresh = Key("ROADS")
        event = {"data": {"vkey": fresh.vkey}, "org": "ROADS", "type": "key.enrolled"}
        both = note([self.roads, fresh], self.office, [event])
        lines = both.split(b"\n")
        self.refuse(carried(b"\n".join(lines[:-2]) + b"\n"), COULD_NOT_RUN, "0.onus: ")
        self.refuse(carried(b"\n".join(lines[:-3] + lines[-2:])), COULD_NOT_RUN, "0.onus: ")
        swapped = lines[:-3] + [lines[-2], lines[-3], b""]
        self.refuse(carried(b"\n".join(swapped)), COULD_NOT_RUN, "0.onus: ")
        alone = note(self.roads, self.office, [event])
        self.refuse(carried(alone), REFUSED, "refused (missing-cosigner)")

    def test_a_handover_with_one_signature_stripped(self):
        giver, taker = Key("ROADS"), Key("ROADS")
        for key in (giver, taker):
            event = {"data": {"post": "POST-R", "vkey": key.vkey}, "org": "ROADS", "type": "key.enrolled"}
            self.assertEqual(self.submit(carried(note([self.roads, key], self.office, [event]))).code, DONE)
            os.remove(self.office.path("in", "0.onus.receipt"))
        event = {"data": {"post": "POST-R", "to": "POST-R"}, "org": "ROADS", "type": "duty.handed-over"}
        both = note([giver, taker], self.office, [event])
        self.refuse(carried(both[:both.rindex(b"\xe2\x80\x94")]), COULD_NOT_RUN, "0.onus: ")
        self.refuse(carried(note([giver], self.office, [event])), REFUSED, "refused (missing-cosigner)")


class Place(SubmissionCase):
    def test_replayed(self):
        whole = carried(note(self.roads, self.office, [progress()]))
        self.assertEqual(self.submit(whole).code, DONE)
        with self.unharmed():
            for _ in range(3):
                answer = self.submit(whole)
                self.assertEqual(answer.code, DONE, answer)
                self.assertIn("already there", answer.out)

    def test_the_same_number_with_other_words(self):
        first = note(self.roads, self.office, [progress(31)])
        other = note(self.roads, self.office, [progress(99)])
        self.assertEqual(self.submit(carried(first)).code, DONE)
        os.remove(self.office.path("in", "0.onus.receipt"))
        self.refuse(carried(other), REFUSED, "refused (wrong-count)", "entry ")

    def test_out_of_order(self):
        n = self.roads.next(self.office)
        later = note(self.roads, self.office, [progress(32)], numbers=[n + 1])
        # The one before it may still wait on somebody's desk: signing again is the last thing to do.
        self.refuse(carried(later), REFUSED, "refused (wrong-count)", str(n),
                    f"If the file that {self.roads.name} signed as number {n} still waits, submit that one first")
        self.refuse(carried(note(self.roads, self.office, [progress(32)], numbers=[2**53 - 1])), REFUSED,
                    "refused (wrong-count)")
        # Both at once are put in order.
        kept = self.office.keep_checkpoint()
        first = note(self.roads, self.office, [progress(31)], numbers=[n])
        answer = self.submit(carried(later), carried(first))
        self.assertEqual(answer.code, DONE, answer)
        self.assert_sound(self.office, kept)

    def test_dated_in_the_future_or_long_ago(self):
        for later in (dict(minutes=11), dict(days=400), dict(days=365_0)):
            self.refuse(carried(note(self.roads, self.office, [progress()], at=now(**later))), REFUSED,
                        "refused (")
        for earlier in (dict(days=-61), dict(hours=-1)):
            # An hour ago is before the entries that its author says it has seen.
            self.refuse(carried(note(self.roads, self.office, [progress()], at=now(**earlier))), REFUSED,
                        "refused (")

    def test_a_seen_that_is_not_of_this_ledger(self):
        good = head(self.office)
        for seen, part in (({**good, "root": base(bytes(32))}, "root"),
                           ({**good, "size": good["size"] - 1}, "root"),
                           ({**good, "size": good["size"] + 100}, "more"),
                           ({"root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "size": 0}, "")):
            with self.subTest(seen=seen):
                self.refuse(carried(note(self.roads, self.office, [progress()], seen=seen)), REFUSED,
                            "refused (", part)

    def test_a_seen_that_falls(self):
        old = head(self.office)
        self.office.do("org", "add", "LATER", "--kind", "department", "--name-en", "A", "--name-zh", "B",
                       "--as", "REG")
        newer = note(self.roads, self.office, [progress()])
        self.assertEqual(self.submit(carried(newer)).code, DONE)
        os.remove(self.office.path("in", "0.onus.receipt"))
        self.refuse(carried(note(self.roads, self.office, [progress()], seen=old)), REFUSED, "refused (")

    def test_one_bad_event_among_good_ones_takes_all_with_it(self):
        good = [registration("NEW1"), registration("NEW2")]
        for bad in (registration("REG"), progress(), {"data": {}, "type": "nonsense.happened"},
                    {"data": {"kind": "x"}, "org": "NEW3", "type": "org.registered"}):
            whole = note(self.registrar, self.office, [good[0], bad, good[1]])
            self.refuse(carried(whole), REFUSED, "event 2")

    def test_a_batch_stops_at_the_first_refusal_and_says_what_was_not_tried(self):
        kept = self.office.keep_checkpoint()
        n = self.registrar.next(self.office)
        notes = [note(self.registrar, self.office, [registration(name)], numbers=[n + i])
                 for i, name in enumerate(("NEW1", "REG", "NEW2"))]
        answer = self.submit(*map(carried, notes))
        self.assert_answers(answer, REFUSED, "1.onus: ", "2.onus: ", "refused (already-exists)")
        self.assertIn("0.onus: entry", answer.out)
        self.assertTrue(os.path.exists(self.office.path("in", "0.onus.receipt")))
        self.assertFalse(os.path.exists(self.office.path("in", "2.onus.receipt")))
        self.assert_sound(self.office, kept)


class Openings(SubmissionCase):
    def event(self, commitment):
        return progress(done={"media": "text/plain", "sealed": commitment})

    def test_not_brought_along(self):
        commitment, _ = seal(self.roads, b"text")
        self.refuse(carried(note(self.roads, self.office, [self.event(commitment)])), REFUSED, commitment)

    def test_of_something_else(self):
        commitment, opening = seal(self.roads, b"text")
        sound = note(self.roads, self.office, [self.event(commitment)])
        for wrong in (seal(self.roads, b"other")[1], (opening[0], b"\x08" * 32, opening[2]),
                      ("text/html", *opening[1:]), (*opening[:2], opening[2] + bytes(256))):
            self.refuse(carried(sound, [wrong]), COULD_NOT_RUN, "0.onus: ")
        self.refuse(carried(sound, [opening, opening]), COULD_NOT_RUN, "0.onus: ")

    def test_sealed_by_another_key(self):
        """A seal is bound to its author: what CHECK sealed is not ROADS' to use."""
        commitment, opening = seal(Key.of(self.office, "CHECK"), b"text")
        self.refuse(carried(note(self.roads, self.office, [self.event(commitment)]), [opening]),
                    COULD_NOT_RUN, "0.onus: ")


class Receipts(SubmissionCase):
    def test_a_receipt_that_was_tampered_with_is_a_violation(self):
        self.assertEqual(self.submit(carried(note(self.roads, self.office, [progress()]))).code, DONE)
        path = self.office.path("in", "0.onus")
        with open(f"{path}.receipt", "rb") as file:
            receipt = file.read()
        names = [name for name in os.listdir(self.office.keys)
                 if name.startswith("log-") and name.endswith(".vkey")]
        with open(os.path.join(self.office.keys, names[0]), encoding="utf-8") as file:
            vkey = file.read().strip()
        with self.unharmed():
            for place in range(20, len(receipt) - 1, 61):
                changed = bytearray(receipt)
                changed[place] ^= 1
                forged = self.office.write("in/forged", bytes(changed))
                answer = self.office.run("receipt", "check", path, forged, "--log-key", vkey)
                self.assertIn(answer.code, (COULD_NOT_RUN, VIOLATION), answer)
            other = Key("outside.example/plan")
            answer = self.office.run("receipt", "check", path, f"{path}.receipt", "--log-key", other.vkey)
            self.assert_answers(answer, VIOLATION)


if __name__ == "__main__":
    unittest.main()
