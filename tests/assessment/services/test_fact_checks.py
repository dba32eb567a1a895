"""The fact check: what leaves the region says no score, is commented on once a version, and answered."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import list_improvements
from assessment.queries.reports import find_draft, find_issued, find_newest, list_versions
from assessment.rules.process_words import day_words
from assessment.rules.sealing import canonical_json
from assessment.services import fact_checks, reports
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.awards import SUMMARY, make_award, make_draft, make_fact_check, partly
from tests.factories.scores import actor
from tests.factories.tenants import MadeCouncil, make_council


def test_it_opens_a_sealed_copy_that_states_agreed_judgements_and_no_score(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council, judge=partly("1.1.1"))
    with in_scope(council.scope()):
        report = find_newest(case.accreditation_id, "fact_check")
        accreditation = get_accreditation(case.accreditation_id)
        assert (accreditation.stage, accreditation.next_due_on) == ("fact_check", report.closes_on)
        assert find_draft(case.accreditation_id) is None
    assert report.hash == hashlib.sha256(canonical_json(report.document)).hexdigest()
    first = report.document["criteria"][0]["judgements"][0]
    assert ([each["words"] for each in report.document["summary"]], report.document["result"]) == ([SUMMARY], None)
    assert (first["code"], first["judgement"], first["words"]) == ("1.1.1", "partly_met", "Partly met")
    assert [item["number"] for item in report.document["improvements"]] == [1]
    said = canonical_json({**report.document, "team": []}).decode()
    assert not any(scorer.name in said for scorer in case.scorers)


def test_the_last_day_counts_working_days(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_draft(app, council)
    with in_scope(case.region.scope(case.officer.id)):
        moment = clock.now().replace(year=2026, month=12, day=18, hour=12)
        with clock.at(moment):
            assert fact_checks.closing_day(get_accreditation(case.accreditation_id)) == date(2027, 1, 6)


def test_an_unfinished_report_stays_in_the_region(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_draft(app, council)
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        draft = reports.save(case.accreditation_id, summary=" ", version=draft_of(case), by=by)
        with pytest.raises(Invalid) as refused:
            fact_checks.open_fact_check(case.accreditation_id, by=by, version=draft.version)
        assert refused.value.messages == {"_form": ["Write the summary."]}
        with pytest.raises(Conflict, match="changed the report after you opened"):
            fact_checks.open_fact_check(case.accreditation_id, by=by, version=1)


def draft_of(case) -> int:
    """The draft's version, in the scope that is open."""
    draft = find_draft(case.accreditation_id)
    assert draft is not None
    return draft.version


def test_the_council_comments_on_paragraphs_until_it_says_that_this_is_all(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council)
    wanted, by = case.accreditation_id, actor(case.officer)
    with in_scope(council.scope()):
        report = find_newest(wanted, "fact_check")
        key = report.document["summary"][0]["key"]
        with pytest.raises(Invalid, match="words"):
            fact_checks.comment(wanted, report.id, has_none=False, words=" ", by=CONSOLE)
        with pytest.raises(NotFound):
            fact_checks.comment(wanted, report.id, has_none=False, words="It is 48.", paragraph="nowhere", by=CONSOLE)
        first = fact_checks.comment(wanted, report.id, has_none=False, words="It is 48.", paragraph=key, by=CONSOLE)
        second = fact_checks.comment(wanted, report.id, has_none=False, words="Two dates are wrong.", by=CONSOLE)
        assert [(each.number, each.paragraph, each.quoted) for each in (first, second)] == [
            (1, key, SUMMARY),
            (2, "", ""),
        ]
        assert list_versions(wanted)[0].is_finished is False
        fact_checks.comment(wanted, report.id, has_none=True, words="", by=CONSOLE)
        with pytest.raises(Conflict, match="has ended the fact check of this version already"):
            fact_checks.comment(wanted, report.id, has_none=False, words="One more.", by=CONSOLE)
        with pytest.raises(Conflict, match="has ended the fact check"):
            fact_checks.comment(wanted, report.id, has_none=True, words="", by=CONSOLE)
    with in_scope(case.region.scope(case.officer.id)):
        version = list_versions(wanted)[0]
        assert [each.comment.words for each in version.unresolved] == ["It is 48.", "Two dates are wrong."]
        with pytest.raises(Invalid):
            fact_checks.answer_comment(wanted, first.id, words="", by=by)
        fact_checks.answer_comment(wanted, first.id, words="", changed=True, by=by)
        with pytest.raises(Conflict, match="answered already"):
            fact_checks.answer_comment(wanted, first.id, words="Again.", by=by)
    with in_scope(case.region.scope(case.officer.id)):
        fact_checks.answer_comment(wanted, second.id, words="They stand in the minutes so.", by=by)
    with in_scope(council.scope()):
        version = list_versions(wanted)[0]
        assert [(each.answer.changed, each.answer.words) for each in version.comments] == [
            (True, ""),
            (False, "They stand in the minutes so."),
        ]
        assert (version.is_unresolved, version.is_finished) == (False, True)


