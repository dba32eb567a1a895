"""What an issued report names becomes the council's to share: with its consent, in its words, until the award ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.awards import Award
from assessment.models.sharing import Clipping, GoodPractice
from assessment.queries.awards import find_award
from assessment.queries.good_practice import get_named, list_named
from assessment.queries.practice_library import list_clippings
from assessment.services import awards, good_practice
from saas import clock, jobs
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tests.conftest import InScope
from tests.factories.awards import release
from tests.factories.sharing import make_practised
from tests.factories.tenants import MadeCouncil, make_council, make_region

OWN_WORDS = "We meet twice a year, in the evening."


def share(app: Flask, council: MadeCouncil, *, version: int = 0, is_named: bool = True, at: int = 0) -> None:
    with app.app_context(), within(council.scope()):
        found = list_named(council.id)[at]
        named = get_named(council.id, found.practice.id, lock=True)
        good_practice.share(
            named,
            title="Evenings",
            words=OWN_WORDS,
            is_named=is_named,
            contact="democracy@example.org",
            version=version,
            by=CONSOLE,
        )


def read(app: Flask, scope: Scope, council: MadeCouncil) -> list[tuple[str, str, str]]:
    with app.app_context(), within(scope, read_only=True):
        return [(each.title, each.words, each.council_name) for each in list_clippings(council.region.id)]


def award_of(session: object) -> Award:
    return session.scalars(select(Award)).one()  # type: ignore[attr-defined]


def test_a_release_keeps_each_entry_once_and_shares_none(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_practised(app, council, "A mentor for each.", "Evening sessions.")
    release(app, case)
    with in_scope(council.scope()) as session:
        kept = session.scalars(select(GoodPractice).order_by(GoodPractice.number)).all()
        assert [(each.number, each.words, each.requirement_code) for each in kept] == [
            (1, "A mentor for each.", "1.1.1"),
            (2, "Evening sessions.", "1.1.1"),
        ]
        assert all(each.requirement_id and each.criterion_title for each in kept)
        assert session.scalars(select(Clipping)).all() == []


def test_others_read_what_the_council_consented_to_until_it_takes_it_back(app: Flask, council: MadeCouncil) -> None:
    make_practised(app, council, "A mentor for each.")
    peer = make_council(app, council.region)
    assert read(app, peer.scope(), council) == []
    share(app, council, is_named=False)
    shared = [("Evenings", OWN_WORDS, "")]
    assert read(app, peer.scope(), council) == shared
    assert read(app, council.region.scope(), council) == shared
    stranger = make_council(app, make_region(app))
    assert read(app, stranger.scope(), council) == []
    share(app, council, version=1)
    assert read(app, peer.scope(), council) == [("Evenings", OWN_WORDS, council.name)]
    with app.app_context(), within(council.scope()):
        named = get_named(council.id, list_named(council.id)[0].practice.id)
        good_practice.take_back(named, version=2, by=CONSOLE)
    assert (read(app, peer.scope(), council), read(app, council.region.scope(), council)) == ([], [])


def test_it_is_gone_the_day_after_the_award_ends(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_practised(app, council, "A mentor for each.")
    share(app, council)
    with in_scope(council.scope()) as session:
        last_day = award_of(session).valid_to_on
    noon = clock.now().replace(year=last_day.year, month=last_day.month, day=last_day.day, hour=12)
    with clock.at(noon):
        assert len(read(app, council.region.scope(), council)) == 1
    with clock.at(noon + timedelta(days=1)):
        assert read(app, council.region.scope(), council) == []
        with pytest.raises(Conflict, match="this award has ended"):
            share(app, council, version=1)


def test_it_is_gone_with_an_award_that_ends_before_its_time(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_practised(app, council, "A mentor for each.")
    share(app, council)
    with app.app_context():
        with within(council.region.scope()):
            award = find_award(case.accreditation_id)
            assert award is not None
            awards.end(award, ending="surrendered", on=clock.today() - timedelta(days=1), by=CONSOLE)
        jobs.run_all()
    assert read(app, council.region.scope(), council) == []


def test_without_an_award_nothing_is_shared(app: Flask, council: MadeCouncil) -> None:
    make_practised(app, council, "A mentor for each.", outcome="not_yet")
    with pytest.raises(Conflict, match="ended without one"):
        share(app, council)


def test_what_is_declined_stays_with_the_council_and_can_be_shared_later(app: Flask, council: MadeCouncil) -> None:
    make_practised(app, council, "A mentor for each.")
    with app.app_context(), within(council.scope()):
        named = get_named(council.id, list_named(council.id)[0].practice.id)
        good_practice.decline(named, version=0, by=CONSOLE)
    assert read(app, council.region.scope(), council) == []
    with pytest.raises(Conflict, match="Somebody else decided"):
        share(app, council)
    share(app, council, version=1)
    assert len(read(app, council.region.scope(), council)) == 1


def test_a_council_that_shares_without_its_name_is_named_by_no_event_that_the_region_reads(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_practised(app, council, "A mentor for each.", "Evening sessions.")
    share(app, council, is_named=False)
    with app.app_context(), within(council.scope()):
        named = get_named(council.id, list_named(council.id)[0].practice.id, lock=True)
        good_practice.take_back(named, version=1, by=CONSOLE)
    share(app, council, version=2, is_named=False)
    share(app, council, at=1)
    with app.app_context():
        with within(council.region.scope()):
            award = find_award(case.accreditation_id)
            assert award is not None
            awards.end(award, ending="surrendered", on=clock.today() - timedelta(days=1), by=CONSOLE)
        jobs.run_all()

    def told(scope: Scope) -> list[str]:
        with in_scope(scope) as session:
            wanted = select(Event.verb).where(Event.verb.startswith("good_practice.")).order_by(Event.seq)
            return list(session.scalars(wanted))

    assert told(council.region.scope()) == ["good_practice.shared", "good_practice.expired"]
    assert told(council.scope()) == [
        "good_practice.shared",
        "good_practice.taken_back",
        "good_practice.shared",
        "good_practice.shared",
        "good_practice.expired",
        "good_practice.expired",
    ]


def test_empty_words_are_refused(app: Flask, council: MadeCouncil) -> None:
    make_practised(app, council, "A mentor for each.")
    with app.app_context(), pytest.raises(Invalid) as refused, within(council.scope()):
        named = get_named(council.id, list_named(council.id)[0].practice.id)
        good_practice.share(named, title=" ", words="", is_named=True, contact="", version=0, by=CONSOLE)
    assert refused.value.messages == {"title": ["Enter a title."], "words": ["Enter what others may read."]}


def test_the_database_itself_keeps_a_clipping_from_others_once_its_award_has_ended(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    make_practised(app, council, "A mentor for each.")
    share(app, council)
    peer = make_council(app, council.region)

    def seen() -> list[int]:
        found = []
        for scope in (council.scope(), council.region.scope(), peer.scope()):
            with in_scope(scope) as session:
                found.append(len(session.scalars(select(Clipping)).all()))
        return found

    assert seen() == [1, 1, 1]
    with in_scope(council.scope()) as session:
        session.scalars(select(Clipping)).one().expires_on = clock.today() - timedelta(days=2)
    assert seen() == [1, 0, 0]
