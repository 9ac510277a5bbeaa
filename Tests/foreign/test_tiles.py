"""Exports, read by other people's implementations of c2sp.org/tlog-tiles."""
import json
import os
import shutil
import subprocess
import unittest

from others_case import ORIGIN, OthersCase, flip, needs
from outside_case import Office, sample

# The sample and this many more: a full tile, a partial one, and a level above.
FURTHER = 240


class Tiles(OthersCase):
    exported = None

    def setUp(self):
        super().setUp()
        if Tiles.exported is None:
            office = self.copy(sample(), self.office.path("..", "grown"))
            for number in range(FURTHER):
                self.grow(number, office)
            Tiles.size = office.size()
            folder = self.export(office)
            Tiles.exported = os.path.join(sample().folder, "grown-tiles")
            shutil.copytree(folder, Tiles.exported)
        self.tiles = self.office.path("tiles")
        shutil.copytree(Tiles.exported, self.tiles)
        self.key = self.office.log_key()

    def damaged(self, *name):
        """The export with one bit of one file changed."""
        folder = self.office.path("damaged")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.tiles, folder)
        flip(os.path.join(folder, *name), 100)
        return folder

    def partial(self, *name):
        """The one partial tile below a folder: its whole name."""
        (folder,) = [entry for entry in os.listdir(os.path.join(self.tiles, *name)) if ".p" in entry]
        (width,) = os.listdir(os.path.join(self.tiles, *name, folder))
        return (*name, folder, width)

    @needs("onus-others")
    def test_of_golang_sumdb(self):
        """Root and every tile from the entries alone, and proofs from the tiles alone."""
        said = self.agrees("onus-others", "tiles", self.tiles, self.key)
        self.assertIn(f"{self.size} entries, 3 tiles, {self.size} proofs, root ", said)
        for name in (("checkpoint",), ("tile", "0", "000"), self.partial("tile", "0"),
                     ("tile", "entries", "000"), self.partial("tile", "entries")):
            with self.subTest(name):
                self.assertIn("refused: ", self.refuses("onus-others", "tiles", self.damaged(*name), self.key))
        # Shorter by its end, it is not what was signed either.
        os.remove(os.path.join(self.tiles, *self.partial("tile", "entries")))
        self.assertIn("no such file", self.refuses("onus-others", "tiles", self.tiles, self.key))

    @needs("onus-others")
    def test_of_golang_sumdb_on_editions(self):
        """What a bundle brings along, with or without the sealed texts, is the same log."""
        for edition in ("bundle", "public"):
            path, folder = self.office.path(f"{edition}.tar"), self.office.path(edition)
            self.office.do("export", edition, path)
            os.mkdir(folder)
            subprocess.run(["tar", "-xf", path, "-C", folder], check=True)
            said = self.agrees("onus-others", "tiles", folder, self.key)
            self.assertIn(f"{self.office.size()} entries, 1 tiles", said)

    @needs("fsck")
    def test_of_tessera_fsck(self):
        key = self.office.write("log.vkey", self.key)

        def arguments(folder):
            return ("-ui=false", "-N", "4", "-public_key", key, "-storage_url", f"file://{folder}/")

        self.assertIn(f"size={self.size}", self.agrees("fsck", *arguments(self.tiles)))
        for name in (("checkpoint",), ("tile", "0", "000"), self.partial("tile", "0"),
                     ("tile", "entries", "000"), self.partial("tile", "entries")):
            with self.subTest(name):
                self.assertIn("fsck failed", self.refuses("fsck", *arguments(self.damaged(*name))))

    @needs("aics-tlog")
    def test_of_aics_tlog(self):
        def arguments(verb, folder, *more):
            return (verb, "--tiles", folder, "--log-key", self.key, *more)

        said = json.loads(self.agrees("aics-tlog", *arguments("verify-checkpoint", self.tiles)))
        self.assertEqual((said["origin"], said["size"], said["tiles_ok"]), (ORIGIN, self.size, True))
        for index in (0, 255, 256, self.size - 1):
            said = json.loads(self.agrees("aics-tlog", *arguments(
                "verify-inclusion", self.tiles, "--index", str(index))))
            self.assertTrue(said["ok"], said)
        self.refuses("aics-tlog", *arguments("verify-inclusion", self.tiles, "--index", str(self.size)))
        self.refuses("aics-tlog", *arguments("verify-checkpoint", self.damaged("checkpoint")))
        for name in (("tile", "0", "000"), ("tile", "entries", "000")):
            self.refuses("aics-tlog", *arguments("verify-inclusion", self.damaged(*name), "--index", "0"))

    @needs("aics-tlog")
    def test_of_aics_tlog_between_two_checkpoints(self):
        earlier = self.office.keep_checkpoint()

        def arguments(folder):
            return ("verify-consistency", "--tiles", folder, "--log-key", self.key,
                    "--old-checkpoint", earlier)

        said = json.loads(self.agrees("aics-tlog", *arguments(self.tiles)))
        self.assertEqual((said["old_size"], said["new_size"]), (sample().size(), self.size))
        # The same key, and a history that parts from the one that was kept.
        other = Office(self.office.path("other"))
        self.copy(sample(), other.folder)
        self.grow(1)
        earlier = self.office.keep_checkpoint()
        for number in (2, 3):
            self.grow(number, other)
        said = self.refuses("aics-tlog", *arguments(self.export(other)))
        self.assertIn("history was rewritten", said)

    @needs("tlog-tiles")
    def test_of_tlog_scales(self):
        for index in (0, 255, 256, self.size - 1):
            leaf = self.agrees("tlog-tiles", "get-leaf", "-c", self.tiles, str(index))
            self.assertIn(f"onus/entry/v1\nindex {index}\n", leaf)
        self.refuses("tlog-tiles", "get-leaf", "-c", self.damaged("tile", "entries", "000"), "0")


if __name__ == "__main__":
    unittest.main()
