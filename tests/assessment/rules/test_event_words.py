"""Events in words."""

import ast
from pathlib import Path

import pytest

from assessment.rules.event_words import VERBS, event_words, folded_words

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("verb", "payload", "words"),
    [
        ("accreditation.committed", {"level": "charter"}, "Committed to the Charter"),
        ("accreditation.moved", {"from": "improving", "to": "submitted"}, "Stage: Improving → Submission sent"),
        (
            "accreditation.extended",
            {"from": "2026-05-04", "to": "2026-07-04", "reason": "Flooded."},
            "The region moved the last day to 4 July 2026: Flooded.",
        ),
        ("accreditation.extended", {}, "The region moved the last day"),
        ("submission.sealed", {"kind": "plan"}, "The plan was sealed and sent"),
        ("submission.decided", {"kind": "readiness", "outcome": "returned"}, "The region returned the submission"),
        (
            "assignment.conflicted",
            {"name": "Kit Moss", "submitted": True, "decided": True},
            "Kit Moss declared a conflict of interest after the decision",
        ),
        ("assignment.declined", {"name": "Kit Moss"}, "Kit Moss cannot take part and left the team"),
        ("report.commented", {"has_none": True}, "The council has nothing to correct in the report"),
        (
            "report.commented",
            {"has_none": True, "comments": 2},
            "The council has nothing more to correct in the report",
        ),
        ("improvement.replied", {"number": 3, "answer": "decided_against"}, "Reply to improvement 3: decided against"),
        ("improvements.issued", {"number": 1}, "1 improvement was issued"),
        ("improvements.issued", {"number": 4}, "4 improvements were issued"),
        (
            "outcome.release_set",
            {"on": "4 May 2026", "time": "09:30"},
            "The outcome was set to be released on 4 May 2026 at 09:30",
        ),
        ("appeal.decided", {"outcome": "upheld"}, "The appeal was upheld"),
        ("award.made", {"number": "ABCD-1234"}, "Award made: certificate ABCD-1234"),
        (
            "award.recorded",
            {"number": "ABCD-1234", "on": "4 May 2019", "filename": "old.xlsx"},
            "Award of 4 May 2019 recorded from old.xlsx: certificate ABCD-1234",
        ),
        ("signing.opened", {"about": "readiness"}, "The submission was put before those who sign"),
        ("confirmation.asked", {"about": "plan"}, "The chair of the steering group was asked to confirm the plan"),
        (
            "confirmation.given",
            {"about": "readiness"},
            "The chair of the steering group confirmed the submission",
        ),
        (
            "signature.given",
            {"name": "Kit Moss", "office": "Mayor", "title": "Commitment to Charter"},
            "Kit Moss, Mayor, signed: Commitment to Charter",
        ),
        ("office.left", {"name": "Kit Moss", "office": "Mayor"}, "Kit Moss is no longer Mayor"),
        ("evidence.added", {}, "Evidence added"),
        ("reminders.changed", {}, "Reminders were changed"),
        ("plan.copied_over", {}, "Plan copied over"),
    ],
)
def test_an_event_is_one_line(verb: str, payload: dict[str, object], words: str) -> None:
    assert event_words(verb, payload) == words


def test_many_of_one_moment_are_one_line() -> None:
    payloads = [{"element": f"1.{number}", "name": name} for number, name in enumerate(("Ana", "Ana", "Ben"), 1)]
    assert folded_words("element_owner.named", payloads) == "3 elements were given an owner: Ana, Ben"
    assert folded_words("element_owner.named", payloads[:1]) == "Element 1.1 was given an owner: Ana"
    assert folded_words("element_owner.cleared", payloads[:2]) == "2 elements have no owner any more"


def recorded() -> set[str]:
    """The verbs of every event that a council or a region may read, as the code records them by name."""
    found = set()
    for path in (path for package in ("tenants", "assessment") for path in (ROOT / package).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(call, ast.Call) and ast.unparse(call.func).endswith("record") and call.args):
                continue
            audience = next((ast.unparse(each.value) for each in call.keywords if each.arg == "audience"), "")
            named = isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
            if named and audience not in ("'person'", "'platform'"):
                found.add(call.args[0].value)
    return {verb for verb in found if "." in verb}


def test_every_event_is_listed_so_that_a_webhook_can_name_it() -> None:
    assert "submission.sealed" in recorded()
    assert recorded() - set(VERBS) == set()
    assert list(VERBS) == sorted(set(VERBS))
