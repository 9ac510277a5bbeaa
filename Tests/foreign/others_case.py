"""Other people's tools, run against what the command writes.

They lie in the folders of `$OTHERS` (separated by colons) or in `.build/others/bin`, where
`Scripts/check-with-others` puts those that package registries have. A test of a tool that is not
there is skipped and says so: a check that was not made is never reported as passed.
"""
import os
import shutil
import socket
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(REPOSITORY, "Tests", "outside"))

from network_case import NetworkCase  # noqa: E402

FOLDERS = [*filter(None, os.environ.get("OTHERS", "").split(":")),
           os.path.join(REPOSITORY, ".build", "others", "bin")]
ORIGIN = "outside.example/plan"


def tool(name):
    """The path of a tool, and nothing of the system's own of that name."""
    return shutil.which(name, path=":".join(FOLDERS))


def needs(*names):
    """Skips a test, or a class of them, where one of these is not there."""
    missing = [name for name in names if not tool(name)]
    return unittest.skipIf(missing, f"not here: {', '.join(missing)} (Scripts/check-with-others)")


class OthersCase(NetworkCase):
    def ask_tool(self, name, *arguments, **how):
        """Runs a tool: whether it agreed, and what it said."""
        done = subprocess.run([tool(name), *arguments], capture_output=True, timeout=30,
                              stdin=subprocess.DEVNULL, cwd=self.office.folder, **how)
        return done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "backslashreplace")

    def agrees(self, name, *arguments, **how):
        agreed, said = self.ask_tool(name, *arguments, **how)
        self.assertTrue(agreed, f"{name} {' '.join(arguments)}\n{said}")
        return said

    def refuses(self, name, *arguments, **how):
        agreed, said = self.ask_tool(name, *arguments, **how)
        self.assertFalse(agreed, f"{name} {' '.join(arguments)}\n{said}")
        self.assertNotIn("usage", said.lower())
        return said

    def export(self, office=None, name="tiles"):
        office = office or self.office
        folder = office.path(name)
        office.do("export", "tiles", folder)
        return folder

    def start_tool(self, name, *arguments, port, **how):
        """Starts a tool that serves, and waits until it listens."""
        log = open(self.office.path(f"{name}.log"), "wb")
        process = subprocess.Popen([tool(name), *arguments], stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, cwd=self.office.folder, **how)
        log.close()
        self.addCleanup(process.wait, 15)
        self.addCleanup(process.kill)

        def listens():
            self.assertIsNone(process.poll(), self.log(name))
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        self.wait_until(listens, f"{name} does not listen", 20)
        return process


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def flip(path, offset):
    """Changes one bit of a file."""
    with open(path, "r+b") as file:
        file.seek(offset, os.SEEK_END if offset < 0 else os.SEEK_SET)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


def public_keys(office):
    """The verifier keys of everyone in the sample, by name and id."""
    keys = {}
    for name in os.listdir(office.keys):
        if name.endswith(".vkey") and not name.startswith("log-"):
            with open(os.path.join(office.keys, name), encoding="utf-8") as file:
                key = file.read().strip()
            keys["+".join(key.split("+")[:2])] = key
    return keys
