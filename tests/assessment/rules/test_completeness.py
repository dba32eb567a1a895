"""What keeps a plan or a submission from being sent, and what is only worth a look."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from assessment.rules.completeness import Answer, Around, Check, Cited, Finding, Kind, PlannedAction
from assessment.rules.frameworks import Framework

TODAY = date(2027, 3, 1)
FILE, OTHER = UUID(int=1), UUID(int=2)
NOTHING = Around(TODAY)
POLICY = Cited(FILE, "Policy")
MET = Answer("met", cited=[POLICY])
DONE = {"1.1.1": MET, "1.1.2": MET, "1.10": MET}
NO_JUDGEMENT = "Give your judgement."


def found(
    small: Framework, kind: str, answers: dict[str, Answer], *, level: str = "charter", around: Around = NOTHING
) -> list[Finding]:
    """What a check of these answers finds."""
    return Check(small, level, kind, answers, around).run()


def test_a_complete_plan_and_submission_have_no_findings(small: Framework) -> None:
    answers = {
        **DONE,
        "1.1.2": Answer("partly_met", actions=[PlannedAction("A. Officer", "by May")]),
        "1.10": Answer("not_applicable", reason="There is no such body."),
    }
    assert found(small, "plan", answers) == []
    assert found(small, "readiness", answers) == []


@pytest.mark.parametrize("kind", ["plan", "readiness"])
def test_every_requirement_of_the_level_is_judged(small: Framework, kind: str) -> None:
    answers = {"1.1.1": MET, "1.10": Answer(None), "9.9": MET}
    assert found(small, kind, answers) == [
        Finding(Kind.JUDGEMENT, NO_JUDGEMENT, "1.1.2"),
        Finding(Kind.JUDGEMENT, NO_JUDGEMENT, "1.10"),
    ]
    assert found(small, kind, DONE, level="plus") == [Finding(Kind.JUDGEMENT, NO_JUDGEMENT, "2.1.2")]


@pytest.mark.parametrize("kind", ["plan", "readiness"])
@pytest.mark.parametrize(
    ("answer", "about", "words"),
    [
        (Answer("splendid"), Kind.JUDGEMENT, "Choose a judgement that is on the framework's scale."),
        (Answer("not_applicable", reason="  "), Kind.REASON, "Say why it is not applicable."),
        (
            Answer("met", cited=[POLICY], confirmed=False),
            Kind.CONFIRMATION,
            "Confirm that this answer holds: it came from the last assessment or from a document.",
        ),
    ],
)
def test_a_judgement_must_be_a_whole_one(small: Framework, kind: str, answer: Answer, about: Kind, words: str) -> None:
    assert found(small, kind, {**DONE, "1.1.2": answer}) == [Finding(about, words, "1.1.2")]


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([], ["Plan an action, as it is not yet met."]),
        ([PlannedAction("", "by May")], ["Say who will do the action."]),
        ([PlannedAction("A. Officer", " ")], ["Say by when the action will be done."]),
        ([PlannedAction("", "")], ["Say who will do the action.", "Say by when the action will be done."]),
        (
            [PlannedAction("", "by May"), PlannedAction("A. Officer", "")],
            ["Give one action both an owner and a timescale."],
        ),
        ([PlannedAction("", ""), PlannedAction("A. Officer", "by May")], []),
    ],
)
def test_what_is_below_met_needs_an_action_in_a_plan(
    small: Framework, actions: list[PlannedAction], words: list[str]
) -> None:
    for step in ("partly_met", "not_met"):
        answers = {**DONE, "1.10": Answer(step, actions=actions)}
        assert found(small, "plan", answers) == [Finding(Kind.ACTION, each, "1.10") for each in words]
        assert found(small, "readiness", answers) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Answer("partly_met", cited=[POLICY]),
            ["This is a key indicator: it must be met before the submission can be sent."],
        ),
        (Answer("met"), ["This is a key indicator: cite at least one piece of evidence."]),
        (Answer("not_applicable", reason="None here."), []),
    ],
)
def test_a_key_indicator_is_met_with_evidence(small: Framework, answer: Answer, words: list[str]) -> None:
    expected = [Finding(Kind.KEY_INDICATOR, each, "1.1.1") for each in words]
    assert found(small, "readiness", {**DONE, "1.1.1": answer}) == expected


def test_evidence_that_was_removed_or_holds_malware_does_not_count(small: Framework) -> None:
    cited = [Cited(FILE, "Policy", removed=True), Cited(OTHER, "Minutes", scan="quarantined")]
    assert found(small, "readiness", {**DONE, "1.1.1": Answer("met", cited=cited)}) == [
        Finding(Kind.REMOVED, "“Policy” was removed from the library: take it out here.", "1.1.1", FILE),
        Finding(Kind.MALWARE, "Malware was found in “Minutes”: take it out here.", "1.1.1", OTHER),
        Finding(Kind.KEY_INDICATOR, "This is a key indicator: cite at least one piece of evidence.", "1.1.1"),
    ]


@pytest.mark.parametrize(
    ("cited", "scanner", "finds"),
    [
        (Cited(FILE, "Policy", scan="unscanned"), False, None),
        (
            Cited(FILE, "Policy", scan="unscanned"),
            True,
            (Kind.NOT_SCANNED, "“Policy” has not been checked for malware yet. Try again in a few minutes."),
        ),
        (Cited(FILE, "Policy", scan="clean"), True, None),
        (Cited(FILE, "Programme", kind="link"), True, None),
        (Cited(FILE, "Share", kind="measure"), True, None),
        (Cited(FILE, "Policy", valid_until_on=TODAY), False, None),
        (
            Cited(FILE, "Policy", valid_until_on=date(2027, 2, 28)),
            False,
            (Kind.EXPIRED, "“Policy” is no longer in force."),
        ),
        (Cited(FILE, "Page", kind="link", reachable=True), False, None),
        (
            Cited(FILE, "Page", kind="link", reachable=False),
            False,
            (Kind.UNREACHABLE, "“Page” could not be reached when we last looked."),
        ),
    ],
)
def test_each_piece_of_evidence_is_looked_at(
    small: Framework, cited: Cited, scanner: bool, finds: tuple[Kind, str] | None
) -> None:
    answers = {**DONE, "1.1.2": Answer("met", cited=[cited])}
    expected = [Finding(*finds, "1.1.2", FILE)] if finds else []
    if finds and finds[0] is Kind.NOT_SCANNED:
        expected.append(Finding(Kind.NO_EVIDENCE, "It is judged met, but no evidence is cited.", "1.1.2"))
    checked = [
        each
        for each in found(small, "readiness", answers, around=Around(TODAY, scanner=scanner))
        if each.requirement_code == "1.1.2"
    ]
    assert checked == expected


def test_a_link_may_be_both_out_of_force_and_out_of_reach(small: Framework) -> None:
    page = Cited(FILE, "Page", kind="link", valid_until_on=date(2027, 2, 28), reachable=False)
    assert found(small, "plan", {**DONE, "1.1.2": Answer("met", cited=[page])}) == [
        Finding(Kind.EXPIRED, "“Page” is no longer in force.", "1.1.2", FILE),
        Finding(Kind.UNREACHABLE, "“Page” could not be reached when we last looked.", "1.1.2", FILE),
    ]


@pytest.mark.parametrize("kind", ["plan", "readiness"])
def test_what_may_be_sent_is_worth_a_look(small: Framework, kind: str) -> None:
    answers = {
        "1.1.1": Answer("met", cited=[POLICY], unchanged=True),
        "1.1.2": Answer("met"),
        "1.10": Answer("met", cited=[POLICY], comments=2),
    }
    findings = found(small, kind, answers, around=Around(TODAY, uncited=3))
    assert findings == [
        Finding(Kind.UNCHANGED, "The region asked to have this changed. It is as it was sent.", "1.1.1"),
        Finding(Kind.NO_EVIDENCE, "It is judged met, but no evidence is cited.", "1.1.2"),
        Finding(Kind.COMMENTS, "2 comments are still open. Comments are never sent.", "1.10"),
        Finding(Kind.UNCITED, "3 pieces of evidence are in your library and cited nowhere."),
    ]
    assert not any(finding.refuses for finding in findings)


@pytest.mark.parametrize(
    ("kind", "refuses"),
    [
        (Kind.JUDGEMENT, True),
        (Kind.REASON, True),
        (Kind.CONFIRMATION, True),
        (Kind.ACTION, True),
        (Kind.KEY_INDICATOR, True),
        (Kind.REMOVED, True),
        (Kind.MALWARE, True),
        (Kind.NOT_SCANNED, True),
        (Kind.EXPIRED, False),
        (Kind.UNREACHABLE, False),
        (Kind.NO_EVIDENCE, False),
        (Kind.UNCHANGED, False),
        (Kind.COMMENTS, False),
        (Kind.UNCITED, False),
    ],
)
def test_which_findings_refuse(kind: Kind, refuses: bool) -> None:
    assert Finding(kind, "…").refuses is refuses


def test_nothing_is_said_of_missing_evidence_where_the_process_expects_none(small: Framework) -> None:
    answers = {code: Answer("met") for code in DONE}
    asked_for = {finding.kind for finding in found(small, "readiness", answers)}
    assert asked_for == {Kind.KEY_INDICATOR, Kind.NO_EVIDENCE}
    assert found(small, "readiness", answers, around=Around(TODAY, evidence_expected=False)) == []
    removed = {**answers, "1.1.1": Answer("met", cited=[Cited(FILE, "Policy", removed=True)])}
    (still,) = found(small, "readiness", removed, around=Around(TODAY, evidence_expected=False))
    assert still.kind is Kind.REMOVED
