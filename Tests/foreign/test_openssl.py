"""Our keys and our signatures, read by `openssl` (its timestamps: Tests/outside/test_timestamps.py)."""
import base64
import os
import re
import shutil
import subprocess
import unittest

from others_case import OthersCase, public_keys

# What DER has before the 32 bytes of an Ed25519 public key (RFC 8410 §4).
HEAD = bytes.fromhex("302a300506032b6570032100")


@unittest.skipUnless(shutil.which("openssl"), "not here: openssl")
class OpenSSL(OthersCase):
    def openssl(self, *words):
        return subprocess.run(["openssl", *words], capture_output=True, cwd=self.office.folder, timeout=30)

    def test_that_it_reads_every_key(self):
        keys = {**public_keys(self.office), "log": self.office.log_key()}
        self.office.write("word", "correct horse\n")
        self.office.do("key", "new", "SECRET", "--passphrase-file", self.office.path("word"))
        pems = [name for name in os.listdir(self.office.keys) if name.endswith(".pem")]
        self.assertEqual(len(pems), len(keys) + 1)
        for name in pems:
            path = os.path.join(self.office.keys, name)
            with open(path[:-3] + "vkey", encoding="ascii") as file:
                public = base64.b64decode(file.read().strip().split("+", 2)[2])[1:]
            opened = ("-passin", "file:word") if name.startswith("SECRET") else ("-passin", "pass:")
            done = self.openssl("pkey", "-in", path, *opened, "-pubout", "-outform", "DER")
            self.assertEqual(done.stdout, HEAD + public, (name, done.stderr))
            if name.startswith("SECRET"):
                self.assertNotEqual(self.openssl("pkey", "-in", path, "-passin", "pass:wrong").returncode, 0)

    def verifies(self, text, signature, key):
        public = HEAD + base64.b64decode(key.split("+", 2)[2])[1:]
        self.office.write("text", text)
        self.office.write("signature", signature)
        self.office.write("key.der", public)
        done = self.openssl("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin",
                            "-in", "text", "-sigfile", "signature")
        self.assertEqual(done.returncode == 0, b"Verified Successfully" in done.stdout, done)
        return done.returncode == 0

    def test_that_it_verifies_every_signature(self):
        keys = public_keys(self.office)
        notes = [leaf.split(b"\n\n", 1)[1] for leaf in self.office.leaves()]
        notes.append(self.office.do("checkpoint").encode())
        count = 0
        for note in notes:
            text, lines = note.rsplit(b"\n\n", 1)
            for name, payload in re.findall(r"(?m)^— (\S+) (\S+)$", lines.decode()):
                payload = base64.b64decode(payload, validate=True)
                key = keys.get(f"{name}+{payload[:4].hex()}") or self.office.log_key()
                self.assertEqual(key.split("+")[:2], [name, payload[:4].hex()])
                self.assertTrue(self.verifies(text + b"\n", payload[4:], key), (name, text))
                count += 1
        self.assertGreater(count, self.office.size())
        self.assertFalse(self.verifies(text + b" \n", payload[4:], key))
        self.assertFalse(self.verifies(text + b"\n", payload[4:-1] + b"\0", key))


if __name__ == "__main__":
    unittest.main()
