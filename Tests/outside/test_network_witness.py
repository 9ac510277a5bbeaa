"""A witness that serves by HTTP: every status, its memory, and clients that are slow, huge, or many."""
import http.client
import os
import re
import signal
import socket
import threading
import time
import unittest

from network_case import ORIGIN, ORIGIN_HASH, NetworkCase
from outside_case import COULD_NOT_RUN, DONE, USAGE, Office

LINE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z 127\.0\.0\.1:\d+ [A-Z-]+ \S+ \d{3} \d+ \d+ \d+ms"
                  r"( \S+ (old=\d+ new=\d+|size=\d+))?$")


class Witness(NetworkCase):
    def test_every_status(self):
        key = self.make_witness()
        size = self.office.size()
        first = self.request(0)
        self.grow(1)
        second, again = self.request(size), self.request(0)
        server = self.serve()
        monitor = f"/{ORIGIN_HASH}/checkpoint"
        self.assertEqual(self.ask(server, None, "GET", monitor)[0], 404)
        status, _, line = self.ask(server, first)
        self.assertEqual(status, 200)
        self.assertTrue(line.startswith(f"— {key.split('+')[0]} ".encode()) and line.endswith(b"\n"), line)
        # What a request may be refused for, in the order of the specification.
        other = Office(self.office.path("other"))
        os.makedirs(other.folder)
        other.do("init", "--origin", "elsewhere.example/plan", "--registrar", "REG", "--name-en", "R",
                 "--name-zh", "登", "--no-passphrase")
        imposter = Office(self.office.path("imposter"))
        os.makedirs(imposter.folder)
        imposter.do("init", "--origin", ORIGIN, "--registrar", "REG", "--name-en", "R", "--name-zh", "登",
                    "--no-passphrase")
        above = first.replace(b"old 0\n", b"old %d\n" % (size + 9), 1)
        proof = second.split(b"\n\n")[0].split(b"\n")
        broken = second.replace(proof[1] + b"\n", proof[-1] + b"\n" + proof[-1] + b"\n", 1)
        for body, expected in ((b"hello", 400), (b"", 400), (first[:-1], 400), (above, 400),
                               (self.request(0, other), 404), (self.request(0, imposter), 403),
                               (broken, 422), (b"x" * (1 << 20), 400), (b"x" * ((1 << 20) + 1), 413)):
            self.assertEqual(self.ask(server, body)[0], expected, body[:80])
        status, kind, body = self.ask(server, again)
        self.assertEqual((status, kind, body), (409, "text/x.tlog.size", b"%d\n" % size))
        self.assertEqual(self.ask(server, second)[0], 200)
        # Nothing else is here, and nothing by another method.
        for path in ("/", "/add-checkpoint/", "/add-checkpoint?x", "//add-checkpoint", "/%61dd-checkpoint",
                     "/logs", "/../witness.pem", "/x/checkpoint/.."):
            self.assertEqual(self.ask(server, None, "GET", path)[0], 404, path)
        for method in ("GET", "PUT", "HEAD", "OPTIONS", "DELETE"):
            self.assertEqual(self.ask(server, None, method)[0], 405, method)
        self.assertEqual(self.ask(server, None, "POST", monitor)[0], 405)
        status, _, shown = self.ask(server, None, "GET", monitor)
        self.assertEqual(status, 200)
        self.assertIn(f"{ORIGIN}\n{size + 1}\n".encode(), shown)
        # One line for each, of one form, and nothing of what was sent.
        self.stop(server, signal.SIGTERM)
        lines = self.log().splitlines()
        self.assertEqual(len(lines), 28)
        for line in lines:
            self.assertRegex(line, LINE)
        self.assertIn(f"{ORIGIN} old={size} new={size + 1}", self.log())
        self.assertNotIn("hello", self.log())

    def test_below_a_prefix_and_kept_alive(self):
        self.make_witness()
        server = self.serve("court", "--prefix", "/w/1")
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        statuses = []
        for body in (self.request(0), self.request(0), b"x"):
            connection.request("POST", "/w/1/add-checkpoint", body)
            response = connection.getresponse()
            statuses.append(response.status)
            response.read()
        connection.request("GET", f"/w/1/{ORIGIN_HASH}/checkpoint")
        statuses.append(connection.getresponse().status)
        connection.close()
        self.assertEqual(statuses, [200, 409, 400, 200])
        self.stop(server, signal.SIGTERM)
        self.assertEqual(len(set(re.findall(r"127\.0\.0\.1:(\d+) ", self.log()))), 1)

    def test_many_at_once_never_go_back(self):
        self.make_witness()
        server = self.serve()
        first = self.office.size()
        requests = []
        for number in range(4):
            self.grow(number)
            requests += [self.request(0), self.request(first + number)]
        self.office.do("checkpoint", "cosign", "--url", server.url, "--witness", self.make_key())
        answers = []

        def work():
            for request in requests:
                answers.append(self.ask(server, request))

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # The newest had been cosigned before they began: nothing older may be after.
        self.assertEqual({status for status, _, _ in answers}, {409})
        self.assertEqual({body for _, _, body in answers}, {b"%d\n" % self.office.size()})

    def make_key(self):
        with open(self.office.path("court", "witness.vkey"), encoding="utf-8") as file:
            return file.read().strip()

    def test_of_many_with_one_beginning_one_is_cosigned(self):
        self.make_witness()
        server = self.serve()
        requests = [self.request(0)]
        for number in range(5):
            self.grow(number)
            requests.append(self.request(0))
        answers, gate = [], threading.Barrier(len(requests))

        def work(request):
            gate.wait()
            answers.append(self.ask(server, request)[0])

        threads = [threading.Thread(target=work, args=(request,)) for request in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [200] + [409] * 5)

    def test_remembers_what_it_said_however_it_ends(self):
        self.make_witness()
        said = 0
        for number in range(4):
            server = self.serve()
            self.grow(number)
            for since in (said, self.office.size()):
                status, _, body = self.ask(server, self.request(since))
                self.assertIn(status, (200, 409))
                said = self.office.size() if status == 200 else int(body)
            self.assertEqual(said, self.office.size())
            if number % 2:
                # Its helper goes: the witness says so and ends.
                os.kill(self.helper(server), signal.SIGKILL)
                self.assertEqual(server.wait(timeout=10), COULD_NOT_RUN)
                self.assertIn("onus: onus-net ended", self.log())
            else:
                # It goes itself: its helper does not stay.
                helper = self.helper(server)
                self.stop(server)
                self.wait_until(lambda: not os.path.exists(f"/proc/{helper}"), "the helper stays")
        server = self.serve()
        self.assertEqual(self.ask(server, self.request(0))[2], b"%d\n" % said)

    def test_killed_in_the_middle_of_much(self):
        self.make_witness()
        key, said = self.make_key(), 0
        for number in range(3):
            server = self.serve()
            self.grow(number)
            timer = threading.Timer(0.05 + 0.1 * number, server.kill)
            timer.start()
            try:
                while True:
                    status, _, body = self.ask(server, self.request(said))
                    size = self.office.size() if status == 200 else int(body)
                    self.assertGreaterEqual(size, said)
                    said = size
            except OSError:
                pass
            except http.client.HTTPException:
                pass
            timer.join()
            server.wait()
        self.office.do("checkpoint", "cosign", "--url", self.serve().url, "--witness", key)

    def test_slow_clients(self):
        self.make_witness()
        server = self.serve("court", "--timeout", "1", "--connections", "8")
        body = self.request(0)
        head = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % len(body)
        results = {}

        def client(name, *pieces, pause=0.3):
            with socket.create_connection(("127.0.0.1", server.port), timeout=12) as connection:
                start = time.monotonic()
                data = b""
                try:
                    for piece in pieces:
                        connection.sendall(piece)
                        time.sleep(pause)
                    while more := connection.recv(4096):
                        data += more
                except OSError:
                    pass
                results[name] = (data[:12], time.monotonic() - start)

        drip = [b"POST /add-checkpoint HTTP/1.1\r\n"] + [b"X: y\r\n"] * 20
        threads = [threading.Thread(target=client, args=arguments) for arguments in (
            ("silent",), ("head", *drip), ("body", head, *[body[i:i + 1] for i in range(20)]),
            ("idle", b"GET / HTTP/1.1\r\nHost: w\r\n"),
            ("done", b"GET /x/checkpoint HTTP/1.1\r\nHost: w\r\n\r\n"))]
        for thread in threads:
            thread.start()
        # Beside them others are served.
        with self.within(2):
            self.assertEqual(self.ask(server, body)[0], 200)
        for thread in threads:
            thread.join()
        for name in ("silent", "head", "body", "idle"):
            data, took = results[name]
            # What is still being sent when the line is cut may take the answer with it.
            self.assertIn(data, (b"HTTP/1.1 408",) if name in ("silent", "idle") else (b"HTTP/1.1 408", b""))
            self.assertLess(took, 8, name)
        self.assertEqual(results["done"][0], b"HTTP/1.1 404")
        self.stop(server, signal.SIGTERM)
        self.assertEqual(len(re.findall(r" 408 ", self.log())), 4, self.log())

    def test_requests_of_any_size(self):
        self.make_witness()
        server = self.serve()

        def send(data):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
                try:
                    connection.sendall(data)
                    return connection.recv(4096)[:12]
                except OSError:
                    return b""

        start = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n"
        # Told by its head: refused before a byte of the body is sent.
        self.assertEqual(send(start + b"Content-Length: 99999999999\r\n\r\n"), b"HTTP/1.1 413")
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        chunked = start + b"Transfer-Encoding: chunked\r\n\r\n"
        self.assertIn(send(chunked + chunk * 17 + b"0\r\n\r\n"), (b"HTTP/1.1 413", b""))
        self.assertEqual(send(chunked + b"5\r\nhello\r\n0\r\n\r\n"), b"HTTP/1.1 400")
        for data in ("GET /é/checkpoint HTTP/1.1\r\nHost: w\r\n\r\n".encode(),
                     b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n", start + b"X: " + b"y" * 50_000 + b"\r\n\r\n",
                     start + b"X: y\r\n" * 500 + b"\r\n", b"\x16\x03\x01\x02\x00\x01", b"\r\n\r\nhello\r\n\r\n",
                     start + b"Content-Length: -1\r\n\r\n", chunked + b"zz\r\n",
                     start + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            self.assertIn(send(data), (b"HTTP/1.1 400", b""), data[:60])
        # However that was, the next is served.
        self.assertEqual(self.ask(server, self.request(0))[0], 200)
        with open(f"/proc/{self.helper(server)}/status", encoding="ascii") as file:
            peak = int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1])
        self.assertLess(peak, 150_000)

    def test_codings_of_a_body(self):
        """Nothing is decoded, and nothing is taken for what it is not."""
        self.make_witness()
        server = self.serve()
        start = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n"
        for coding in (b"gzip", b"gzip, chunked", b"Chunked, gzip", b"identity", b"chunked, chunked"):
            with self.subTest(coding):
                data = start + b"Transfer-Encoding: " + coding + b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
                with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
                    connection.sendall(data)
                    self.assertIn(connection.recv(4096)[:12], (b"HTTP/1.1 501", b"HTTP/1.1 400"))
        self.stop(server, signal.SIGTERM)
        self.assertIn(" 501 ", self.log())

    def test_more_connections_than_it_takes(self):
        self.make_witness()
        server = self.serve("court", "--timeout", "1", "--connections", "3")
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(6)]
        # Each waits for its turn, and three turns are a second.
        with self.within(12):
            self.assertEqual(self.ask(server, self.request(0))[0], 200)
        for connection in idle:
            connection.close()

    def test_ends_when_what_has_begun_is_answered(self):
        self.make_witness()
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.serve()
            body = self.request(0)
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % len(body))
            connection.sendall(body[:9])
            time.sleep(0.3)
            server.send_signal(number)
            time.sleep(0.5)
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", server.port), timeout=2)
            connection.sendall(body[9:])
            self.assertIn(connection.recv(4096)[:12], (b"HTTP/1.1 200", b"HTTP/1.1 409"))
            connection.close()
            self.assertEqual(server.wait(timeout=10), DONE, self.log())

    def test_what_keeps_it_from_serving(self):
        self.make_witness()
        run, folder = self.office.run, self.office.path("court")
        server = self.serve()
        taken = f"127.0.0.1:{server.port}"
        self.assert_answers(run("witness", "serve", "--witness", folder, "--listen", taken), COULD_NOT_RUN,
                            f"{taken} cannot be listened on: address")
        for wrong in ("8080", "127.0.0.1", "127.0.0.1:99999", ":80", "a b:80"):
            self.assert_answers(run("witness", "serve", "--witness", folder, "--listen", wrong), USAGE)
        for wrong in (["--prefix", "w"], ["--prefix", "/a?b"], ["--connections", "0"], ["--timeout", "0"]):
            self.assert_answers(run("witness", "serve", "--witness", folder, *wrong), USAGE)
        self.assert_answers(run("witness", "serve", "--witness", self.office.path("none")), COULD_NOT_RUN,
                            "There is no witness in")
        env = self.office.environment(ONUS_NET=self.office.path("nothing"))
        self.assert_answers(run("witness", "serve", "--witness", folder, env=env), COULD_NOT_RUN,
                            "There is no program at", "swift build -c release --product onus-net")
        # A program that is another.
        for script, reason in (("exit 7", "onus-net ended with 7 before it was asked anything"),
                               ("echo hello", "does not speak as this version of onus does"),
                               ("echo '0 onus-net 2'", "does not speak as this version of onus does")):
            other = self.office.write("other", f"#!/bin/sh\n{script}\n")
            os.chmod(other, 0o755)
            env = self.office.environment(ONUS_NET=other)
            self.assert_answers(run("witness", "serve", "--witness", folder, env=env), COULD_NOT_RUN, reason)

    def test_the_passphrase_goes_no_further(self):
        secret = "correct horse"
        env = self.office.environment(ONUS_PASSPHRASE=secret)
        self.office.do("witness", "init", "court.example/w", "--witness", self.office.path("court"), env=env)
        self.office.do("witness", "trust", self.office.log_key(), "--witness", self.office.path("court"))
        answer = self.office.run("witness", "serve", "--witness", self.office.path("court"), "--listen",
                                 "127.0.0.1:0")
        self.assert_answers(answer, COULD_NOT_RUN, "there is no terminal to ask")
        server = self.serve(env=env)
        self.assertEqual(self.ask(server, self.request(0))[0], 200)
        for name in ("environ", "cmdline"):
            with open(f"/proc/{self.helper(server)}/{name}", "rb") as file:
                self.assertNotIn(secret.encode(), file.read())
        files = os.listdir(f"/proc/{self.helper(server)}/fd")
        for name in files:
            try:
                target = os.readlink(f"/proc/{self.helper(server)}/fd/{name}")
            except OSError:
                continue
            self.assertNotIn(self.office.path("court", ""), target)
        self.assertNotIn(secret, self.log())

    def test_a_memory_that_cannot_be_read(self):
        self.make_witness()
        server = self.serve()
        self.assertEqual(self.ask(server, self.request(0))[0], 200)
        self.office.write(f"court/{ORIGIN_HASH}.checkpoint", "rubbish\n")
        status, _, body = self.ask(server, self.request(0))
        self.assertEqual((status, body), (500, b"The witness cannot use its memory.\n"))
        self.stop(server, signal.SIGTERM)
        self.assertIn("onus: ", self.log())
        self.assertIn("does not hold the checkpoint that was cosigned last", self.log())

    def test_a_memory_that_was_deleted(self):
        """It is missed while it serves, and before it begins to."""
        self.make_witness()
        server = self.serve()
        self.assertEqual(self.ask(server, self.request(0))[0], 200)
        os.unlink(self.office.path("court", f"{ORIGIN_HASH}.checkpoint"))
        status, _, body = self.ask(server, self.request(0))
        self.assertEqual((status, body), (500, b"The witness cannot use its memory.\n"))
        self.stop(server, signal.SIGTERM)
        self.assertIn("has lost what it cosigned last", self.log())
        answer = self.office.run("witness", "serve", "--witness", "court", "--listen", "127.0.0.1:0", timeout=20)
        self.assert_answers(answer, COULD_NOT_RUN, "has lost what it cosigned last", "--last FILE")


if __name__ == "__main__":
    unittest.main()
