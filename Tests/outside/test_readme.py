"""README works as it is printed: every block of commands is run, and every command in a sentence is known.

A block is found by its first line. A new one, or one that was reworded, fails here until somebody says
how it is run. What stands for something else in it (`VKEY`, `ROADS+1a2b3c4d`) is put in its place first.
"""
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from authorities import OpenSSLAuthority
from outside_case import COMMAND, REPOSITORY, USAGE, Answer, text


def readme():
    with open(os.path.join(REPOSITORY, "README.md"), encoding="utf-8") as file:
        return file.read()


def blocks(kind="sh"):
    """Each block by its first command."""
    found = re.findall(rf"^```{kind}\n(.*?)^```$", readme(), re.M | re.S)
    return {next(line for line in block.split("\n") if line).split("  #")[0].strip(): block
            for block in found}


# What is not run here, and why.
ELSEWHERE = {
    "Scripts/demo": "builds and plays for minutes; `Scripts/check` plays the demo",
    "onus witness serve --listen 127.0.0.1:8080": "serves on a network: test_network_*.py",
}

FIRST = "export ONUS_LEDGER=$PWD/first ONUS_KEYS=$PWD/first-keys"
LIFE = "onus plan T1 --milestone 'M1:2024-06-30:50:Half way|过半' --as ROADS"
PLAN = "onus import departments.csv --as REG"
POSTS = "onus org post ROADS CHIEF --title-en Chief --title-zh 主任 --as REG"
DEPARTMENT = "onus key new ROADS"
OFFLINE = "onus checkpoint > first.checkpoint"
WITNESS = "onus witness init court.example/w"
TIME = "onus checkpoint timestamp --request-to now.tsq"


class Place:
    """A folder in which a reader pastes."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(os.path.join(folder, "bin"), exist_ok=True)
        if not os.path.lexists(os.path.join(folder, "bin/onus")):
            os.symlink(COMMAND, os.path.join(folder, "bin/onus"))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def read(self, *names):
        with open(self.path(*names), encoding="utf-8") as file:
            return file.read()

    def write(self, name, data):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(data)

    def paste(self, commands, **environment):
        """What a shell makes of the lines, which stops at the first that fails."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands], cwd=self.folder, capture_output=True, timeout=300,
            stdin=subprocess.DEVNULL,
            env={"HOME": self.folder, "PATH": f"{self.path('bin')}:/usr/bin:/bin", "LANG": "C.UTF-8",
                 "ONUS_LEDGER": self.path("first"), "ONUS_KEYS": self.path("first-keys"),
                 "ONUS_PASSPHRASE": "correct horse", **environment})
        return Answer([commands], done.returncode, text(done.stdout), text(done.stderr))

    def log_key(self):
        (name,) = [name for name in os.listdir(self.path("first-keys"))
                   if name.startswith("log-") and name.endswith(".vkey")]
        return self.read("first-keys", name).strip()


SAMPLE = {}


