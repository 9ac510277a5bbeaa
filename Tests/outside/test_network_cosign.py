"""Asking witnesses by HTTP: honest ones, and such as lie, stall, flood, redirect or forget."""
import json
import ssl
import subprocess
import unittest

from network_case import NetworkCase, answer, endless, post, read_request, saying, silent
from outside_case import DONE, NOT_CHECKED, USAGE, VIOLATION


class Cosigning(NetworkCase):
    def policy(self, witnesses, quorum="any"):
        """A policy of (name, key, url); url may be empty."""
        lines = [f"witness {name} {key} {url}".strip() for name, key, url in witnesses]
        names = " ".join(name for name, _, _ in witnesses)
        return self.office.write(
            "policy", "\n".join(lines) + f"\ngroup g {quorum} {names}\nquorum g\n")

    def cosign(self, *arguments):
        return self.office.run("checkpoint", "cosign", *arguments)

    def test_of_a_policy(self):
        keys = {name: self.make_witness(name) for name in ("court", "city")}
        servers = {name: self.serve(name) for name in keys}
        path = self.policy([(name, keys[name], servers[name].url) for name in keys], "all")
        with self.unharmed_but_for_cosignatures():
            result = self.cosign("--policy", path)
        self.assert_answers(result, DONE)
        self.assertIn("the policy's quorum has cosigned", result.out)
        self.assertIn("court.example/w ", self.office.do("checkpoint"))
        self.assertEqual(self.office.run("audit", "--forget", "--policy", path).code, DONE)
        # As the log grows, each is asked from what it cosigned last.
        self.grow(1)
        self.assert_answers(self.cosign("--policy", path), DONE)
        self.assertNotIn(" 409 ", self.log().splitlines()[-1])
        # One of them is asked, and the other is not there.
        self.stop(servers["city"])
        self.grow(2)
        result = self.cosign("--policy", path, "--witness", keys["court"])
        self.assert_answers(result, NOT_CHECKED)
        self.assertRegex(result.out, r"court +cosigned")
        self.assertIn("The policy's quorum has not cosigned", result.err)
        result = self.cosign("--policy", path)
        self.assert_answers(result, NOT_CHECKED)
        self.assertRegex(result.out, r"city +NOT HAD +.*cannot be reached: connection refused|"
                                     r"city +NOT HAD +.*connection refused")
        result = self.cosign("--policy", self.policy([(n, keys[n], servers[n].url) for n in keys]), "--json")
        self.assert_answers(result, DONE)
        said = json.loads(result.out)
        self.assertEqual([w["outcome"] for w in said["witnesses"]], ["cosigned", "not-had"])
        self.assertTrue(said["enough"])

    def unharmed_but_for_cosignatures(self):
        case = self

        class Watch:
            def __enter__(self):
                self.leaves, self.kept = case.office.leaves(), case.office.keep_checkpoint()

            def __exit__(self, *_):
                case.assertEqual(case.office.leaves(), self.leaves)
                case.assert_sound(case.office, self.kept)

        return Watch()

    def test_of_one_that_is_ahead_of_what_is_known_of_it(self):
        key = self.make_witness()
        size = self.office.size()
        cosigned = self.office.path("carried")
        self.office.do("witness", "cosign", self.office.write("r", self.request(0)), "--to", cosigned,
                       "--witness", self.office.path("court"))
        self.grow(1)
        server = self.serve()
        result = self.cosign("--url", server.url, "--witness", key)
        self.assert_answers(result, DONE)
        log = self.log()
        self.assertRegex(log, rf" 409 .* old=0 new={size + 1}\n.* 200 .* old={size} new={size + 1}\n")

    def test_of_a_log_that_grows_meanwhile(self):
        key = self.make_witness()
        witness = self.serve()

        def serve(server, connection):
            _, body = read_request(connection)
            self.grow(len(server.requests))
            server.requests.append(body)
            status, kind, said = self.ask(witness, body)
            connection.sendall(answer(status, said, kind))

        size = self.office.size()
        result = self.cosign("--policy", self.policy([("court", key, self.serving(serve).url)]))
        self.assert_answers(result, DONE)
        self.assertIn(f"the policy's quorum has cosigned {size} entries", result.out)
        self.assertEqual(self.office.size(), size + 1)

    def test_of_a_log_that_is_not_served(self):
        key = self.make_witness(serves=False)
        server = self.serve()
        result = self.cosign("--url", server.url, "--witness", key)
        self.assert_answers(result, NOT_CHECKED)
        self.assertIn("does not serve this log, or is not there (404). It says: This witness does not serve",
                      result.out)

    def test_of_a_ledger_that_was_forked_or_rolled_back(self):
        key = self.make_witness()
        server = self.serve()
        old = self.copy(self.office, self.office.path("..", "old"))
        self.grow(1)
        self.assert_answers(self.cosign("--url", server.url, "--witness", key), DONE)
        result = old.run("checkpoint", "cosign", "--url", server.url, "--witness", key)
        self.assert_answers(result, VIOLATION)
        self.assertRegex(result.out, r"CONTRADICTS +It says that it cosigned \d+ entries, and this ledger has")
        self.grow(2, old)
        result = old.run("checkpoint", "cosign", "--url", server.url, "--witness", key)
        self.assert_answers(result, VIOLATION, "onus equivocation")
        self.assertRegex(result.out, r"CONTRADICTS +.*\(422\): one of the two has another history")
        self.assertNotIn("court.example/w ", old.do("checkpoint"))

    def test_of_those_that_misbehave(self):
        """Every one of them at once: each has its line and its reason, and none keeps the others waiting."""
        moved = self.serving(saying(answer(302, b"", further="Location: http://127.0.0.1:1/\r\n")))
        forged, line = self.cosigned_elsewhere()
        size = self.office.size()
        body_of = {
            "stalls": (silent, "gave no whole answer within 2 s"),
            "drips": (saying(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 40, pause=0.2),
                      "gave no whole answer within 2 s"),
            "silences": (saying(), "closed the line before its answer was whole"),
            "breaks-off": (saying(answer(200, line)[:-20]), "closed the line before its answer was whole"),
            "garbage": (saying(b"\x00\xff not HTTP at all\r\n\r\n"), "answers what is not HTTP"),
            "page": (saying(answer(200, b"<html>hello</html>\n")), "What it answers is no cosignature"),
            "empty": (saying(answer(200)), "What it answers is no cosignature"),
            "floods": (endless(b"HTTP/1.1 200 OK\r\n\r\n"), "more than the 65536 bytes that are taken"),
            "announces": (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"),
                          "more than the 65536 bytes that are taken"),
            "heads": (endless(b"HTTP/1.1 200 OK\r\nX: "), "is not HTTP"),
            "packs": (saying(answer(200, line, further="Content-Encoding: gzip\r\n")),
                      "encoding that was not asked for"),
            "fails": (saying(answer(503, b"\x1b[31mred\n")), r"It answers 503. It says: \\u\{1b\}\[31mred"),
            "no-size": (saying(answer(409, b"7\n")), "What it answers is no cosignature"),
            "same-size": (saying(answer(409, b"0\n", "text/x.tlog.size")), "a proof from the very size"),
            "moves": (lambda server, c: saying(answer(409, b"%d\n" % (len(server.requests) + 1), "text/x.tlog.size"))
                      (server, c), "It named another size each time"),
        }
        asked = [(name, self.make_witness(name, serves=False), self.serving(serve).url)
                 for name, (serve, _) in body_of.items()]
        asked.append(("redirects", self.make_witness("redirects", serves=False), moved.url))
        asked.append(("stranger", self.make_witness("stranger", serves=False),
                      self.serving(saying(answer(200, line))).url))
        asked.append(("honest", self.make_witness("honest"), self.serve("honest").url))
        path = self.policy(asked)
        with self.within(15), self.unharmed_but_for_cosignatures():
            result = self.cosign("--policy", path, "--timeout", "2")
        self.assert_answers(result, DONE)
        rows = {row.split()[0]: row for row in result.out.splitlines()}
        for name, (_, reason) in body_of.items():
            self.assertRegex(rows[name], f"NOT HAD +.*({reason})", result)
        self.assertRegex(rows["redirects"], "answers 302 and sends us on to http://127.0.0.1:1/")
        self.assertIn("bears no cosignature of the witnesses", rows["stranger"])
        self.assertIn(f"cosigned  {size} entries", rows["honest"])
        # Those that contradict what is known: whoever else answers, that is the end.
        liars = [
            ("ahead", saying(answer(409, b"%d\n" % (size + 1), "text/x.tlog.size")), f"it cosigned {size + 1} entries"),
            ("forged", forged, "does not verify"),
            ("denies", saying(answer(422, b"no\n")), r"\(422\): one of the two has another history"),
        ]
        asked = [(name, self.forged_key if name == "forged" else self.make_witness(name, serves=False),
                  self.serving(serve).url)
                 for name, serve, _ in liars]
        result = self.cosign("--policy", self.policy(asked), "--timeout", "5")
        self.assert_answers(result, VIOLATION, "onus: 3 witnesses contradict", "hint: Run `onus doctor`")
        for (name, _, reason), row in zip(liars, result.out.splitlines()):
            self.assertRegex(row, f"{name} +CONTRADICTS +.*{reason}")

    def test_of_many_that_stall(self):
        """They are waited for together, once, and whoever is listed after them is asked all the same."""
        stalling = self.serving(silent).url
        asked = [(f"s{number}", self.make_witness(f"s{number}", serves=False), stalling) for number in range(20)]
        asked.append(("honest", self.make_witness("honest"), self.serve("honest").url))
        with self.within(15):
            result = self.cosign("--policy", self.policy(asked), "--timeout", "8")
        self.assert_answers(result, DONE)
        self.assertEqual(sum("NOT HAD" in row for row in result.out.splitlines()), 20, result)

    def cosigned_elsewhere(self):
        """A server that answers with a true cosignature on another history of the same size."""
        self.forged_key = self.make_witness("forged")
        other = self.fork()
        self.grow("A")
        self.grow("B", other)
        path = self.office.path("elsewhere")
        self.office.do("witness", "cosign", self.office.write("r", self.request(0, other)), "--to", path,
                       "--witness", self.office.path("forged"))
        with open(path, "rb") as file:
            line = file.read().splitlines(keepends=True)[-1]
        return saying(answer(200, line)), line

    def test_of_one_that_has_forgotten(self):
        key = self.make_witness()
        server = self.serve()
        size = self.office.size()
        self.assert_answers(self.cosign("--url", server.url, "--witness", key), DONE)
        self.grow(1)
        liar = self.serving(saying(answer(409, b"%d\n" % (size - 1), "text/x.tlog.size")))
        result = self.cosign("--url", liar.url, "--witness", key)
        self.assert_answers(result, VIOLATION)
        self.assertIn("it has forgotten, and can be made to cosign another history", result.out)

    def test_what_is_typed(self):
        key = self.make_witness()
        for arguments in (["--url", "http://a/"], ["--url", "ftp://a/", "--witness", key],
                          ["--url", "http://a/?b", "--witness", key], ["--witness", key],
                          ["--url", "http://a/", "--witness", key, "--from", "x"],
                          ["--url", "http://a/", "--witness", key, "--timeout", "0"], [],
                          ["--policy", self.policy([("court", key, "")])],
                          ["--policy", self.policy([("court", key, "nowhere")])]):
            self.assert_answers(self.cosign(*arguments), USAGE)


