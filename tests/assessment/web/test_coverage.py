"""Evidence seen from the self-assessment: the lists, tagging many at once, and files dropped on a requirement."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.answers import Answer, Citation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.coverage import coverage_of
from assessment.queries.frameworks import get_framework
from assessment.services import citing
from assessment.services.citing import Tag
from saas import clock
from saas.tenancy import CONSOLE
from tenants.models.evidence import Evidence
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_file, make_link, pdf
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def made(app: Flask, council: MadeCouncil) -> UUID:
    """An accreditation that assesses itself."""
    return make_accreditation(app, council)


@pytest.fixture
def page(council: MadeCouncil, made: UUID) -> str:
    """Where its lists are."""
    return f"/councils/{council.slug}/accreditations/{made}/evidence"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def cite(in_scope: InScope, council: MadeCouncil, made: UUID, evidence_id: UUID, *codes: str) -> None:
    """Let answers cite a piece of evidence."""
    with in_scope(council.scope()):
        citing.tag(get_accreditation(made, share=True), [Tag(evidence_id, codes, "p. 1")], by=CONSOLE)


def cited(in_scope: InScope, council: MadeCouncil, made: UUID) -> list[tuple[str, str, str]]:
    """(title, code, pinpoint) of every citation."""
    with in_scope(council.scope()) as session:
        ids = get_framework(get_accreditation(made).framework_id).codes
        rows = session.execute(
            sa.select(Evidence.title, Answer.requirement_id, Citation.pinpoint)
            .join(Citation, Citation.evidence_id == Evidence.id)
            .join(Answer, Answer.id == Citation.answer_id)
        )
        return sorted((title, ids[requirement_id], pinpoint) for title, requirement_id, pinpoint in rows)


def until(in_scope: InScope, council: MadeCouncil, evidence_id: UUID, days: int) -> None:
    """Let a piece of evidence be valid for so many days more."""
    with in_scope(council.scope()) as session:
        session.get_one(Evidence, (council.id, evidence_id)).valid_until_on = clock.today() + timedelta(days)


def test_the_lists_say_what_is_cited_what_is_not_and_what_ran_out(
    app: Flask, council: MadeCouncil, in_scope: InScope, made: UUID
) -> None:
    files = {title: make_file(app, council, title=title) for title in ("Alpha", "Beta", "Gamma", "Delta", "Gone")}
    cite(in_scope, council, made, files["Alpha"], "1.2.1", "1.1.1")
    cite(in_scope, council, made, files["Beta"], "1.1.1")
    cite(in_scope, council, made, files["Gone"], "1.1.1")
    for title, days in {"Beta": -1, "Gamma": 60, "Delta": 61}.items():
        until(in_scope, council, files[title], days)
    with in_scope(council.scope()) as session:
        session.get_one(Evidence, (council.id, files["Gone"])).removed_at = clock.now()
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        framework = get_framework(accreditation.framework_id)
        found = coverage_of(accreditation, framework, clock.today())
        lists: dict[str, Any] = {
            name: [line.evidence.title for line in getattr(found, name)]
            for name in ("uncited", "cited", "cited_but_expired", "expired", "ending")
        }
        codes = [each.code for each in framework.tree.requirements_of("charter")]
    assert lists == {
        "uncited": ["Delta", "Gamma"],
        "cited": ["Alpha", "Beta", "Gone"],
        "cited_but_expired": ["Beta", "Gone"],
        "expired": ["Beta"],
        "ending": ["Gamma"],
    }
    assert [(each.code, each.pinpoint) for each in found.lines[0].cited] == [("1.1.1", "p. 1"), ("1.2.1", "p. 1")]
    assert list(found.without) == [code for code in codes if code not in ("1.1.1", "1.2.1")]


def test_every_list_opens_and_leads_to_the_answers(
    app: Flask, editor: CheckingClient, council: MadeCouncil, in_scope: InScope, made: UUID, page: str
) -> None:
    row = make_file(app, council, title="Alpha")
    make_link(app, council, title="Site")
    cite(in_scope, council, made, row, "1.1.1")
    until(in_scope, council, row, -1)
    words = {
        "uncited": "Choose the requirements it shows",
        "without": "Requirements without evidence",
        "problems": "1.1.1</a> (p. 1)",
        "ending": "Nothing ends within 60 days.",
        "cited": "Alpha",
        "nonsense": "Cited nowhere (1)",
    }
    for show, expected in words.items():
        assert expected in editor.get(f"{page}?show={show}").text, show
    where = editor.get(f"/councils/{council.slug}/evidence/{row}/answers").text
    assert (f'/accreditations/{made}/requirements/1.1.1"' in where, "Charter, cycle 1" in where) == (True, True)
    assert editor.get(f"/councils/{council.slug}/evidence/for-requirements").location == page


def test_several_files_are_tagged_at_once(
    app: Flask, editor: CheckingClient, council: MadeCouncil, in_scope: InScope, made: UUID, page: str
) -> None:
    first, second, third = (make_file(app, council, title=title) for title in ("A", "B", "C"))
    answer = editor.post(
        page,
        data={
            "evidence_0": str(first), "codes_0": ["1.1.1", "1.2.1"], "pinpoint_0": "p. 4",
            "evidence_1": str(second), "codes_1": ["1.1.1"], "pinpoint_1": "",
            "evidence_2": str(third), "pinpoint_2": "",
        },
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, page)
    assert "3 citations were made." in editor.get(page).text
    assert cited(in_scope, council, made) == [("A", "1.1.1", "p. 4"), ("A", "1.2.1", "p. 4"), ("B", "1.1.1", "")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose requirements for at least one piece of evidence"),
        ({"codes_0": ["9.9.9"], "pinpoint_0": "p. 7"}, "Choose requirements of this framework."),
        ({"pinpoint_0": "p. 7"}, "Choose the requirements that this place shows."),
        ({"codes_0": ["1.1.1"], "pinpoint_0": "p. 7" + "x" * 200}, "must be 200 characters or fewer"),
    ],
)
def test_what_is_wrong_stands_beside_it_and_what_was_typed_stays(
    app: Flask,
    editor: CheckingClient,
    council: MadeCouncil,
    in_scope: InScope,
    made: UUID,
    page: str,
    data: dict[str, Any],
    words: str,
) -> None:
    row = make_file(app, council, title="A")
    answer = editor.post(page, data={"evidence_0": str(row), **data})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert ('value="p. 7' in answer.text) == ("pinpoint_0" in data)
    assert cited(in_scope, council, made) == []


def test_a_file_in_quarantine_or_of_another_council_is_not_tagged(
    app: Flask, editor: CheckingClient, council: MadeCouncil, in_scope: InScope, made: UUID, page: str
) -> None:
    good, bad = make_file(app, council, title="Good"), make_file(app, council, title="Bad")
    with in_scope(council.scope()) as session:
        session.get_one(Evidence, (council.id, bad)).scan = "quarantined"
    assert ">Bad<" not in editor.get(page).text
    tagged = {"evidence_0": str(good), "codes_0": ["1.1.1"], "evidence_1": str(bad), "codes_1": ["1.1.1"]}
    refused = editor.post(page, data=tagged)
    assert (refused.status_code, "Malware was found in “Bad”" in refused.text) == (409, True)
    foreign = make_file(app, make_council(app, council.region))
    assert editor.post(page, data={"evidence_0": str(foreign), "codes_0": ["1.1.1"]}).status_code == 404
    assert cited(in_scope, council, made) == []


def test_who_only_reads_sees_the_lists_and_tags_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, page: str
) -> None:
    make_file(app, council)
    client.sign_in(make_user(app, council, "council_viewer"))
    assert "Choose the requirements" not in client.get(page).text
    assert client.post(page, data={}).status_code == 403
    client.sign_in(make_user(app, make_council(app, council.region), "council_lead"))
    assert (client.get(page).status_code, client.post(page, data={}).status_code) == (404, 404)


def test_the_lists_take_the_same_statements_for_one_and_for_three(
    app: Flask,
    editor: CheckingClient,
    council: MadeCouncil,
    in_scope: InScope,
    made: UUID,
    page: str,
    statements: Statements,
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            cite(in_scope, council, made, make_file(app, council), "1.1.1", "1.2.1")
        with statements() as sql:
            assert editor.get(f"{page}?show=cited").status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 6


def test_a_file_dropped_on_a_requirement_is_kept_and_cited_at_once(
    editor: CheckingClient, council: MadeCouncil, in_scope: InScope, made: UUID
) -> None:
    drop = f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1/files"
    answers = [
        editor.post(drop, data={"file": (io.BytesIO(content), name), "size": str(len(content)), "pinpoint": "p. 2"})
        for name, content in (("a.pdf", pdf("a")), ("b.pdf", pdf("b")), ("c.docm", b"words"))
    ]
    told = [
        (answer.status_code, answer.json["outcome"], answer.json.get("version")) for answer in answers if answer.json
    ]
    assert told == [(200, "added", 1), (200, "added", 1), (422, "refused", None)]
    assert cited(in_scope, council, made) == [("a.pdf", "1.1.1", "p. 2"), ("b.pdf", "1.1.1", "p. 2")]
    assert (
        editor.post(drop.replace("1.1.1", "9.9.9"), data={"file": (io.BytesIO(pdf("x")), "x.pdf")}).status_code == 404
    )


def test_nothing_is_dropped_by_others_or_while_answers_rest(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope, made: UUID, lead: MadeUser
) -> None:
    drop = f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1/files"
    for role, home, status in (
        ("council_viewer", council, 403),
        ("council_lead", make_council(app, council.region), 404),
    ):
        client.sign_in(make_user(app, home, role))
        assert client.post(drop, data={"file": (io.BytesIO(pdf("x")), "x.pdf")}).status_code == status
    with in_scope(council.scope()):
        get_accreditation(made, lock=True).stage = "submitted"
    refused = client.sign_in(lead).post(drop, data={"file": (io.BytesIO(pdf("x")), "x.pdf")})
    assert (refused.status_code, "Answers cannot be changed" in str(refused.json)) == (422, True)
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Evidence)).all() == []


def test_who_may_not_read_the_library_does_not_read_it_here(
    client: CheckingClient, app: Flask, council: MadeCouncil, page: str
) -> None:
    library = f"/councils/{council.slug}/evidence"
    client.sign_in(make_user(app, council, "signatory"))
    pages = (page, f"{library}/for-requirements", f"{library}/{make_file(app, council)}/answers")
    assert [client.get(each).status_code for each in pages] == [403, 403, 403]
