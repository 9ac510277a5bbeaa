"""Private keys that others may read or write: nothing is signed with them, and doctor says so."""
import os
import re
import stat
import unittest

from outside_case import COULD_NOT_RUN, DONE, Case


class ExposedKeys(Case):
    def private(self, beginning="ROADS"):
        return next(os.path.join(self.office.keys, name) for name in sorted(os.listdir(self.office.keys))
                    if name.startswith(beginning) and name.endswith(".pem"))

    def refuse(self, path, *parts):
        """Appending and signing are refused with the command that mends it, and doctor fails."""
        with self.unharmed():
            answer = self.office.run("accept", "T2", "--as", "ROADS")
            self.assert_answers(answer, COULD_NOT_RUN, path, "hint: ", *parts)
            answer = self.office.run("accept", "T2", "--as", "ROADS", "--sign-to", "carried.onus")
            self.assert_answers(answer, COULD_NOT_RUN, path, *parts)
            self.assertFalse(os.path.exists(self.office.path("carried.onus")))
            answer = self.office.run("doctor")
            self.assertEqual(answer.code, COULD_NOT_RUN, answer)
            self.assertRegex(answer.out, rf"FAIL  keys: .*{re.escape(path)}.*\n +Make all of it .*chmod -R go-rwx")

    def test_as_they_are_made(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.office.keys).st_mode), 0o700)
        for name in os.listdir(self.office.keys):
            mode = stat.S_IMODE(os.stat(os.path.join(self.office.keys, name)).st_mode)
            self.assertEqual(mode & 0o022, 0, name)
            if not name.endswith(".vkey"):
                self.assertEqual(mode, 0o600, name)
        self.assertIn("ok    keys", self.office.do("doctor"))

    def test_that_others_read_or_write(self):
        path = self.private()
        for mode, reason in ((0o640, "can be read by others"), (0o604, "can be read by others"),
                             (0o620, "can be written to by others"), (0o602, "can be written to by others"),
                             (0o666, "can be written to by others")):
            with self.subTest(oct(mode)):
                os.chmod(path, mode)
                self.refuse(path, reason, f"chmod 600 {path}")
        os.chmod(path, 0o400)
        self.office.do("accept", "T2", "--as", "ROADS")

    def test_the_log_key(self):
        path = self.private("log-")
        os.chmod(path, 0o644)
        answer = self.office.run("accept", "T2", "--as", "ROADS")
        self.assert_answers(answer, COULD_NOT_RUN, path, f"chmod 600 {path}")

    def test_in_a_folder_that_others_write_to(self):
        for mode in (0o770, 0o707, 0o1777):
            with self.subTest(oct(mode)):
                os.chmod(self.office.keys, mode)
                self.refuse(self.office.keys, "Others can put files into", f"chmod go-w {self.office.keys}")
        os.chmod(self.office.keys, 0o755)
        self.office.do("accept", "T2", "--as", "ROADS")

    def test_what_doctor_says_of_the_rest(self):
        """A guard or a memory that others write to is no reason to sign nothing, but one to look."""
        for name in sorted(os.listdir(self.office.keys)):
            if name.endswith((".guard", ".memory")):
                os.chmod(os.path.join(self.office.keys, name), 0o666)
        answer = self.office.run("doctor")
        self.assertEqual(answer.code, COULD_NOT_RUN, answer)
        self.assertIn("more", answer.out)
        command = answer.out.split("its owner's alone with `")[1].split("`")[0]
        self.assertEqual(os.system(command), 0)
        self.assertEqual(self.office.run("doctor").code, DONE)

    def test_of_a_witness(self):
        self.office.do("witness", "init", "court.example/witness", "--no-passphrase", "--witness", "court")
        self.office.do("witness", "trust", self.office.log_key(), "--witness", "court")
        self.office.do("checkpoint", "cosign", "--request-to", "request", "--since", "0")
        path = self.office.path("court", "witness.pem")
        os.chmod(path, 0o644)
        answer = self.office.run("witness", "cosign", "request", "--to", "cosigned", "--witness", "court")
        self.assert_answers(answer, COULD_NOT_RUN, "court/witness.pem can be read by others", "chmod 600")
        os.chmod(path, 0o600)
        self.office.do("witness", "cosign", "request", "--to", "cosigned", "--witness", "court")


if __name__ == "__main__":
    unittest.main()
