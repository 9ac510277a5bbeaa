"""Runs the built command from outside, on copies of one sample ledger, and says what must hold.

The command is `$ONUS`, or the debug build. Every test gets a copy of the sample in a folder of its
own and leaves through `assert_unharmed` or `assert_sound`: an audit of the whole ledger, held
against the checkpoint that was there before.
"""
import atexit
import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COMMAND = os.path.abspath(os.environ.get("ONUS") or os.path.join(REPOSITORY, ".build/debug/onus"))

# README's table of exits.
DONE, COULD_NOT_RUN, REFUSED, VIOLATION, NOT_CHECKED, USAGE = 0, 1, 2, 3, 4, 64


class Answer:
    """What one run of the command said."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    def __str__(self):
        return f"onus {' '.join(map(repr, self.arguments))}\nexit {self.code}\n{self.out}{self.err}"


class Office:
    """A ledger and the keys of everyone in it, in one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.ledger = os.path.join(folder, "ledger")
        self.keys = os.path.join(folder, "keys")
        self.database = os.path.join(self.ledger, "ledger.db")
        self.is_watched = False

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def environment(self, **changed):
        values = {"HOME": self.folder, "ONUS_LEDGER": self.ledger, "ONUS_KEYS": self.keys,
                  "PATH": "/usr/bin:/bin", **changed}
        return {name: value for name, value in values.items() if value is not None}

    def start(self, *arguments, env=None, **how):
        """Starts the command and does not wait for it."""
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               "cwd": self.folder, **how}
        return subprocess.Popen([COMMAND, *arguments], env=env or self.environment(), **how)

    def run(self, *arguments, prefix=(), timeout=60, **how):
        how = {"env": self.environment(), "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE, "cwd": self.folder, **how}
        done = subprocess.run([*prefix, COMMAND, *arguments], timeout=timeout, **how)
        return Answer(arguments, done.returncode, text(done.stdout), text(done.stderr))

    def do(self, *arguments, **how):
        """Runs what must succeed, and returns its answer."""
        answer = self.run(*arguments, **how)
        if answer.code != DONE:
            raise AssertionError(str(answer))
        return answer.out

    def log_key(self, origin=""):
        """The verifier key of the log that was opened here, or of the one of that name."""
        for name in sorted(os.listdir(self.keys)):
            if name.startswith("log-") and name.endswith(".vkey"):
                with open(os.path.join(self.keys, name), encoding="utf-8") as file:
                    key = file.read().strip()
                if key.startswith(origin):
                    return key
        raise AssertionError(f"no log key of {origin or 'any log'}")

    def keep_checkpoint(self, name="kept.checkpoint"):
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.do("checkpoint"))
        return path

    def write(self, name, data):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def connect(self):
        return contextlib.closing(sqlite3.connect(self.database, timeout=30))

    def size(self):
        with self.connect() as database:
            return database.execute("SELECT count(*) FROM entry").fetchone()[0]

    def leaves(self):
        with self.connect() as database:
            return [row[0] for row in database.execute("SELECT leaf FROM entry ORDER BY idx")]

    def truth(self):
        """A digest of every row of every table of `ledger.db`."""
        digest = hashlib.sha256()
        with self.connect() as database:
            for table in ("entry", "tile", "checkpoint", "opening", "cosignature", "timestamp"):
                for row in database.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
                    digest.update(repr((table, row)).encode())
        return digest.hexdigest()


def text(data):
    return None if data is None else data.decode("utf-8", "backslashreplace")


SAMPLE = {}


def sample():
    """The sample ledger, made once: seven organisations, two tasks, sealed texts and a post."""
    if not SAMPLE:
        folder = tempfile.mkdtemp(prefix="onus-outside-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        SAMPLE["office"] = build(Office(folder))
    return SAMPLE["office"]


def build(office):
    office.do("init", "--origin", "outside.example/plan", "--registrar", "REG", "--name-en", "Registry",
              "--name-zh", "登记处", "--no-passphrase")
    for name in ("GOV", "PLAN", "CHECK", "ROADS", "PARKS"):
        office.do("org", "add", name, "--kind", "department", "--name-en", name, "--name-zh", name,
                  "--as", "REG")
        office.do("key", "new", name, "--no-passphrase")
        office.do("key", "enrol", name, "--as", "REG")
    office.do("role", "grant", "GOV", "governing", "--as", "REG")
    office.do("role", "grant", "PLAN", "issuer", "--as", "GOV")
    office.do("role", "grant", "CHECK", "supervisor", "--as", "GOV")
    office.do("org", "post", "ROADS", "POST-R", "--title-en", "Chief", "--title-zh", "主任", "--as", "REG")
    office.do("issue", "programme", "P", "--title-en", "Plan", "--title-zh", "方案",
              "--start", "2020-01-01", "--end", "2099-12-31", "--as", "PLAN")
    office.do("issue", "objective", "O1", "--title-en", "Roads", "--title-zh", "公路", "--as", "PLAN")
    for task in ("T1", "T2"):
        office.do("issue", "task", task, "--objective", "O1", "--title-en", task, "--title-zh", task,
                  "--criterion", "open to traffic", "--as", "PLAN")
        office.do("assign", task, "--lead", "ROADS", "--start", "2024-01-10", "--due", "2099-01-31",
                  "--as", "PLAN")
    office.do("accept", "T1", "--as", "ROADS")
    office.do("plan", "T1", "--contact", "Ms Wang", "--as", "ROADS")
    office.do("progress", "T1", "--period", "2024-01", "--percent", "20", "--done", "Survey finished",
              "--as", "ROADS")
    photograph = office.write("photograph.jpg", bytes(range(256)) * 4)
    office.do("evidence", "T1", photograph, "--kind", "photograph", "--captured", "2024-01-12",
              "--media", "image/jpeg", "--as", "ROADS")
    return office


class Case(unittest.TestCase):
    """A test with a copy of the sample."""

    def setUp(self):
        holder = tempfile.mkdtemp(prefix="onus-outside-")
        self.addCleanup(shutil.rmtree, holder, ignore_errors=True)
        self.office = self.copy(sample(), os.path.join(holder, "office"))

    def copy(self, office, folder):
        shutil.copytree(office.folder, folder)
        return Office(folder)

    def assert_answers(self, answer, code, *parts):
        """The exit code, one sentence that begins `onus: `, and what it must name."""
        self.assertEqual(answer.code, code, answer)
        if code not in (DONE, USAGE):
            self.assertRegex(answer.err, r'onus: |^\{"error":', answer)
        for part in parts:
            self.assertIn(part, answer.err, answer)
        # Nothing that a terminal would obey, whoever wrote it.
        for scalar in answer.err:
            self.assertTrue(scalar.isprintable() or scalar in "\n\u00a0\u3000", answer)

    @contextlib.contextmanager
    def unharmed(self, office=None):
        """Nothing in here changes a single row, and afterwards an audit finds the ledger sound.

        Within another one for the same ledger, the outer one audits.
        """
        office = office or self.office
        outer = office.is_watched
        before = office.truth()
        kept = None if outer else office.keep_checkpoint()
        office.is_watched = True
        yield
        office.is_watched = outer
        self.assertEqual(office.truth(), before, "a row of the ledger was changed")
        if not outer:
            self.assert_sound(office, kept)

    def assert_sound(self, office, kept):
        """An audit held against a checkpoint from before says that everything holds."""
        answer = office.run("audit", "--forget", "--expect", kept)
        self.assertEqual(answer.code, DONE, answer)
        self.assertIn("SOUND", answer.out)
