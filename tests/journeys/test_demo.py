"""The demo as a visitor meets it: every stage, every kind of reply, seals that verify, chains that hold."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from assessment.demo.loading import as_owner
from assessment.queries.submissions import get_submission
from assessment.rules.seal_checks import verify_archive
from assessment.rules.stages import Stage
from assessment.services import archives
from saas import clock, events
from saas.events import Event
from saas.tenancy import Scope
from saas.transaction import within

NEVER_PLAYED = {Stage.WITHDRAWN, Stage.LAPSED, Stage.ENDED}
"""Ends that a demo does not begin with."""


def test_every_stage_is_there(demo: Flask) -> None:
    assert {row[0] for row in _read(demo, "select stage from accreditations")} == set(Stage) - NEVER_PLAYED


def test_two_assessors_disagree_and_one_of_them_is_done(demo: Flask) -> None:
    team = _read(
        demo,
        "select duty, scored, submitted_at is not null from assignments"
        " where council_name like 'Ostermoor%' order by scored desc",
    )
    assert team == [("scorer", 28, True), ("scorer", 14, False), ("lead", 0, False)]
    differing = "select count(*) from scores s join score_drafts d using (council_id, requirement_id)"
    where = " where s.user_id <> d.user_id and s.judgement <> d.judgement and d.assignment_id <> s.assignment_id"
    assert _read(demo, f"{differing}{where}")[0][0] > 0


def test_one_award_lapses_soon_and_two_councils_are_in_their_second_cycle(demo: Flask) -> None:
    lapsing = "select c.name from awards a join councils c on c.id = a.council_id where ending is null"
    soon = clock.today() + timedelta(days=90)
    names = _read(
        demo, f"{lapsing} and c.slug not like 'council-%' and valid_to_on between :today and :soon", soon=soon
    )
    assert names == [("Wyrrow City Council",)]
    cycles = _read(demo, "select council_name from accreditations where cycle = 2 and council_name like '%y Council'")
    assert sorted(cycles) == [("Larkshire County Council",), ("Wyrrow City Council",)]
    carried = "select count(*) from answers where narrative like '%Since then:%'"
    assert _read(demo, carried)[0][0] > 40
    confirmed = (
        "select a.council_name, count(confirmed_at) > 20, count(*) filter (where confirmed_at is null)"
        " from answers join accreditations a on a.council_id = answers.council_id and a.id = accreditation_id"
        " where carried is not null and a.council_name like '%y Council' group by 1 order by 1"
    )
    assert _read(demo, confirmed) == [("Larkshire County Council", True, 6), ("Wyrrow City Council", True, 0)]


def test_one_interim_return_is_open_and_one_reassessment_has_just_opened(demo: Flask) -> None:
    award = (
        "select c.slug from awards w join councils c on c.id = w.council_id where w.ending is null"
        " and c.slug not like 'council-%' and (select count(*) from accreditations a where a.council_id = c.id) = 1"
    )
    unsent = "not exists (select from submissions s where s.council_id = c.id and s.kind = 'interim')"
    near = f"{award} and {unsent} and interim_due_on between :today and current_date + 90"
    assert _read(demo, near) == [("orrowdale",)]
    opened = f"{award} and reassessment_opens_on between current_date - 14 and :today"
    assert _read(demo, opened) == [("stanniford",)]


def test_the_region_named_what_is_to_be_changed_and_sees_that_it_was(demo: Flask) -> None:
    named = "select a.council_name, count(*) from returned_requirements join accreditations a using (council_id)"
    assert _read(demo, f"{named} where a.reopened is null group by 1") == [("Quillbrook District Council", 2)]


def test_one_council_waits_for_its_second_signature_and_what_was_sent_was_signed(demo: Flask) -> None:
    waiting = _read(
        demo,
        "select a.council_name, office, signed_at is not null, key_hash is not null from signature_requests r"
        " join signings s on s.council_id = r.council_id and s.id = signing_id"
        " join accreditations a on a.council_id = r.council_id and a.id = r.accreditation_id"
        " where s.complete_at is null order by office",
    )
    name = "Dunmarrow District Council"
    assert waiting == [(name, "Chief Executive", False, True), (name, "Leader", True, True)]
    unsigned = (
        "select count(*) from submissions s where kind = 'readiness' and council_id not in"
        " (select id from councils where slug like 'council-%') and (select count(*) from declaration_signatures d"
        " where d.accreditation_id = s.accreditation_id and d.about = 'readiness' and d.text <> '') <> 2"
    )
    assert _read(demo, unsigned) == [(0,)]


def test_one_council_has_just_had_an_election(demo: Flask) -> None:
    new = _read(
        demo,
        "select c.slug, count(*) from terms t join councils c on c.id = t.council_id"
        " where started_on > current_date - 30 group by 1",
    )
    assert new == [("dunmarrow", 18)]


def test_replies_are_of_every_kind_and_one_is_still_being_written(demo: Flask) -> None:
    assert {row[0] for row in _read(demo, "select answer from replies")} == {
        "accepted",
        "accepted_in_part",
        "decided_against",
    }
    assert _read(demo, "select answer from reply_drafts") == [("accepted_in_part",)]
    assert {row[0] for row in _read(demo, "select ending from improvements")} == {None, "verified"}


def test_one_council_merged_and_its_successor_goes_on_with_what_was_open(demo: Flask) -> None:
    merged = (
        "select s.council_name, s.successor_name, c.active, w.ending,"
        " (select count(*) from access a where a.council_id = c.id and a.ended_at is null)"
        " from successions s join councils c on c.id = s.council_id join awards w on w.council_id = c.id"
    )
    assert _read(demo, merged) == [("Tessen Vale District Council", "Tessen Bay Council", False, "ended", 0)]
    left = (
        "select (select count(*) from improvements i where i.council_id = s.council_id and i.ending is null"
        " and not exists (select from replies r where r.improvement_id = i.id and r.answer = 'decided_against')),"
        " (select count(*) from actions a where a.council_id = s.successor_id and a.source like 'Record of Tessen V%')"
        " from successions s"
    )
    [(open_ones, taken_over)] = _read(demo, left)
    assert 0 < open_ones == taken_over


def test_every_seal_verifies_offline(demo: Flask) -> None:
    sealed = _read(demo, "select id, council_id, region_id, hash from submissions")
    assert len(sealed) > 20
    for submission_id, council_id, region_id, sealed_hash in sealed:
        with demo.app_context(), within(Scope.council(council_id, region_id), read_only=True):
            written = archives.archive(get_submission(submission_id))
            content = b"".join(written.pieces())
        assert verify_archive(io.BytesIO(content), sealed_hash).ok


def test_every_chain_of_events_holds_and_none_is_of_the_future(demo: Flask) -> None:
    chains: dict[str, list[Event]] = {}
    with as_owner(demo.config["CHARTERWAY"]) as owner:
        for row in owner.scalars(sa.select(Event).order_by(Event.scope, Event.seq)):
            chains.setdefault(row.scope, []).append(row)
        assert [events.verify(scope, rows) for scope, rows in chains.items()] == [None] * len(chains)
        newest = max(row.at for rows in chains.values() for row in rows)
    assert newest <= clock.now()
    latest = "select max(updated_at), (select max(stage_since) from accreditations) from answers"
    assert [moment <= clock.now() for moment in _read(demo, latest)[0]] == [True, True]


def test_no_id_tells_when_the_demo_was_loaded(demo: Flask) -> None:
    """Ids are in order of time: one made by the real clock would be another one at every load."""
    tables = ("users", "councils", "events", "evidence", "terms", "scores", "moderations", "replies", "citations")
    largest = [_read(demo, f"select max(id::text) from {table}")[0][0] for table in tables]
    midnight = datetime.combine(clock.today(), time(), UTC).timestamp()
    late = [table for table, found in zip(tables, largest, strict=True) if UUID(found).int >> 80 > midnight * 1000]
    assert late == []


def test_nothing_is_left_to_be_done(demo: Flask) -> None:
    assert _read(demo, "select job, failure from outbox where due_at <= now()") == []


def test_a_generated_council_has_what_a_played_one_has(demo: Flask) -> None:
    cycles = _read(
        demo,
        "select cycle, stage, (select count(*) from answers a where a.accreditation_id = b.id),"
        " (select count(*) from scores a where a.accreditation_id = b.id),"
        " (select count(*) from improvements a where a.accreditation_id = b.id),"
        " (select count(*) from replies a where a.accreditation_id = b.id)"
        " from accreditations b where council_id = (select id from councils where slug = 'council-0001') order by 1",
    )
    assert cycles == [
        (1, "awarded", 28, 56, 8, 8),
        (2, "awarded", 28, 56, 8, 8),
        (3, "self_assessing", 14, 0, 0, 0),
    ]


def _read(app: Flask, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    session: Session
    with as_owner(app.config["CHARTERWAY"]) as session:
        words = sa.text(statement)
        given = {"today": clock.today(), **values}
        used = {name: value for name, value in given.items() if f":{name}" in statement}
        return [tuple(row) for row in session.execute(words, used)]
