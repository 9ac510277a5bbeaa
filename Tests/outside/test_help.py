"""What help says must work: every example is a command line that the parser takes."""
import json
import shlex
import subprocess
import tempfile
import unittest

from outside_case import COMMAND, USAGE, text


class Examples(unittest.TestCase):
    def commands(self):
        dump = subprocess.run([COMMAND, "--experimental-dump-help"], check=True, capture_output=True)
        waiting = [json.loads(dump.stdout)["command"]]
        while waiting:
            command = waiting.pop()
            waiting += command.get("subcommands", [])
            if command["commandName"] != "help":
                yield command

    def test_every_example_is_understood(self):
        count = 0
        for command in self.commands():
            path = " ".join(command.get("superCommands", []) + [command["commandName"]])
            examples = command.get("discussion", "").split("Example:\n")[1:]
            if not command.get("subcommands"):
                self.assertTrue(examples, f"{path} has no example")
            for line in "".join(examples).split("\n"):
                line = line.strip()
                if not line.startswith("onus "):
                    continue
                count += 1
                words = shlex.split(line.split(" > ")[0])[1:]
                with self.subTest(line), tempfile.TemporaryDirectory() as folder:
                    done = subprocess.run(
                        [COMMAND, *words], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL,
                        env={"HOME": folder, "PATH": "/usr/bin:/bin"}, timeout=60)
                    # The parser's own complaints begin so; ours name the command.
                    complaint = text(done.stderr)
                    self.assertFalse(
                        done.returncode == USAGE and complaint.startswith("Error:"), complaint)
        self.assertGreater(count, 60)


if __name__ == "__main__":
    unittest.main()
