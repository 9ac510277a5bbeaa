"""Random histories of a small programme: what one that means well, errs or cheats might write next.

Every entry is one that a real ledger could hold, or nearly: of all types of events, by keys that mostly may,
about ids that mostly exist, on dates that mostly fit. The independent verifier, which knows the state, says
of each candidate whether it would hold; mostly one is taken that does, so that the history goes deep, and
now and then one that does not, which is then void. Somebody else must come to the same.
"""
import json
import random
from datetime import timedelta

from ledger_writer import Ledger, Signer, b64, canonical, event, leaf_hash, opening, stamp
from verifier_case import verify

UNITS = ["A", "B", "C"]
BODIES = ["REG", "GOV", "PLAN", "SUP", "AUX", *UNITS]
ROLES = ["registrar", "issuer", "supervisor", "governing", "statistics", "auditor"]
REASONS = ["evidence-missing", "wrong-basis", "behind-schedule", "no-substance", "falsified"]
CYCLES = {"weekly": "{0:%G}-W{0:%V}", "monthly": "{0:%Y-%m}", "quarterly": "{0:%Y}-Q{1}", "yearly": "{0:%Y}"}


class History:
    """A ledger that grows at random, by a seed."""

    def __init__(self, seed):
        self.dice, self.ledger = random.Random(seed), Ledger()
        self.tree, self.times = verify.Tree(), []
        self.facts, self.counts, self.verdicts = verify.Facts(), {}, []
        self.signers = {}  # by key name
        self.cited, self.serial = {}, 0
        first = self.new_key("REG")
        data = opening(self.ledger, first)
        data[0]["data"]["rules"] = 1
        data[1]["data"].update(nameEn="Registry", nameZh="登记处")
        self.put([first], data, 0)
        for body in BODIES[1:]:
            self.put([first], [event("org.registered", {"kind": "office", "nameEn": body, "nameZh": body}, org=body)])
            key = self.new_key(body)
            self.put([first, key], [event("key.enrolled", {"vkey": key.vkey}, org=body)])
        self.put([first], [event("role.granted", {"role": "governing"}, org="GOV")])
        for body, role in (("PLAN", "issuer"), ("SUP", "supervisor"), ("AUX", "supervisor")):
            self.put(self.keys_of("GOV"), [event("role.granted", {"role": role}, org=body)])
        self.put(self.keys_of("PLAN"), [
            event("programme.issued", {"id": "P", "titleEn": "P", "titleZh": "P", "start": "2026-01-01",
                                       "end": "2027-12-31", "offset": self.pick("+08:00", "-03:30", "+00:00")}),
            event("objective.defined", {"id": "O", "titleEn": "O", "titleZh": "O"})])

    # --- The ledger

    def new_key(self, body):
        self.serial += 1
        key = Signer(body, f"{body} {self.serial}")
        self.signers[key.key] = key
        return key

    def keys_of(self, body):
        names = self.facts["keys", body] or ()
        return [self.signers[name] for name in names if self.facts["key", name].ended is None][:1]

    def leaf(self, signers, events, seen, at=0, number=0, root=0, edit=0):
        """An entry at the end of the ledger. The rest is what is wrong with it: minutes, counts, places."""
        index, roots = len(self.ledger.entries), self.tree.roots
        by = [{"key": s.key, "n": self.counts.get(s.key, verify.Count()).number + 1} for s in signers]
        by[0]["n"] = max(1, by[0]["n"] + number)
        header = {"at": stamp(self.ledger.time + timedelta(minutes=at)), "by": by,
                  "seen": {"root": b64(roots[max(0, min(seen - root, len(roots) - 1))]), "size": seen}}
        text = "\n".join(["onus/submission/v1", canonical(header), *map(canonical, events)]) + "\n"
        note = text + "\n" + "".join(signer.line((text + " " * edit).encode()) for signer in signers)
        head = f"onus/entry/v1\nindex {index}\ntime {stamp(self.ledger.time)}\nroot {b64(roots[-1])}\n\n"
        return (head + note).encode()

    def would_hold(self, signers, events, seen):
        """Whether an entry would hold, if it is signed; nothing is changed."""
        by = [(s.key, self.counts.get(s.key, verify.Count()).number + 1) for s in signers]
        submission = verify.Submission(0, by, seen, b"", events, b"", [])
        time = verify.milliseconds(stamp(self.ledger.time))
        judge = verify.Judge(self.facts, self.counts, len(self.times), time, submission)
        try:
            judge.check_events()
            return all(not self.facts.settled.get(("key", s.key)) or self.facts.settled["key", s.key].ended is None
                       for s in signers) and all(seen >= self.counts.get(s.key, verify.Count()).seen for s in signers)
        except ValueError:
            return False
        finally:
            self.facts.said = {}

    def append(self, leaf):
        index = len(self.ledger.entries)
        _, time, _, submission = verify.parse_entry(leaf)
        judge = verify.Judge(self.facts, self.counts, index, time, submission)
        refusal = judge.judge(self.tree.roots, self.times, False)
        self.ledger.entries.append(leaf)
        self.tree.append(leaf_hash(leaf))
        self.times.append(time)
        self.verdicts.append(refusal.args[1] if refusal else None)
        author = submission.by[0]
        for place, said in enumerate(submission.events, 1):
            self.cited.setdefault(said["type"], []).append(f"{author[0]}/{author[1]}.{place}")

    def put(self, signers, events, seen=None):
        self.append(self.leaf(signers, events, len(self.ledger.entries) if seen is None else seen))

    def grow(self, size):
        """Mostly by what holds; often by what would hold if one thing in it were otherwise."""
        while len(self.ledger.entries) < size:
            if self.chance(0.3):
                self.ledger.time += timedelta(hours=self.dice.choice((1, 10, 30, 24 * 8, 24 * 40)))
            self.works = self.chance(0.85)
            for _ in range(150):
                events = [self.event()]
                while self.chance(0.2):
                    more = self.event()
                    if verify.TYPES[more["type"]].who == verify.TYPES[events[0]["type"]].who:
                        events.append(more)
                signers, end = self.signers_of(events), len(self.ledger.entries)
                seen = end if self.chance(0.8) else max(1, end - self.dice.randint(1, 6))
                if self.would_hold(signers, events, seen):
                    perturbed = self.chance(0.45)
                    self.append((self.perturbed if perturbed else self.leaf)(signers, events, seen))
                    break

    def perturbed(self, signers, events, seen):
        """The same with one thing changed."""
        signers, events, wrong = list(signers), json.loads(json.dumps(events)), {}
        said = self.dice.choice(events)
        change = self.dice.choice(("field", "field", "field", "field", "field", "subject", "subject", "author", "author",
                                   "author", "cosigner", "cosigner", "seen", "seen", "twice", "at", "other"))
        if change == "field":
            self.name = said.get("task")
            self.task = self.facts["task", self.name]
            other = getattr(self, re_name(said["type"]), dict)()
            other.pop("org", None)
            fields = sorted(other.keys() | said["data"].keys())
            field = self.dice.choice(fields) if fields else None
            if field in other:
                said["data"][field] = other[field]
            elif field:
                del said["data"][field]
        elif change == "subject":
            if "task" in said:
                said["task"] = self.dice.choice(self.known("task"))
            elif "org" in said:
                said["org"] = self.dice.choice([*BODIES, "NOBODY"])
        elif change == "author":
            near = [s for s in self.signers.values() if s.organisation == signers[0].organisation]
            signers[0] = self.dice.choice(near if self.chance(0.6) else sorted(self.signers.values(), key=lambda s: s.key))
        elif change == "cosigner" and len(signers) > 1 and self.chance(0.7):
            signers[self.dice.randrange(1, len(signers))] = self.dice.choice(sorted(self.signers.values(), key=lambda s: s.key))
            signers = signers[:self.dice.choice((1, 2, 3))]
        elif change == "cosigner":
            signers.append(self.dice.choice(sorted(self.signers.values(), key=lambda s: s.key)))
        elif change == "seen":
            seen = max(1, seen - self.dice.randint(1, 12))
        elif change == "twice":
            events.append(self.pick(said, self.event()))
        elif change == "at":
            wrong["at"] = self.pick(10, 11, -11, -60 * 24 * 60, -60 * 24 * 60 - 1, -60 * 24 * 30)
        else:
            wrong[self.pick("number", "root", "edit")] = self.pick(1, -1, 2)
        return self.leaf(list(dict.fromkeys(signers)), events, seen, **wrong)

    # --- What it says

    def chance(self, share):
        return self.dice.random() < share

    def pick(self, *values):
        return self.dice.choice(values)

    def maybe(self, share, **data):
        return data if self.chance(share) else {}

    def signers_of(self, events):
        """An author that mostly has the role, and whoever must sign too."""
        said = events[0]
        who = verify.TYPES[said["type"]].who.split()
        task = self.facts["task", said.get("task")]
        bodies = []
        for role in who:
            if role in ROLES:
                bodies += [body for body in BODIES if role in (self.facts["roles", body] or ())]
                bodies += task.reviewers if task and role == "supervisor" else ()
            elif task:
                bodies += {"lead": [task.lead], "support": task.supports, "territory": task.territories}[role]
        if said["type"] in ("key.enrolled", "duty.handed-over"):
            bodies = [said["org"]] * bool(self.facts["keys", said["org"]]) or ["REG"]
        if said["type"] == "role.granted":
            bodies = ["GOV"]
        if said["type"] in ("key.rotated", "report.corrected"):
            bodies = [(said["data"].get("vkey") or said["data"].get("report", "A")).split("+")[0]]
        bodies = [body for body in bodies if body in BODIES]
        body = self.dice.choice(bodies) if bodies and self.chance(0.9) else self.dice.choice(BODIES)
        names = [n for n in self.facts["keys", body] or () if self.chance(0.05) or self.facts["key", n].ended is None]
        signers = [self.signers[self.dice.choice(names or self.facts["keys", body])]]
        for said in events:
            if "vkey" in said["data"] and self.chance(0.95):
                signers.append(self.signers["+".join(said["data"]["vkey"].split("+")[:2])])
            if said["type"] == "key.recovered" or "ruling" in said["data"]:
                signers += self.keys_of(self.pick("GOV", "GOV", "REG"))
            if said["type"] == "duty.handed-over":
                signers += [self.signers[self.dice.choice(self.facts["keys", signers[0].organisation])]]
        if self.chance(0.03):
            signers.append(self.signers[self.dice.choice(sorted(self.signers))])
        return list(dict.fromkeys(signers))

    def known(self, kind):
        return [name[1] for name in self.facts.settled if name[0] == kind and len(name) == 2] or ["NONE"]

    def day(self, *offsets):
        return str((self.ledger.time + timedelta(days=self.dice.choice(offsets))).date())

    def citation(self, *kinds):
        cited = [citation for kind in kinds for citation in self.cited.get(kind, [])[-6:]]
        return self.dice.choice(cited or ["A+00000000/1.1"])

    def evidence(self):
        found = [self.citation("evidence.attached") for _ in range(self.dice.choice((1, 1, 2)))]
        return {"evidence": found} if self.chance(0.3) and "evidence.attached" in self.cited else {}

    def values(self):
        names = [name for name in self.known("indicator") if self.chance(0.6)]
        return {"values": {name: self.pick("1", "2.5", "-3") for name in names}} if names and self.chance(0.3) else {}

    def period(self, task):
        cycle = task.cycle if task and self.chance(0.95) else self.dice.choice(sorted(CYCLES))
        day = self.ledger.time + timedelta(days=self.dice.choice((0, 0, 0, -7, -31, 31)))
        return CYCLES[cycle].format(day, (day.month + 2) // 3)

    def milestones(self, share):
        made = []
        while self.chance(share) and len(made) < 3:
            self.serial += 1
            made.append({"id": f"M{self.pick(self.serial, self.serial, self.serial, 3)}", "titleEn": "M", "titleZh": "M",
                         "due": self.day(3, 30, 200), "weight": 10, **self.maybe(0.7, mandatory=True)})
        return {"milestones": made} if made else {}

    def event(self):
        alive = [name for name in self.known("task") if name != "NONE" and self.facts["task", name].state != "cancelled"]
        self.name = self.dice.choice(alive[-7:] or ["NONE"])
        self.task = self.facts["task", self.name]
        kind = "task.issued" if len(alive) < 5 and self.chance(0.5) else self.dice.choice(DIRECTORY)
        if self.task and self.works:
            fitting = [kind for kind in WORK if self.task.state in verify.TYPES[kind].states.split()]
            kind = self.dice.choice([kind for kind in fitting if kind not in STOPPING or self.chance(0.1)] or DIRECTORY)
        subject = verify.TYPES[kind].subject
        data = getattr(self, re_name(kind), dict)()
        if kind == "task.issued":
            self.serial += self.chance(0.95)
            return event(kind, data, task=f"T{self.serial}")
        body = data.pop("org", None) or self.dice.choice(BODIES)
        return event(kind, data, **({} if not subject else {subject: self.name if subject == "task" else body}))

    # --- One function for each type that says something

    def org_registered(self):
        self.serial += 1
        return {"org": f"N{self.pick(self.serial, 1)}", "kind": "office", "nameEn": "N", "nameZh": "N",
                **self.maybe(0.3, parent=self.pick("A", "NOBODY"))}

    def post_defined(self):
        self.serial += 1
        return {"org": self.dice.choice(UNITS), "post": f"POST{self.pick(self.serial, self.serial, 1)}", "titleEn": "P",
                "titleZh": "P"}

    def limits(self, body):
        posts = [post for post in self.known("post") if self.facts["post", post] == body] or self.known("post")
        roles = self.dice.sample([*ROLES, "lead", "support", "territory"], 2)
        return {**self.maybe(0.4, post=self.dice.choice(posts)), **self.maybe(0.3, roles=self.pick(
            ["lead"], ["lead", "support"], ["supervisor"], roles, ["lead", "lead"]))}

    def key_enrolled(self):
        body = self.dice.choice(BODIES)
        return {"org": body, "vkey": self.new_key(body).vkey, **self.limits(body)}

    def key_rotated(self):
        return {"vkey": self.new_key(self.dice.choice(BODIES)).vkey}

    def key_recovered(self):
        dead = [body for body in BODIES if not self.keys_of(body)]
        body = self.dice.choice(dead or BODIES)
        return {"org": body, "vkey": self.new_key(body).vkey, **self.limits(body)}

    def key_revoked(self):
        key = self.dice.choice(sorted(self.signers))
        since = self.ledger.time - timedelta(days=self.dice.choice((1, 5, 30, -1)))
        return {"key": key, "reason": "lost", **self.maybe(0.4, compromisedSince=stamp(since))}

    def role_granted(self):
        role = self.dice.choice(ROLES)
        task = self.maybe(0.4, task=self.dice.choice(self.known("task")), role="supervisor")
        return {"org": self.dice.choice(BODIES), "role": role, **task}

    def role_withdrawn(self):
        return self.role_granted()

    def indicator_defined(self):
        self.serial += 1
        targets = [{"period": period, "value": "1"} for period in self.dice.sample(
            ["2026", "2026-01", "2026-Q1", "2026-W01", "2026-W53", "2027", "2026-10"], 2)]
        return {"id": f"I{self.pick(self.serial, self.serial, 1)}", "titleEn": "I", "titleZh": "I", "unit": "km",
                "direction": "up", "baseline": "0", **self.maybe(0.5, targets=targets),
                **self.maybe(0.3, publisher=self.pick("A", "NOBODY"))}

    def objective_defined(self):
        self.serial += 1
        return {"id": f"O{self.pick(self.serial, '')}", "titleEn": "O", "titleZh": "O"}

    def programme_issued(self):
        return {"id": "P2", "titleEn": "P", "titleZh": "P", "start": "2026-01-01", "end": "2027-01-01", "offset": "+08:00"}

    def task_issued(self):
        indicators = [name for name in self.known("indicator") if self.chance(0.5)][:3]
        return {"objective": self.pick("O", "O", "O", "NONE"), "titleEn": "T", "titleZh": "T", "criterion": "done",
                "weight": 1, "evidenceRequired": self.pick(0, 0, 1, 2), "cycle": self.dice.choice(sorted(CYCLES)),
                **self.milestones(0.7), **({"indicators": indicators} if indicators else {}),
                **self.maybe(0.4, parent=self.dice.choice(self.known("task"))), **self.maybe(0.3, mandatory=True)}

    def others(self, name, share):
        named = [body for body in BODIES if self.chance(share)]
        return {name: named} if named else {}

    def post_of(self, body):
        posts = [post for post in self.known("post") if self.facts["post", post] == body]
        return {"post": self.dice.choice(posts if posts and self.chance(0.9) else self.known("post"))} if (
            self.chance(0.4)) else {}

    def task_assigned(self):
        lead = self.dice.choice(UNITS if self.chance(0.9) else BODIES)
        return {"lead": lead, **self.post_of(lead), **self.others("supports", 0.15), **self.others("territories", 0.1),
                "start": self.day(-30, 0, 5), "due": self.day(0, 30, 90, 300, -5)}

    def task_declined(self):
        return {"reason": "unclear"}

    def assignment_ruled(self):
        lead = self.dice.choice(BODIES)
        if self.chance(0.5):
            return {"outcome": "upheld", **self.maybe(0.3, due=self.day(0, 40, -2)), **self.maybe(0.05, post="POST1")}
        return {"outcome": "reassigned", **self.maybe(0.95, lead=lead), **self.post_of(lead), **self.maybe(0.3, due=self.day(0, 40, -2))}

    def task_planned(self):
        return self.milestones(0.5)

    def duty_handed_over(self):
        posts = [post for post in self.known("post") if self.facts["post", post]]
        posts = posts or ["NONE"]
        post = self.dice.choice(posts)
        tasks = [name for name in self.known("task") if self.facts["task", name] and self.facts["task", name].post == post]
        return {"org": self.facts["post", post] or "A", "post": post, "to": self.pick(post, self.dice.choice(posts)),
                **({"openItems": tasks[:3]} if tasks and self.chance(0.8) else {})}

    def task_reassigned(self):
        lead = self.dice.choice(BODIES)
        return {"lead": lead, **self.post_of(lead), **self.others("supports", 0.1), "from": self.day(0, 10, 100), "reason": "r"}

    def progress_reported(self):
        return {"period": self.period(self.task), "percent": self.pick(0, 20, 60, 100), **self.values(), **self.evidence()}

    def contribution_reported(self):
        return {"period": self.period(self.task), **self.maybe(0.5, percent=self.pick(0, 50)), **self.values(), **self.evidence()}

    def some_milestone(self):
        names = self.task.milestones if self.task else ()
        return {"milestone": self.dice.choice(names) if names and self.chance(0.9) else "M3"}

    def milestone_reached(self):
        return {**self.some_milestone(), **self.evidence()}

    def evidence_attached(self):
        seal = {"media": "image/jpeg", "sealed": b64(self.dice.randbytes(32)), "size": 10}
        if self.chance(0.05):
            del seal["size"]
        return {"kind": "photograph", "capturedOn": self.day(-3, -1, 0, 1), "content": seal}

    def report_corrected(self):
        report = self.citation("progress.reported", "contribution.reported", "milestone.reached", "completion.claimed")
        known = self.facts["report", report]
        if known and self.chance(0.9):
            self.name = known.task
        return {"report": report, "reason": "wrong", "foundBy": "unit", **self.maybe(0.5, percent=self.pick(0, 30, 60)),
                **self.values(), **self.evidence()}

    def report_accepted(self):
        report = self.citation("progress.reported", "contribution.reported")
        known = self.facts["report", report]
        if known and self.chance(0.9):
            self.name = known.task
        return {"report": report}

    def report_returned(self):
        return {**self.report_accepted(), "reason": self.dice.choice(REASONS)}

    def milestone_accepted(self):
        return self.some_milestone()

    def milestone_rejected(self):
        return {**self.some_milestone(), "reason": self.dice.choice(REASONS)}

    def milestone_waived(self):
        return {**self.some_milestone(), "reason": "gone"}

    def completion_claimed(self):
        return {**self.values(), **self.evidence()}

    def completion_accepted(self):
        claim = self.task.claim if self.task and self.chance(0.95) else None
        return {"claim": claim or self.citation("completion.claimed")}

    def completion_returned(self):
        return {**self.completion_accepted(), "reason": self.dice.choice(REASONS)}

    def task_closed(self):
        return {"criterion": self.pick("met", "met", "waived"), **self.maybe(0.4, reason="r"), **self.maybe(0.3, ruling="so")}

    def task_reopened(self):
        return {"reason": "again"}

    def extension_requested(self):
        return {"to": self.day(50, 200, 400), "reason": "r", **self.maybe(0.4, code="funding")}

    def extension_refused(self):
        request = self.task.request if self.task and self.chance(0.9) else None
        return {"request": request or self.citation("extension.requested"), "reason": "no"}

    def extension_granted(self):
        return {"request": self.extension_refused()["request"], "to": self.day(60, 200, 400, -1)}

    def deadline_set(self):
        return {"due": self.day(0, 30, 100, 300, -10), "reason": "r"}

    def urge_issued(self):
        return {"level": "red", "answerBy": self.day(0, 5, -1)}

    def order(self):
        return {"order": "No. 7"}

    task_suspended = task_resumed = task_cancelled = order


def re_name(kind):
    return kind.replace(".", "_").replace("-", "_")


# What stops a task comes less often, and the rules are never replaced.
STOPPING = {"task.suspended", "task.cancelled"}
SELDOM = {"urge.issued", "task.reassigned", "deadline.set", "support.confirmed"}
WORK = [kind for kind, type in verify.TYPES.items() if type.states for _ in range(1 if kind in SELDOM else 6)]
DIRECTORY = [kind for kind, type in verify.TYPES.items() if not type.states
             if kind not in ("ledger.opened", "rules.adopted")]
