"""A ledger, and two authorities that its clerk can ask for timestamps."""
import json

from authorities import OpenSSLAuthority, PythonAuthority
from outside_case import DONE, Case


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Clerk(Case):
    """Who asks, and two authorities."""

    def setUp(self):
        super().setUp()
        self.openssl = OpenSSLAuthority(self.office.path("openssl"))
        self.python = PythonAuthority(self.office.path("python"))

    def timestamp(self, *words, **how):
        return self.office.run("checkpoint", "timestamp", *words, **how)

    def request(self, name="now"):
        """Makes a request, and returns its bytes."""
        path = self.office.path(f"{name}.tsq")
        answer = self.timestamp("--request-to", path)
        self.assertEqual(answer.code, DONE, answer)
        return read(path)

    def answered(self, data, name="now"):
        return self.office.write(f"{name}.tsr", data)

    def obtain(self, authority, name="now"):
        """Has the newest checkpoint timestamped, and returns the path of the answer."""
        path = self.answered(authority.reply(self.request(name)), name)
        answer = self.timestamp("--from", path, "--tsa-certificates", authority.root)
        self.assertEqual(answer.code, DONE, answer)
        return path

    def audit(self, *words, office=None, code=DONE):
        kept = self.office.keep_checkpoint("held.checkpoint")
        answer = (office or self.office).run("audit", "--forget", "--expect", kept, "--json", *words)
        self.assertEqual(answer.code, code, answer)
        return json.loads(answer.out)

    def count(self):
        return len(json.loads(self.office.do("checkpoint", "timestamp", "--list", "--json"))["timestamps"])

    def empty(self):
        with self.office.connect() as database:
            database.execute("DELETE FROM timestamp")
            database.commit()

    def codes(self, audit):
        return [finding["code"] for finding in audit["findings"]]
