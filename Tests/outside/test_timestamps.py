"""Time from outside: `onus checkpoint timestamp` against `openssl ts` and against an authority of our own in
Python, and what was kept against `openssl ts -verify` and rfc3161-client, which share no code with Onus."""
import datetime
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import unittest

import rfc3161_client
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from authorities import PythonAuthority, now
from outside_case import (
    COULD_NOT_RUN, DONE, NOT_CHECKED, REPOSITORY, USAGE, VIOLATION)
from timestamp_case import Clerk, read


def openssl(*words):
    return subprocess.run(["openssl", "ts", *words], capture_output=True)


class Timestamps(Clerk):
    # What works

    def test_any_authority_is_taken_and_believed_by_its_certificate(self):
        for authority, name in [(self.openssl, "OpenSSL TSA"), (self.python, "Python TSA")]:
            with self.subTest(name):
                size = self.office.size()
                self.obtain(authority)
                audit = self.audit("--tsa-certificates", authority.root)
                trusted = [one for one in audit["timestamps"] if one["trusted"]]
                self.assertEqual([(one["size"], one["authority"]) for one in trusted],
                                 [(size, f"CN={name},O=Beihe")])
                self.assertEqual(audit["findings"], [])
        self.assertEqual(self.count(), 2)
        # With nobody's certificates nothing is believed, and nothing fails; without an anchor it is not sound.
        kept = self.audit()["timestamps"]
        self.assertTrue(all("trusted" not in one for one in kept))
        answer = self.office.run("audit", "--forget", "--tsa-certificates", self.openssl.root)
        self.assertEqual(answer.code, NOT_CHECKED, answer)
        self.assertIn(f"the first {size} entries existed by ", answer.out)
        self.assertIn("says CN=OpenSSL TSA,O=Beihe", answer.out)
        self.assertIn("UNANCHORED", answer.out)
        self.assertIn("1 timestamp by others than your certificates vouch for", answer.out)
        chinese = self.office.run("audit", "--forget", "--lang", "zh", "--tsa-certificates", self.openssl.root)
        self.assertIn(f"前 {size} 条目不晚于", chinese.out)

    def test_the_ledger_goes_on_while_the_request_is_away(self):
        size = self.office.size()
        request = self.request()
        self.office.do("progress", "T1", "--period", "2024-02", "--percent", "30", "--as", "ROADS")
        path = self.answered(self.openssl.reply(request))
        answer = self.timestamp("--from", path, "--tsa-certificates", self.openssl.root, "--json")
        self.assertEqual(answer.code, DONE, answer)
        taken = json.loads(answer.out)
        self.assertEqual((taken["size"], taken["trusted"], taken["accuracy"]), (size, True, 1000))
        self.assertEqual(self.audit("--tsa-certificates", self.openssl.root)["timestamps"], [taken])

    def test_other_tools_agree_on_what_is_kept(self):
        for authority in (self.openssl, self.python):
            with self.subTest(authority.__class__.__name__):
                request = self.obtain(authority).replace(".tsr", ".tsq")
                out = self.office.path("kept.tsr")
                self.office.do("checkpoint", "timestamp", "--export", out)
                message = out + ".checkpoint"
                verdict = openssl("-verify", "-data", message, "-in", out, "-CAfile", authority.root)
                self.assertEqual(verdict.returncode, 0, verdict)
                self.assertIn(b"Verification: OK", verdict.stdout)
                verdict = openssl("-verify", "-queryfile", request, "-in", out, "-CAfile", authority.root)
                self.assertEqual(verdict.returncode, 0, verdict)
                response = rfc3161_client.decode_timestamp_response(read(out))
                nonce = tsp.TimeStampReq.load(read(request))["nonce"].native
                verifier = (rfc3161_client.VerifierBuilder().nonce(nonce)
                            .add_root_certificate(x509.load_pem_x509_certificate(read(authority.root))).build())
                self.assertTrue(verifier.verify_message(response, read(message)))
                with self.assertRaises(rfc3161_client.VerificationError):
                    verifier.verify_message(response, read(message) + b"\n")
                self.empty()

    def test_requests_are_what_other_tools_read_and_theirs_are_taken(self):
        request = self.request()
        text = openssl("-query", "-in", self.office.path("now.tsq"), "-text").stdout.decode()
        checkpoint = read(self.office.path("now.tsq.checkpoint"))
        self.assertIn("Hash Algorithm: sha256", text)
        self.assertIn("Certificate required: yes", text)
        asked = tsp.TimeStampReq.load(request)
        self.assertEqual(asked["message_imprint"]["hashed_message"].native, hashlib.sha256(checkpoint).digest())
        self.assertTrue(asked["nonce"].native >> 56)
        # A department had the checkpoint timestamped by itself, with another program.
        theirs = rfc3161_client.TimestampRequestBuilder().data(checkpoint).hash_algorithm(
            rfc3161_client.HashAlgorithm.SHA256).build().as_bytes()
        held = self.office.write("held", checkpoint)
        path = self.answered(self.openssl.reply(theirs), "theirs")
        answer = self.timestamp("--from", path, "--checkpoint", held, "--tsa-certificates", self.openssl.root)
        self.assertEqual(answer.code, DONE, answer)
        # It does not answer our request, and says so.
        answer = self.timestamp("--from", path, "--request", self.office.path("now.tsq"))
        self.assert_answers(answer, VIOLATION, "nonce")

    def test_a_policy_can_be_asked_for(self):
        path = self.office.path("p.tsq")
        self.office.do("checkpoint", "timestamp", "--request-to", path, "--policy-oid", "1.2.3.4.5")
        taken = json.loads(self.office.do(
            "checkpoint", "timestamp", "--json", "--from", self.answered(self.openssl.reply(read(path)), "p")))
        self.assertEqual(taken["policy"], "1.2.3.4.5")
        path = self.answered(self.python.reply(read(path)), "p")
        self.assert_answers(self.timestamp("--from", path), VIOLATION, "1.2.3.4.5 was asked for")

    # Carried on

    def test_bundles_of_both_editions_have_it_and_are_audited_alike(self):
        self.obtain(self.openssl)
        for edition in ("bundle", "public"):
            with self.subTest(edition):
                archive = self.office.path(f"{edition}.tar")
                self.office.do("export", edition, archive)
                audit = self.audit(archive, "--tsa-certificates", self.openssl.root)
                self.assertEqual([one["trusted"] for one in audit["timestamps"]], [True])
                folder = self.office.path(edition)
                with tarfile.open(archive) as tar:
                    tar.extractall(folder)
                files = sorted(os.listdir(os.path.join(folder, "timestamps")))
                self.assertEqual([name[64:] for name in files], [".checkpoint", ".tsr"])
                message, response = (os.path.join(folder, "timestamps", name) for name in files)
                self.assertEqual(hashlib.sha256(read(response)).hexdigest(), files[0][:64])
                verdict = openssl("-verify", "-data", message, "-in", response, "-CAfile", self.openssl.root)
                self.assertEqual(verdict.returncode, 0, verdict)
                verifier = subprocess.run(
                    [sys.executable, os.path.join(REPOSITORY, "Scripts/verify-independently"), folder,
                     "--expect", self.office.path("held.checkpoint")], capture_output=True)
                self.assertEqual(verifier.returncode, 0, verifier)
                # Half of it gone, or a byte of it.
                for path in (message, response):
                    data = read(path)
                    os.remove(path)
                    self.assertEqual(self.codes(self.audit(folder, code=VIOLATION)), ["ONUS-A103"])
                    with open(path, "wb") as file:
                        file.write(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
                    self.assertEqual(self.codes(self.audit(folder, code=VIOLATION)), ["ONUS-A103"])
                    with open(path, "wb") as file:
                        file.write(data)
                self.audit(folder)
        tiles = self.office.path("tiles")
        self.office.do("export", "tiles", tiles)
        self.assertNotIn("timestamps", self.audit(tiles))

    def test_a_copy_brings_back_what_was_lost(self):
        self.obtain(self.openssl)
        archive = self.office.path("b.tar")
        self.office.do("export", "public", archive)
        self.empty()
        self.assertEqual(self.count(), 0)
        answer = self.office.run("restore", "--from", archive)
        self.assertEqual(answer.code, DONE, answer)
        self.assertEqual(answer.out, "restored 1 timestamp\n")
        self.assertEqual(self.count(), 1)
        self.assertEqual(self.office.do("restore", "--from", archive), "nothing is missing\n")

    # What is tampered with

    def test_a_row_that_was_changed_is_found_whoever_is_trusted(self):
        self.obtain(self.openssl)
        other = self.openssl.reply(self.request("other"))
        changes = {
            "another answer": ("UPDATE timestamp SET response = ?", other),
            "another answer under its own hash": (
                "UPDATE timestamp SET response = ?1, digest = ?2, checkpoint = 'x'",
                other, hashlib.sha256(other).digest()),
            "an older checkpoint": ("UPDATE timestamp SET checkpoint = ?", b"outside.example/plan\n1\n"),
            "a foreign row": ("INSERT INTO timestamp VALUES (?, ?, ?)", b"\x01" * 32, b"", b""),
        }
        original = read(self.office.database)
        for what, (sql, *values) in changes.items():
            with self.subTest(what):
                with self.office.connect() as database:
                    if "'x'" in sql:
                        sql = sql.replace("'x'", "zeroblob(7)")
                    database.execute(sql, values)
                    database.commit()
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self.assertEqual(self.codes(self.audit(code=VIOLATION)), ["ONUS-A103"])
                answer = self.office.run("export", "public", self.office.path("x.tar"))
                self.assert_answers(answer, COULD_NOT_RUN, "is not as it was")
                for suffix in ("-wal", "-shm"):
                    if os.path.exists(self.office.database + suffix):
                        os.remove(self.office.database + suffix)
                with open(self.office.database, "wb") as file:
                    file.write(original)

    # What is not taken

    def test_what_is_wrong_is_refused_in_one_sentence_and_nothing_is_kept(self):
        python, request = self.python, self.request()
        copy = self.copy(self.office, self.office.path("elsewhere"))
        copy.do("progress", "T1", "--period", "2024-03", "--percent", "40", "--as", "ROADS")
        copy.do("checkpoint", "timestamp", "--request-to", copy.path("o.tsq"))
        self.office.do("progress", "T1", "--period", "2024-03", "--percent", "55", "--as", "ROADS")
        good = self.openssl.reply(request)
        hour = datetime.timedelta(hours=1)

        def authority(name, **certificates):
            return PythonAuthority(self.office.path(name), name, **certificates)
        no_use, loose, expired, young, edwards = (
            authority("no-use", usages=()), authority("loose", critical=False),
            authority("expired", end=now() - hour), authority("young", start=now() + hour),
            authority("edwards", key=ed25519.Ed25519PrivateKey.generate()))
        two = authority("two", usages=(ExtendedKeyUsageOID.TIME_STAMPING, x509.ObjectIdentifier("1.2.3.4.9")))
        sha1 = {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"\x01" * 20}
        refusal = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["no\x1b[31m way"]}).dump()
        refusal = bytes([0x30, len(refusal)]) + refusal
        cases = [
            ("nothing", b"", python, COULD_NOT_RUN, "not one structure in DER"),
            ("garbage", b"\x30\x03hello", python, COULD_NOT_RUN, "not one structure in DER"),
            ("a page", b"<html>502 Bad Gateway</html>", python, COULD_NOT_RUN, "not one structure in DER"),
            ("too long", good + bytes(70_000), python, COULD_NOT_RUN, "larger than the 65536 bytes"),
            ("cut short", good[:-1], python, COULD_NOT_RUN, "not one structure in DER"),
            ("a token alone", tsp.TimeStampResp.load(good)["time_stamp_token"].dump(), python, COULD_NOT_RUN,
             "no answer to a request"),
            ("the request", request, python, COULD_NOT_RUN, "not a timestamp"),
            ("a refusal", refusal, python, COULD_NOT_RUN, "rejection"),
            ("waiting", python.reply(request, status="waiting"), python, COULD_NOT_RUN, "waiting"),
            ("another nonce", python.reply(request, nonce=5), python, VIOLATION, "nonce"),
            ("no nonce", python.reply(request, nonce=None), python, VIOLATION, "nonce"),
            ("SHA-1", python.reply(request, message_imprint=sha1), python, COULD_NOT_RUN, "SHA-256"),
            ("no certificate named", python.reply(request, binds=False), python, VIOLATION, "does not name"),
            ("another authority", good, python, NOT_CHECKED, "No certificate that is trusted"),
            ("no use", no_use.reply(request), no_use, NOT_CHECKED, "unsuitable certificate purpose"),
            ("use not critical", loose.reply(request), loose, NOT_CHECKED, "unsuitable certificate purpose"),
            ("two uses", two.reply(request), two, NOT_CHECKED, "for other purposes too"),
            ("expired", expired.reply(request), expired, NOT_CHECKED, "expired"),
            ("not valid yet", young.reply(request), young, NOT_CHECKED, "not yet valid"),
            # OpenSSL 3.0 knows no Ed25519 in such messages.
            ("Ed25519", edwards.reply(request), edwards, VIOLATION, "does not verify"),
            ("an hour early", python.reply(request, gen_time=now() - hour), python, VIOLATION,
             "One of the two clocks is wrong"),
            ("version 2", python.reply(request, version=2), python, COULD_NOT_RUN, "no timestamp"),
        ]
        with self.unharmed():
            for what, data, trusted, code, part in cases:
                with self.subTest(what):
                    answer = self.timestamp(
                        "--from", self.answered(data), "--tsa-certificates", trusted.root)
                    self.assert_answers(answer, code, part)
                    self.assertEqual(answer.out, "")
            # Of a ledger that went another way since the copy, by the same log key.
            path = self.office.write("o.tsr", self.openssl.reply(read(copy.path("o.tsq"))))
            answer = self.timestamp("--from", path, "--request", copy.path("o.tsq"))
            self.assert_answers(answer, VIOLATION, "signed two histories")
            answer = self.timestamp("--from", self.answered(good), "--checkpoint", path)
            self.assert_answers(answer, VIOLATION, "something else")
            # Wrong files beside it.
            os.remove(self.office.path("now.tsq.checkpoint"))
            self.assert_answers(self.timestamp("--from", self.answered(good)), COULD_NOT_RUN, "is not there")
            for name in (self.openssl.certificates.write(self.office.path("k")).replace("root.pem", "tsa.key"),
                         self.office.path("now.tsr"), "/dev/null", "/nowhere"):
                answer = self.office.run("audit", "--forget", "--tsa-certificates", name)
                self.assert_answers(answer, COULD_NOT_RUN)
            for words in ([], ["--list", "--export", "x"], ["--from", "x"], ["--url", "ftp://x"],
                          ["--url", "https://x/", "--timeout", "0"], ["--request-to", "-"], ["--export", "-"]):
                self.assert_answers(self.timestamp(*words), USAGE)
            self.assert_answers(self.timestamp("--export", self.office.path("x")), COULD_NOT_RUN, "No timestamp")
        # What comes with changes is taken if they change nothing that was asked for.
        request = self.request("mods")
        path = self.answered(python.reply(request, status="granted_with_mods"), "mods")
        self.assertEqual(self.timestamp("--from", path, "--tsa-certificates", python.root).code, DONE)

    def test_an_entry_that_was_antedated_is_told_by_the_auditors_certificates(self):
        """The ledger's clock is put ahead; what an authority says contradicts it, and is kept by force."""
        request = self.request()
        early = self.python.reply(request, gen_time=now() - datetime.timedelta(days=1))
        with self.office.connect() as database:
            # An older layout has no such table yet.
            database.execute("INSERT INTO timestamp VALUES (?, ?, ?)", (
                hashlib.sha256(early).digest(), read(self.office.path("now.tsq.checkpoint")), early))
            database.commit()
        audit = self.audit("--tsa-certificates", self.python.root, code=VIOLATION)
        self.assertEqual(self.codes(audit), ["ONUS-A105"])
        self.assertEqual(audit["findings"][0]["entry"], self.office.size() - 1)
        # Without certificates that is nobody's word.
        self.assertEqual(self.codes(self.audit()), [])
        self.assertEqual(
            self.codes(self.audit("--tsa-certificates", self.openssl.root, code=NOT_CHECKED)), ["ONUS-A106"])


if __name__ == "__main__":
    unittest.main()
