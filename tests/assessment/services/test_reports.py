"""The report's draft: begun from what was agreed, changed by several people without a loss, read from documents."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.queries.reports import find_draft, list_draft_versions
from assessment.services import report_imports, reports
from saas.errors import Conflict, Invalid, NotFound
from tests.conftest import InScope
from tests.factories.awards import SUMMARY, make_draft, partly
from tests.factories.documents import ROWS, word_plan
from tests.factories.scores import MadeCase, actor, make_scored
from tests.factories.tenants import MadeCouncil, make_user

TEXTS = {
    "action": "Name a champion",
    "reason": "So that  somebody asks.",
    "remark": "[The team saw none.]\n",
    "timescale": "within 3 months",
    "requirement_code": "",
    "criterion_code": "1",
}


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """A begun report; 1.1.1 and 2.1.1 are partly met."""
    return make_draft(app, council, judge=partly("1.1.1", "2.1.1"))


def test_it_begins_with_strengths_by_criterion_and_numbered_improvements(
    app: Flask, case: MadeCase, in_scope: InScope
) -> None:
    with in_scope(case.region.scope(case.officer.id)):
        draft = find_draft(case.accreditation_id)
        by_criterion = {each["criterion_code"]: each["text"] for each in draft.strengths}
        assert [(each["number"], each["requirement_code"]) for each in draft.improvements] == [
            (1, "1.1.1"),
            (2, "2.1.1"),
        ]
        assert all(each["action"].startswith("Do more about") for each in draft.improvements)
        assert sorted(by_criterion) == ["1", "2", "3", "4", "5"]
        assert all("Strong on" in text for text in by_criterion.values())
        assert reports.begin(case.accreditation_id, by=actor(case.officer)).id == draft.id


def test_it_cannot_begin_before_its_stage(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_scored(app, council, council.region)
    with pytest.raises(Conflict, match="cannot be written at the stage"), in_scope(case.region.scope(case.officer.id)):
        reports.begin(case.accreditation_id, by=actor(case.officer))


def test_improvements_are_kept_to_the_letter_and_stay_numbered(case: MadeCase, in_scope: InScope) -> None:
    by, wanted = actor(case.officer), case.accreditation_id
    with in_scope(case.region.scope(case.officer.id)):
        draft = find_draft(wanted)
        first, second = draft.improvements
        items = [second, {**TEXTS, "mandatory": True}]
        draft = reports.save(wanted, improvements=items, version=draft.version, by=by)
        kept, added = draft.improvements
        assert (kept["number"], kept["key"], kept["action"]) == (1, second["key"], second["action"])
        assert {name: added[name] for name in TEXTS} == TEXTS
        assert (added["number"], added["mandatory"], added["extra"]) == (2, True, [])
        assert added["key"] not in (first["key"], second["key"])
        assert draft.summary == SUMMARY


def test_an_improvement_names_what_exists(case: MadeCase, in_scope: InScope) -> None:
    wrong = {**TEXTS, "requirement_code": "99.9", "mandatory": False}
    with pytest.raises(Invalid) as refused, in_scope(case.region.scope(case.officer.id)):
        version = find_draft(case.accreditation_id).version
        reports.save(case.accreditation_id, improvements=[wrong], version=version, by=actor(case.officer))
    assert refused.value.messages == {"_form": ["This framework has no requirement or criterion 99.9"]}


def test_every_change_is_kept_and_any_can_be_brought_back(case: MadeCase, in_scope: InScope) -> None:
    by, wanted = actor(case.officer), case.accreditation_id
    with in_scope(case.region.scope(case.officer.id)):
        first = find_draft(wanted)
        number, words = first.version, first.improvements
        draft = reports.save(wanted, summary="Other", improvements=[], version=number, by=by)
        draft = reports.bring_back(wanted, number, version=draft.version, by=by)
        assert (draft.summary, draft.improvements) == (SUMMARY, words)
        assert [(each.number, each.summary, len(each.improvements)) for each in list_draft_versions(wanted)] == [
            (number + 2, SUMMARY, 2),
            (number + 1, "Other", 0),
            (number, SUMMARY, 2),
            (number - 1, "", 2),
        ]
        with pytest.raises(NotFound):
            reports.bring_back(wanted, 99, version=draft.version, by=by)


def test_what_changes_no_word_makes_no_version(case: MadeCase, in_scope: InScope) -> None:
    by, wanted = actor(case.officer), case.accreditation_id
    with in_scope(case.region.scope(case.officer.id)):
        draft = find_draft(wanted)
        before = len(list_draft_versions(wanted))
        draft = report_imports.read_document(wanted, word_plan(), "plan.docx", version=draft.version, by=by)
        reports.save(wanted, summary=draft.summary, version=draft.version, by=by)
        assert len(list_draft_versions(wanted)) == before


def test_who_was_slower_meets_the_text_of_who_was_faster(case: MadeCase, in_scope: InScope) -> None:
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        seen = find_draft(case.accreditation_id).version
        reports.save(case.accreditation_id, summary="Faster", strengths={"1": "Ours"}, version=seen, by=by)
    with in_scope(case.region.scope(case.officer.id)):
        with pytest.raises(Conflict) as refused:
            reports.save(case.accreditation_id, summary="Slower", version=seen, by=by)
        assert refused.value.theirs.summary == "Faster"


def test_a_document_is_shown_first_and_then_taken_in_as_a_whole(case: MadeCase, in_scope: InScope) -> None:
    by, wanted = actor(case.officer), case.accreditation_id
    with in_scope(case.region.scope(case.officer.id)):
        draft = find_draft(wanted)
        draft = report_imports.read_document(wanted, word_plan(), "plan.docx", version=draft.version, by=by)
        assert len(draft.improvements) == 2
        assert len(draft.pending_import["rows"]) == 8
        assert "ACTION PLAN" in draft.pending_import["leftovers"]
        draft = report_imports.take_in(wanted, version=draft.version, by=by)
        taken = draft.improvements[2:]
        assert [each["number"] for each in taken] == list(range(3, 11))
        assert taken[0]["action"] == ROWS[0][1]
        assert taken[0]["timescale"] == "May 2017"
        assert taken[1]["remark"].startswith("[The visiting team") or taken[1]["remark"].startswith("The visiting team")
        assert ["Responsibility", "Member Learning Panel"] in taken[0]["extra"]
        assert draft.pending_import["leftovers"]
        with pytest.raises(Conflict, match="No document waits"):
            report_imports.take_in(wanted, version=draft.version, by=by)


def test_a_document_may_be_discarded_or_refused(case: MadeCase, in_scope: InScope) -> None:
    by, wanted = actor(case.officer), case.accreditation_id
    with in_scope(case.region.scope(case.officer.id)):
        draft = find_draft(wanted)
        with pytest.raises(Invalid, match=r"notes\.docx"):
            report_imports.read_document(wanted, b"no document", "notes.docx", version=draft.version, by=by)
        draft = report_imports.read_document(wanted, word_plan(), "../pl\0an.docx", version=draft.version, by=by)
        assert draft.pending_import["filename"] == "plan.docx"
        draft = report_imports.discard(wanted, version=draft.version, by=by)
        assert (draft.pending_import, len(draft.improvements)) == (None, 2)


def test_the_council_and_its_own_people_see_no_draft(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    insider = make_user(app, case.council, "member")
    for scope in (case.council.scope(), case.region.scope(insider.id)):
        with in_scope(scope):
            assert find_draft(case.accreditation_id) is None
