"""What a person sees on a terminal: no line is longer than the terminal is wide."""
import fcntl
import os
import pty
import re
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

    def test_tables_fit_and_lose_nothing(self):
        """Boards and lists are wrapped to the terminal, or to a page of 80 where it is none; ids stay whole."""
        long = ("Department of Industry, Information Technology and whatever else was merged into it last",
                "工业和信息化以及去年并入的其他一切事务主管部门（含派出机构），简称工信厅")
        self.office.do("org", "add", "LONG-1", "--kind", "department", "--name-en", long[0], "--name-zh", long[1],
                       "--as", "REG")
        self.office.do("org", "post", "ROADS", "POST-S", "--title-en", long[0], "--title-zh", long[1], "--as", "REG")
        self.office.do("issue", "task", "T3", "--objective", "O1", "--title-en", long[0], "--title-zh", long[1],
                       "--criterion", "open", "--as", "PLAN")
        self.office.do("assign", "T3", "--lead", "ROADS", "--support", "PARKS", "--start", "2024-01-10",
                       "--due", "2024-01-31", "--post", "POST-S", "--as", "PLAN")
        commands = (("status",), ("overdue", "--within", "60000"), ("org", "list"), ("org", "show", "ROADS"),
                    ("org", "show", "LONG-1"), ("inbox", "--as", "CHECK"), ("inbox", "--as", "ROADS"))
        for command in commands:
            for language in (0, 1):
                arguments = (*command, "--lang", ("en", "zh")[language])
                wide = "\n".join(self.on_a_terminal(1000, *arguments))
                piped = self.office.do(*arguments).rstrip("\n").split("\n")
                narrow = self.on_a_terminal(80, *arguments)
                with self.subTest(arguments):
                    self.assertEqual(piped, narrow)
                    self.assertLessEqual(max(width(line) for line in narrow), 80, "\n".join(narrow))
                    self.assertFalse([line for line in narrow if line.endswith(" ")])
                    # Every word, and every wide character, is still there; and no id was broken.
                    self.assertEqual(sorted(letters(wide)), sorted(letters("\n".join(narrow))))
                    for word in re.findall(r"[A-Z][A-Z0-9-]*\+[0-9a-f]{8}(?:/[0-9.]+)?|LONG-1|POST-S", wide):
                        self.assertIn(word, "\n".join(narrow))
                    if long[language] in wide:
                        self.assertGreater(len(narrow), len(wide.split("\n")))

    def test_the_board_says_what_time_it_is_where_the_programme_is(self):
        """Its dates end at midnight there, so the clock beside them is that one."""
        for language in ("en", "zh"):
            board = self.office.do("status", "--lang", language)
            self.assertRegex(board, r" 20\d\d-\d\d-\d\d \d\d:\d\d \+08:00[)）]\n")
            self.assertNotIn("Z", board.rsplit("20", 1)[1])


def letters(text):
    return [character for character in text if not character.isspace()]


if __name__ == "__main__":
    unittest.main()
