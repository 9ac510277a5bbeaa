"""Bundles: archives and unpacked folders, full and public, and what is sealed in them."""
import base64
import contextlib
import hashlib
import io
import os
import random
import shutil
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agreement_case import AgreementCase
from ledger_writer import Sample, b64, event, progress, write
from verifier_case import verify

SALT = bytes(range(32))


def pad(text):
    content = struct.pack(">I", len(text)) + text
    return content + bytes(-len(content) % 256)


def seal(key, content, media="text/plain", **size):
    """A seal and its opening."""
    digest = hashlib.sha256(f"onus/seal/v1\n{key.key}\n{media}\n".encode() + SALT + content).digest()
    return {"media": media, "sealed": b64(digest), **size}, opening(content, media)


def opening(content, media="text/plain", salt=SALT):
    return f"onus/opening/v1\nmedia {media}\nsalt {b64(salt)}\n\n".encode() + content


def name_of(entry, sealed):
    return f"openings/{entry:016d}-{base64.b64decode(sealed['sealed']).hex()}"


def pack(folder, archive, order=None):
    """The ustar archive of a folder, written by its description in docs/formats/bundle.md."""
    names = order or sorted(os.path.relpath(os.path.join(where, name), folder)
                            for where, _, names in os.walk(folder) for name in names)
    with open(archive, "wb") as out:
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            out.write(header(name, len(data)) + data + bytes(-len(data) % 512))
        out.write(bytes(1024))


def header(name, size, time=1_770_000_000):
    fields = bytearray(512)
    for place, value in ((0, name), (100, "0000644"), (108, "0000000"), (116, "0000000"), (124, f"{size:011o}"),
                         (136, f"{time:011o}"), (148, " " * 8), (156, "0"), (257, "ustar"), (263, "00"),
                         (329, "0000000"), (337, "0000000")):
        fields[place:place + len(value)] = value.encode()
    fields[148:156] = b"%06o\0 " % sum(fields)
    return bytes(fields)


