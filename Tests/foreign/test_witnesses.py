"""Other people's witnesses cosign our log, and our witness is asked by other people's clients."""
import json
import os
import re
import subprocess
import unittest

from others_case import HERE, ORIGIN, OthersCase, free_port, needs, tool
from outside_case import DONE, VIOLATION


class Witnesses(OthersCase):
    def policy(self, *witnesses):
        lines = [f"witness {name} {key} http://127.0.0.1:{port}\n" for name, key, port in witnesses]
        names = " ".join(name for name, _, _ in witnesses)
        return self.office.write("policy", "".join(lines) + f"group everyone all {names}\nquorum everyone\n")

    def cosigned(self, policy):
        """Asks the witnesses of the policy as the log grows, and lets the audit count them."""
        for number in range(3):
            answer = self.office.run("checkpoint", "cosign", "--policy", policy)
            self.assert_answers(answer, DONE)
            self.assertIn(f"the policy's quorum has cosigned {self.office.size()} entries", answer.out)
            audit = self.office.run("audit", "--forget", "--policy", policy)
            self.assertEqual(audit.code, DONE, audit)
            self.assertIn(f"witnessed to entry {self.office.size() - 1}", audit.out)
            if number < 2:
                self.grow(number)
        return self.office.keep_checkpoint("cosigned.checkpoint")

    def contradicted(self, policy):
        """The same log key with another history: the witness says no, and the command says what it means."""
        fork = self.fork()
        self.grow(7)
        self.assert_answers(self.office.run("checkpoint", "cosign", "--policy", policy), DONE)
        for number in (8, 9):
            self.grow(number, fork)
        answer = fork.run("checkpoint", "cosign", "--policy", policy)
        self.assert_answers(answer, VIOLATION)
        self.assertRegex(answer.out, r"CONTRADICTS .*\(422\): one of the two has another history")

    @needs("aics-witness", "aics-tlog")
    def test_of_aics_witness(self):
        port = free_port()
        config = self.office.path("aics.json")
        said = self.agrees("aics-witness", "init", "-c", config, "--name", "aics.example/w",
                           "--listen", f"127.0.0.1:{port}", "--db", "aics.db", "--key-file", "aics.key")
        key = re.search(r"^aics\.example/w\+\S+$", said, re.M)[0]
        self.agrees("aics-witness", "add-log", "-c", config, "--origin", ORIGIN, "--vkey", self.office.log_key())
        self.start_tool("aics-witness", "serve", "-c", config, port=port)
        policy = self.policy(("aics", key, port))
        checkpoint = self.cosigned(policy)

        def arguments(*keys):
            return ("verify-checkpoint", "--note", checkpoint, "--log-key", self.office.log_key(),
                    *(part for each in keys for part in ("--witness-key", each)), "--quorum", "1")

        said = json.loads(self.agrees("aics-tlog", *arguments(key)))
        self.assertEqual((said["witnesses"], said["size"]), (["aics.example/w"], self.office.size()))
        # It counts for nobody who trusts another witness, and for nobody who changed it.
        self.refuses("aics-tlog", *arguments(self.make_witness()))
        with open(checkpoint, encoding="utf-8") as file:
            text = file.read()
        self.office.write("cosigned.checkpoint", text.replace("\naics.example/w", "\naics.example/v")
                          .replace("— aics.example/w", "— aics.example/v"))
        self.refuses("aics-tlog", *arguments(key))
        self.contradicted(policy)

    @needs("litewitness", "witnessctl")
    @unittest.skipUnless(os.path.exists("/usr/bin/ssh-agent"), "not here: ssh-agent, which litewitness signs with")
    def test_of_litewitness(self):
        port, socket = free_port(), self.office.path("..", "agent")
        env = {**self.office.environment(), "SSH_AUTH_SOCK": socket, "GODEBUG": "httpmuxgo121=0"}
        private = self.office.path("ssh-key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", private], check=True)
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
        self.addCleanup(agent.wait, 15)
        self.addCleanup(agent.kill)
        self.wait_until(lambda: os.path.exists(socket), "the agent does not listen")
        subprocess.run(["ssh-add", "-q", private], check=True, env=env)
        print_of_key = subprocess.run(["ssh-keygen", "-lf", private], check=True, capture_output=True)
        fingerprint = print_of_key.stdout.decode().split()[1]
        database = self.office.path("lite.db")
        self.agrees("witnessctl", "add-log", "-db", database, "-origin", ORIGIN)
        self.agrees("witnessctl", "add-key", "-db", database, "-origin", ORIGIN, "-key", self.office.log_key())
        self.start_tool("litewitness", "-db", database, "-name", "lite.example/w", "-ssh-agent", socket,
                        "-key", fingerprint, "-listen", f"127.0.0.1:{port}", port=port, env=env)
        key = re.search(r"vkey=(lite\.example/w\+\S+)", self.log("litewitness"))[1]
        policy = self.policy(("lite", key, port))
        self.cosigned(policy)
        self.contradicted(policy)

    def ask_as_aics(self, *arguments):
        return self.ask_tool("python", os.path.join(HERE, "ask_witness.py"), *arguments)

    @needs("aics-witness", "aics-tlog", "python")
    def test_of_our_witness_asked_by_aics(self):
        key = self.make_witness()
        server = self.serve()

        def asked(office):
            folder = self.export(office, f"tiles-{office.size()}")
            return self.ask_as_aics("tiles", server.url, key, folder)

        for number in range(3):
            agreed, said = asked(self.office)
            self.assertTrue(agreed, said)
            checkpoint = self.office.write("cosigned", said)
            self.agrees("aics-tlog", "verify-checkpoint", "--note", checkpoint, "--log-key", self.office.log_key(),
                        "--witness-key", key, "--quorum", "1")
            self.grow(number)
        # Its client began at 0 each time, was told 409 and the size, and came again with the proof.
        self.assertEqual(self.log().count(" 409 "), 2)
        fork = self.fork()
        self.grow(7)
        self.assertTrue(asked(self.office)[0])
        for number in (8, 9):
            self.grow(number, fork)
        agreed, said = asked(fork)
        self.assertFalse(agreed)
        self.assertIn("WitnessRejected: witness answered 422", said)

    @needs("aics-witness", "aics-tlog", "python")
    def test_of_our_witness_and_a_log_of_theirs(self):
        """Another program's log, with extension lines, of which we know nothing but the key."""
        key = self.make_witness(serves=False)
        server = self.serve()
        log_key = self.agrees("python", os.path.join(HERE, "ask_witness.py"), "key").strip()
        agreed, said = self.ask_as_aics("log", server.url, key, "5", "")
        self.assertFalse(agreed)
        self.assertIn("WitnessRejected: witness answered 404", said)
        self.office.do("witness", "trust", log_key, "--witness", self.office.path("court"))
        for size in (5, 8, 300, 1000):
            agreed, said = self.ask_as_aics("log", server.url, key, str(size), f"a line {size}" if size > 5 else "")
            self.assertTrue(agreed, said)
            self.assertIn(f"elsewhere.example/log\n{size}\n", said)
            self.assertEqual(said.count("— court.example/w "), 1)


if __name__ == "__main__":
    unittest.main()
