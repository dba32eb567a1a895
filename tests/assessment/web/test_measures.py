"""Live measures on pages: read, cited like any evidence, and frozen when what cites them is sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from assessment.queries import measures, submissions
from assessment.queries.accreditations import get_accreditation
from assessment.rules.measures import thawed
from saas import clock
from tenants.models.evidence import Evidence
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_file
from tests.factories.members import make_member
from tests.factories.submissions import answer_all, make_seal
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


def cite_page(council: MadeCouncil, made: UUID, code: str = "1.1.1") -> str:
    return f"/councils/{council.slug}/accreditations/{made}/requirements/{code}/measures"


def test_the_page_shows_each_figure_with_what_it_counts(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    client.sign_in(lead)
    page = f"/councils/{council.slug}/measures"
    without = client.get(page).get_data(as_text=True)
    assert "your council has no self-assessment" in without
    make_accreditation(app, council)
    counts = []
    for _ in range(2):
        make_member(app, council, group="Independents")
        client.get(page)
        with statements() as sql:
            text = client.get(page).get_data(as_text=True)
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 8
    for words in ("2 of 2 (100%)", "0 of 28 (0%)", "Left out:", "Who will see them:", "Counted:", "Out of:"):
        assert words in text


def test_a_measure_is_cited_once_made_and_any_number_of_times_cited(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    page = cite_page(council, made)
    nothing = client.post(page, data={"why": "It shows it."})
    assert (nothing.status_code, "Choose a measure." in nothing.get_data(as_text=True)) == (422, True)
    early = client.post(page, data={"measure": "members_in_office"})
    assert (early.status_code, "Give your judgement or write your answer first" in early.get_data(as_text=True)) == (
        409,
        True,
    )
    answer_all(app, council, made)
    for code in ("1.1.1", "1.2.1", "1.1.1"):
        cited = client.post(
            cite_page(council, made, code), data={"measure": "members_in_office", "why": "It shows it."}
        )
        assert cited.status_code == 303
    with in_scope(council.scope()) as session:
        wanted = select(func.count()).select_from(Evidence).where(Evidence.measure == "members_in_office")
        assert session.scalar(wanted) == 1
        evidence_id = session.scalar(select(Evidence.id).where(Evidence.measure == "members_in_office"))
    assert client.get(cite_page(council, made, "9.9.9")).status_code == 404
    answer = client.get(f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1").get_data(as_text=True)
    library = client.get(f"/councils/{council.slug}/evidence").get_data(as_text=True)
    alone = client.get(f"/councils/{council.slug}/evidence/{evidence_id}").get_data(as_text=True)
    assert ("nothing to count yet" in answer, "Left out:" in answer, "Cite a live measure" in answer) == (True,) * 3
    assert ("Members with a current term" in library, "Members with a current term" in alone) == (True, True)
    text = client.get(page).get_data(as_text=True)
    assert "Members with a current term: nothing to count yet" in text


def test_what_was_sent_keeps_its_figures_while_the_live_ones_move(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    make_member(app, council)
    client.sign_in(lead)
    client.post(cite_page(council, made), data={"measure": "members_in_office", "why": "All are in office."})
    sent = make_seal(app, council, made, "plan")
    make_member(app, council)
    make_file(app, council)
    with in_scope(council.scope()):
        [kept] = [item["measure"] for item in submissions.list_answers(sent)[0].evidence if item["measure"]]
        frozen = thawed(kept)
        counted = measures.compute_all(get_accreditation(made), council.id, ["members_in_office"], clock.now())
        live = counted["members_in_office"]
        request = submissions.find_latest_request(made, "plan")
        assert request is not None
        assert (frozen.words, live.words) == ("1 of 1 (100%)", "2 of 2 (100%)")
        assert frozen.as_of == request.asked_at
        assert (frozen.definition, frozen.exclusions) == (live.definition, live.exclusions)
    receipt = client.get(f"/councils/{council.slug}/accreditations/{made}/submissions/{sent}").get_data(as_text=True)
    client.sign_in(make_user(app, council.region, "region_officer"))
    case = client.get(f"/regions/{council.region.slug}/cases/{made}/submissions/{sent}").get_data(as_text=True)
    for text in (receipt, case):
        assert "1 of 1 (100%)" in text
        assert "as sealed, counted on" in text
        assert "Co-opted and independent members" in text
        assert "2 of 2" not in text


def test_who_may_not_write_answers_cites_nothing(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    client.sign_in(make_user(app, council, "council_viewer"))
    assert client.get(f"/councils/{council.slug}/measures").status_code == 200
    assert client.get(cite_page(council, made)).status_code == 403
    assert client.post(cite_page(council, made), data={"measure": "members_in_office"}).status_code == 403