class Bundles(AgreementCase):
    def setUp(self):
        super().setUp()
        self.archive = os.path.join(self.holder.name, "bundle.tar")
        self.sample = Sample()
        two, three = self.sample.two, self.sample.three
        self.text, self.text_opening = seal(two, pad("Survey finished.\n".encode()))
        self.photo, self.photo_opening = seal(two, b"\xff\xd8 photo", "image/jpeg", size=8)
        self.other, self.other_opening = seal(three, pad(b"theirs"))
        report = progress()
        report["data"]["done"] = self.text
        evidence = event("evidence.attached", {"kind": "photograph", "capturedOn": "2026-01-04", "content": self.photo},
                         task="O01-T01")
        self.sample.ledger.add(two, report, evidence)
        note = event("contribution.reported", {"period": "2026-01", "note": self.other}, task="O01-T01")
        self.sample.ledger.add(three, note)
        self.write("full")

    def write(self, edition, **changed):
        """A folder as a bundle is unpacked; with a `None` an opening is left out."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.sample.ledger.export(self.folder)
        write(self.folder, "bundle", f"onus/bundle/v1\nedition {edition}\n".encode())
        write(self.folder, "README.txt", b"for people")
        for name, entry in (("text", 12), ("photo", 12), ("other", 13)):
            data = changed.get(name, getattr(self, name + "_opening"))
            if data is not None and edition == "full":
                write(self.folder, name_of(entry, getattr(self, name)), data)

    def both(self):
        """What is found in the folder and in its archive, by the verifier and by `onus audit`; all the same."""
        pack(self.folder, self.archive)
        answers = []
        for files in (verify.Folder(self.folder), verify.Archive(self.archive)):
            verifier = verify.Verifier(files)
            verifier.run(verify.parse_checkpoint(self.sample.ledger.checkpoint()))
            answers.append(verifier.answer())
        self.assertEqual(answers[0], answers[1])
        kept = os.path.join(self.holder.name, "kept")
        write(self.holder.name, "kept", self.sample.ledger.checkpoint())
        for path in (self.folder, self.archive):
            report = self.audit(path, "--expect", kept)
            axes = {axis: status.replace("-", " ") for axis, status in report["axes"].items()}
            self.assertEqual(axes, answers[0]["axes"], report["findings"])
            # Of an opening that cannot be read `onus audit` says once more that there is one, at no entry.
            self.assertEqual([(f["code"], f["entry"]) for f in report["findings"] if f["violation"] and "entry" in f],
                             [(f["code"], f["entry"]) for f in answers[0]["findings"]])
            self.assertEqual(report["openings"], answers[0]["openings"])
        return answers[0]

    def assert_content(self, status, *codes):
        answer = self.both()
        self.assertEqual(answer["axes"]["content"], status)
        self.assertEqual([(f["code"][5:], f["entry"]) for f in answer["findings"]], list(codes))
        return answer["openings"]

    def test_a_full_edition_and_a_public_one(self):
        self.assertEqual(self.assert_content("ok"), {"edition": "full", "here": 3, "missing": 0})
        self.write("public")
        self.assertEqual(self.assert_content("absent"), {"edition": "public", "here": 0, "missing": 3})

    def test_a_full_edition_that_lacks_an_opening_was_not_checked(self):
        self.write("full", photo=None)
        self.assertEqual(self.assert_content("not checked"), {"edition": "full", "here": 2, "missing": 1})

    def test_openings_that_are_not(self):
        text, photo = self.text_opening, self.photo_opening
        for changed in ({"text": text.replace(b"Survey", b"survey")}, {"photo": photo + b"x"}, {"photo": photo[:-1]},
                        {"photo": photo.replace(b"jpeg", b"jpg2")}, {"text": opening(pad(b"x"), salt=bytes(32))},
                        {"text": b""}, {"text": text.replace(b"opening/v1", b"opening/v2")},
                        {"text": text.replace(b"salt ", b"salt  ")}, {"text": text.replace(b"=\n\n", b"\n\n")}):
            self.write("full", **changed)
            self.assert_content("failed", ("A090", 12))

    def test_every_flip_of_one_bit_of_an_archive_is_found(self):
        """But for what is there for people."""
        os.remove(os.path.join(self.folder, "README.txt"))
        pack(self.folder, self.archive)
        with open(self.archive, "rb") as file:
            data = file.read()
        seed = int(os.environ.get("SEED", "20261122"))
        print(f"\nflips of an archive, seed {seed}", end=" ", flush=True)
        dice, expect = random.Random(seed), verify.parse_checkpoint(self.sample.ledger.checkpoint())
        for _ in range(600):
            broken, place, bit = bytearray(data), dice.randrange(len(data)), dice.randrange(8)
            broken[place] ^= 1 << bit
            write(self.holder.name, "bundle.tar", bytes(broken))
            try:
                with contextlib.redirect_stderr(io.StringIO()):
                    verifier = verify.Verifier(verify.Archive(self.archive))
                    verifier.run(expect)
                self.assertEqual(verifier.answer()["exit"], 3, (place, bit))
            except SystemExit as refused:
                self.assertEqual(refused.code, 1)

    def test_what_does_not_fit_the_seal_though_it_was_sealed(self):
        """The commitment matches, and the form of the content does not."""
        for content, more in ((b"not padded", {}), (pad(b"x")[:-1] + b"\1", {}), (pad(b"x") + bytes(256), {}), (b"", {}),
                              (pad(b"\xff"), {}), (pad("\u202e".encode()), {}), (pad(b"a\tb"), {}),
                              (struct.pack(">I", 253) + bytes(252), {}), (b"four", {"size": 5}), (b"four", {"size": 3})):
            self.setUp()
            self.text, self.text_opening = seal(self.sample.two, content, **more)
            report = progress()
            report["data"]["done"] = self.text
            self.sample.ledger.entries = self.sample.ledger.entries[:12]
            self.sample.two.n -= 1
            self.sample.ledger.add(self.sample.two, report)
            self.sample.ledger.export(self.folder)
            write(self.folder, "bundle", b"onus/bundle/v1\nedition full\n")
            write(self.folder, name_of(12, self.text), self.text_opening)
            self.assert_content("failed", ("A090", 12))

    def test_a_seal_that_another_sealed_or_the_same_author_again(self):
        again, stolen = progress(), event("contribution.reported", {"period": "2026-01", "note": self.text}, task="O01-T01")
        again["data"].update(done=self.text, next={**self.text, "media": "text/html"})
        self.sample.ledger.add(self.sample.two, again)
        self.sample.ledger.add(self.sample.three, stolen)
        self.write("full")
        self.assert_content("failed", ("A090", 14), ("A093", 15))

    def test_an_opening_that_belongs_to_no_seal(self):
        for name in (name_of(13, self.text), f"openings/{0:016d}-{'0' * 64}", f"openings/{99:016d}-{'0' * 64}"):
            self.write("full")
            write(self.folder, name, self.text_opening)
            found = self.answer()["findings"]
            self.assertEqual([f["code"] for f in found], ["ONUS-A092"], name)
            self.assertEqual({f["code"] for f in self.audit()["findings"] if f["violation"]}, {"ONUS-A092"}, name)

    def test_a_void_entry_binds_nobody_to_keep_what_it_sealed(self):
        report = progress()
        report["data"]["done"] = {**self.text, "sealed": b64(bytes(32))}
        self.sample.ledger.add(self.sample.three, report)
        self.write("full")
        answer = self.both()
        self.assertEqual((answer["axes"]["content"], answer["openings"]["missing"]), ("ok", 0))

    def test_a_manifest_of_another_form(self):
        for words in (b"", b"onus/bundle/v1\nedition full", b"onus/bundle/v2\nedition full\n", b"onus/bundle/v1\nedition half\n",
                      b"onus/bundle/v1\nedition full\n\n", b"x" * 2000):
            self.write("full")
            write(self.folder, "bundle", words)
            with self.assertRaises(SystemExit) as raised, contextlib.redirect_stderr(io.StringIO()):
                self.answer()
            self.assertEqual(raised.exception.code, 1)


class Archives(AgreementCase):
    """An archive in any other form is refused before anything of it is believed, here and by `onus audit`."""

    def setUp(self):
        super().setUp()
        Sample().ledger.export(self.folder)
        write(self.folder, "bundle", b"onus/bundle/v1\nedition public\n")
        self.archive = os.path.join(self.holder.name, "bundle.tar")
        pack(self.folder, self.archive)
        with open(self.archive, "rb") as file:
            self.good = file.read()

    def refused(self, data):
        write(self.holder.name, "bundle.tar", data)
        with self.assertRaises(SystemExit) as raised, contextlib.redirect_stderr(io.StringIO()) as said:
            verify.Archive(self.archive)
        self.assertEqual(raised.exception.code, 1)
        self.assertTrue(said.getvalue().startswith("verify-independently: "), said.getvalue())
        with self.assertRaises(AssertionError) as raised:
            self.audit(self.archive)
        self.assertIn("is not a bundle", str(raised.exception))

    def test_each_byte_of_a_header_and_of_what_fills_up(self):
        verify.Archive(self.archive)
        end = 512 + len(b"onus/bundle/v1\nedition public\n")
        for place in [*range(0, 512, 7), 99, 135, 147, 156, 263, end, 1023, len(self.good) - 1, len(self.good) - 600]:
            broken = bytearray(self.good)
            broken[place] ^= 1
            with self.subTest(place):
                self.refused(bytes(broken))

    def test_lengths(self):
        for data in (self.good[:-1], self.good[:-512], self.good[:-1024], self.good + b"\0", self.good + bytes(512), b"",
                     self.good[:700], self.good[:512], self.good[512:], b"\0" * 512):
            self.refused(data)
        self.refused(header("bundle", 8**11 - 1) + bytes(1024))

    def test_names(self):
        for name in ("/etc/passwd", "../up", "a/../b", "a//b", "a/", ".", "a b", "a\\b", "", "bundle", "é"):
            self.refused(header(name, 0) + self.good)
        write(self.holder.name, "bundle.tar", header("a/b-c_D.9", 0) + self.good)
        self.assertIn("a/b-c_D.9", verify.Archive(self.archive).names)

    def test_times_that_differ_and_links(self):
        self.refused(header("extra", 0, time=1) + self.good)
        for kind in b"1235L":
            link = bytearray(header("extra", 0))
            link[156] = kind
            link[148:156] = b" " * 8
            link[148:156] = b"%06o\0 " % sum(link)
            self.refused(bytes(link) + self.good)


if __name__ == "__main__":
    unittest.main()
