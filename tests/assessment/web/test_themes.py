"""Themes: the officer's list, improvements put under them in bulk, and two officers at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.improvements import Improvement
from assessment.models.themes import ImprovementTheme, Theme
from assessment.queries.themes import list_themes
from assessment.rules.themes import STARTERS
from assessment.services import themes
from saas.errors import Invalid
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
TYPED = {"version": "0", "title": "Mentors", "words": "mentor, coach", "training": "A pool of mentors."}


def add(app: Flask, region: MadeRegion, title: str = "Mentors", words: tuple[str, ...] = ("mentor",)) -> Theme:
    """A theme of the region."""
    with app.app_context(), within(region.scope()):
        return themes.add_theme(region.id, title=title, words=words, training="A pool.", by=CONSOLE)


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """Three improvements, two of which speak of mentors."""
    words = {1: {"action": "Offer mentoring"}, 2: {"reason": "Nobody has a mentor"}}
    return make_award(app, council, improvements=3, words=words)


def stand(in_scope: InScope, region: MadeRegion) -> list[tuple[int, str]]:
    """Number of the improvement and title of the theme, of everything that stands under one."""
    with in_scope(region.scope()) as session:
        rows = session.execute(
            select(Improvement.number, Theme.title)
            .join(ImprovementTheme, ImprovementTheme.improvement_id == Improvement.id)
            .join(Theme, Theme.id == ImprovementTheme.theme_id)
            .order_by(Improvement.number, Theme.title)
        )
        return [(row.number, row.title) for row in rows]


def ids(in_scope: InScope, region: MadeRegion) -> dict[int, str]:
    """Number → id of every improvement."""
    with in_scope(region.scope()) as session:
        return {row.number: str(row.id) for row in session.scalars(select(Improvement))}


def test_a_region_begins_from_a_list_and_changes_it(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(officer)
    page = f"/regions/{region.slug}/themes"
    assert "Begin with this list" in client.get(page).get_data(as_text=True)
    for _ in range(2):  # pressed twice adds nothing twice
        client.post(f"{page}/starters")
    with in_scope(region.scope()):
        assert [theme.title for theme in list_themes(region.id)] == [each.title for each in STARTERS]
    text = client.post(f"{page}/new", data=TYPED, follow_redirects=True).get_data(as_text=True)
    assert "“Mentors” was added." in text
    with in_scope(region.scope()):
        theme = list_themes(region.id)[-1]
        assert (theme.title, theme.words, theme.training, theme.past) == (
            "Mentors", ["mentor", "coach"], "A pool of mentors.", False,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Enter the theme’s name."),
        ({"title": " Mentors"}, "Your region has a theme of this name. Choose another name."),
        ({"words": "x" * 61}, "Put commas between the phrases."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, changed: dict[str, str], words: str
) -> None:
    add(app, region)
    answer = client.sign_in(officer).post(
        f"/regions/{region.slug}/themes/new", data={**TYPED, "title": "New"} | changed
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text
    assert "A pool of mentors." in text


def test_a_title_is_kept_without_spaces_around_it_and_stands_last(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    add(app, region, "First")
    last = add(app, region, "Second")
    with in_scope(region.scope()) as session:
        session.get_one(Theme, last.id).position = 7
    added = add(app, region, "  Third   one ")
    assert (added.title, added.position) == ("Third one", 8)
    with app.app_context(), pytest.raises(Invalid, match="has a theme of this name"), within(region.scope()):
        themes.add_theme(region.id, title="Third one ", words=(), training="", by=CONSOLE)


def test_themes_are_held_in_one_statement_however_many(
    app: Flask, region: MadeRegion, case: MadeCase, in_scope: InScope, statements: Statements
) -> None:
    made = [add(app, region, f"Theme {number}").id for number in range(4)]
    number = ids(in_scope, region)
    counts = []
    for chosen in (made[:1], made[1:]):
        with in_scope(region.scope()), statements() as sent:
            assert themes.assign(region.id, [UUID(number[1])], chosen, by=CONSOLE) == 1
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_two_officers_at_once_see_both_texts(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    theme = add(app, region)
    page = f"/regions/{region.slug}/themes/{theme.id}"
    client.sign_in(officer)
    assert client.post(page, data={**TYPED, "version": "1", "title": "First"}).status_code == 303
    answer = client.post(page, data={**TYPED, "version": "1", "title": "Second"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "First" in text
    assert "Second" in text
    with in_scope(region.scope()):
        assert [each.title for each in list_themes(region.id)] == ["First"]


def test_a_theme_that_is_put_away_is_offered_no_more_and_comes_back(
    app: Flask, client: CheckingClient, region: MadeRegion, case: MadeCase, in_scope: InScope
) -> None:
    theme = add(app, region)
    client.sign_in(case.officer)
    page = f"/regions/{region.slug}/themes"
    assert client.post(f"{page}/{theme.id}/put-away", data={"version": "1", "past": "true"}).status_code == 303
    assert "Put away" in client.get(page).get_data(as_text=True)
    refused = client.post(
        f"{page}/assign", data={"improvements": ids(in_scope, region)[1], "themes": str(theme.id), "verb": "put"}
    )
    assert refused.status_code == 409
    assert client.post(f"{page}/{theme.id}/put-away", data={"version": "1"}).status_code == 409
    assert client.post(f"{page}/{theme.id}/put-away", data={"version": "2"}).status_code == 303
    assert "Put away" not in client.get(page).get_data(as_text=True)


def test_what_a_theme_s_words_suggest_is_put_there_at_once(
    app: Flask, client: CheckingClient, region: MadeRegion, case: MadeCase, in_scope: InScope
) -> None:
    theme = add(app, region)
    client.sign_in(case.officer)
    index = client.get(f"/regions/{region.slug}/themes").get_data(as_text=True)
    link = f"/regions/{region.slug}/themes/assign?suggested={theme.id}"
    assert f'href="{link}">2<' in index
    text = client.get(link).get_data(as_text=True)
    assert text.count(" checked") == 3  # two improvements and the theme
    assert "Do thing 3" not in text
    number = ids(in_scope, region)
    data = {"improvements": [number[1], number[2]], "themes": [str(theme.id)], "verb": "put"}
    answer = client.post(link, data=data, follow_redirects=True).get_data(as_text=True)
    assert "2 improvements put under what you chose." in answer
    assert stand(in_scope, region) == [(1, "Mentors"), (2, "Mentors")]
    again = client.post(link, data=data, follow_redirects=True).get_data(as_text=True)
    assert "0 improvements put under what you chose." in again
    by_theme = client.get(f"/regions/{region.slug}/improvements?by=theme").get_data(as_text=True)
    assert "<strong>Mentors</strong>: 2 open improvements in 1 council. A pool." in by_theme


def test_several_improvements_go_under_several_themes_and_out_again(
    app: Flask, client: CheckingClient, region: MadeRegion, case: MadeCase, in_scope: InScope
) -> None:
    one, other = add(app, region), add(app, region, "Other", ())
    client.sign_in(case.officer)
    page, number = f"/regions/{region.slug}/themes/assign", ids(in_scope, region)
    both = {"improvements": [number[1], number[3]], "themes": [str(one.id), str(other.id)]}
    client.post(page, data={**both, "verb": "put"})
    assert stand(in_scope, region) == [(1, "Mentors"), (1, "Other"), (3, "Mentors"), (3, "Other")]
    rows = client.get(f"/regions/{region.slug}/improvements?theme={other.id}").get_data(as_text=True)
    assert "Mentors; Other" in rows
    client.post(page, data={"improvements": [number[1]], "themes": [str(other.id)], "verb": "take"})
    assert stand(in_scope, region) == [(1, "Mentors"), (3, "Mentors"), (3, "Other")]


def test_a_suggestion_is_accepted_in_its_row_and_all_of_a_theme_are_ticked_by_a_link(
    app: Flask, client: CheckingClient, region: MadeRegion, case: MadeCase, in_scope: InScope
) -> None:
    theme = add(app, region)
    page, number = f"/regions/{region.slug}/themes/assign", ids(in_scope, region)
    text = client.sign_in(case.officer).get(page).get_data(as_text=True)
    assert f'href="{page}?suggested={theme.id}">Tick all that are suggested' in text
    assert text.count('name="accept"') == 2
    assert f'value="{number[1]} {theme.id}"' in text
    answer = client.post(page, data={"accept": f"{number[1]} {theme.id}", "themes": str(theme.id)})
    assert answer.status_code == 303
    assert stand(in_scope, region) == [(1, "Mentors")]
    assert client.post(page, data={"accept": f"{number[2]} nothing"}).status_code == 422


def test_taking_out_what_does_not_stand_there_is_no_success(
    app: Flask, client: CheckingClient, region: MadeRegion, case: MadeCase, in_scope: InScope
) -> None:
    theme = add(app, region)
    data = {"improvements": ids(in_scope, region)[3], "themes": str(theme.id), "verb": "take"}
    answer = client.sign_in(case.officer).post(f"/regions/{region.slug}/themes/assign", data=data)
    assert (answer.status_code, "Nothing was taken out" in answer.get_data(as_text=True)) == (422, True)


def test_nothing_chosen_is_said_and_what_was_ticked_stays(
    app: Flask, client: CheckingClient, region: MadeRegion, case: MadeCase, in_scope: InScope
) -> None:
    theme = add(app, region)
    page = f"/regions/{region.slug}/themes/assign"
    answer = client.sign_in(case.officer).post(page, data={"themes": str(theme.id), "verb": "put"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose at least one improvement." in text
    assert f'id="themes-{theme.id}" checked' in text
    assert stand(in_scope, region) == []


def test_another_region_s_theme_or_improvement_is_not_found(
    app: Flask, client: CheckingClient, region: MadeRegion, case: MadeCase, in_scope: InScope
) -> None:
    elsewhere = make_region(app)
    theirs, ours = add(app, elsewhere), add(app, region)
    page = f"/regions/{region.slug}/themes"
    client.sign_in(case.officer)
    assert client.get(f"{page}/{theirs.id}").status_code == 404
    data = {"improvements": ids(in_scope, region)[1], "themes": str(theirs.id), "verb": "put"}
    assert client.post(f"{page}/assign", data=data).status_code == 404
    client.sign_in(make_user(app, elsewhere, "region_officer"))
    data = {"improvements": ids(in_scope, region)[1], "themes": str(ours.id), "verb": "put"}
    assert client.post(f"/regions/{elsewhere.slug}/themes/assign", data=data).status_code == 404
    assert stand(in_scope, region) == []


def test_who_reads_reports_sees_themes_in_them_and_changes_none(
    app: Flask, client: CheckingClient, region: MadeRegion, in_scope: InScope
) -> None:
    client.sign_in(make_user(app, region, "region_viewer"))
    assert client.get(f"/regions/{region.slug}/improvements?by=theme").status_code == 200
    assert client.get(f"/regions/{region.slug}/themes").status_code == 403
    assert client.post(f"/regions/{region.slug}/themes/new", data=TYPED).status_code == 403
    with in_scope(region.scope()):
        assert list_themes(region.id) == []


@pytest.mark.parametrize("page", ["themes", "themes/assign"])
def test_the_statements_do_not_grow_with_the_rows(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, page: str, statements: Statements
) -> None:
    counted = []
    client.sign_in(officer)
    for more in (1, 2):
        for number in range(more):
            add(app, region, f"Theme {more} {number}")
            make_award(app, make_council(app, region), improvements=1, officer=officer)
        with statements() as sent:
            assert client.get(f"/regions/{region.slug}/{page}").status_code == 200
        counted.append(len(sent))
    assert max(counted) <= 6, counted
    assert len(set(counted)) == 1
