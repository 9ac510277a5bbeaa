"""Every rule of tasks is broken once, by an entry that breaks nothing else; `onus audit` finds the same entries
void, and for the same reason."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agreement_case import RulesCase
from ledger_writer import event, grant, post
from scene import TITLES, Scene, assignment, evidence, indicator, issue, milestone


def on(task):
    """Events on one task: `on("T")("task.accepted", lead="A")`."""
    return lambda kind, /, **data: event(kind, data, task=task)


class Tasks(RulesCase):
    def setUp(self):
        super().setUp()
        self.scene = s = Scene()
        s.open()
        s.give_roles()
        s.issue_programme()
        self.holds, self.breaks = s.holds, s.breaks

    def test_the_plan(self):
        s, holds, breaks = self.scene, self.holds, self.breaks
        breaks("A060", "PLAN", event("objective.defined", {"id": "O", **TITLES}))
        breaks("A060", "PLAN", event("indicator.defined", indicator("I1")))
        breaks("A058", "PLAN", event("indicator.defined", indicator("I3", publisher="NO")))
        for periods, is_right in ((["2026", "2026-Q1", "2026-01", "2026-02"], False), (["2026-01", "2026-Q1"], True),
                                  (["2026-02", "2026-01"], False), (["2026", "2026"], False),
                                  (["2026-W53", "2026-01"], False), (["2026-W54"], False), (["2025-W53"], False),
                                  (["2026-W01", "2026-01", "2026-Q1", "2026", "2026-02", "2026-W53"], True)):
            said = event("indicator.defined", indicator(f"I{s.size()}", targets=[
                {"period": period, "value": "1"} for period in periods]))
            if is_right:
                holds("PLAN", said)
            else:
                breaks("A050", "PLAN", said)
        for value in ("-0", "01", "1.0", "1.", "1234567890123456", "1.1234567"):
            breaks("A050", "PLAN", event("indicator.defined", {**indicator("I4"), "baseline": value}))

        def issued(task="X", **more):
            return event("task.issued", issue(**more), task=task)
        holds("PLAN", issued("T", milestones=[milestone("M1")], indicators=["I1"]))
        breaks("A060", "PLAN", issued("T"))
        breaks("A058", "PLAN", issued(objective="NO"))
        breaks("A058", "PLAN", issued(indicators=["NO"]))
        breaks("A050", "PLAN", issued(indicators=["I1", "I1"]))
        breaks("A060", "PLAN", issued(milestones=[milestone("M1")]))
        breaks("A060", "PLAN", issued(milestones=[milestone("M2"), milestone("M2")]))
        breaks("A058", "PLAN", issued(parent="NO"))
        breaks("A050", "PLAN", issued(mandatory=True))
        breaks("A050", "PLAN", issued(weight=0))
        breaks("A053", "GOV", issued())
        s.begin("P")
        s.complete("P")
        breaks("A061", "PLAN", issued(parent="P", mandatory=True))
        holds("PLAN", issued("P1", parent="P"))
        holds("SUP", on("P")("task.closed", criterion="met"))
        breaks("A061", "PLAN", issued(parent="P"))
        holds("GOV", on("P1")("task.cancelled", order="7"))
        breaks("A061", "PLAN", issued(parent="P1"))
        self.assert_scene(s)

    def test_assignment(self):
        s, holds, breaks, t = self.scene, self.holds, self.breaks, on("T")
        holds("REG", post("A", "PA"), post("A", "PA2"), post("B", "PB"))
        s.add_key("A", "chief", post="PA")
        holds("PLAN", event("task.issued", issue(), task="T"))
        breaks("A058", "PLAN", event("task.assigned", assignment(), task="NO"))
        for code, changed in (("A058", {"lead": "NO"}), ("A058", {"supports": ["NO"]}), ("A050", {"supports": ["A"]}),
                              ("A050", {"supports": ["B"], "territories": ["B"]}), ("A058", {"post": "NO"}),
                              ("A057", {"post": "PB"}), ("A065", {"start": "2026-07-01"}), ("A050", {"lead": None})):
            data = {name: value for name, value in assignment(**changed).items() if value}
            breaks(code, "PLAN", event("task.assigned", data, task="T"))
        named = event("role.granted", {"role": "supervisor", "task": "T"}, org="C")
        holds("GOV", named)
        breaks("A056", "PLAN", event("task.assigned", assignment(supports=["C"]), task="T"))
        holds("PLAN", event("task.assigned", assignment(post="PA", supports=["B"], due="2026-01-03"), task="T"))
        breaks("A061", "PLAN", event("task.assigned", assignment(), task="T"))
        breaks("A055", "B", t("task.accepted"))
        s.add_key("A", "other chief", post="PA2")
        breaks("A054", "other chief", t("task.accepted"))
        size = s.size()
        holds("GOV", t("deadline.set", due="2026-06-30", reason="x"))
        breaks("A063", "chief", t("task.accepted"), seen=size)
        holds("A", t("task.declined", reason="unclear"))
        breaks("A061", "A", t("task.accepted"))
        for code, who, data in (
                ("A050", "GOV", {"outcome": "upheld", "lead": "B"}), ("A050", "GOV", {"outcome": "reassigned"}),
                ("A050", "GOV", {"outcome": "upheld", "post": "PA"}), ("A061", "GOV", {"outcome": "reassigned", "lead": "A"}),
                ("A061", "GOV", {"outcome": "reassigned", "lead": "C"}), ("A058", "GOV", {"outcome": "reassigned", "lead": "NO"}),
                ("A057", "GOV", {"outcome": "reassigned", "lead": "B", "post": "PA"}),
                ("A065", "GOV", {"outcome": "upheld", "due": "2026-01-04"}),
                ("A065", "GOV", {"outcome": "upheld", "due": "2026-01-01"}), ("A053", "SUP", {"outcome": "upheld"})):
            breaks(code, who, t("assignment.ruled", **data))
        size = s.size()
        holds("GOV", t("assignment.ruled", outcome="upheld", due="2026-05-31"))
        breaks("A063", "A", t("task.declined", reason="unclear"), seen=size)
        holds("A", t("task.declined", reason="unclear"))
        breaks("A063", "PLAN", t("assignment.ruled", outcome="upheld"), seen=size)
        holds("PLAN", t("assignment.ruled", outcome="reassigned", lead="B", post="PB"))
        breaks("A055", "A", t("task.accepted"))
        holds("B", t("task.accepted"))
        self.planning(t)
        self.reassigning(t)
        self.assert_scene(s)

    def planning(self, t):
        breaks, holds = self.breaks, self.holds
        holds("PLAN", event("task.issued", issue(milestones=[milestone("MX")]), task="X"))
        breaks("A060", "B", t("task.planned", milestones=[milestone("MX")]))
        breaks("A065", "B", t("task.planned", milestones=[milestone("M1", due="2026-06-01")]))
        breaks("A050", "B", t("task.planned", milestones=[]))
        for first in (100, 200):
            holds("B", t("task.planned", milestones=[milestone(f"M{first + i}", False, "2026-05-31") for i in range(64)]))
        breaks("A050", "B", t("task.planned", milestones=[milestone("M1", due="2026-05-31")]))

    def reassigning(self, t):
        s, breaks, holds = self.scene, self.breaks, self.holds

        def move(lead, **more):
            return t("task.reassigned", **{"lead": lead, "reason": "x", "from": "2026-02-01", **more})
        holds("PLAN", event("task.assigned", assignment(supports=["B"], territories=["GOV"]), task="X"))
        holds("B", on("X")("support.confirmed"))
        breaks("A067", "B", on("X")("support.confirmed"))
        holds("PLAN", {**move("GOV"), "task": "X"})
        holds("B", on("X")("support.confirmed"))
        for code, said in (("A067", move("B")), ("A058", move("NO")), ("A050", move("A", supports=["A"])),
                           ("A050", move("A", supports=["GOV", "GOV"])), ("A057", move("A", post="PB")),
                           ("A056", move("C")), ("A056", move("A", supports=["C"])),
                           ("A065", move("A", **{"from": "2026-06-01"}))):
            breaks(code, "PLAN", said)
        breaks("A056", "GOV", {**move("A"), "task": "X"})
        size = s.size()
        holds("GOV", move("A"))
        breaks("A063", "PLAN", move("B"), seen=size)
        holds("A", t("task.accepted"), t("task.planned"))
        claim = s.size()
        holds("A", t("completion.claimed"))
        breaks("A063", "PLAN", move("B"), seen=claim)
        holds("PLAN", move("B"))

    def test_handovers(self):
        s, holds, breaks = self.scene, self.holds, self.breaks
        holds("REG", post("A", "P1"), post("A", "P2"), post("B", "PB"))
        for name, limits in (("giver", {"post": "P1"}), ("taker", {"post": "P2"}), ("heir", {"post": "P1"}),
                             ("deputy", {"post": "P2", "roles": ["support"]}), ("clerk", {"roles": ["lead"]})):
            s.add_key("A", name, **limits)
        s.begin("T", post="P1")
        s.begin("U", post="P2")
        s.begin("V", post="P1")
        s.begin("W", lead="B", post="PB")
        holds("GOV", on("V")("task.cancelled", order="7"))

        def hand(org="A", **data):
            return event("duty.handed-over", {"post": "P1", "to": "P2", **data}, org=org)
        for code, who, said in (
                ("A058", ["giver", "taker"], hand(to="NO")), ("A055", ["giver", "taker"], hand(to="PB")),
                ("A055", ["B", "taker"], hand()), ("A055", ["A", "B"], hand(post="PB")), ("A054", ["taker", "A"], hand()),
                ("A033", ["giver"], hand()), ("A033", ["giver", "B"], hand()), ("A033", ["giver", "deputy"], hand()),
                ("A033", ["giver", "heir"], hand()), ("A034", ["giver", "taker", "deputy"], hand()),
                ("A033", ["giver", "A"], hand(to="P1")), ("A050", ["giver", "taker"], hand(openItems=["T", "T"])),
                ("A058", ["giver", "taker"], hand(openItems=["NO"])), ("A055", ["giver", "taker"], hand(openItems=["U"])),
                ("A061", ["giver", "taker"], hand(openItems=["V"])), ("A050", ["giver", "taker"], hand(openItems=[]))):
            breaks(code, who, said)
        new = s.new_key("A")
        breaks("A033", ["A", new], s.enrol(new, post="P1"), hand(to="P1"))
        holds(["giver", "heir"], hand(to="P1", openItems=["T"]))
        breaks("A031", "giver", on("T")("progress.reported", period="2026-01", percent=1))
        holds("heir", on("T")("progress.reported", period="2026-01", percent=1))
        breaks("A054", "heir", on("U")("progress.reported", period="2026-01", percent=1))
        holds(["clerk", "taker"], hand(openItems=["T"]))
        breaks("A031", "heir", on("T")("progress.reported", period="2026-01", percent=2))
        holds("taker", on("T")("progress.reported", period="2026-01", percent=2))
        self.assert_scene(s)

    def test_work(self):
        s, holds, breaks, t = self.scene, self.holds, self.breaks, on("T")
        holds("PLAN", event("indicator.defined", indicator("I3")))
        s.begin("T", supports=["B"], milestones=[milestone("M1")], indicators=["I1"])
        s.begin("U", lead="A", supports=["B"])
        a = holds("A", t("evidence.attached", **evidence()))
        b = holds("B", t("evidence.attached", **evidence()))
        u = holds("A", on("U")("evidence.attached", **evidence()))
        breaks("A050", "A", event("evidence.attached", {**evidence(), "content": {"media": "a/b", "sealed": "A" * 43 + "="}}, task="T"))
        breaks("A065", "A", t("evidence.attached", **evidence(captured="2026-01-06")))
        breaks("A055", "C", t("evidence.attached", **evidence()))

        def progress(**more):
            return t("progress.reported", **{"period": "2026-01", "percent": 10, **more})
        for code, said in (("A065", progress(period="2026-Q1")), ("A065", progress(period="2026-02")),
                           ("A050", progress(period="2026-13")), ("A050", progress(percent=101)),
                           ("A058", progress(values={"I2": "1"})), ("A058", progress(values={"NO": "1"})),
                           ("A050", progress(values={"I1": "1.0"})), ("A059", progress(evidence=[u])),
                           ("A059", progress(evidence=["A+00000000/1.1"])), ("A055", progress(evidence=[b])),
                           ("A050", progress(evidence=[a, a]))):
            breaks(code, "A", said)
        breaks("A055", "B", progress())
        report = holds("A", progress(evidence=[a], values={"I1": "2"}))
        breaks("A055", "A", t("contribution.reported", period="2026-01"))
        help = holds("B", t("contribution.reported", period="2026-01", percent=5, evidence=[b]))
        breaks("A058", "A", t("milestone.reached", milestone="NO"))
        breaks("A055", "A", t("milestone.reached", milestone="M1", evidence=[b]))
        reached = holds("A", t("milestone.reached", milestone="M1", evidence=[a]))
        breaks("A061", "A", t("milestone.reached", milestone="M1"))
        self.correcting(report, help, reached, a, b)
        self.assert_scene(s)

    def correcting(self, report, help, reached, a, b):
        s, holds, breaks, t = self.scene, self.holds, self.breaks, on("T")

        def correct(cited, task="T", **more):
            return on(task)("report.corrected", report=cited, reason="x", foundBy="unit", **more)
        for code, who, said in (
                ("A059", "A", correct("A+00000000/1.1", percent=1)), ("A059", "A", correct(report, "U", percent=1)),
                ("A055", "B", correct(report, percent=1)), ("A067", "A", correct(report)),
                ("A067", "A", correct(report, percent=10)), ("A067", "A", correct(report, values={"I1": "2"})),
                ("A067", "A", correct(report, evidence=[a])), ("A050", "A", correct(reached, percent=1)),
                ("A050", "A", correct(reached, values={"I1": "1"})), ("A058", "A", correct(report, values={"I2": "1"})),
                ("A055", "A", correct(report, evidence=[b])), ("A059", "B", correct(a, percent=1))):
            breaks(code, who, said)
        s.add_key("A", "supporter", roles=["support"])
        breaks("A054", "supporter", correct(report, percent=1))
        s.add_key("B", "leader", roles=["lead"])
        breaks("A054", "leader", correct(help, percent=1))
        accept = t("report.accepted", report=report)
        breaks("A053", "PLAN", accept)
        holds("GOV", event("role.granted", {"role": "supervisor"}, org="B"))
        breaks("A056", "B", accept)
        breaks("A059", "SUP", t("report.accepted", report=reached))
        breaks("A059", "SUP", on("U")("report.accepted", report=report))
        size = s.size()
        holds("A", correct(report, percent=30))
        breaks("A063", "SUP", accept, seen=size)
        holds("SUP", accept)
        breaks("A061", "SUP", t("report.returned", report=report, reason="falsified"))
        breaks("A060", "A", t("progress.reported", period="2026-01", percent=1))
        holds("A", correct(report, percent=31))
        second = holds("A", t("progress.reported", period="2026-01", percent=1))
        breaks("A061", "SUP", accept)
        breaks("A061", "A", correct(report, percent=32))
        holds("SUP", t("report.returned", report=second, reason="no-substance"))
        holds("A", correct(second, percent=2))
        holds("SUP", t("report.returned", report=help, reason="no-substance"))
        self.milestones(reached, correct)

    def milestones(self, reached, correct):
        s, holds, breaks, t = self.scene, self.holds, self.breaks, on("T")
        extra = holds("A", t("evidence.attached", **evidence()))
        breaks("A062", "A", t("completion.claimed"))
        size = s.size()
        holds("A", correct(reached, evidence=[extra]))
        breaks("A063", "SUP", t("milestone.accepted", milestone="M1"), seen=size)
        breaks("A063", "SUP", t("milestone.waived", milestone="M1", reason="x"), seen=size)
        breaks("A056", "B", t("milestone.accepted", milestone="M1"))
        holds("SUP", t("milestone.rejected", milestone="M1", reason="no-substance"))
        breaks("A061", "SUP", t("milestone.accepted", milestone="M1"))
        size = s.size()
        again = holds("A", t("milestone.reached", milestone="M1"))
        breaks("A063", "SUP", t("milestone.accepted", milestone="M1"), seen=size)
        breaks("A063", "SUP", t("milestone.rejected", milestone="M1", reason="no-substance"), seen=size)
        breaks("A063", "SUP", t("milestone.waived", milestone="M1", reason="x"), seen=size)
        holds("SUP", t("milestone.accepted", milestone="M1"))
        breaks("A061", "SUP", t("milestone.waived", milestone="M1", reason="x"))
        claim = holds("A", t("completion.claimed"))
        holds("A", correct(again, evidence=[extra]))
        breaks("A062", "SUP", t("completion.accepted", claim=claim))
        holds("SUP", t("milestone.waived", milestone="M1", reason="x"))
        holds("SUP", t("completion.accepted", claim=claim))

    def test_ends(self):
        s, holds, breaks, t = self.scene, self.holds, self.breaks, on("T")
        s.begin("T", supports=["B"], evidence=2, indicators=["I1"])
        s.begin("S1", parent="T", mandatory=True)
        s.begin("S2", parent="T")
        holds("GOV", grant("C", "supervisor"), grant("B", "supervisor"))
        first = holds("A", t("evidence.attached", **evidence()))
        breaks("A062", "A", t("completion.claimed", evidence=[first]))
        second = holds("B", t("evidence.attached", **evidence()))
        breaks("A058", "A", t("completion.claimed", values={"I2": "1"}))
        breaks("A055", "B", t("completion.claimed"))
        claim = holds("A", t("completion.claimed", evidence=[first, second]))
        breaks("A061", "A", t("completion.claimed"))
        breaks("A059", "SUP", t("completion.accepted", claim=first))
        breaks("A056", "B", t("completion.accepted", claim=claim))
        breaks("A059", "SUP", t("report.accepted", report=claim))
        correct = t("report.corrected", report=claim, reason="x", foundBy="unit", values={"I1": "1"})
        breaks("A050", "A", t("report.corrected", report=claim, reason="x", foundBy="unit", percent=1))
        size = s.size()
        holds("A", correct)
        breaks("A063", "SUP", t("completion.returned", claim=claim, reason="falsified"), seen=size)
        breaks("A063", "SUP", t("completion.accepted", claim=claim), seen=size)
        holds("SUP", t("completion.returned", claim=claim, reason="falsified"))
        newer = holds("A", t("completion.claimed"))
        breaks("A061", "SUP", t("completion.accepted", claim=claim))
        breaks("A061", "SUP", t("completion.returned", claim=claim, reason="falsified"))
        holds("SUP", t("completion.accepted", claim=newer))
        holds("A", {**correct, "data": {**correct["data"], "report": newer, "values": {"I1": "2"}}})
        breaks("A061", "SUP", t("task.closed", criterion="met"))
        holds("SUP", t("completion.accepted", claim=newer))
        self.closing(t)
        size = s.size()
        holds("C", t("task.reopened", reason="x"))
        breaks("A061", "SUP", t("task.reopened", reason="x"))
        breaks("A059", "A", t("completion.claimed", evidence=[first]))
        breaks("A062", "A", t("completion.claimed"))
        third = holds("A", t("evidence.attached", **evidence()), t("evidence.attached", **evidence()))
        claim = holds("A", t("completion.claimed", evidence=[third]))
        holds("C", t("completion.accepted", claim=claim))
        breaks("A063", "SUP", t("task.reopened", reason="x"), seen=size)
        breaks("A063", "SUP", t("task.closed", criterion="met", reason="x", ruling="so"), seen=size)
        self.assert_scene(s)

    def closing(self, t):
        s, holds, breaks = self.scene, self.holds, self.breaks
        ruling = t("task.closed", criterion="met", ruling="No. 7")
        breaks("A050", "SUP", t("task.closed", criterion="waived"))
        breaks("A062", "SUP", t("task.closed", criterion="met"))
        breaks("A033", "SUP", ruling)
        breaks("A033", ["SUP", "PLAN"], ruling)
        holds("GOV", grant("B", "governing"))
        breaks("A056", ["SUP", "B"], ruling)
        s.add_key("GOV", "typist", roles=["lead"])
        breaks("A033", ["SUP", "typist"], ruling)
        holds(["SUP", "GOV"], ruling)
        breaks("A061", "SUP", t("task.closed", criterion="met"))

    def test_time(self):
        s, holds, breaks, t = self.scene, self.holds, self.breaks, on("T")
        s.begin("T", lead="A")

        def ask(to="2026-09-30", **more):
            return t("extension.requested", to=to, reason="x", **more)
        breaks("A065", "A", ask("2026-06-30"))
        breaks("A055", "B", ask())
        request = holds("A", ask())
        size = s.size()
        newer = holds("A", ask("2026-10-31"))
        breaks("A059", "PLAN", t("extension.granted", request=request, to="2026-09-30"))
        breaks("A063", "PLAN", t("extension.granted", request=newer, to="2026-09-30"), seen=size)
        breaks("A065", "PLAN", t("extension.granted", request=newer, to="2026-06-30"))
        holds("GOV", t("extension.refused", request=newer, reason="x"))
        breaks("A059", "PLAN", t("extension.refused", request=newer, reason="x"))
        breaks("A063", "PLAN", t("deadline.set", due="2026-08-01", reason="x"), seen=size)
        for code, due in (("A067", "2026-06-30"), ("A065", "2026-01-01"), ("A065", "2026-01-04")):
            breaks(code, "PLAN", t("deadline.set", due=due, reason="x"))
        holds("PLAN", t("deadline.set", due="2026-01-05", reason="x"))
        breaks("A065", "SUP", t("urge.issued", answerBy="2026-01-04", level="red"))
        holds("SUP", t("urge.issued", answerBy="2026-01-05", level="red"))
        s.later(hours=7)  # 15:30 in London, 23:30 at +08:00: the day has not ended
        holds("A", ask("2026-01-06"))
        s.later(hours=1)
        breaks("A065", "SUP", t("urge.issued", answerBy="2026-01-05", level="red"))
        breaks("A064", "A", ask("2026-02-01"))
        request = holds("A", ask("2026-02-01", code="funding"))
        holds("GOV", t("task.suspended", order="7"))
        breaks("A061", "A", ask("2026-02-02", code="funding"))
        breaks("A053", "PLAN", t("task.resumed", order="7"))
        holds("PLAN", t("deadline.set", due="2026-01-31", reason="x"))
        holds("GOV", t("task.resumed", order="7"))
        breaks("A061", "GOV", t("task.resumed", order="7"))
        s.later(days=40)
        breaks("A065", "PLAN", t("extension.granted", request=request, to="2026-02-01"))
        holds("PLAN", t("extension.granted", request=request, to="2026-03-01"))
        holds("GOV", t("task.cancelled", order="7"))
        breaks("A061", "GOV", t("task.suspended", order="7"))
        breaks("A061", "A", t("progress.reported", period="2026-01", percent=1))
        self.assert_scene(s)


if __name__ == "__main__":
    unittest.main()
