"""Figures are shown in groups of five or more alone, and neither coming nor going tells what one council said."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from assessment.models.sharing import ReleasedMeasure
from assessment.rules.benchmarks import financial_year
from assessment.services.benchmarks import share_own
from saas import clock
from saas.errors import Conflict, NotFound
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.factories.members import make_member
from tests.factories.sharing import FIGURE, make_sharing, share_figure, shown, take_back
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council, make_region


def test_five_councils_are_a_group_and_four_are_none(app: Flask, region: MadeRegion) -> None:
    first, *_ = make_sharing(app, region, 4)
    assert (shown(app, region), shown(app, first)) == ([], [])
    fifth = make_council(app, region)
    share_figure(app, fifth, 50)
    figures = (5, None, 30, None)
    assert shown(app, region) == [
        ("All that share it", *figures),
        ("District councils", *figures),
        ("Up to 39 councillors", *figures),
        ("District councils, up to 39 councillors", *figures),
    ]
    assert shown(app, first) == shown(app, region)


@pytest.mark.parametrize(("number", "figures"), [(8, (None, 45, None)), (9, (30, 50, 70))])
def test_quartiles_are_shown_from_nine_councils_on_and_all_is_rounded_to_five(
    app: Flask, region: MadeRegion, number: int, figures: tuple[int | None, int, int | None]
) -> None:
    year = financial_year(clock.today())
    publish = sa.text("select tenancy.publish_benchmark(:id, :measure, :year, '', '')")
    for at in range(number):
        council = make_council(app, region)
        with app.app_context(), within(council.scope()) as session:
            session.add(
                ReleasedMeasure(
                    council_id=council.id, id=uuid4(), region_id=region.id, measure=FIGURE, period=year,
                    numerator=11 + 10 * at, denominator=100, council_kind="district", size_band="small",
                    released_at=clock.now(), released_by_name="",
                )
            )  # fmt: skip
            session.flush()
            if at == number - 1:
                session.execute(publish, {"id": uuid4(), "measure": FIGURE, "year": year})
    assert shown(app, region) == [("All that share it", number, *figures)]


def test_only_a_council_that_shares_the_figure_sees_groups(app: Flask, region: MadeRegion) -> None:
    make_sharing(app, region, 5)
    assert shown(app, make_council(app, region)) == []
    assert shown(app, make_region(app)) == []


def test_a_group_whose_rest_would_be_small_is_withheld(app: Flask, region: MadeRegion) -> None:
    """All nine, less five districts, would be four unitaries; with a fifth unitary both can be shown."""
    make_sharing(app, region, 5)
    make_sharing(app, region, 4, kind="unitary", band="large")
    assert {(title, number) for title, number, *_ in shown(app, region)} == {
        ("All that share it", 5),
        ("District councils", 5),
        ("Up to 39 councillors", 5),
        ("District councils, up to 39 councillors", 5),
    }
    make_sharing(app, region, 1, kind="unitary", band="large")
    assert {(title, number) for title, number, *_ in shown(app, region)} >= {
        ("All that share it", 10),
        ("Unitary councils", 5),
    }


def test_who_joins_is_not_told_by_what_changed(app: Flask, region: MadeRegion) -> None:
    make_sharing(app, region, 5)
    before = shown(app, region)
    make_sharing(app, region, 4, first=60)
    assert shown(app, region) == before
    make_sharing(app, region, 1, first=90)
    assert shown(app, region)[0] == ("All that share it", 10, 30, 55, 80)


def test_who_takes_back_hides_every_group_at_once_and_is_not_told_afterwards(app: Flask, region: MadeRegion) -> None:
    first, second, *_ = make_sharing(app, region, 8)
    assert shown(app, region)[0][1] == 5  # three more wait for two
    take_back(app, first)
    assert (shown(app, region), shown(app, second), shown(app, first)) == ([], [], [])
    share_figure(app, first, 10)
    assert shown(app, region) == []  # else all of now less all of then would be the three that came


def test_groups_without_the_one_that_left_stay_as_they_were(app: Flask, region: MadeRegion) -> None:
    make_sharing(app, region, 5, kind="unitary", band="large")
    districts = make_sharing(app, region, 5)
    unitaries = [each for each in shown(app, region) if each[0].startswith("Unitary")]
    assert len(unitaries) == 2
    take_back(app, districts[0])
    assert [each for each in shown(app, region) if each[0].startswith("Unitary")] == unitaries
    assert not [each for each in shown(app, region) if each[0].startswith("District")]


def test_a_figure_is_shared_once_a_year_and_not_while_empty(app: Flask, region: MadeRegion) -> None:
    council = make_council(app, region)
    share_figure(app, council)
    with pytest.raises(Conflict, match="Take it back first to share"):
        share_figure(app, council)


def test_a_council_shares_its_live_figure_and_none_that_there_is_not(app: Flask, council: MadeCouncil) -> None:
    make_member(app, council)
    with app.app_context(), within(council.scope()):
        shared = share_own(council.id, council.region.id, "members_in_office", by=CONSOLE)
        assert (shared.measure, shared.numerator, shared.denominator) == ("members_in_office", 1, 1)
        with pytest.raises(NotFound):
            share_own(council.id, council.region.id, "members_on_the_moon", by=CONSOLE)


def test_the_database_itself_refuses_small_groups_and_foreign_rows(app: Flask, region: MadeRegion) -> None:
    mine, *_ = make_sharing(app, region, 5)
    late = make_sharing(app, region, 1, first=60)[0]
    year = financial_year(clock.today())
    publish = sa.text("select tenancy.publish_benchmark(:id, :measure, :year, :kind, '')")
    asked = {"id": uuid4(), "measure": FIGURE, "year": year}
    with app.app_context():
        with pytest.raises(ProgrammingError, match="fewer than five councils"), within(mine.scope()) as session:
            session.execute(publish, asked | {"kind": "unitary"})
        with pytest.raises(ProgrammingError, match="differs by fewer than five"), within(mine.scope()) as session:
            session.execute(publish, asked | {"kind": ""})
        with within(late.scope()) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(ReleasedMeasure)) == 1
        with within(region.scope()) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(ReleasedMeasure)) == 0
            assert (
                session.execute(sa.text("select * from tenancy.benchmark_classes(:measure, :year)"), asked).all() == []
            )
        with pytest.raises(ProgrammingError, match="permission denied"), within(region.scope()) as session:
            session.execute(sa.text("select * from shown_benchmarks"))
