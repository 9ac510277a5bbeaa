"""Reading an export by its address: as the folder is read, whatever the server does meanwhile."""
import functools
import http.server
import os
import shutil
import signal
import socket
import threading
import time
import unittest

from network_case import NetworkCase, answer, endless, folder, read_request, saying, silent
from outside_case import COULD_NOT_RUN, DONE, NOT_CHECKED, USAGE, VIOLATION
from submissions import Key, carried, head, note, registration


# Twice, and the line stays open.
ANSWERS = 2 * b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"


def early(_, connection):
    """A server that does not wait for the question."""
    connection.sendall(ANSWERS)
    time.sleep(2)


class Reading(NetworkCase):
    def setUp(self):
        super().setUp()
        self.export = self.office.path("export")
        self.office.do("export", "tiles", self.export)
        self.kept = os.path.join(self.export, "checkpoint")
        self.temporary = self.office.path("tmp")
        os.mkdir(self.temporary)

    def audit(self, where, *arguments, office=None, **how):
        office = office or self.office
        env = office.environment(TMPDIR=self.temporary)
        arguments = arguments if "--heads" in arguments else ("--forget", *arguments)
        result = office.run("audit", where, *arguments, env=env, **how)
        self.assertEqual(os.listdir(self.temporary), [], "what was fetched stays behind")
        return result

    def same_as_the_folder(self, where, path, code, *arguments):
        """The audit of the address says what that of the folder says, word for word."""
        result = self.audit(where, *arguments)
        direct = self.audit(path, *arguments)
        self.assertEqual((result.code, result.out), (direct.code, direct.out))
        self.assert_audit(result, code)
        return result

    def assert_audit(self, result, code, *parts):
        """Findings stand on standard error without the name of the command before them."""
        self.assertEqual(result.code, code, result)
        for part in parts:
            self.assertIn(part, result.err, result)

    def file_below(self, path, folder):
        return next(os.path.join(root, files[0])
                    for root, _, files in os.walk(os.path.join(path, folder)) if files)

    def later(self, name="later"):
        """The same export some entries later, as an update of the folder leaves it."""
        self.grow(name)
        path = self.office.path(name)
        shutil.copytree(self.export, path)
        self.office.do("export", "tiles", path)
        return path

    def test_a_good_one(self):
        """Served by the plainest of servers."""
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=self.office.folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        base = f"http://127.0.0.1:{server.server_address[1]}/export"
        for url in (base, base + "/"):
            result = self.same_as_the_folder(url, self.export, DONE, "--expect", self.kept)
            self.assertIn("SOUND", result.out)
        self.same_as_the_folder(base, self.export, NOT_CHECKED)
        self.same_as_the_folder(base, self.export, NOT_CHECKED, "--json")
        # Receipts are held against it, and what is lost comes back from it.
        receipts = self.office.path("receipts")
        os.mkdir(receipts)
        self.office.do("org", "add", "R1", "--kind", "department", "--name-en", "R", "--name-zh", "丙", "--as",
                       "REG", "--receipt", os.path.join(receipts, "r1.receipt"))
        check = ("receipt", "check", "--all", receipts, "--log-key", self.office.log_key(), "--against", base)
        self.assert_audit(self.office.run(*check), VIOLATION)
        self.office.do("export", "tiles", self.export)
        self.assert_answers(self.office.run(*check), DONE)
        self.assertIn("nothing is missing", self.office.do("restore", "--from", base))

    def test_one_of_more_than_a_tile(self):
        registrar = Key.of(self.office, "REG")
        first, seen = registrar.next(self.office), head(self.office)
        files = [
            self.office.write(f"{i}.onus", carried(note(
                registrar, self.office, [registration(f"M{i}")], numbers=[first + i], seen=seen)))
            for i in range(300 - self.office.size())]
        self.office.do("submit", *files, "--receipts", self.office.path("receipts"))
        path = self.office.path("big")
        self.office.do("export", "tiles", path)
        server = self.serving(folder(path))
        self.same_as_the_folder(server.url, path, DONE, "--expect", os.path.join(path, "checkpoint"))
        names = [os.path.relpath(os.path.join(root, name), path)
                 for root, _, files in os.walk(path) for name in files]
        self.assertIn("tile/0/000", names)
        # Each file once, and at the end the checkpoint again.
        self.assertEqual(sorted(server.requests), sorted(names + ["checkpoint"]))

    def test_a_torn_one(self):
        for lost in ("tile/entries", "tile/0"):
            path = self.office.path("torn-" + lost.replace("/", "-"))
            shutil.copytree(self.export, path)
            shutil.rmtree(os.path.join(path, lost))
            result = self.same_as_the_folder(self.serving(folder(path)).url, path, VIOLATION)
            self.assertRegex(result.err, f"onus: {lost}/\\S+ is not at http://")
        for length in (-1, 10):
            path = self.office.path(f"longer{length}")
            shutil.copytree(self.export, path)
            name = self.file_below(path, "tile/0")
            with open(name, "rb") as file:
                data = file.read()
            with open(name, "wb") as file:
                file.write(data[:length] if length < 0 else data + b"x" * length)
            self.same_as_the_folder(self.serving(folder(path)).url, path, VIOLATION)

    def test_one_that_is_changed_by_a_bit(self):
        path = self.office.path("flipped")
        shutil.copytree(self.export, path)
        name = self.file_below(path, "tile/entries")
        with open(name, "r+b") as file:
            file.seek(-20, os.SEEK_END)
            byte = file.read(1)[0]
            file.seek(-20, os.SEEK_END)
            file.write(bytes([byte ^ 1]))
        result = self.same_as_the_folder(self.serving(folder(path)).url, path, VIOLATION)
        self.assertIn("FAILED", result.out)

    def test_one_that_grows_meanwhile(self):
        """The files of the old size go while they are fetched: begun again with the new one."""
        later, now = self.later(), [self.export]

        def gate(name):
            if name.startswith("tile"):
                now[0] = later

        server = self.serving(folder(lambda _: now[0], gate))
        result = self.audit(server.url, "--expect", self.kept)
        self.assert_audit(result, DONE)
        self.assertIn(f"{self.office.size()} entries", result.out)
        self.assertEqual(server.requests.count("checkpoint"), 3)
        # It grows when all has been fetched: what was asked for is what is audited, and that is said.
        asked = []

        def choose(name):
            asked.append(name)
            return later if asked.count("checkpoint") > 1 else self.export

        result = self.audit(self.serving(folder(choose)).url, "--expect", self.kept)
        self.assert_audit(result, DONE, "when all was fetched; what follows is of the")
        self.assertIn(f"{self.office.size() - 1} entries", result.out)

    def test_one_that_never_rests(self):
        versions = [self.export]
        for number in range(4):
            self.export = self.later(f"v{number}")
            versions.append(self.export)
        turn = [0]

        def choose(name):
            if name == "checkpoint":
                turn[0] += 1
            return versions[min(turn[0] + (name != "checkpoint"), 4)]

        result = self.audit(self.serving(folder(choose)).url)
        self.assert_answers(result, COULD_NOT_RUN, "changed each of 3 times", "Try again")

    def test_two_trees(self):
        """One reader is shown one history, and the next another: whoever remembers notices."""
        other = self.fork()
        self.grow("A")
        self.grow("B", other)
        paths = []
        for office, name in ((self.office, "one"), (other, "two")):
            paths.append(self.office.path(name))
            office.do("export", "tiles", paths[-1])
        now = [paths[0]]
        server = self.serving(folder(lambda _: now[0]))
        heads = ("--heads", self.office.path("heads"))
        self.assertIn(self.audit(server.url, *heads).code, (DONE, NOT_CHECKED))
        self.assert_audit(self.audit(server.url, *heads), DONE)
        now[0] = paths[1]
        result = self.audit(server.url, *heads)
        self.assert_audit(result, VIOLATION)
        self.assertRegex(result.out, r"anchoring +FAILED")
        result = self.audit(server.url, "--expect", os.path.join(paths[0], "checkpoint"))
        self.assert_audit(result, VIOLATION)
        # To one reader both: the checkpoints tell, or the audit of what is no tree.
        asked = []

        def flips(name):
            asked.append(name)
            return paths[asked.count("checkpoint") > 1]

        result = self.audit(self.serving(folder(flips)).url)
        self.assert_audit(result, VIOLATION, "two checkpoints", "its readers are shown two histories")
        mixed = self.serving(folder(lambda name: paths["entries" in name]))
        result = self.audit(mixed.url)
        self.assert_audit(result, VIOLATION)
        self.assertIn("FAILED", result.out)

    def test_servers_that_misbehave(self):
        with open(self.kept, "rb") as file:
            checkpoint = file.read()
        size = checkpoint.split(b"\n")[1]
        huge = checkpoint.replace(b"\n%s\n" % size, b"\n%d\n" % (1 << 60), 1)
        large = checkpoint.replace(b"\n%s\n" % size, b"\n%d\n" % (1 << 30), 1)

        def for_checkpoint(data, then):
            def serve(server, connection):
                peeked = connection.recv(4096, socket.MSG_PEEK)
                if b" /checkpoint " in peeked:
                    read_request(connection)
                    connection.sendall(answer(200, data))
                else:
                    then(server, connection)
            return serve

        flood = endless(b"HTTP/1.1 200 OK\r\n\r\n")
        cases = {
            "no checkpoint": (saying(answer(404)), "There is no exported ledger at"),
            "a page": (saying(answer(200, b"<html>\n")), "serves as checkpoint is none"),
            "an endless checkpoint": (flood, "its file checkpoint is not there, or too long"),
            "silence": (silent, "gave no whole answer within 1 s"),
            "silence for tiles": (for_checkpoint(checkpoint, silent), "gave no whole answer within 1 s"),
            "an error for tiles": (for_checkpoint(checkpoint, saying(answer(500))), "answers 500"),
            "elsewhere": (saying(answer(301, further="Location: http://127.0.0.1:1/\r\n")), "sends us on to"),
            "elsewhere for tiles": (for_checkpoint(checkpoint, saying(answer(302, further="Location: /x\r\n"))),
                                    "sends us on to /x"),
            "no HTTP": (saying(b"hello\r\n\r\n"), "is not HTTP"),
            "compressed": (saying(answer(200, checkpoint, further="Content-Encoding: gzip\r\n")), "encoding"),
            "2^60 entries": (for_checkpoint(huge, flood), "is more than the 8589934592 bytes that are fetched"),
            "2^30 entries": (for_checkpoint(large, flood), "is more than the 8589934592 bytes that are fetched"),
        }
        for name, (serve, reason) in cases.items():
            with self.subTest(name), self.within(6):
                result = self.audit(self.serving(serve).url, "--timeout", "1")
                self.assert_answers(result, COULD_NOT_RUN, reason)
        # Endless tiles are not taken, which the audit finds as in a folder where they are too long.
        with self.within(8):
            result = self.audit(self.serving(for_checkpoint(checkpoint, flood)).url)
        self.assert_audit(result, VIOLATION, "is not at http://")
        result = self.audit(self.serving(folder(self.export)).url, "--download-limit", "2000")
        self.assert_answers(result, COULD_NOT_RUN, "is more than the 2000 bytes that are fetched")

    def test_answers_that_nobody_asked_for(self):
        """Which of them is heard depends on who is faster; what is said of it is a sentence."""
        for name, serve in (("and waits", early), ("and goes", lambda _, line: line.sendall(ANSWERS))):
            for turn in range(6):
                with self.subTest(name, turn=turn):
                    result = self.audit(self.serving(serve).url, "--timeout", "1")
                    self.assert_answers(result, COULD_NOT_RUN)
                    self.assertRegex(result.err, "serves as checkpoint is none|answers more than it was asked|"
                                                 "closed the line before its answer was whole|connection reset|"
                                                 "gave no whole answer within 1 s")

    def test_what_is_typed(self):
        for where in ("http://", "http://a b/", "https://a/?q", "http://user@a/", "HTTP://a/"):
            self.assert_answers(self.audit(where), USAGE, "is no address to read a ledger at")
        self.assert_answers(self.audit("http://127.0.0.1:1/"), COULD_NOT_RUN, "connection refused")
        self.assert_answers(self.audit("http://nowhere.invalid/"), COULD_NOT_RUN, "its name leads nowhere")
        env = self.office.environment(ONUS_NET=self.office.path("nothing"))
        self.assert_answers(self.office.run("audit", "http://127.0.0.1:1/", env=env), COULD_NOT_RUN,
                            "There is no program at")
        env = self.office.environment(TMPDIR=self.office.path("nowhere"))
        self.assert_answers(self.office.run("audit", "http://127.0.0.1:1/", env=env), COULD_NOT_RUN,
                            "No folder can be made in")

    def test_a_full_disk(self):
        server = self.serving(folder(self.export))
        result = self.audit(server.url, prefix=("prlimit", "--fsize=100"))
        self.assert_answers(result, COULD_NOT_RUN, "could not be fetched", "cannot be written: file too large")

    def test_a_helper_that_is_ended(self):
        server = self.serving(silent)
        process = self.office.start("audit", server.url, env=self.office.environment(TMPDIR=self.temporary))
        self.wait_until(lambda: os.listdir(self.temporary), "nothing is fetched")
        os.kill(self.helper(process), signal.SIGKILL)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, COULD_NOT_RUN, err)
        self.assertIn(b"onus: onus-net ended before all was fetched.", err)
        self.assertEqual(os.listdir(self.temporary), [])

    def test_nothing_stays_however_it_ends(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            server = self.serving(silent)
            process = self.office.start("audit", server.url, env=self.office.environment(TMPDIR=self.temporary))
            self.wait_until(lambda: os.listdir(self.temporary), "nothing is fetched")
            process.send_signal(number)
            process.communicate(timeout=10)
            self.wait_until(lambda: not os.listdir(self.temporary), f"it stays after {number!r}")


if __name__ == "__main__":
    unittest.main()
