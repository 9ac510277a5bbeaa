"""A ledger where it cannot be worked with: absent, foreign, read-only, locked, on a full disk.

And a world that is not as it should be: standard output full or closed, no home, no terminal.
"""
import concurrent.futures
import contextlib
import ctypes
import fcntl
import hashlib
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import unittest

from outside_case import (COMMAND, COULD_NOT_RUN, DONE, NOT_CHECKED, REFUSED, USAGE, Answer, Case,
                          text)

READING = {"status": ("status",), "log": ("log",), "checkpoint": ("checkpoint",), "prove": ("prove", "0"),
           "audit": ("audit", "--forget"), "show": ("show", "0"), "org list": ("org", "list"),
           "export": ("export", "tiles", "out"), "report": ("report", "scorecard", "--format", "md")}
WRITING = {"org add": ("org", "add", "NEW", "--kind", "department", "--name-en", "A", "--name-zh", "B",
                       "--as", "REG"),
           "views rebuild": ("views", "rebuild"), "restore": ("restore", "--from", "nowhere")}
NOBODY = 65534


def digests(folder):
    """Every file under a folder with its bytes, mode and time of change."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            facts = os.lstat(path)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = (
                    hashlib.sha256(file.read()).hexdigest(), stat.S_IMODE(facts.st_mode), facts.st_mtime_ns)
    return found


class Foreign(Case):
    """What is not a ledger is left as it is, and nothing is put beside it."""

    def refuse(self, *parts):
        before = digests(self.office.ledger) if os.path.isdir(self.office.ledger) else None
        for name, command in {**READING, **WRITING}.items():
            with self.subTest(name):
                answer = self.office.run(*command)
                self.assert_answers(answer, COULD_NOT_RUN, *parts)
                after = digests(self.office.ledger) if os.path.isdir(self.office.ledger) else None
                self.assertEqual(after, before)
        answer = self.office.run("doctor")
        self.assertIn(answer.code, (DONE, COULD_NOT_RUN), answer)
        self.assertRegex(answer.out, "FAIL|no ledger", answer)

    def replace(self, data):
        shutil.rmtree(self.office.ledger)
        os.mkdir(self.office.ledger)
        with open(self.office.database, "wb") as file:
            file.write(data)

    def test_absent(self):
        shutil.rmtree(self.office.ledger)
        self.refuse("There is no ledger in", "hint: ")
        os.mkdir(self.office.ledger)
        self.refuse("There is no ledger in", "hint: ")

    def test_random_bytes_and_nothing(self):
        self.replace(random.Random(1).randbytes(100_000))
        self.refuse("is not a ledger of Onus")
        self.replace(b"")
        self.refuse("is not a ledger of Onus")
        self.replace(b"SQLite format 3\0")
        self.refuse("is not a ledger of Onus")

    def test_a_folder_of_that_name(self):
        shutil.rmtree(self.office.ledger)
        os.makedirs(self.office.database)
        self.refuse("ledger.db")

    def test_another_database(self):
        shutil.rmtree(self.office.ledger)
        os.mkdir(self.office.ledger)
        with self.office.connect() as database:
            database.execute("CREATE TABLE entry (idx INTEGER PRIMARY KEY, leaf BLOB)")
            database.commit()
        self.refuse("is not a ledger of Onus")

    def test_a_ledger_of_another_layout(self):
        with self.office.connect() as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA user_version = 7")
        self.refuse("layout 7", "hint: ")

    def test_a_ledger_without_its_tables(self):
        """Ours by its header and empty inside: an error or a finding, never a new ledger."""
        with self.office.connect() as database:
            for name in ("entry", "tile", "checkpoint", "opening"):
                database.execute(f"DROP TABLE {name}")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for name, command in {**READING, **WRITING}.items():
            with self.subTest(name):
                answer = self.office.run(*command)
                self.assertNotEqual(answer.code, DONE, answer)
                self.assertTrue(answer.err, answer)

    def test_a_ledger_that_was_cut_short(self):
        with self.office.connect() as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = os.path.getsize(self.office.database)
        for size in (whole - 8192, whole // 2 // 8192 * 8192 + 100, 8192, 100):
            office = self.copy(self.office, self.office.folder + f"-{size}")
            os.truncate(office.database, size)
            for name in ("audit", "org add"):
                with self.subTest(name, size=size):
                    answer = office.run(*{**READING, **WRITING}[name])
                    self.assertNotIn(answer.code, (DONE, REFUSED, USAGE), answer)
                    self.assertTrue(answer.code > 0 and answer.err, answer)


@unittest.skipUnless(os.geteuid() == 0, "needs root, to become somebody who may not write")
class ReadOnly(Case):
    def setUp(self):
        super().setUp()
        as_nobody = self.as_nobody()
        if subprocess.run([*as_nobody, COMMAND, "--version"], capture_output=True).returncode != 0:
            self.skipTest("another user cannot run the command where it was built")
        for folder in (os.path.dirname(self.office.folder), self.office.folder, self.office.ledger):
            os.chmod(folder, 0o755)
        self.kept = self.office.keep_checkpoint()
        self.out = self.office.path("out")
        os.mkdir(self.out, 0o777)
        os.chmod(self.out, 0o777)
        for root, folders, files in os.walk(self.office.keys):
            for name in (root, *(os.path.join(root, n) for n in folders + files)):
                os.chown(name, NOBODY, NOBODY)

    def as_nobody(self):
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]

    def run_as_nobody(self, *arguments):
        return self.office.run(*arguments, prefix=self.as_nobody(), cwd=self.out)

    def check(self):
        """Whoever may read can read and audit; whoever may not write changes nothing."""
        before = digests(self.office.ledger)
        for name, command in READING.items():
            with self.subTest(name):
                command = ("export", "tiles", "tiles") if name == "export" else command
                command = (*command, "--expect", self.kept) if name == "audit" else command
                answer = self.run_as_nobody(*command)
                if name == "log":
                    # It has an index of its own, which it cannot keep here, and says what to do.
                    self.assert_answers(answer, COULD_NOT_RUN, "hint: Copy the ledger")
                    continue
                self.assertEqual(answer.code, DONE, answer)
        for name in ("org add", "views rebuild", "restore"):
            with self.subTest(name):
                answer = self.run_as_nobody(*WRITING[name])
                self.assert_answers(answer, COULD_NOT_RUN, "hint: ")
        self.assertEqual(digests(self.office.ledger), before)
        self.assert_sound(self.office, self.kept)

    def test_a_file_and_a_folder_that_may_only_be_read(self):
        for name in os.listdir(self.office.ledger):
            os.chmod(os.path.join(self.office.ledger, name), 0o444)
        self.check()

    def test_views_that_may_not_be_read(self):
        os.chmod(self.office.database, 0o444)
        answer = self.run_as_nobody("audit", "--forget", "--expect", self.kept)
        self.assertEqual(answer.code, NOT_CHECKED, answer)
        self.assertIn("whoever audits may not read them", answer.err)

    def test_a_file_that_may_only_be_read_in_a_folder_that_is_ours(self):
        os.chmod(self.office.database, 0o444)
        os.chmod(self.office.ledger, 0o777)
        before = self.office.truth()
        answer = self.run_as_nobody(*WRITING["org add"])
        self.assert_answers(answer, COULD_NOT_RUN, "hint: ")
        answer = self.run_as_nobody("audit", "--forget", "--expect", self.kept)
        self.assertEqual(answer.code, DONE, answer)
        self.assertEqual(self.office.truth(), before)

    def test_a_file_that_may_not_be_read(self):
        os.chmod(self.office.database, 0o600)
        before = digests(self.office.ledger)
        for name in ("audit", "status", "org add"):
            with self.subTest(name):
                self.assert_answers(self.run_as_nobody(*{**READING, **WRITING}[name]), COULD_NOT_RUN,
                                    "ledger.db", "hint: ")
        self.assertEqual(digests(self.office.ledger), before)
        self.assert_sound(self.office, self.kept)

    def test_keys_that_may_not_be_read(self):
        self.give_away(self.office.ledger)
        os.chmod(self.office.keys, 0o000)
        before = self.office.truth()
        self.assert_answers(self.run_as_nobody(*WRITING["org add"]), COULD_NOT_RUN, self.office.keys)
        self.assertEqual(self.office.truth(), before)

    def test_keys_that_may_not_be_written(self):
        """The entry is recorded and cannot be published, since the guard cannot: it says just that."""
        self.give_away(self.office.ledger)
        os.chmod(self.office.keys, 0o500)
        size = self.office.size()
        answer = self.run_as_nobody(*WRITING["org add"])
        self.assert_answers(answer, COULD_NOT_RUN, f"From entry {size} on 1 were recorded", "onus doctor")
        self.assertEqual(self.office.size(), size + 1)
        os.chmod(self.office.keys, 0o700)
        self.assertIn("ok    guard", self.run_as_nobody("doctor").out)
        self.assert_sound(self.office, self.kept)
        with open(self.office.keep_checkpoint("later"), encoding="utf-8") as file:
            self.assertEqual(file.read().split("\n")[1], str(size + 1))

    def give_away(self, folder):
        os.chown(folder, NOBODY, NOBODY)
        for name in os.listdir(folder):
            os.chown(os.path.join(folder, name), NOBODY, NOBODY)


class Locked(Case):
    """Another process holds the ledger: everyone is told so, and waits no longer than it says."""

    def test_by_another_process(self):
        """Four ways to hold it, at the same time since each waits five or ten seconds."""
        ways = (self.by_a_connection, self.by_one_that_keeps_everybody_out, self.by_another_that_appends,
                self.by_a_user_of_the_views)
        offices = [self.copy(self.office, f"{self.office.folder}-{way.__name__}") for way in ways]
        with concurrent.futures.ThreadPoolExecutor(len(ways)) as pool:
            for way, future in [(way, pool.submit(way, office)) for way, office in zip(ways, offices)]:
                with self.subTest(way.__name__):
                    future.result()
        for office in offices:
            self.finish(office)

    def by_a_connection(self, office):
        with office.connect() as database:
            database.execute("BEGIN EXCLUSIVE")
            database.execute("UPDATE checkpoint SET note = note")
            answers = self.at_once(office, ["org add", "views rebuild", "audit", "checkpoint", "status"])
            database.rollback()
        self.assert_answers(answers["org add"], COULD_NOT_RUN, "Another process", "gain")
        for name in ("audit", "checkpoint"):
            # Who only reads is not in its way.
            self.assertIn(answers[name].code, (DONE, NOT_CHECKED), answers[name])

    def by_one_that_keeps_everybody_out(self, office):
        with office.connect() as database:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("UPDATE checkpoint SET note = note")
            answers = self.at_once(office, ["org add", "audit", "status", "export"])
            database.rollback()
        for answer in answers.values():
            if answer.code not in (DONE, NOT_CHECKED):
                self.assert_answers(answer, COULD_NOT_RUN, "gain")
        self.assertEqual(answers["org add"].code, COULD_NOT_RUN)

    def by_another_that_appends(self, office):
        """The lock beside the log key is held: appends wait ten seconds and say why."""
        (name,) = [name for name in os.listdir(office.keys) if name.endswith(".guard.lock")]
        with open(os.path.join(office.keys, name), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            answers = self.at_once(office, ["org add", "audit", "status"])
        self.assert_answers(answers["org add"], COULD_NOT_RUN, "Another process is appending", "Try again")
        for name in ("audit", "status"):
            self.assertIn(answers[name].code, (DONE, NOT_CHECKED), answers[name])

    def by_a_user_of_the_views(self, office):
        with contextlib.closing(sqlite3.connect(os.path.join(office.ledger, "views.db"))) as views:
            views.execute("BEGIN EXCLUSIVE")
            answers = self.at_once(office, ["org add", "views rebuild", "audit"])
            views.rollback()
        for answer in answers.values():
            if answer.code not in (DONE, NOT_CHECKED):
                self.assert_answers(answer, COULD_NOT_RUN, "gain")
        self.assertIn(answers["audit"].code, (DONE, NOT_CHECKED), answers["audit"])

    def at_once(self, office, names):
        commands = {**READING, **WRITING}
        with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
            return dict(zip(names, pool.map(lambda name: office.run(*commands[name]), names)))

    def finish(self, office):
        """Afterwards the same append is taken, or was; and all is well."""
        kept = office.keep_checkpoint()
        answer = office.run(*WRITING["org add"])
        self.assertTrue(answer.code == DONE or "already-exists" in answer.err, answer)
        self.assert_sound(office, kept)


class FullDisk(Case):
    """A small disk of our own, filled to within a few pages: what is acknowledged is kept."""

    def disk(self, name, megabytes):
        if os.geteuid() != 0:
            self.skipTest("needs root, to mount a small disk")
        libc = ctypes.CDLL(None, use_errno=True)
        if not hasattr(FullDisk, "is_apart"):
            # A mount namespace of our own: the disks are seen by nobody else and end with the test.
            FullDisk.is_apart = (libc.unshare(0x00020000) == 0
                                 and libc.mount(b"none", b"/", None, 0x44000, None) == 0)
        path = f"{self.office.folder}-{name}"
        os.mkdir(path)
        options = f"size={int(megabytes * 1024)}k".encode()
        if not FullDisk.is_apart or libc.mount(b"tmpfs", path.encode(), b"tmpfs", 0, options) != 0:
            self.skipTest("a small disk cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", path], capture_output=True)
        return path

    def fill(self, disk, free):
        """Leaves so many bytes on the disk."""
        filler = os.path.join(disk, "filler")
        with open(filler, "wb") as file:
            facts = os.statvfs(disk)
            file.write(bytes(max(0, facts.f_bavail * facts.f_bsize - free)))
        return filler

    def test_appending(self):
        disk = self.disk("disk", 2)
        taken = refused = 0
        for free in range(0, 400_000, 16_384):
            with self.subTest(free=free):
                shutil.rmtree(os.path.join(disk, "office"), ignore_errors=True)
                office = self.copy(self.office, os.path.join(disk, "office"))
                kept, size = office.keep_checkpoint(self.office.path("kept")), office.size()
                filler = self.fill(disk, free)
                answer = office.run("progress", "T1", "--period", "2024-05", "--percent", "1", "--done",
                                    "x" * 20_000, "--as", "ROADS")
                os.remove(filler)
                if answer.code == DONE:
                    taken += 1
                    self.assertEqual(office.size(), size + 1)
                else:
                    refused += 1
                    self.assert_answers(answer, COULD_NOT_RUN)
                    self.assertRegex(answer.err, "full|room|space|may or may not|were recorded|is in the ledger", answer)
                # With room again the next append settles whatever was left.
                office.do(*WRITING["org add"])
                self.assertIn(office.size() - size, (1, 2))
                self.assert_sound(office, kept)
        print(f"\n{taken + refused} appends to a disk that fills: {taken} taken, {refused} refused")
        self.assertGreater(taken, 0)
        self.assertGreater(refused, 0)

    def test_everything_else_that_writes(self):
        disk = self.disk("disk", 1)
        filler = self.fill(disk, 8192)
        commands = {"export": ("export", "tiles", f"{disk}/out"), "prove": ("prove", "0", "--note", f"{disk}/a"),
                    "report": ("report", "scorecard", "--format", "html", "--out", f"{disk}/card.html"),
                    "init": ("init", "--origin", "a.b/c", "--registrar", "R", "--name-en", "A", "--name-zh",
                             "B", "--no-passphrase", "--ledger", f"{disk}/l", "--keys", f"{disk}/k")}
        with self.unharmed():
            for name, command in commands.items():
                with self.subTest(name):
                    answer = self.office.run(*command)
                    if answer.code != DONE:
                        self.assert_answers(answer, COULD_NOT_RUN)
                        self.assertRegex(answer.err.lower(), "full|room|space", answer)
                        if name != "init":
                            self.assertFalse(os.path.exists(command[-1]), "something half written is there")
            os.remove(filler)
            self.assertEqual(self.office.run(*commands["init"]).code, DONE, "init cannot be done again")

    def test_a_limit_on_the_size_of_files(self):
        kept = self.office.keep_checkpoint()
        size = self.office.size()
        for blocks in (1, 8, 40, 100):
            answer = self.office.run(*WRITING["org add"][:2], f"N{blocks}", *WRITING["org add"][3:],
                                     prefix=("bash", "-c", f'ulimit -f {blocks}; exec "$@"', "-"))
            if answer.code != DONE:
                self.assert_answers(answer, COULD_NOT_RUN)
        self.office.do(*WRITING["org add"])
        self.assertGreater(self.office.size(), size)
        self.assert_sound(self.office, kept)


class World(Case):
    def test_standard_output_that_takes_nothing(self):
        """An answer that is lost is an error, whatever was asked."""
        with self.unharmed(), open("/dev/full", "wb") as full:
            for name, command in {**READING, "json": ("status", "--json"), "keys": ("key", "list")}.items():
                with self.subTest(name):
                    if name == "audit":
                        command = (*command, "--expect", self.office.path("kept.checkpoint"))
                    self.assert_answers(self.run_with(full, *command), COULD_NOT_RUN, "standard output", "space")
                    shutil.rmtree(self.office.path("out"), ignore_errors=True)
                    closed = self.office.run(*command, prefix=("sh", "-c", 'exec "$@" >&-', "-"))
                    self.assert_answers(closed, COULD_NOT_RUN, "standard output")
                    shutil.rmtree(self.office.path("out"), ignore_errors=True)

    def run_with(self, stdout, *command):
        done = subprocess.run([COMMAND, *command], env=self.office.environment(), cwd=self.office.folder,
                              stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE)
        return Answer(command, done.returncode, "", text(done.stderr))

    def test_an_append_whose_answer_is_lost_says_that_it_stands(self):
        kept, size = self.office.keep_checkpoint(), self.office.size()
        with open("/dev/full", "wb") as full:
            answer = self.run_with(full, *WRITING["org add"])
        self.assert_answers(answer, COULD_NOT_RUN, "standard output", "onus log")
        self.assertEqual(self.office.size(), size + 1)
        self.assert_sound(self.office, kept)

    def test_all_three_descriptors_closed(self):
        """No file may get the number of standard output, or the answer is written into it."""
        kept, size = self.office.keep_checkpoint(), self.office.size()
        answer = self.office.run(*WRITING["org add"], prefix=("sh", "-c", 'exec "$@" <&- >&- 2>&-', "-"))
        self.assertEqual(answer.code, COULD_NOT_RUN)
        self.assertEqual(self.office.size(), size + 1)
        self.assert_sound(self.office, kept)

    def test_a_reader_that_goes_away(self):
        with self.unharmed():
            answer = self.office.run("log", prefix=("bash", "-c", 'set -o pipefail; "$@" | head -c 1', "-"))
            self.assertIn(answer.code, (DONE, 141, COULD_NOT_RUN), answer)

    def test_without_a_home(self):
        environment = self.office.environment(HOME=None)
        before = sorted(os.listdir(self.office.folder))
        for command in (("audit", "--forget"), ("status",), ("org", "list")):
            answer = self.office.run(*command, env=environment)
            self.assertIn(answer.code, (DONE, NOT_CHECKED), answer)
        self.office.do(*WRITING["org add"], env=environment)
        self.assertEqual(sorted(os.listdir(self.office.folder)), before)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become somebody without an account")
    def test_without_a_home_or_an_account(self):
        nobody_knows = ("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups")
        for folder in (os.path.dirname(self.office.folder), self.office.folder, self.office.ledger):
            os.chmod(folder, 0o777)
        os.chmod(self.office.database, 0o644)
        probe = subprocess.run([*nobody_knows, COMMAND, "--version"], capture_output=True)
        if probe.returncode != 0:
            self.skipTest("another user cannot run the command where it was built")
        with self.unharmed():
            before = sorted(os.listdir(self.office.folder))
            for command in (("key", "list"), ("audit",), ("key", "new", "X", "--no-passphrase")):
                with self.subTest(command):
                    answer = self.office.run(*command, prefix=nobody_knows,
                                             env=self.office.environment(HOME=None, ONUS_KEYS=None))
                    self.assert_answers(answer, COULD_NOT_RUN, "HOME", "--keys")
            self.assertEqual(sorted(os.listdir(self.office.folder)), before)

    def test_a_protected_key_without_a_terminal(self):
        phrase = self.office.environment(ONUS_PASSPHRASE="correct horse battery staple")
        self.office.do("org", "add", "LOCK", "--kind", "department", "--name-en", "A", "--name-zh", "B",
                       "--as", "REG")
        self.office.do("key", "new", "LOCK", env=phrase)
        self.office.do("key", "enrol", "LOCK", "--as", "REG", env=phrase)
        keys = sorted(os.listdir(self.office.keys))
        command = ("key", "rotate", "--to", "LOCK", "--as", "LOCK")
        wrong = self.office.environment(ONUS_PASSPHRASE="wrong")
        with self.unharmed():
            self.assert_answers(self.office.run(*command), COULD_NOT_RUN, "is protected", "--passphrase-file")
            self.assert_answers(self.office.run(*command, env=wrong), COULD_NOT_RUN, "assphrase")
            for name, data in (("empty", b""), ("huge", b"x" * 100_000), ("other", b"other\n")):
                path = self.office.write(name, data)
                with self.subTest(name):
                    self.assert_answers(self.office.run(*command, "--passphrase-file", path), COULD_NOT_RUN)
            self.assert_answers(self.office.run(*command, "--passphrase-file", "absent"), COULD_NOT_RUN,
                                "absent cannot be read")
            self.assert_answers(self.office.run("key", "new", "OTHER"), COULD_NOT_RUN, "--no-passphrase")
        self.assertEqual(sorted(os.listdir(self.office.keys)), keys, "half a key was left")

    def test_key_files_that_are_none(self):
        (pem,) = [name for name in os.listdir(self.office.keys) if name.startswith("ROADS+")
                  and name.endswith(".pem")]
        path = os.path.join(self.office.keys, pem)
        with open(path, "rb") as file:
            whole = file.read()
        with self.unharmed():
            for data in (b"", b"x" * 100, whole[:60], whole.replace(b"PRIVATE", b"PUBLIC"), b"\0" * 70_000):
                with open(path, "wb") as file:
                    file.write(data)
                answer = self.office.run("accept", "T2", "--as", "ROADS")
                self.assert_answers(answer, COULD_NOT_RUN)
            os.remove(path)
            self.assert_answers(self.office.run("accept", "T2", "--as", "ROADS"), COULD_NOT_RUN, pem)


if __name__ == "__main__":
    unittest.main()
