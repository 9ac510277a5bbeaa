"""What the tests on a network have in common: a witness that serves, and servers that misbehave.

Everything is on the loopback address, and every server ends with its test.
"""
import contextlib
import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import threading
import time

from outside_case import COMMAND, Case, text

ORIGIN = "outside.example/plan"
ORIGIN_HASH = hashlib.sha256(ORIGIN.encode()).hexdigest()


class Server:
    """Listens on the loopback address and hands each connection to `serve`, in a thread of its own."""

    def __init__(self, serve):
        self.serve = serve
        self.requests = []
        self.is_open = True
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while self.is_open:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.handle, args=(connection,), daemon=True).start()

    def handle(self, connection):
        # A client that has had enough hangs up, which is what many of these tests are about.
        with contextlib.suppress(OSError), connection:
            self.serve(self, connection)

    def close(self):
        self.is_open = False
        # A thread that waits in accept is not woken by closing alone.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            connection.close()


def read_request(connection):
    """The first line and the body of a request; empty if the client went away."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return "", b""
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head.split(b"\r\n")[0].decode(), body


def answer(status, body=b"", content_type="text/plain", further=""):
    head = (f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n{further}\r\n")
    return head.encode() + body


def saying(*pieces, pause=0.0):
    """A server that reads a request and then says the pieces, whatever was asked."""
    def serve(server, connection):
        line, body = read_request(connection)
        server.requests.append((line, body))
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
    return serve


def silent(server, connection):
    read_request(connection)
    time.sleep(30)


def endless(head):
    """A server whose answer does not end: as much as the client takes, up to 10 GB."""
    def serve(server, connection):
        read_request(connection)
        connection.sendall(head)
        for _ in range(10_000):
            connection.sendall(b"x" * 1_000_000)
    return serve


def folder(path, gate=None):
    """A plain server of static files: `path` may change, and `gate` sees every name first."""
    def serve(server, connection):
        line, _ = read_request(connection)
        if not line:
            return
        name = line.split(" ")[1].lstrip("/")
        server.requests.append(name)
        root = path if isinstance(path, str) else path(name)
        if gate:
            gate(name)
        try:
            with open(os.path.join(root, name), "rb") as file:
                connection.sendall(answer(200, file.read(), "application/octet-stream"))
        except OSError:
            connection.sendall(answer(404, b"no\n"))
    return serve


class NetworkCase(Case):
    def serving(self, serve):
        server = Server(serve)
        self.addCleanup(server.close)
        return server

    # The ledger

    def grow(self, number, office=None):
        (office or self.office).do("org", "add", f"N{number}", "--kind", "department", "--name-en", "N",
                                   "--name-zh", "乙", "--as", "REG")

    def fork(self):
        """The same ledger with the same log key, from here on with another history."""
        return self.copy(self.office, self.office.path("..", "forked"))

    def request(self, since, office=None):
        return (office or self.office).do("checkpoint", "cosign", "--request-to", "-", "--since",
                                          str(since)).encode()

    # The witness

    def make_witness(self, name="court", serves=True):
        key = self.office.do("witness", "init", f"{name}.example/w", "--no-passphrase", "--witness",
                             self.office.path(name)).strip()
        if serves:
            self.office.do("witness", "trust", self.office.log_key(), "--witness", self.office.path(name))
        return key

    def serve(self, name="court", *arguments, env=None):
        """Starts a witness's server and waits until it listens; its log is collected."""
        log = open(self.office.path(f"{name}.log"), "ab")
        process = self.office.start(
            "witness", "serve", "--witness", self.office.path(name), "--listen", "127.0.0.1:0", *arguments,
            env=env, stderr=log)
        log.close()
        self.addCleanup(self.stop, process)
        self.assertIn("+", text(process.stdout.readline()), self.log(name))
        process.url = text(process.stdout.readline()).split()[-1]
        process.port = int(re.search(r":(\d+)", process.url)[1])
        return process

    def stop(self, process, number=signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(number)
        process.wait(timeout=15)
        process.stdout.close()

    def log(self, name="court"):
        with open(self.office.path(f"{name}.log"), encoding="utf-8") as file:
            return file.read()

    def helper(self, process):
        """The process that speaks on the network for this one."""
        children = []
        for thread in os.listdir(f"/proc/{process.pid}/task"):
            with open(f"/proc/{process.pid}/task/{thread}/children", encoding="ascii") as file:
                children += file.read().split()
        (child,) = children
        return int(child)

    def ask(self, server, body, method="POST", path="/add-checkpoint"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type"), response.read()
        finally:
            connection.close()

    # The clock

    @contextlib.contextmanager
    def within(self, seconds):
        start = time.monotonic()
        yield
        self.assertLess(time.monotonic() - start, seconds)

    def wait_until(self, condition, what, seconds=8):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.02)


HELPER = os.path.join(os.path.dirname(COMMAND), "onus-net")


def post(body, *arguments, timeout=30, env=None):
    """Runs `onus-net post`: its exit, what it wrote, and what it said."""
    done = subprocess.run([HELPER, "post", *arguments], input=body, capture_output=True, timeout=timeout,
                          env={"PATH": "/usr/bin:/bin", **(env or {})})
    return done.returncode, done.stdout, text(done.stderr)
