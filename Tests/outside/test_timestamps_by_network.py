"""`onus checkpoint timestamp --url`, with something else in the place of `onus-net`."""
import os
import shutil
import stat
import subprocess
import time
import unittest

from outside_case import COMMAND, COULD_NOT_RUN, DONE, Answer, text
from timestamp_case import Clerk, read


class OverTheNetwork(Clerk):
    """`--url` starts `onus-net` beside the command; here something else stands in its place."""

    def setUp(self):
        super().setUp()
        self.bin = self.office.path("bin")
        os.makedirs(self.bin)
        shutil.copy(COMMAND, self.bin)

    def helper(self, script):
        path = os.path.join(self.bin, "onus-net")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + script)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def post(self, *words, timeout=60):
        done = subprocess.run(
            [os.path.join(self.bin, "onus"), "checkpoint", "timestamp", "--url", "https://tsa.example/x", *words],
            env=self.office.environment(), cwd=self.office.folder, capture_output=True, timeout=timeout,
            stdin=subprocess.DEVNULL)
        return Answer(words, done.returncode, text(done.stdout), text(done.stderr))

    def test_the_helper_is_told_all_it_needs_and_its_answer_is_taken(self):
        folder = self.openssl.folder
        self.helper(f"""echo "$@" > {folder}/words
            cat > {folder}/in.tsq
            cd {folder} && openssl ts -reply -config ts.cnf -queryfile in.tsq 2>/dev/null\n""")
        answer = self.post("--tsa-certificates", self.openssl.root, "--timeout", "20")
        self.assertEqual(answer.code, DONE, answer)
        self.assertIn("says CN=OpenSSL TSA,O=Beihe", answer.out)
        self.assertEqual(
            read(os.path.join(folder, "words")).decode(),
            "post --content-type application/timestamp-query --limit 65536 --timeout 20"
            " --accept application/timestamp-reply https://tsa.example/x\n")
        self.assertEqual(self.count(), 1)

    def test_the_passphrase_goes_no_further(self):
        self.helper(f"env > {self.openssl.folder}/env\n")
        env = self.office.environment(ONUS_PASSPHRASE="correct horse")
        subprocess.run(
            [os.path.join(self.bin, "onus"), "checkpoint", "timestamp", "--url", "https://tsa.example/x"],
            env=env, cwd=self.office.folder, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        self.assertNotIn(b"correct horse", read(os.path.join(self.openssl.folder, "env")))

    def test_whatever_it_does_the_command_ends_in_time_and_keeps_nothing(self):
        with self.unharmed():
            self.assert_answers(self.post(), COULD_NOT_RUN, "there is no onus-net beside this command")
            cases = [
                ("echo 'onus-net: The server answered 503.' >&2; exit 1", "https://tsa.example/x: The server answered 503."),
                # What is about the server names it, and ends so.
                ("echo 'onus-net: https://tsa.example/x answers 503.' >&2; exit 2", "onus: https://tsa.example/x answers"),
                ("exit 3", "onus: https://tsa.example/x: onus-net ended with 3 and said nothing"), ("kill -9 $$", "and said nothing"),
                ("cat > /dev/null; echo hello", "not one structure in DER"),
                ("exit 0", "not one structure in DER"),
                ("exec cat /dev/zero", "answered with more than 65536 bytes"),
                ("yes >&2; exit 1", "gave no answer within 1 s"),
                ("sleep 100", "gave no answer within 1 s"),
                ("exec > /dev/null 2>&1 < /dev/null; sleep 100", "gave no answer within 1 s"),
            ]
            for script, part in cases:
                with self.subTest(script):
                    self.helper(script + "\n")
                    begun = time.monotonic()
                    answer = self.post("--timeout", "1")
                    self.assert_answers(answer, COULD_NOT_RUN, part)
                    self.assertLess(time.monotonic() - begun, 9)


if __name__ == "__main__":
    unittest.main()
