"""A small programme for the tests of the rules: bodies, keys, and what each of them says next."""
from datetime import timedelta

from ledger_writer import Ledger, Signer, b64, event, grant, opening, registration

TITLES = {"titleEn": "Roads", "titleZh": "公路"}


class Scene:
    """A ledger in the making. `holds` appends what holds, `breaks` what breaks one rule, with its code."""

    def __init__(self):
        self.ledger, self.expected, self.counts, self.serial = Ledger(), {}, {}, 0
        self.keys = {name: Signer(name, name) for name in ("REG", "GOV", "PLAN", "SUP", "A", "B", "C")}

    def holds(self, who, *events, **how):
        """Appends what holds; returns how its last event is cited."""
        signers = self.say(who, events, how)
        self.counts.update((signer.key, signer.n) for signer in signers)
        return f"{signers[0].key}/{signers[0].n}.{len(events)}"

    def breaks(self, code, who, *events, **how):
        """Appends what breaks one rule. Of what is void the counts stay, of keys that are enrolled."""
        self.expected[len(self.ledger.entries)] = code
        for signer in self.say(who, events, how):
            if signer.key in self.counts and "n" not in how:
                self.counts[signer.key] = signer.n

    def say(self, who, events, how):
        signers = self.signers(who)
        for signer in signers:
            signer.n = self.counts.get(signer.key, 0)
        self.ledger.add(signers, *events, **how)
        return signers

    def signers(self, who):
        who = who if isinstance(who, (list, tuple)) else [who]
        return [self.keys[name] if isinstance(name, str) else name for name in who]

    def later(self, **time):
        self.ledger.time += timedelta(**time)

    def size(self):
        return len(self.ledger.entries)

    def new_key(self, body):
        self.serial += 1
        return Signer(body, f"{body} {self.serial}")

    # Words.

    def enrol(self, key, body=None, kind="key.enrolled", **limits):
        return event(kind, {"vkey": key.vkey, **limits}, org=body or key.organisation)

    def add_key(self, body, name, by=None, **limits):
        """A further key of a body, by which it is then called."""
        key = self.keys[name] = self.new_key(body)
        self.holds([by or body, key], self.enrol(key, **limits))

    def open(self):
        """The directory: everybody is there, has a key, and nobody has a role but the registrar."""
        self.holds("REG", *opening(self.ledger, self.keys["REG"]), seen=0)
        for name, key in self.keys.items():
            if name != "REG":
                self.holds(["REG", key], registration(name), self.enrol(key))

    def give_roles(self):
        self.holds("REG", grant("GOV", "governing"))
        self.holds("GOV", grant("PLAN", "issuer"), grant("SUP", "supervisor"))

    def issue_programme(self):
        self.holds("PLAN", programme(), event("objective.defined", {"id": "O", **TITLES}),
                   event("indicator.defined", indicator("I1")), event("indicator.defined", indicator("I2")))

    def begin(self, task, lead="A", milestones=(), evidence=0, indicators=(), parent=None, mandatory=False, **parts):
        """A task that its lead has signed for and works on."""
        more = {**({"milestones": list(milestones)} if milestones else {}), **({"mandatory": True} if mandatory else {}),
                **({"indicators": list(indicators)} if indicators else {}), **({"parent": parent} if parent else {})}
        self.holds("PLAN", event("task.issued", issue(evidenceRequired=evidence, **more), task=task),
                   event("task.assigned", assignment(lead, **parts), task=task))
        self.holds(lead, event("task.accepted", task=task), event("task.planned", task=task))

    def complete(self, task, lead="A"):
        claim = self.holds(lead, event("completion.claimed", task=task))
        self.holds("SUP", event("completion.accepted", {"claim": claim}, task=task))
        return claim


def programme(**changed):
    return event("programme.issued", {"id": "P", **TITLES, "start": "2026-01-01", "end": "2027-12-31",
                                      "offset": "+08:00", **changed})


def indicator(name, **more):
    return {"id": name, **TITLES, "unit": "km", "direction": "up", "baseline": "0", **more}


def issue(**more):
    return {"objective": "O", **TITLES, "criterion": "open", "cycle": "monthly", "evidenceRequired": 0, "weight": 1, **more}


def milestone(name, mandatory=True, due="2026-03-31"):
    return {"id": name, **TITLES, "due": due, "weight": 10, **({"mandatory": True} if mandatory else {})}


def assignment(lead="A", **more):
    return {"lead": lead, "start": "2026-01-02", "due": "2026-06-30", **more}


def evidence(captured="2026-01-04", **more):
    seal = {"media": "image/jpeg", "sealed": b64(bytes(32)), "size": 3}
    return {"kind": "photograph", "capturedOn": captured, "content": {**seal, **more}}

