"""A region's file of councils: kept as it was read, compared with what is there, and taken in whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.awards import Award
from assessment.queries.council_imports import get_import
from assessment.services import council_imports
from saas import clock
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.tenancy import CONSOLE
from tenants.models.access import Invitation
from tenants.models.councils import Council
from tests.conftest import InScope
from tests.factories.assessment import make_framework
from tests.factories.documents import workbook
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council, make_region

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
COUNCILS = ("Council", "Type", "Seats", "Contact", "Contact e-mail")
AWARDS = ("Council", "Level", "Framework", "Awarded on", "Valid to")
ALFORD = ("Alford Borough Council", "District or borough council", 48, "Ann Lee", "ann@alford.example")
HELD = (ALFORD[0], "Charter", "charter-2008", date(2025, 3, 4), date(2028, 3, 4))


def file_of(councils: Sequence[Sequence[object]], awards: Sequence[Sequence[object]] = ()) -> bytes:
    """A file with its two sheets."""
    return workbook({"Councils": [COUNCILS, *councils], "Awards": [AWARDS, *awards]})


def keep(in_scope: InScope, region: MadeRegion, data: bytes, filename: str = "councils.xlsx") -> UUID:
    """Read the file at NOW; the id under which its rows are kept."""
    with clock.at(NOW), in_scope(region.scope()):
        return council_imports.keep(region.id, data, filename, by=CONSOLE).id


def take_in(in_scope: InScope, region: MadeRegion, kept: UUID, *, invite: bool = False) -> tuple[int, int]:
    """Take the rows in at NOW; how many councils were added, and awards recorded."""
    with clock.at(NOW), in_scope(region.scope()):
        row = get_import(region.id, kept, lock=True)
        found = council_imports.take_in(row, region.name, invite=invite, by=CONSOLE)
        return found.added, found.recorded


def councils_of(in_scope: InScope, region: MadeRegion) -> list[tuple[str, str, str, int | None]]:
    """Name, short name, type and seats of every council of the region."""
    with in_scope(region.scope()) as session:
        rows = session.execute(select(Council.name, Council.slug, Council.kind, Council.seats).order_by(Council.name))
        return [tuple(row) for row in rows]


def test_reading_keeps_the_rows_with_their_places_and_changes_no_council(region: MadeRegion, in_scope: InScope) -> None:
    kept = keep(in_scope, region, file_of([ALFORD], [HELD]))
    with in_scope(region.scope()) as session:
        row = get_import(region.id, kept)
        assert (row.filename, row.read_at, row.read_by_name, row.taken_in_at) == (
            "councils.xlsx", NOW, CONSOLE.name, None,
        )  # fmt: skip
        assert [[place, texts] for place, texts in row.rows] == [
            [
                "sheet “Councils”, row 2",
                {
                    "name": ALFORD[0],
                    "kind": ALFORD[1],
                    "seats": "48",
                    "contact": "Ann Lee",
                    "email": "ann@alford.example",
                },
            ],
            [
                "sheet “Awards”, row 2",
                {
                    "name": ALFORD[0],
                    "level": "Charter",
                    "framework": "charter-2008",
                    "awarded_on": "4 March 2025",
                    "valid_to_on": "4 March 2028",
                },
            ],
        ]
        told = session.execute(select(Event.verb, Event.audience, Event.payload).where(Event.verb == "councils.read"))
        assert [tuple(each) for each in told] == [
            ("councils.read", "region", {"by": CONSOLE.name, "filename": "councils.xlsx"})
        ]
    assert councils_of(in_scope, region) == []


def test_what_is_new_is_added_and_what_is_here_stays_but_for_seats_nobody_knew(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    make_framework(app)
    here = make_council(app, region, "belton", "Belton District Council")
    rows = [ALFORD, (here.name, "Unitary council", 31, "", "")]
    kept = keep(in_scope, region, file_of(rows, [HELD, (here.name, *HELD[1:])]))
    assert take_in(in_scope, region, kept) == (1, 2)
    assert councils_of(in_scope, region) == [
        (ALFORD[0], "alford-borough-council", "district", 48),
        (here.name, "belton", "district", 31),
    ]
    with in_scope(region.scope()) as session:
        awards = session.execute(
            select(Council.name, Award.level, Award.awarded_on, Award.valid_to_on)
            .join(Award, Award.council_id == Council.id)
            .order_by(Council.name)
        )
        assert [tuple(each) for each in awards] == [
            (name, "charter", date(2025, 3, 4), date(2028, 3, 4)) for name in (ALFORD[0], here.name)
        ]
        assert session.scalars(select(Invitation)).all() == []
        payload = session.scalars(select(Event.payload).where(Event.verb == "councils.taken_in")).one()
        assert payload == {"by": CONSOLE.name, "filename": "councils.xlsx", "councils": 1, "awards": 2, "invited": 0}


def test_only_contacts_of_new_councils_are_invited_and_by_their_address_where_no_name_is_given(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    here = make_council(app, region)
    rows = [
        ALFORD,
        ("Corby Council", "Unitary council", "", "", "kit@corby.example"),
        ("Dorne Council", "Unitary council", "", "Sam Oak", ""),
        (here.name, "", "", "Lou Ash", "lou@here.example"),
    ]
    assert take_in(in_scope, region, keep(in_scope, region, file_of(rows)), invite=True) == (3, 0)
    with in_scope(region.scope()) as session:
        invited = session.execute(select(Invitation.email, Invitation.name, Invitation.role).order_by(Invitation.email))
        assert [tuple(each) for each in invited] == [
            ("ann@alford.example", "Ann Lee", "council_lead"),
            ("kit@corby.example", "kit@corby.example", "council_lead"),
        ]


def test_one_row_that_cannot_be_taken_keeps_all_of_it_out_and_is_named(region: MadeRegion, in_scope: InScope) -> None:
    kept = keep(in_scope, region, file_of([ALFORD, ("Corby Council", "Parish", "", "", "")]))
    with pytest.raises(Invalid) as refused:
        take_in(in_scope, region, kept)
    [message] = refused.value.messages["file"]
    assert message.startswith("sheet “Councils”, row 3, Type: “Parish” is no type. Types are County council")
    assert message.endswith("Nothing was taken in.")
    assert councils_of(in_scope, region) == []


def test_a_short_name_that_another_region_has_keeps_all_of_it_out_and_says_what_to_do(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    make_council(app, make_region(app), "alford-borough-council")
    kept = keep(in_scope, region, file_of([("Corby Council", "Unitary council", "", "", ""), ALFORD]))
    with pytest.raises(Invalid) as refused:
        take_in(in_scope, region, kept)
    [message] = refused.value.messages["file"]
    assert message.startswith("sheet “Councils”, row 3: ")
    assert message.endswith("Add a column called Short name. Nothing was taken in.")
    assert councils_of(in_scope, region) == []


def test_the_same_file_is_taken_in_once_however_often_it_was_read(region: MadeRegion, in_scope: InScope) -> None:
    data = file_of([ALFORD])
    first, twin = keep(in_scope, region, data), keep(in_scope, region, data, "twin.xlsx")
    assert take_in(in_scope, region, first) == (1, 0)
    for kept in (first, twin):
        with pytest.raises(Conflict, match="This file was taken in already"):
            take_in(in_scope, region, kept)
    with pytest.raises(Invalid) as refused:
        keep(in_scope, region, data, "again.xlsx")
    assert refused.value.messages == {
        "file": ["This file was taken in on 4 May 2026, as councils.xlsx. Nothing is left to add."]
    }


def test_what_is_no_table_is_not_kept(council: MadeCouncil, in_scope: InScope) -> None:
    with pytest.raises(Invalid) as refused:
        keep(in_scope, council.region, b"PK broken", "broken.xlsx")
    assert list(refused.value.messages) == ["file"]
    assert "broken.xlsx" in refused.value.messages["file"][0]
    assert councils_of(in_scope, council.region) == [(council.name, council.slug, "district", None)]
