"""Every rule of the directory is broken once, by an entry that breaks nothing else; `onus audit` finds the same
entries void, and for the same reason."""
import os
import sys
import unittest
from datetime import timedelta

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agreement_case import RulesCase
from ledger_writer import Ledger, Signer, event, grant, opening, post, registration, stamp
from scene import TITLES, Scene, assignment, indicator, issue, programme


def revoke(key, **more):
    return event("key.revoked", {"key": key.key, "reason": "lost", **more})


def withdraw(body, role, **more):
    return event("role.withdrawn", {"role": role, **more}, org=body)


class TheDirectory(RulesCase):
    def test_beginnings(self):
        """What can be said before there is a governing body, and before there is a programme."""
        s = Scene()
        s.open()
        s.breaks("A051", "REG", event("nonsense.happened"))
        s.breaks("A052", "REG", opening(s.ledger, s.keys["REG"])[0])
        s.breaks("A053", "REG", grant("PLAN", "issuer"))
        s.breaks("A053", "REG", grant("REG", "governing"))
        s.breaks("A053", "A", grant("GOV", "governing"))
        s.breaks("A053", "A", registration("X"))
        s.breaks("A060", "REG", registration("A"))
        office = {"kind": "office", "nameEn": "X", "nameZh": "X"}
        s.breaks("A058", "REG", event("org.registered", {**office, "parent": "NO"}, org="X"))
        s.breaks("A050", "REG", event("org.registered", {**office, "nameZh": "字" * 101}, org="X"))
        s.breaks("A050", "REG", event("org.registered", {"kind": "office", "nameEn": "X"}, org="X"))
        s.breaks("A050", "REG", event("org.registered", {**office, "more": 1}, org="X"))
        s.breaks("A050", "REG", event("org.registered", office))
        s.breaks("A050", "REG", event("org.registered", office, task="X"))
        s.holds("REG", event("org.registered", {**office, "nameZh": "字" * 100, "parent": "A"}, org="X"))
        s.breaks("A058", "REG", post("NO", "P1"))
        s.holds("REG", post("A", "P1"))
        s.breaks("A060", "REG", post("B", "P1"))
        s.give_roles()
        s.breaks("A062", "PLAN", event("objective.defined", {"id": "O", **TITLES}))
        s.holds("PLAN", event("indicator.defined", indicator("I0")))
        for changed, code in (({"end": "2025-12-31"}, "A065"), ({"thresholds": {"yellowGap": 31}}, "A050"),
                              ({"thresholds": {"redMissed": 2, "yellowMissed": 3}}, "A050"), ({"offset": "+18:01"}, "A050"),
                              ({"start": "2026-02-30"}, "A050"), ({"id": "P/1"}, "A050"), ({"holidays": []}, "A050")):
            s.breaks(code, "PLAN", programme(**changed))
        s.holds("PLAN", programme(thresholds={"redGap": 5, "yellowGap": 5}))
        s.breaks("A060", "PLAN", programme(id="P2"))
        self.assert_scene(s)

    def test_entry_0(self):
        """It opens the ledger, makes its author the registrar, and does no more."""
        def first(change, *more, limits=None, by=None):
            ledger, signer = Ledger(), Signer("REG", "REG")
            events = opening(ledger, signer)
            events[2]["data"].update(limits or {})
            change(events)
            ledger.add([signer, *(by or [])], *events, *more, seen=0)
            return ledger
        other = Signer("A", "A")
        self.assert_entry_0([], first(lambda e: None))
        for ledger in (
                first(lambda e: e.pop()), first(lambda e: e.reverse()), first(lambda e: None, grant("REG", "issuer")),
                first(lambda e: e[1].update(org="A")), first(lambda e: e[3].update(org="A")),
                first(lambda e: e[3]["data"].update(role="governing")), first(lambda e: e[3]["data"].update(task="T")),
                first(lambda e: None, limits={"roles": ["registrar"]}), first(lambda e: None, limits={"post": "P"}),
                
                first(lambda e: e[0]["data"].update(rules=0)), first(lambda e: e[0]["data"].update(more=1)),
                first(lambda e: e[0]["data"].update(predecessor={
                    "checkpoint": "no", "root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "reason": "x", "size": 0}))):
            self.assert_entry_0([("A019", 0)], ledger)
        for vkey in ("x", other.vkey):
            self.assert_entry_0([("A030", 0)], first(lambda e: e[2]["data"].update(vkey=vkey)))
        self.assert_entry_0([("A030", 0)], first(lambda e: None, by=[other]))
        newer = first(lambda e: e[0]["data"].update(rules=2))
        newer.add(Signer("REG", "REG"), event("something.new"))
        self.assert_entry_0([], newer)

    def assert_entry_0(self, expected, ledger):
        self.assertEqual([f for f in self.findings(ledger) if f[0] != "A015"], expected)
        theirs = [(f["code"][5:], f["entry"]) for f in self.audit()["findings"] if f["violation"] and "entry" in f]
        self.assertEqual([f for f in theirs if f[0] != "A015"], expected)

    def test_keys(self):
        s = Scene()
        s.open()
        s.give_roles()
        s.holds("REG", registration("E"), registration("F"), post("A", "P1"), post("A", "P2"), post("B", "PB"))
        new = s.new_key
        first = new("E")
        s.breaks("A053", ["A", first], s.enrol(first))
        s.breaks("A053", ["GOV", first], s.enrol(first))
        s.breaks("A033", "REG", s.enrol(first))
        s.holds(["REG", first], s.enrol(first))
        s.keys["E"] = first
        for key, said, code in (
                (new("E"), lambda k: s.enrol(k, body="NO"), "A058"), (new("B"), lambda k: s.enrol(k, body="A"), "A050"),
                (new("A"), lambda k: s.enrol(k, roles=["lead", "lead"]), "A050"),
                (new("A"), lambda k: s.enrol(k, roles=[]), "A050"), (new("A"), lambda k: s.enrol(k, roles=["king"]), "A050"),
                (Signer("A", "B"), lambda k: s.enrol(k), "A060"), (Signer("A", "log"), lambda k: s.enrol(k), "A060"),
                (new("A"), lambda k: s.enrol(k, post="NO"), "A058"), (new("A"), lambda k: s.enrol(k, post="PB"), "A057")):
            s.breaks(code, ["A", key], said(key))
        s.breaks("A060", "A", s.enrol(s.keys["A"]))
        further = new("A")
        s.breaks("A053", ["REG", further], s.enrol(further))
        s.breaks("A033", "A", s.enrol(new("A")))
        self.limits(s)
        self.rotations(s)
        self.assert_scene(s)

    def limits(self, s):
        """A key with limits adds none that may do more."""
        s.add_key("A", "clerk", roles=["lead", "support"])
        s.add_key("A", "chief", post="P1")
        s.add_key("A", "deputy", post="P1", roles=["support"])
        for by, limits, holds in (
                ("clerk", {}, False), ("clerk", {"roles": ["supervisor"]}, False), ("clerk", {"roles": ["lead"]}, True),
                ("clerk", {"post": "P2"}, False), ("clerk", {"post": "P2", "roles": ["lead"]}, True),
                ("chief", {}, False), ("chief", {"post": "P2"}, False), ("chief", {"post": "P1", "roles": ["lead"]}, False),
                ("chief", {"post": "P1"}, True), ("deputy", {"post": "P1"}, False),
                ("deputy", {"post": "P1", "roles": ["support"]}, True), ("deputy", {"roles": ["support"]}, False)):
            key = s.new_key("A")
            if holds:
                s.holds([by, key], s.enrol(key, **limits))
            else:
                s.breaks("A054", [by, key], s.enrol(key, **limits))
        s.add_key("PLAN", "typist", roles=["statistics"])
        s.breaks("A054", "typist", programme())
        s.add_key("REG", "porter", roles=["lead"])
        key = s.new_key("F")
        s.breaks("A054", ["porter", key], s.enrol(key))
        s.breaks("A054", "porter", revoke(s.keys["B"]))
        s.add_key("GOV", "herald", roles=["lead"])
        s.breaks("A054", "herald", grant("A", "statistics"))
        s.breaks("A054", "herald", revoke(s.keys["B"]))

    def rotations(self, s):
        """Keys that end, and what takes their place."""
        later = s.new_key("B")
        s.breaks("A050", ["A", later], event("key.rotated", {"vkey": later.vkey}))
        s.breaks("A060", "B", event("key.rotated", {"vkey": s.keys["B"].vkey}))
        s.breaks("A031", ["B", later], revoke(s.keys["B"]), event("key.rotated", {"vkey": later.vkey}))
        s.holds(["B", later], event("key.rotated", {"vkey": later.vkey}))
        s.breaks("A031", "B", registration("X"))
        s.breaks("A067", later, revoke(s.keys["B"]))
        s.breaks("A058", later, event("key.revoked", {"key": "B+00000000", "reason": "lost"}))
        s.breaks("A053", "C", revoke(later))
        when = s.ledger.time
        s.breaks("A065", later, revoke(s.keys["B"], compromisedSince=stamp(when + timedelta(hours=1))))
        s.holds(later, revoke(s.keys["B"], compromisedSince=stamp(when - timedelta(hours=1))))
        s.breaks("A067", later, revoke(s.keys["B"], compromisedSince=stamp(when)))
        s.holds("GOV", revoke(s.keys["B"], compromisedSince=stamp(when - timedelta(hours=2))))
        new = s.new_key("B")
        s.breaks("A061", ["REG", "GOV", new], s.enrol(new, kind="key.recovered"))
        new = s.new_key("F")
        s.breaks("A061", ["REG", "GOV", new], s.enrol(new, kind="key.recovered"))
        s.holds("REG", revoke(later))
        new, second = s.new_key("B"), s.new_key("GOV")
        s.breaks("A033", ["REG", new], s.enrol(new, kind="key.recovered"))
        s.breaks("A053", ["A", "GOV", new], s.enrol(new, kind="key.recovered"))
        new = s.new_key("B")
        s.breaks("A033", ["REG", "A", new], s.enrol(new, kind="key.recovered"))
        new = s.new_key("B")
        s.holds(["GOV", "REG", new], s.enrol(new, kind="key.recovered"))
        s.breaks("A034", ["A", "C"], revoke(s.keys["clerk"]))
        s.holds("clerk", revoke(s.keys["A"]))
        s.breaks("A066", "REG", revoke(s.keys["REG"]))
        s.holds(["GOV", second], s.enrol(second), revoke(s.keys["GOV"]))
        s.breaks("A066", second, revoke(second))

    def test_roles(self):
        s = Scene()
        s.open()
        # The first governing body is one of everything, and its grant is judged before the task is looked for.
        s.breaks("A053", "REG", event("role.granted", {"role": "governing", "task": "T"}, org="GOV"))
        s.breaks("A053", "REG", event("role.granted", {"role": "supervisor", "task": "T"}, org="GOV"))
        s.give_roles()
        s.issue_programme()
        s.holds("PLAN", event("task.issued", issue(), task="T"), event("task.issued", issue(), task="U"),
                event("task.assigned", assignment("A", supports=["B"]), task="T"))
        for code, said in (("A058", grant("NO", "issuer")), ("A057", grant("PLAN", "supervisor")),
                           ("A057", grant("PLAN", "auditor")), ("A057", grant("SUP", "issuer")),
                           ("A057", grant("REG", "auditor")), ("A057", grant("SUP", "registrar")),
                           ("A060", grant("SUP", "supervisor"))):
            s.breaks(code, "GOV", said)
        s.breaks("A053", "REG", grant("C", "governing"))
        s.breaks("A058", "GOV", event("role.granted", {"role": "supervisor", "task": "NO"}, org="C"))
        s.breaks("A053", "REG", event("role.granted", {"role": "supervisor", "task": "NO"}, org="C"))
        s.breaks("A050", "GOV", event("role.withdrawn", {"role": "issuer", "task": "NO"}, org="C"))
        s.breaks("A050", "GOV", event("role.granted", {"role": "governing", "task": "T"}, org="C"))
        s.breaks("A050", "GOV", event("role.granted", {"role": "issuer", "task": "T"}, org="C"))
        s.breaks("A056", "GOV", event("role.granted", {"role": "supervisor", "task": "T"}, org="B"))
        named = event("role.granted", {"role": "supervisor", "task": "T"}, org="C")
        urge = event("urge.issued", {"answerBy": "2026-02-01", "level": "note"}, task="T")
        s.breaks("A053", "C", urge)
        s.holds("GOV", named)
        s.breaks("A060", "GOV", named)
        s.holds("C", urge)
        s.breaks("A053", "C", {**urge, "task": "U"})
        s.holds("GOV", grant("C", "registrar"))
        s.breaks("A053", "C", urge)
        for code, said in (("A058", withdraw("NO", "issuer")), ("A067", withdraw("A", "issuer")),
                           ("A050", withdraw("C", "issuer", task="T")), ("A058", withdraw("C", "supervisor", task="NO")),
                           ("A067", withdraw("C", "supervisor", task="U"))):
            s.breaks(code, "GOV", said)
        s.breaks("A053", "REG", withdraw("SUP", "supervisor"))
        s.holds("GOV", withdraw("C", "registrar"))
        s.holds("C", urge)
        s.holds("GOV", withdraw("C", "supervisor", task="T"))
        s.breaks("A053", "C", urge)
        s.breaks("A066", "GOV", withdraw("REG", "registrar"))
        s.breaks("A066", "GOV", withdraw("GOV", "governing"))
        s.breaks("A053", "GOV", withdraw("GOV", "governing"), grant("B", "governing"))
        s.holds("REG", registration("E"))
        s.breaks("A066", "GOV", grant("E", "governing"), withdraw("GOV", "governing"))
        s.holds("GOV", grant("B", "governing"), withdraw("GOV", "governing"))
        s.breaks("A053", "GOV", grant("C", "statistics"))
        s.breaks("A067", "B", event("rules.adopted", {"version": 1}))
        s.breaks("A052", "B", event("rules.adopted", {"version": 2}), grant("C", "statistics"))
        self.assert_scene(s)

    def test_counts_clocks_and_views(self):
        s = Scene()
        s.open()
        for how, code in ((dict(n=7), "A040"), (dict(seen=1), "A042"), (dict(seen_root=bytes(32)), "A041")):
            s.breaks(code, "REG", registration("X"), **how)
        stranger = Signer("A", "stranger")
        s.breaks("A030", stranger, registration("X"))
        for minutes, holds in ((10, True), (10.1, False), (-10.9, True), (-11.1, False)):
            at = s.ledger.time + timedelta(minutes=minutes)
            if holds:
                s.holds("REG", registration(f"R{s.size()}"), at=at)
            else:
                s.breaks("A043", "REG", registration(f"R{s.size()}"), at=at)
        for days, holds in ((60, True), (60.01, False)):
            signed = s.ledger.note([s.keys["REG"]], [registration(f"R{s.size()}")])
            s.later(days=days)
            if not holds:
                s.expected[s.size()] = "A043"
            s.ledger.place(signed)
        self.assert_scene(s)


if __name__ == "__main__":
    unittest.main()
