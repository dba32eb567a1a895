"""The fact check: what leaves the region says no score, is commented on once a version, and answered."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.reports import find_draft, find_newest, list_versions
from assessment.rules.sealing import canonical_json
from assessment.services import fact_checks, reports
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.awards import SUMMARY, comment, make_draft, make_fact_check, partly
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
    assert (report.document["summary"], report.document["result"]) == (SUMMARY, None)
    assert (first["code"], first["judgement"], first["words"]) == ("1.1.1", "partly_met", "Partly met")
    assert [item["number"] for item in report.document["improvements"]] == [1]
    said = canonical_json(report.document).decode()
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
        draft = reports.save_words(case.accreditation_id, summary=" ", strengths={}, version=draft_of(case), by=by)
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


def test_the_council_says_something_once_and_gets_an_answer(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council)
    with in_scope(council.scope()):
        report = find_newest(case.accreditation_id, "fact_check")
        with pytest.raises(Invalid, match="words"):
            fact_checks.comment(case.accreditation_id, report.id, has_none=False, words=" ", by=CONSOLE)
    comment_id = comment(app, case, "We have 48 members, not 47.")
    with pytest.raises(Conflict, match="commented on this version already"):
        comment(app, case)
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        assert list_versions(case.accreditation_id)[0].is_unresolved is True
        with pytest.raises(Invalid):
            fact_checks.answer_comment(case.accreditation_id, comment_id, words="", by=by)
        fact_checks.answer_comment(case.accreditation_id, comment_id, words="Corrected.", by=by)
        with pytest.raises(Conflict, match="answered already"):
            fact_checks.answer_comment(case.accreditation_id, comment_id, words="Again.", by=by)
    with in_scope(council.scope()):
        version = list_versions(case.accreditation_id)[0]
        assert (version.comment.words, version.answer.words, version.is_unresolved) == (
            "We have 48 members, not 47.",
            "Corrected.",
            False,
        )


def test_a_changed_draft_is_opened_again_as_a_new_version(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_fact_check(app, council)
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        with pytest.raises(Conflict, match="says the same as version 1"):
            fact_checks.open_fact_check(case.accreditation_id, by=by, version=draft_of(case))
        first = find_newest(case.accreditation_id, "fact_check")
        draft = reports.save_words(case.accreditation_id, summary="Other", strengths={}, version=draft_of(case), by=by)
        second = fact_checks.open_fact_check(case.accreditation_id, by=by, version=draft.version)
        assert (second.number, first.document["summary"], second.document["summary"]) == (2, SUMMARY, "Other")
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