class Readme(unittest.TestCase):
    def setUp(self):
        holder = tempfile.mkdtemp(prefix="onus-readme-")
        self.addCleanup(shutil.rmtree, holder, ignore_errors=True)
        self.place = Place(os.path.join(holder, "place"))

    def do(self, commands, **environment):
        answer = self.place.paste(commands, **environment)
        self.assertEqual(answer.code, 0, answer)
        return answer.out

    def after_the_first(self):
        """The ledger of the first block, pasted once and copied."""
        if not SAMPLE:
            SAMPLE["folder"] = tempfile.mkdtemp(prefix="onus-readme-")
            self.addClassCleanup(shutil.rmtree, SAMPLE["folder"], ignore_errors=True)
            answer = Place(SAMPLE["folder"]).paste(blocks()[FIRST])
            self.assertEqual(answer.code, 0, answer)
            SAMPLE["out"] = answer.out
        shutil.copytree(SAMPLE["folder"], self.place.folder, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("bin"))
        return SAMPLE["out"]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        SAMPLE.clear()

    # The blocks

    def test_every_block_is_run(self):
        self.assertEqual(set(blocks()), {
            *ELSEWHERE, FIRST, LIFE, PLAN, POSTS, DEPARTMENT, OFFLINE, WITNESS, TIME})
        self.assertEqual(len(blocks("console")), 1)
        self.assertLess(len(readme().split("\n")), 301)

    def test_a_first_ledger(self):
        out = self.after_the_first()
        self.assertIn("review the report for 2024-01", out)
        self.assertIn("SOUND: everything holds to entry 19.", out)
        # What is said of it further down: entry 18, event 1, is the report.
        self.assertRegex(self.do("onus log T1"), r"18\.1 .* Progress reported: 2024-01, 20%")

    def test_what_the_rules_do_not_allow(self):
        self.after_the_first()
        (block,) = blocks("console").values()
        command, _, wanted = block.partition("\n")
        answer = self.place.paste(command.removeprefix("$ "))
        self.assertEqual(answer.code, 2, answer)
        self.assertEqual(answer.err, wanted)

    def test_a_tasks_life_goes_on(self):
        self.after_the_first()
        with open(self.place.path("survey.jpg"), "wb") as file:
            file.write(bytes(range(256)))
        out = self.do(blocks()[LIFE])
        self.assertIn("the same to the byte", out)
        log = self.do("onus log T1")
        for line in ("Report returned: 18.1 (2024-01), because: evidence missing",
                     "Report accepted: 24.1 (2024-01)", "Milestone accepted: M1",
                     "Extension granted: 28.1, new due date 2025-03-31"):
            self.assertIn(line, log)
        # And to its end, as the sentence above it says.
        self.do("onus claim T1 --as ROADS && onus review accept T1 30.1 --completion --as CHECK"
                " && onus close T1 --as CHECK && onus audit --expect kept.checkpoint --heads first-heads")
        self.assertIn('"state":"closed"', self.do("onus task T1 --json"))

    def test_a_whole_plan(self):
        with open(os.path.join(REPOSITORY, "docs/formats/import.md"), encoding="utf-8") as file:
            page = file.read()
        directory, plan = (re.search(rf"```{name}\n(.*?)```", page, re.S)[1]
                           for name in ("directory.csv", "plan.csv"))
        self.place.write("departments.csv", directory + "D01,office,Office,方案办\nP00,governing,Group,领导小组\n")
        self.place.write("programme.csv", plan)
        self.do("onus init --origin example.org/plan --registrar REG --name-en Registry --name-zh 登记处"
                " --no-passphrase --simulated-clock --at 2024-01-02T00:00:00.000Z")
        lines = blocks()[PLAN].strip().split("\n")
        for line in lines:
            self.do(line)
            if "role grant P00" in line:
                # As the remarks say: D01 has a key too, and P00 grants the issuer.
                self.do("onus key new D01 --no-passphrase && onus key enrol D01 --as REG"
                        " && onus role grant D01 issuer --as P00")
        self.do(lines[-1].replace(" --dry-run", ""))
        self.assertIn("Repair ten bridges", self.do("onus status"))

    def test_posts_and_handovers(self):
        self.after_the_first()
        block = blocks()[POSTS]
        second = self.do("onus key new ROADS --no-passphrase").split("+")
        name = f"ROADS+{second[1]}"
        first = next(n[:-5] for n in os.listdir(self.place.path("first-keys"))
                     if n.startswith("ROADS+") and n.endswith(".vkey") and n[:-5] != name)
        # "issued as T1 was"
        self.do("onus issue task T2 --objective O1 --title-en Bridge --title-zh 桥 --criterion open --as PLAN")
        for line in block.strip().split("\n"):
            if line.startswith("onus key new"):
                line = line.split("&&")[1].replace("ROADS+1a2b3c4d", name).replace("--as ROADS", f"--as {first}")
            if line.startswith("onus handover"):
                # The giver holds the post's key; the next incumbent's is enrolled for it too.
                third = self.do("onus key new ROADS --no-passphrase").split("+")[1]
                self.do(f"onus key enrol ROADS --key ROADS+{third} --post CHIEF --as {first}")
                line = line.replace("ROADS+1a2b3c4d", name).replace("ROADS+5e6f7a8b", f"ROADS+{third}")
            self.do(line)
        self.assertRegex(self.do(f"onus org show ROADS"), r"CHIEF")

    def test_a_departments_own_key(self):
        self.do("onus init --origin example.org/plan --registrar REG --name-en Registry --name-zh 登记处"
                " --no-passphrase && onus org add ROADS --kind department --name-en R --name-zh 路 --as REG")
        theirs = {"ONUS_KEYS": self.place.path("theirs"), "ONUS_LEDGER": self.place.path("nowhere")}
        vkey = "VKEY"
        for line in blocks()[DEPARTMENT].strip().split("\n"):
            at_office = "at the office" in line
            line = line.replace("VKEY", vkey).replace("LOG", self.place.log_key())
            out = self.do(line, **({} if at_office else theirs))
            if line.startswith("onus key new"):
                vkey = out.strip()
        self.assertIn("Key enrolled: ROADS+", self.do("onus log ROADS"))

    def test_a_department_without_a_network(self):
        self.after_the_first()
        theirs = {"ONUS_LEDGER": self.place.path("nowhere"), "ONUS_KEYS": self.place.path("theirs")}
        os.mkdir(self.place.path("theirs"), 0o700)
        for name in os.listdir(self.place.path("first-keys")):
            if name.startswith("ROADS+") and name.endswith((".pem", ".vkey")):
                shutil.copy(self.place.path("first-keys", name), self.place.path("theirs", name))
        # The number is not known to a key whose memory stayed at the office.
        for line in blocks()[OFFLINE].strip().split("\n"):
            at_office = line.startswith(("onus checkpoint >", "onus submit"))
            if line.startswith("onus submit"):
                again = self.place.paste(line)
                self.assertEqual(again.code, 2, again)
                command = re.search(r"`(onus sign --again [^`]*)`", again.err)[1]
                self.assertIn("--to feb-again.onus", command)
                self.do(f"{command} --at 2024-03-01T00:00:00.000Z && mv feb-again.onus feb.onus", **theirs)
            self.do(line.replace("LOG", self.place.log_key()), **({} if at_office else theirs))

    def test_witnesses(self):
        self.after_the_first()
        key = ""
        for line in blocks()[WITNESS].strip().split("\n"):
            line = line.replace("LOG", self.place.log_key()).replace("WITNESS", key)
            if line.startswith("onus audit"):
                self.place.write("policy", f"log {self.place.log_key()}\nwitness court {key}\nquorum court\n")
                line = line.replace("onus audit", "onus audit --forget")
            out = self.do(line)
            if line.startswith("onus witness init"):
                key = re.search(r"court\.example/w\+\S+", out)[0]
        self.assertIn("witnessed to entry 19 by court", out)

    def test_time_from_outside(self):
        self.after_the_first()
        authority = OpenSSLAuthority(self.place.path("authority"))
        shutil.copy(authority.root, self.place.path("authority.pem"))
        for line in blocks()[TIME].strip().split("\n"):
            if line.startswith("onus audit"):
                line = line.replace("onus audit", "onus audit --forget --expect kept.checkpoint")
            out = self.do(line)
            if "--request-to" in line:
                with open(self.place.path("now.tsq"), "rb") as asked, \
                        open(self.place.path("now.tsr"), "wb") as answered:
                    answered.write(authority.reply(asked.read()))
        self.assertIn("the first 20 entries existed by", out)

    # The sentences

    def test_every_command_in_a_sentence_is_known(self):
        prose = re.sub(r"^```.*?^```$", "", readme(), flags=re.M | re.S)
        # The first table of commands lists verbs, with what is before the dot in front of them.
        spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
        commands = [span for span in spans if span.startswith("onus ")]
        commands += [line.split("  #")[0] for first, block in blocks().items() if first in ELSEWHERE
                     for line in block.split("\n") if line.startswith("onus ")]
        self.assertGreater(len(commands), 20)
        for command in commands:
            words = shlex.split(command)[1:]
            verb = list(words)
            while True:
                done = subprocess.run([COMMAND, "help", *verb], capture_output=True, stdin=subprocess.DEVNULL)
                if done.returncode == 0 and (not verb or f"onus {' '.join(verb)}" in text(done.stdout)) or not verb:
                    break
                verb.pop()
            if verb == ["checkpoint"]:
                done = subprocess.run([COMMAND, "help", "checkpoint", "print"], capture_output=True)
            with self.subTest(command):
                self.assertTrue(verb or words[0].startswith("-"), f"{command} is no command")
                help_text = text(done.stdout)
                for option in words:
                    if option.startswith("--") and option != "--help":
                        self.assertIn(option.split("=")[0], help_text, command)


if __name__ == "__main__":
    unittest.main()
