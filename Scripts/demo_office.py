"""How the demo speaks: it runs the real command, keeps the simulated clock, and tells what happens."""

import concurrent.futures, json, os, pathlib, re, subprocess, sys, textwrap
from demo_province import SHORT, TASK

ONUS = os.environ["ONUS"]
HERE = pathlib.Path(__file__).resolve().parent
WIDTH, MARGIN = 110, " " * 12


def quoted(line):
    """A line of what was said by a program, set in; wrapped only if it is too long for a table."""
    if len(line) <= WIDTH - 14:
        return f"{MARGIN}| {line}".rstrip()
    return textwrap.fill(line, WIDTH, initial_indent=f"{MARGIN}| ", subsequent_indent=f"{MARGIN}|   ",
                         break_long_words=False, break_on_hyphens=False)


class Office:
    """One ledger, the keys of everyone in it, and the machine each department signs on."""

    def __init__(self, out):
        self.out, self.clock, self.log_key = out, "2023-01-03T01:00:00.000Z", None
        self.key = {}  # the key that each organisation signs with now, in full
        self.receipts = 0  # how many came back, each checked by the department that signed
        self.pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
        for name in ("carried", "receipts", "home", "data", "reports"):
            (out / name).mkdir(parents=True, exist_ok=True)
        os.environ.update(ONUS_LEDGER=str(out / "ledger"), ONUS_KEYS=str(out / "keys"), HOME=str(out / "home"))

    # --- Telling ---

    def chapter(self, title):
        print(f"\n{title}\n{'-' * len(title)}", flush=True)

    def tell(self, text):
        """A line of the story; ids of organisations and tasks get their names."""
        told = set()

        def named(match):
            name = SHORT.get(match[0]) or f'"{TASK[match[0]]["title"]}"'
            if match[0] in told:
                return name
            told.add(match[0])
            return f"{name} ({match[0]})"

        text = re.sub(r"\b([PDC][0-9]{2}|O[0-9]{2}-T[0-9]{2})\b", named, text)
        text = re.sub(r"(^|[.] )the ", r"\1The ", text)
        print(textwrap.fill(f"{self.clock[:10]}  {text}", WIDTH, subsequent_indent=MARGIN), flush=True)

    def quote(self, text, lines=None):
        """What the command itself said, set in."""
        for line in text.strip().splitlines()[:lines]:
            print(quoted(line), flush=True)

    # --- Running ---

    def date(self, day, hour="02"):
        self.clock = f"{day}T{hour}:00:00.000Z"

    def onus(self, *words, code=0, at=False, **environment):
        """Runs the command, requires its exit code, and returns what it printed."""
        words = [str(word) for word in words] + (["--at", self.clock] if at else [])
        run = subprocess.run([ONUS, *words], capture_output=True, text=True, env={**os.environ, **environment})
        if run.returncode != code:
            sys.exit(f"onus {' '.join(words)}\nended with {run.returncode}, not {code}\n{run.stdout}{run.stderr}")
        return run.stderr + run.stdout

    def say(self, org, *words, code=0):
        """One statement, signed and appended at once; returns its citation without the event's number."""
        text = self.onus(*words, "--as", self.key.get(org, org), at=True, code=code)
        if code:
            return self.quote(text, 1)
        return re.search(r"^entry \d+ +(\S+)", text, re.MULTILINE)[1]

    def new_key(self, org):
        """Makes a key that is not enrolled yet; returns its name in full."""
        return "+".join(self.onus("key", "new", org, "--no-passphrase").split()[-1].split("+")[:2])

    # --- Signing on one machine, appending on another ---

    def carry(self, org, lines, name):
        """Signs event lines on the department's own machine; returns the file and its citation."""
        # A signed file is never written over: a second one of the month is the month's second.
        count = 1 + sum(1 for path in (self.out / "carried").glob(f"{name}*.onus"))
        stem = name if count == 1 else f"{name}-{count}"
        source, target = (self.out / "carried" / f"{stem}.{end}" for end in ("jsonl", "onus"))
        source.write_text("".join(
            json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n" for line in lines),
            encoding="utf-8")
        said = self.onus("sign", source, "--as", self.key[org], "--to", target, at=True)
        citation = re.search(r"^signed (\S+)", said, re.MULTILINE)[1]
        source.unlink()
        return target, citation

    def submit(self, files):
        """The office appends; each department checks its receipt offline and signs against it from then on."""
        if not files:
            return
        self.onus("submit", *files, "--receipts", self.out / "receipts")
        list(self.pool.map(self.check_receipt, files))
        self.receipts += len(files)

    def check_receipt(self, file):
        key = self.key[file.name.split("-")[0]]
        receipt = self.out / "receipts" / f"{file.name}.receipt"
        self.onus("receipt", "check", file, receipt, "--log-key", self.log_key, "--as", key)

    def file(self, batch):
        """Many departments at once: [(organisation, lines, file name)] -> their citations."""
        signed = list(self.pool.map(lambda item: self.carry(*item), batch))
        self.submit([path for path, _ in signed])
        return [citation for _, citation in signed]

    def catch_up(self, org):
        """Takes the newest checkpoint, with a proof that it extends the one this key remembers."""
        memory = next((self.out / "keys").glob(f"{self.key[org]}*.memory")).read_text(encoding="utf-8")
        remembered = re.search(r"^[^\s+]+\n([0-9]+)\n\S{44}$", memory, re.MULTILINE)[1]  # its checkpoint's size
        path = self.out / f"newest-{org}.proof"
        path.write_text(self.onus("checkpoint", "--since", remembered), encoding="utf-8")
        self.onus("checkpoint", "--take", path, "--log-key", self.log_key, "--as", self.key[org])
        path.unlink()


def event(kind, task, **data):
    return {"type": kind, "task": task, "data": data}
