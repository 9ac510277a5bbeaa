"""Two commands that make the same thing at once: one is first, and the other says so."""
import os
import unittest

from outside_case import COULD_NOT_RUN, DONE, VIOLATION, Case

ROUNDS = int(os.environ.get("ROUNDS", "4"))


class OneOfAName(Case):
    def at_once(self, *commands):
        """The answers to commands that begin together."""
        started = [self.office.start(*command) for command in commands]
        done = [(process.communicate(timeout=60), process.returncode) for process in started]
        return [(code, err.decode()) for (_, err), code in done]

    def test_first_exports(self):
        """Whoever is second is told, or adds what is new; no folder is left over, and the export is sound."""
        with self.unharmed():
            for turn in range(ROUNDS):
                name = f"out{turn}"
                answers = self.at_once(*[("export", "tiles", name)] * 3)
                self.assertIn(DONE, [code for code, _ in answers], answers)
                for code, err in answers:
                    if code != DONE:
                        self.assertEqual(code, COULD_NOT_RUN, err)
                        self.assertIn("Another export is being written into", err)
                self.assertFalse(os.path.exists(self.office.path(f"{name}.partial")), answers)
                self.assertEqual(self.office.run("audit", name, "--forget").code, 4)
                self.office.do("export", "tiles", name)

    def test_an_export_that_did_not_finish(self):
        """What is in its folder is nobody's to delete; an empty one is used."""
        partial = self.office.path("out.partial")
        os.mkdir(partial)
        self.office.write("out.partial/mine", b"mine")
        self.assert_answers(self.office.run("export", "tiles", "out"), COULD_NOT_RUN,
                            "out.partial is left from an export that did not finish.", "Delete it")
        os.remove(os.path.join(partial, "mine"))
        self.office.do("export", "tiles", "out")
        self.assertFalse(os.path.exists(partial))

    def init(self, name, keys):
        return ("init", "--origin", "twice.example/plan", "--registrar", "REG", "--name-en", "Registry", "--name-zh",
                "登记处", "--no-passphrase", "--ledger", self.office.path(name), "--keys", keys)

    def test_ledgers_of_one_origin(self):
        for turn in range(ROUNDS):
            keys = self.office.path(f"keys{turn}")
            names = [f"{turn}-{number}" for number in range(3)]
            answers = self.at_once(*(self.init(name, keys) for name in names))
            self.assertEqual(sorted(code for code, _ in answers), [DONE, COULD_NOT_RUN, COULD_NOT_RUN], answers)
            for name, (code, err) in zip(names, answers):
                if code != DONE:
                    self.assertIn("There is a ledger of the name twice.example/plan already", err)
                self.assertEqual(os.path.exists(self.office.path(name)), code == DONE, answers)
            self.assertEqual(len([name for name in os.listdir(keys) if name.startswith("log-")
                                  and name.endswith(".pem")]), 1)

    def test_receipts_for_files_of_one_name(self):
        """Each department gets its own, whichever office process was first."""
        author = {"REG": lambda turn: ("org", "add", f"N{turn}", "--kind", "department", "--name-en", "A", "--name-zh",
                                       "甲"),
                  "PLAN": lambda turn: ("issue", "objective", f"N{turn}", "--title-en", "A", "--title-zh", "甲")}
        for turn in range(ROUNDS):
            for key, command in author.items():
                os.makedirs(self.office.path(f"{turn}", key))
                self.office.do(*command(turn), "--as", key, "--sign-to", f"{turn}/{key}/report.onus")
            kept = self.office.path(f"kept{turn}")
            answers = self.at_once(*(("submit", f"{turn}/{key}/report.onus", "--receipts", kept) for key in author))
            self.assertEqual([code for code, _ in answers], [DONE, DONE], answers)
            names = os.listdir(kept)
            self.assertEqual(len(names), 2, names)
            for key in author:
                fits = [self.office.run("receipt", "check", f"{turn}/{key}/report.onus", os.path.join(kept, name),
                                        "--log-key", self.office.log_key()).code for name in names]
                self.assertEqual(sorted(fits), [DONE, VIOLATION], names)

    def test_no_folder_of_keys_is_left(self):
        """An `init` that fails leaves nothing where there was nothing."""
        self.office.write("file", b"")
        keys = self.office.path("new-keys")
        answer = self.office.run(*self.init("file/below", keys))
        self.assertEqual(answer.code, COULD_NOT_RUN, answer)
        self.assertFalse(os.path.exists(keys))


if __name__ == "__main__":
    unittest.main()