class Encrypted(NetworkCase):
    def test_a_witness_behind_tls(self):
        """A proxy that speaks TLS, with a certificate of an authority of its own."""
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.office.folder, check=True, capture_output=True)

        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days",
                "2", "-subj", "/CN=ca")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "w.key", "-out", "w.csr", "-subj", "/CN=w")
        self.office.write("ext", "subjectAltName=DNS:localhost\n")
        openssl("x509", "-req", "-in", "w.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                "w.pem", "-days", "2", "-extfile", "ext")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.office.path("w.pem"), self.office.path("w.key"))

        def serve(server, connection):
            with context.wrap_socket(connection, server_side=True) as line:
                saying(answer(200, b"hello"))(server, line)

        port = self.serving(serve).port
        plain = self.serving(lambda server, connection: connection.sendall(answer(200)))
        trusted = {"SSL_CERT_FILE": self.office.path("ca.pem")}
        arguments = ["--content-type", "text/plain", "--limit", "10", "--timeout", "8"]
        self.assertEqual(post(b"x", *arguments, f"https://localhost:{port}/", env=trusted)[:2], (0, b"hello"))
        for address, env, reason in (
                (f"https://localhost:{port}/", {}, "does not show a certificate that is trusted here"),
                (f"https://127.0.0.1:{port}/", trusted, "does not show a certificate that is trusted here"),
                (f"https://127.0.0.1:{plain.port}/", trusted, "does not speak TLS")):
            code, out, err = post(b"x", *arguments, address, env=env)
            self.assertEqual((code, out), (4, b""), err)
            self.assertIn(reason, err)
        code, _, err = post(b"x", *arguments, f"https://localhost:{port}/", env={"SSL_CERT_FILE": "/dev/null"})
        self.assertEqual(code, 1, err)


class Posting(NetworkCase):
    """`onus-net post` by itself, as others use it."""
    TYPES = ("--content-type", "application/timestamp-query", "--accept", "application/timestamp-reply")

    def post(self, serve, *arguments):
        return post(b"question", *self.TYPES, "--limit", "64", "--timeout", "1", *arguments,
                    self.serving(serve).url)

    def test_every_exit(self):
        reply = "application/timestamp-reply"
        server = self.serving(saying(answer(200, b"yes", reply)))
        self.assertEqual(post(b"question", *self.TYPES, "--limit", "3", server.url), (0, b"yes", ""))
        self.assertEqual(server.requests, [("POST / HTTP/1.1", b"question")])
        for serve, code, reason in (
                (saying(answer(200, b"yes", "text/html")), 3, "answers text/html and not application/timestamp-reply"),
                (saying(answer(200, b"y" * 65, reply)), 3, "more than the 64 bytes"),
                (saying(answer(307, further="Location: /x\r\n")), 3, "sends us on to /x"),
                (saying(answer(404, b"not here\n")), 2, "answers 404: not here"),
                (saying(answer(500)), 2, "answers 500."), (silent, 4, "within 1 s")):
            exit, out, err = self.post(serve)
            self.assertEqual((exit, out), (code, b""), err)
            self.assertRegex(err, rf"^onus-net: http://\S+ .*{reason}.*\n$")
        for wrong in (["--limit", "0", "http://a/"], ["--limit", "1", "nowhere"], ["--limit", "1"],
                      ["--limit", "1", "--timeout", "0", "http://a/"]):
            self.assertEqual(post(b"", "--content-type", "x/y", *wrong)[0], 64, wrong)
        self.assertEqual(post(b"", "--content-type", "a\r\nb: c", "--limit", "1", server.url)[1], b"")
        self.assertEqual(len(server.requests), 1)


if __name__ == "__main__":
    unittest.main()
