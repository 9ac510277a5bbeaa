"""What a person sees on a terminal: no line of a history is longer than the terminal is wide."""
import fcntl
import os
import pty
import struct
import termios
import unicodedata
import unittest

from outside_case import Case, text


def width(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


class Terminal(Case):
    def on_a_terminal(self, columns, *arguments):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = self.office.environment(NO_COLOR="1")
        process = self.office.start(*arguments, env=environment, stdout=slave)
        os.close(slave)
        out = b""
        while True:
            try:
                data = os.read(master, 1 << 16)
            except OSError:  # The other side is closed.
                break
            if not data:
                break
            out += data
        self.assertEqual(process.wait(timeout=60), 0, text(process.stderr.read()))
        process.stderr.close()
        return text(out).replace("\r\n", "\n").rstrip("\n").split("\n")

    def test_a_history_fits_and_says_where_it_was_cut(self):
        self.office.do("deadline", "T1", "--due", "2099-06-30", "--reason", "钢材迟到" * 20, "--as", "PLAN")
        whole = self.office.do("log", "T1").rstrip("\n").split("\n")
        self.assertGreater(max(width(line) for line in whole), 120)
        for language in ("en", "zh"):
            for columns in (40, 61, 62, 80, 120):
                with self.subTest(columns=columns, language=language):
                    lines = self.on_a_terminal(columns, "log", "T1", "--lang", language)
                    self.assertEqual(len(lines), len(whole))
                    self.assertLessEqual(max(width(line) for line in lines), columns)
                    self.assertTrue(lines[-1].endswith("…"), lines[-1])
        self.assertEqual(self.on_a_terminal(1000, "log", "T1"), whole)


if __name__ == "__main__":
    unittest.main()