def test_a_comment_keeps_the_words_it_was_about_when_the_paragraph_is_reworded_or_gone(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council)
    wanted, by = case.accreditation_id, actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        text = "It has 47 members, and all of them were asked.\n\nIt meets in spring."
        draft = reports.save(wanted, summary=text, version=draft_of(case), by=by)
        fact_checks.open_fact_check(wanted, by=by, version=draft.version)
    with in_scope(council.scope()):
        report = find_newest(wanted, "fact_check")
        members, spring = (each["key"] for each in report.document["summary"])
        for key in (members, spring):
            fact_checks.comment(wanted, report.id, has_none=False, words="No.", paragraph=key, by=CONSOLE)
    with in_scope(case.region.scope(case.officer.id)):
        text = "It has 48 members, and all of them were asked."
        draft = reports.save(wanted, summary=text, version=draft_of(case), by=by)
        now = fact_checks.preview_of(get_accreditation(wanted), draft)
        assert now["summary"] == [{"key": members, "words": text}]
        assert [each.comment.quoted for each in list_versions(wanted)[0].comments] == [
            "It has 47 members, and all of them were asked.",
            "It meets in spring.",
        ]


def test_the_document_names_the_team_and_what_each_declared_and_no_reason(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council)
    with in_scope(council.scope()):
        document = find_newest(case.accreditation_id, "fact_check").document
    day = day_words(clock.today())
    assert document["team"] == [
        {"name": case.scorers[0].name, "capacity": "Officer", "home_council": "Northfield Borough Council",
         "interest": f"No interest, declared on {day}."},
        {"name": case.scorers[1].name, "capacity": "Councillor", "home_council": "Eastmoor District Council",
         "interest": f"No interest, declared on {day}."},
        {"name": case.officer.name, "capacity": "Regional lead", "home_council": "",
         "interest": "Leads without scoring."},
    ]  # fmt: skip
    assert document["clarifications"] == {"asked": 0, "answered": 0}


def test_a_changed_draft_is_opened_again_as_a_new_version(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_fact_check(app, council)
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        with pytest.raises(Conflict, match="says the same as version 1"):
            fact_checks.open_fact_check(case.accreditation_id, by=by, version=draft_of(case))
        first = find_newest(case.accreditation_id, "fact_check")
        draft = reports.save(case.accreditation_id, summary="Other", version=draft_of(case), by=by)
        second = fact_checks.open_fact_check(case.accreditation_id, by=by, version=draft.version)
        assert (second.number, first.document["summary"][0]["words"], second.document["summary"][0]["words"]) == (
            2,
            SUMMARY,
            "Other",
        )
    with in_scope(council.scope()), pytest.raises(Conflict, match="newer version"):
        fact_checks.comment(case.accreditation_id, first.id, has_none=True, words="", by=CONSOLE)


def test_nothing_is_said_after_the_last_day(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_fact_check(app, council)
    with in_scope(council.scope()), clock.at(clock.now() + timedelta(days=40)):
        report = find_newest(case.accreditation_id, "fact_check")
        with pytest.raises(Conflict, match="The fact check closed on"):
            fact_checks.comment(case.accreditation_id, report.id, has_none=True, words="", by=CONSOLE)


def test_another_council_finds_nothing(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_fact_check(app, council)
    foreign = make_council(app, council.region)
    with in_scope(foreign.scope()):
        assert list_versions(case.accreditation_id) == []
        with pytest.raises(NotFound):
            fact_checks.comment(case.accreditation_id, case.accreditation_id, has_none=True, words="", by=CONSOLE)


def test_every_numbered_improvement_of_the_issued_report_is_a_record_and_the_other_way_round(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_award(app, council, improvements=3, judge=partly("1.1.1"))
    names = ("number", "action", "reason", "remark", "timescale", "criterion_code", "mandatory")
    with in_scope(council.scope()):
        issued = find_issued(case.accreditation_id)
        records = [line.improvement for line in list_improvements(case.accreditation_id)]
        assert [tuple(getattr(record, name) for name in names) for record in records] == [
            tuple(item[name] for name in names) for item in issued.document["improvements"]
        ]
        assert {record.report_id for record in records} == {issued.id}
        assert [record.number for record in records] == [1, 2, 3, 4]
