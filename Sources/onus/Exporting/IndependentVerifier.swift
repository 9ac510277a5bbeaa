/// `Scripts/verify-independently`, word for word, as every bundle takes it along.
///
/// Written by `Scripts/generate`.
enum IndependentVerifier {
  static let text = ##"""
    #!/usr/bin/env python3
    """Checks an exported tlog-tiles folder of an Onus ledger, or an unpacked bundle, without any of Onus's code.

        Scripts/verify-independently FOLDER [--expect CHECKPOINT] [--log-key VKEY] [--json]
    Codes of findings are those of docs/formats/audit-findings.md. Of authority it checks the rules of keys
    alone, not roles, tasks or dates: it prints `failed` if one is broken, else `not covered`, which has no part
    in the exit code. An event that only its author's role forbids takes effect here; a full audit voids it.
    Exit: 0 sound, 3 a violation, 4 something could not be checked (without --expect: UNANCHORED, since a
    truncated log cannot be told from a short one), 1 could not run, 64 usage."""
    import argparse, base64, collections, datetime, functools, hashlib, json, os, re, sys, types
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    AXES = dict(integrity=0, signatures=30, history=40, authority=50, anchoring=80, content=90, views=95)  # first codes
    LEAF_LIMIT, SUBMISSION_LIMIT, CHECKPOINT_LIMIT, LARGEST, KNOWN_RULES = 65_535, 60_000, 1_000_000, 2**53 - 1, 1
    MINUTE, DAY = 60_000, 86_400_000  # all times are milliseconds since 1970
    ID, SIZE = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "(0|[1-9][0-9]{0,15})"
    TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
    BY = r'\{"key":"%s\+[0-9a-f]{8}","n":[1-9][0-9]{0,15}\}' % ID
    HEADER = r'\{"at":"%s","by":\[%s(,%s){0,15}\],"seen":\{"root":"[^"]{44}","size":%s\}\}' % (TIME, BY, BY, SIZE)
    EVENT = r'\{("(org|task)":"%s",)?"type":"[a-z][a-z.-]{0,63}"\}' % ID  # without its data
    ENTRY = re.compile(rf"onus/entry/v1\nindex {SIZE}\ntime ({TIME})\nroot ([!-~]{{44}})\n\n".encode())
    FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef%s]"
                           % "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)))
    UNREADABLE = (ValueError, TypeError, RecursionError)  # what parsers raise; Broken is a ValueError
    ENROLLING = ("key.enrolled", "key.rotated", "key.recovered")
    class Broken(ValueError):  # a rule does not hold: a sentence, and the code of the finding
        __str__ = lambda self: self.args[0]
    def need(condition, sentence, code="A005"):
        if not condition:
            raise Broken(sentence, code)
    def fail(message, status=1):
        print(f"verify-independently: {message}", file=sys.stderr)
        sys.exit(status)

    # --- Encodings: exactly one is accepted of each thing ---
    def sha256(data):
        return hashlib.sha256(data).digest()
    def unbase64(text, count=None):
        data = base64.b64decode(text, validate=True)
        need(base64.b64encode(data).decode() == text and count in (None, len(data)), "base64 is not canonical")
        return data
    def milliseconds(text):
        return round(datetime.datetime.fromisoformat(text[:-1] + "+00:00").timestamp() * 1000)
    def write(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    def unjson(line):
        """Reads canonical JSON (RFC 8785, restricted): parse, check, write again, compare."""
        def unique(pairs):
            need(len(pairs) <= 256 and len(dict(pairs)) == len(pairs) and all(
                re.fullmatch("[A-Za-z0-9._+/-]{1,128}", key) for key, _ in pairs), "a key is refused, or is there twice")
            return dict(pairs)
        def depth(value):
            if isinstance(value, (dict, list)):
                return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)
            need(not FORBIDDEN.search(value) if isinstance(value, str) else type(value) is bool
                 or type(value) is int and abs(value) <= LARGEST, "a value is refused")
            return 0
        value = json.loads(line, object_pairs_hook=unique)
        need(depth(value) <= 8 and write(value) == line, "a line is not canonical JSON, or nested too deep")
        return value

    # --- Ed25519 and signed notes ---
    P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
    Y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826
    SMALL_ORDER = {0, 1, P - 1, Y8, P - Y8}  # y of the points whose order divides 8
    def acceptable_point(data):
        y = int.from_bytes(data, "little") & (2**255 - 1)
        return len(data) == 32 and y < P and y not in SMALL_ORDER
    def verifies(public_key, signature, message):
        """S < L, A and R canonical and not of small order, then the cofactorless equation."""
        points = acceptable_point(public_key) and acceptable_point(signature[:32])
        if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L or not points:
            return False
        try:
            return Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message) is None
        except (InvalidSignature, ValueError):
            return False
    def parse_vkey(text):
        """`name+id+base64(0x01 || key)` -> ("name+id", 32 bytes)."""
        need(isinstance(text, str) and len(text) <= 400 and text.count("+") >= 2, "a vkey is malformed", "A050")
        name, key_id, rest = text.split("+", 2)
        data = unbase64(rest, 33)
        need(data[0] == 1 and name and not re.search(r"[\s\x00-\x1f]", name) and acceptable_point(data[1:])
             and key_id == sha256(name.encode() + b"\n" + data).hex()[:8], "a vkey is malformed, or its key bad", "A050")
        return f"{name}+{key_id}", data[1:]
    def parse_note(data, limit):
        """A C2SP signed note -> (its text without the last LF, [("name+id", signature)])."""
        need(len(data) <= limit and not re.search(rb"[\x00-\x09\x0b-\x1f]", data), "too long, or controls in it")
        text, _, tail = data.decode("utf-8").rpartition("\n\n")
        need(text and tail.endswith("\n"), "a note lacks its blank line or its last line feed")
        signatures = []
        for line in tail[:-1].split("\n", 63):
            match = re.fullmatch(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/=]{8,})", line)
            need(match and len(payload := unbase64(match[2])) > 4, "a signature line is malformed")
            signatures.append((f"{match[1]}+{payload[:4].hex()}", payload[4:]))
        return text, signatures
    def parse_checkpoint(data):
        text, signatures = parse_note(data, CHECKPOINT_LIMIT)
        match = re.fullmatch(rf"([^\n]+)\n{SIZE}\n([!-~]{{44}})", text)
        need(match and int(match[2]) <= LARGEST, "a checkpoint is not three lines: origin, size and root")
        return {"origin": match[1], "size": int(match[2]), "root": unbase64(match[3], 32), "signatures": signatures,
                "text": f"{text}\n".encode()}
    def is_signed(checkpoint, log_key):
        mine = [signature for name, signature in checkpoint["signatures"] if name == log_key[0]]
        return bool(mine) and all(verifies(log_key[1], s, checkpoint["text"]) for s in mine)
    def parse_entry(leaf):
        match = ENTRY.match(leaf)
        need(match, "the header of the entry is malformed")
        time, root = milliseconds(match[2].decode()), unbase64(match[3].decode(), 32)
        return int(match[1]), time, root, parse_submission(leaf[match.end():])
    def parse_submission(data):
        text, signatures = parse_note(data, SUBMISSION_LIMIT)
        magic, *lines = text.split("\n")
        need(magic == "onus/submission/v1" and 2 <= len(lines) <= 257 and re.fullmatch(HEADER, lines[0]),
             "the submission's header is malformed, or it has too few or too many lines")
        header, *events = map(unjson, lines)
        by = [(signer["key"], signer["n"]) for signer in header["by"]]
        need([name for name, _ in signatures] == [name for name, _ in by] and len(dict(by)) == len(by) and all(
            len(s) == 64 for _, s in signatures), "the signature lines are not those of `by`, or a key is there twice")
        for event in events:
            need(isinstance(event, dict) and isinstance(event.get("data"), dict) and re.fullmatch(
                EVENT, write({key: event[key] for key in event if key != "data"})), "an event is malformed")
        return {"at": milliseconds(header["at"]), "by": by, "seen": header["seen"]["size"], "events": events,
                "root": unbase64(header["seen"]["root"], 32), "text": f"{text}\n".encode(), "signatures": signatures}
    class Tree:  # of RFC 6962; keeps every root, and per level the nodes that hash tiles hold
        def __init__(self):
            self.edge, self.roots, self.nodes = [], [sha256(b"")], {}
        def append(self, leaf):
            size, complete = len(self.roots) - 1, [leaf]
            self.edge.append(leaf)
            while size & 1:
                self.edge[-2:] = [sha256(b"\x01" + self.edge[-2] + self.edge[-1])]
                complete.append(self.edge[-1])
                size >>= 1
            self.roots.append(functools.reduce(lambda right, left: sha256(b"\x01" + left + right), reversed(self.edge)))
            for level, node in enumerate(complete[::8]):
                self.nodes.setdefault(level, []).append(node)
    def tile_path(level, index, width):
        digits = f"{index:0{(len(str(index)) + 2) // 3 * 3}d}"
        groups = re.sub("([0-9]{3})(?=[0-9])", r"x\1/", digits)  # x001/x234/067
        return f"tile/{level}/{groups}" + ("" if width == 256 else f".p/{width}")
    def tiles(size, levels):
        """(path, level, place of the first hash in its level, width) of the tiles of a tree."""
        for level in levels:
            count = size >> (0 if level == "entries" else 8 * level)
            for first in range(0, count, 256):
                width = min(256, count - first)
                yield tile_path(level, first // 256, width), level, first, width
    class Verifier:
        def __init__(self, folder):
            self.folder, self.findings, self.unchecked = folder, [], {}
            self.keys, self.origin, self.log_key, self.rules = {}, None, None, 0
            self.tree, self.times, self.damage, self.chained = Tree(), [], 0, True
        def report(self, code, sentence, entry=None):
            axis = [axis for axis, first in AXES.items() if int(code[1:]) >= first][-1]
            self.findings.append({"code": f"ONUS-{code}", "axis": axis, "entry": entry, "sentence": sentence})
        def hold(self, condition, code, sentence, entry=None):
            if not condition:
                self.report(code, sentence, entry)
        def skip(self, reason, *axes):
            for axis in axes or ("signatures", "history"):
                self.unchecked.setdefault(axis, reason)
        def read(self, path, limit):
            """The bytes of a regular file of at most `limit` bytes; empty if it is not that."""
            path = os.path.join(self.folder, path)
            if not os.path.isfile(path) or os.path.islink(path) or os.path.getsize(path) > limit:
                return b""
            with open(path, "rb") as file:
                return file.read(limit)
        def run(self, expect=None, pin=None):
            if not os.path.isdir(os.path.join(self.folder, "tile")):
                fail(f"{self.folder} holds no exported ledger")
            try:
                checkpoint = parse_checkpoint(self.read("checkpoint", CHECKPOINT_LIMIT))
            except UNREADABLE as error:
                self.report("A012", f"the checkpoint is missing or malformed: {error}")
                return self.skip("there is no checkpoint", "signatures", "history", "anchoring")
            size = checkpoint["size"]
            if self.check_layout(size):
                for leaf, stored in self.leaves(size, checkpoint["root"]):
                    self.check_entry(leaf, stored)
            if len(self.times) < size:
                self.skip(f"only {len(self.times)} of {size} entries could be read")
            else:
                self.hold(not self.chained or self.tree.roots[-1] == checkpoint["root"], "A014", "the root is another")
                for path, level, first, width in tiles(size, range(1, 8)):
                    nodes = b"".join(self.tree.nodes[level][first:first + width])
                    self.hold(self.read(path, 32 * width) == nodes, "A010", f"{path} does not follow from the entries")
            self.hold(not self.log_key or checkpoint["origin"] == self.origin and is_signed(checkpoint, self.log_key),
                      "A015", "the checkpoint is not signed with the log key that entry 0 names")
            self.check_anchors(size, expect, pin)
        def check_layout(self, size):
            """Exactly the files of this size, all of them regular; None if it is hopeless to read on."""
            found = set()
            for folder, folders, files in os.walk(self.folder, onerror=lambda error: fail(error)):
                for path in (os.path.join(folder, name) for name in folders + files):
                    regular = os.path.isfile(path) and not os.path.islink(path)
                    if regular or os.path.islink(path) or not os.path.isdir(path) or not os.listdir(path):
                        found.add(os.path.relpath(path, self.folder) + "/" * (not regular))
            found = {path for path in found if "bundle" not in found or path == "checkpoint" or path.startswith("tile/")}
            if not 0 < size <= 256 * len(found):  # nothing is enumerated on the word of the checkpoint alone
                return self.report("A001", f"{len(found)} files cannot hold a ledger of {size} entries")
            expected = {path for path, _, _, _ in tiles(size, ["entries", *range(8)])} | {"checkpoint"}
            for path in sorted(expected ^ found):
                code = "A011" if path in found else "A001" if "entries" in path else "A009"
                self.report(code, f"{path!r} is {'missing' if path in expected else 'not a file of this log'}")
            return True
        def leaves(self, size, root):
            """Yields (entry, its stored hash if the checkpoint's root confirms it); ends early at a hole."""
            tree, stored = Tree(), []
            for path, _, first, width in tiles(size, [0]):
                hashes = self.read(path, 32 * width)
                self.hold(len(hashes) == 32 * width, "A009", f"{path} is not {width} hashes", first)
                for i in range(0, 32 * width, 32):
                    stored.append(hashes[i:i + 32])
                    tree.append(stored[-1])
            for path, _, first, width in tiles(size, ["entries"]):
                data, position = self.read(path, width * (2 + LEAF_LIMIT)), 0
                for index in range(first, first + width):
                    start = position + 2
                    position = start + int.from_bytes(data[position:start], "big")
                    if max(position, start) > len(data):
                        return self.report("A001", f"{path} lacks the entry", index)
                    leaf, trusted = data[start:position], tree.roots[-1] == root
                    self.hold(trusted or len(stored[index]) < 32 or stored[index] == sha256(b"\x00" + leaf), "A003",
                              "the stored hash is not the entry's", index)
                    yield leaf, stored[index] if trusted else None
                self.hold(position == len(data), "A011", f"{path} has bytes after its last entry", first + width - 1)
        def check_entry(self, leaf, stored):
            index, past, digest, submission = len(self.times), self.tree.roots[-1], sha256(b"\x00" + leaf), None
            previous, altered = self.times[-1] if index else -LARGEST, stored not in (None, digest)
            self.tree.append(stored or digest)
            self.hold(not altered, "A002", "the entry is not the one that was recorded", index)
            try:
                number, time, root, submission = parse_entry(leaf)
            except UNREADABLE as error:
                time = previous
                self.hold(altered, "A005", str(error), index)
            self.times.append(max(time, previous))
            if index == 0 and submission:
                self.open(submission["events"][0])
            if altered or not submission:
                self.damage += 1
                return self.skip(f"entry {index} is not what was recorded, and was not judged")
            if index and not self.keys:
                return self.skip("without an entry 0 that opens the ledger nothing after it can be judged")
            self.hold(number == index, "A006", f"the entry bears the number {number}", index)
            self.hold(time >= previous, "A007", "the entry's time is before that of the entry before", index)
            self.hold(root == past or not self.chained, "A008", "the `root` line is not the root of all before", index)
            self.chained = self.chained and root == past  # what follows from a broken chain is not listed
            if self.rules > KNOWN_RULES:
                return self.skip(f"from entry {index} on this needs rules {self.rules}")
            self.judge(submission, index, time)
        def open(self, event):
            """Takes origin and log key from entry 0."""
            data = event["data"]
            try:
                need(event["type"] == "ledger.opened" and event.keys() == {"data", "type"} and data.keys()
                     - {"predecessor"} == {"clock", "origin", "rules", "suite", "vkey"}, "the first event is another")
                log_key, origin = parse_vkey(data["vkey"]), data["origin"]
                need(data["clock"] in ("system", "simulated") and data["suite"] == "ed25519-sha256"
                     and type(data["rules"]) is int and data["rules"] >= 1 and origin == log_key[0][:-9]
                     and re.fullmatch("[!-~]*[./][!-~]*", origin) and not origin.startswith("onus/"), "its data is refused")
                self.log_key, self.origin, self.rules = log_key, origin, data["rules"]
            except UNREADABLE as error:
                self.report("A019", f"entry 0 does not open a ledger: {error}", 0)
        def judge(self, submission, index, time):
            """Applies an entry if it holds. Of a void one only the counts of keys that signed advance."""
            new, ended, signed, seen = {}, set(), [], 0
            try:
                self.check_signatures(submission, index, signed)
                self.check_history(submission, index, time)
                self.rules = self.check_keys(submission, index, new, ended)
                self.keys.update(new)
                for name in ended:
                    self.keys[name].ended = index
                seen = submission["seen"]
            except UNREADABLE as error:
                code, why = error.args[1] if isinstance(error, Broken) else "A050", str(error)
                self.skip(why, "signatures") if code == "A030" and self.damage else self.report(code, why, index)
            for key, (_, n), good in zip(map(self.keys.get, dict(submission["by"])), submission["by"], signed):
                if key and good and self.is_next(key, n):
                    key.count, key.damage, key.seen = n, self.damage, max(seen, key.seen)
        def is_next(self, key, n):
            """A key whose submissions may be in entries that cannot be judged may skip as many numbers."""
            return 1 <= n - key.count <= 1 + self.damage - key.damage if key else n == 1
        def check_signatures(self, submission, index, signed):
            """Fills `signed` for every line before it refuses one."""
            for i, (name, _) in enumerate(submission["by"]):
                key = self.keys.get(name)
                vkey = next((event["data"]["vkey"] for event in submission["events"] if event["type"] in ENROLLING
                             and str(event["data"].get("vkey")).startswith(name + "+") and (i > 0 or index == 0)), None)
                public_key = key.public_key if key else vkey and parse_vkey(vkey)[1]
                signed.append(public_key and verifies(public_key, submission["signatures"][i][1], submission["text"]))
            for (name, _), good in zip(submission["by"], signed):
                need(good is not None, f"the key {name} was never enrolled", "A030")
                need(name not in self.keys or self.keys[name].ended is None, f"the key {name} has ended", "A031")
                need(good, f"the signature of {name} does not verify", "A032")
        def check_history(self, submission, index, time):
            seen, at = submission["seen"], submission["at"]
            for name, n in submission["by"]:
                key = self.keys.get(name)
                need(self.is_next(key, n), f"after {key.count if key else 0} {name} says {n}", "A040")
                need(not key or seen >= key.seen, f"{name} had already seen more than {seen} entries", "A042")
            need((1 <= seen <= index or seen == index == 0) and submission["root"] == self.tree.roots[seen],
                 f"what was seen at size {seen} is not this ledger", "A041")
            need(time - 60 * DAY <= at <= time + 10 * MINUTE, "it was signed 60 days ago, or in the future", "A043")
            need(not seen or at >= self.times[seen - 1] - 10 * MINUTE, "it was signed before what it saw", "A043")
        def check_keys(self, submission, index, new, ended):
            """Plans what the events do to keys; returns the rules version that is in force after them."""
            author, *further = [name for name, _ in submission["by"]]
            owner, rules, demands, welcome = author[:-9], self.rules, [], []
            for place, event in enumerate(submission["events"]):
                kind, data, keys = event["type"], event["data"], collections.ChainMap(new, self.keys)
                need((kind == "ledger.opened") == (index == place == 0), "`ledger.opened` is misplaced", "A052")
                if kind in ENROLLING:
                    name, public_key = parse_vkey(data.get("vkey"))
                    org = owner if kind == "key.rotated" else event.get("org")
                    siblings = [k.ended is None and n not in ended for n, k in keys.items() if n[:-9] == org]  # live?
                    used = {key.public_key for key in keys.values()} | {self.log_key and self.log_key[1]}
                    need(name[:-9] == org and isinstance(data.get("post", ""), str), f"{name} is refused for {org}", "A050")
                    need(name not in keys and public_key not in used, f"{name} was enrolled before", "A060")
                    demands.append(lambda k, name=name: k == name)
                    roles = data.get("roles", ["lead"])  # a key's limits: its post, and whether it may act as lead
                    limits = data.get("post"), isinstance(roles, list) and "lead" in roles
                    if kind == "key.rotated":
                        need(author in self.keys and author not in ended, f"{author} has ended", "A031")
                        limits, _ = self.keys[author].limits, ended.add(author)
                    elif kind == "key.enrolled":
                        need(not siblings or org == owner, "only its own live key adds a key to it", "A053")
                    else:  # by registrar and governing body: two organisations
                        need(siblings and not any(siblings), "it has live keys", "A061")
                        demands.append(lambda k: k in self.keys and k[:-9] != owner)
                    new[name] = types.SimpleNamespace(
                        public_key=public_key, limits=limits, count=0, seen=0, damage=0, ended=None)
                elif kind == "key.revoked":
                    key, is_report = keys.get(str(data.get("key"))), "compromisedSince" in data
                    need(key, "it is no key", "A058")
                    need(is_report or key.ended is None and data["key"] not in ended, "it is no live key", "A067")
                    ended.add(data["key"])
                elif kind == "task.closed" and "ruling" in data:  # by the governing body, whose role is not covered
                    welcome.append(lambda k: k in self.keys and k[:-9] != owner)
                elif kind == "duty.handed-over":
                    post, to = data.get("post"), data.get("to")
                    need(isinstance(post, str) and isinstance(to, str), "it does not name both posts", "A050")
                    need(event.get("org") == owner, "a handover is within one organisation", "A055")
                    for limits in [[(None, True), (to, True)]] + [[(post, True)]] * (post == to):
                        demands.append(lambda k, l=limits: k[:-9] == owner and k in self.keys and self.keys[k].limits in l)
                    ended.update(k for k, key in keys.items() if k[:-9] == owner and key.limits[0] == post and key.ended
                                 is None and not (post == to and k in further and k in self.keys and key.limits[1]))
                elif kind == "rules.adopted":
                    rules = data.get("version")
                    need(type(rules) is int and event is submission["events"][-1], "it is not last", "A052")
            need(index == 0 or all(any(map(wanted, further)) for wanted in demands), "a co-signer is lacking", "A033")
            need(all(any(ok(k) for ok in demands + welcome) for k in further), "a co-signer is not asked for", "A034")
            return rules
        def check_anchors(self, size, expect, pin):
            self.hold(not pin or self.log_key in (None, pin), "A084", "the log's key is not the one given with --log-key")
            if not (expect and expect["size"] and self.log_key and len(self.times) >= min(size, expect["size"])):
                self.skip("UNANCHORED: a truncated log cannot be told from a short one", "anchoring")
            elif expect["origin"] != self.origin or not is_signed(expect, self.log_key):
                self.report("A083", "the expected checkpoint is not one of this log")
            elif expect["size"] > size:
                self.report("A081", f"the log was cut short: it once had {expect['size']} entries, now {size}", size)
            elif self.tree.roots[expect["size"]] != expect["root"]:
                self.report("A082", f"the first {expect['size']} entries are not those that were seen before")
        def answer(self):
            axes = {**dict.fromkeys(AXES, "ok"), "authority": "not covered", "content": "absent", "views": "absent"}
            axes.update(dict.fromkeys(self.unchecked, "not checked"))
            axes.update((finding["axis"], "failed") for finding in self.findings)
            status = 3 if "failed" in axes.values() else 4 if "not checked" in axes.values() else 0
            return {"axes": axes, "exit": status, "findings": self.findings, "notChecked": self.unchecked, "origin":
                    self.origin, "root": base64.b64encode(self.tree.roots[-1]).decode(), "size": len(self.times)}
    def main():
        parser = argparse.ArgumentParser(description="Checks an exported Onus ledger. Exit: 0, 1, 3, 4, 64.")
        parser.error = lambda message: fail(message, 64)
        parser.add_argument("folder")
        parser.add_argument("--expect", metavar="FILE", help="an older checkpoint that must be an ancestor",
                            type=lambda path: parse_checkpoint(open(path, "rb").read(CHECKPOINT_LIMIT + 1)))
        parser.add_argument("--log-key", metavar="VKEY", type=parse_vkey, help="the key that the log must have")
        parser.add_argument("--json", action="store_true")
        try:
            options = parser.parse_args()
            verifier = Verifier(options.folder)
            verifier.run(options.expect, options.log_key)
        except OSError as error:
            fail(error)
        answer = verifier.answer()
        if options.json:
            print(json.dumps(answer, sort_keys=True))
            sys.exit(answer["exit"])
        for f in answer["findings"]:
            print(f"{f['code']} {f['axis']}: {'' if f['entry'] is None else 'entry %d: ' % f['entry']}{f['sentence']}")
        for axis, status in answer["axes"].items():
            print(f"{axis}: {status}" + (f" ({answer['notChecked'][axis]})" if status == "not checked" else ""))
        print(f"{answer['origin'] or '?'!r}: {answer['size']} entries, root {answer['root']}, exit {answer['exit']}")
        sys.exit(answer["exit"])
    if __name__ == "__main__":
        main()

    """##
}
