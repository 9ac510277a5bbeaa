"""Ledgers that were changed and are handed over with whatever lies beside them: what is wrong is found."""
import contextlib
import os
import shutil
import sqlite3
import unittest

from outside_case import VIOLATION, Case


class Views(Case):
    def test_views_beside_it_hide_no_violation(self):
        """What is wrong with the newest checkpoint is found whether or not views lie beside the ledger."""
        kept = self.office.keep_checkpoint()
        self.office.do("status")
        for change, code in (("UPDATE checkpoint SET note = x'00' WHERE name = 'newest'", "ONUS-A012"),
                             ("DELETE FROM checkpoint WHERE name = 'newest'", "ONUS-A018")):
            folder = self.office.path(code)
            shutil.copytree(self.office.ledger, folder)
            for name in os.listdir(folder):
                if name.endswith(("-wal", "-shm")):
                    os.remove(os.path.join(folder, name))
            with contextlib.closing(sqlite3.connect(os.path.join(folder, "ledger.db"))) as database:
                database.execute(change)
                database.commit()
            for views in ("with views", "without"):
                with self.subTest(change, views=views):
                    answer = self.office.run("audit", folder, "--expect", kept, "--forget")
                    self.assertEqual(answer.code, VIOLATION, answer)
                    self.assertIn(code, answer.err)
                for name in os.listdir(folder):
                    if name.startswith("views.db"):
                        os.remove(os.path.join(folder, name))


if __name__ == "__main__":
    unittest.main()
