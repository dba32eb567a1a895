"""Comments on the page of a requirement: posted, settled, kept when refused, counted in the list, shut to others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from flask import Flask

from saas.policy import COUNCIL_ROLES, GRANTS, Permission, Role
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.element_owners import make_comment
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


def page_of(council: MadeCouncil, accreditation_id: UUID, tail: str = "/comments") -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/requirements/1.1.1{tail}"


def test_a_comment_stands_on_the_page_and_is_counted_until_it_is_settled(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    editor = make_user(app, council, "council_editor", "Mina Castellan")
    client.sign_in(lead)
    said = client.post(page_of(council, made), data={"comment": "Is this still so?", "tell": [str(editor.id)]})
    assert (said.status_code, said.location) == (303, page_of(council, made, "#comments"))
    page = client.get(page_of(council, made, "")).get_data(as_text=True)
    assert "Told: Mina Castellan." in page
    assert "Is this still so?" in page
    assert ", to Mina Castellan" in page
    assert "people of your council; never sent to the region." in page
    tasks = f"/councils/{council.slug}/accreditations/{made}/"
    assert "1 open comment" in client.get(tasks).get_data(as_text=True)
    comment = page.split('id="comment-')[1].split('"')[0]
    assert client.post(page_of(council, made, f"/comments/{comment}/settle")).status_code == 303
    settled = client.get(page_of(council, made, "")).get_data(as_text=True)
    assert f"settled by {lead.name}" in settled
    assert "open comment" not in client.get(tasks).get_data(as_text=True)
    client.post(page_of(council, made, f"/comments/{comment}/reopen"))
    assert "1 open comment" in client.get(tasks).get_data(as_text=True)


def test_what_is_wrong_is_said_beside_the_field_and_kept(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    make_user(app, council, "council_editor", "Sam Reed")
    make_user(app, council, "council_editor", "Sam Harker")
    outsider = make_user(app, make_council(app, council.region), "council_lead")
    client.sign_in(lead)
    for data, words in (
        ({"comment": ""}, "Enter your comment."),
        ({"comment": "Ask @sam", "tell": []}, "“@sam” could be Sam Harker or Sam Reed: tick who is to be told."),
        ({"comment": "Ask @Nobody at all"}, "No colleague is called “@Nobody”."),
        ({"comment": "Ask @sam", "tell": [str(outsider.id)]}, "Choose colleagues who may read the self-assessment."),
    ):
        refused = client.post(page_of(council, made), data=data)
        text = refused.get_data(as_text=True)
        assert (refused.status_code, words in text, data["comment"] in text) == (422, True, True)
    assert "Nobody has said anything yet." in client.get(page_of(council, made)).get_data(as_text=True)


def test_who_is_told_is_said_after_posting(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    make_user(app, council, "council_editor", "Priya Nair")
    client.sign_in(lead)
    for words, told in (("Ask @priya.", "Told: Priya Nair."), (f"I, @{lead.name}, ask.", "Nobody was told.")):
        client.post(page_of(council, made), data={"comment": words})
        assert told in client.get(page_of(council, made, "")).get_data(as_text=True)


def test_one_is_not_offered_to_tell_oneself_and_many_are_folded(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    assert 'name="tell"' not in client.get(page_of(council, made)).get_data(as_text=True)
    for number in range(9):
        make_user(app, council, "council_viewer", f"Reader {number}")
    text = client.get(page_of(council, made)).get_data(as_text=True)
    assert (text.count('name="tell"'), "Tell colleagues" in text, lead.name in text.split("Tell")[1]) == (
        9,
        True,
        False,
    )


@pytest.mark.parametrize("role", COUNCIL_ROLES)
def test_who_reads_the_self_assessment_may_comment(
    app: Flask, client: CheckingClient, council: MadeCouncil, role: Role
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(make_user(app, council, role))
    reads = Permission.ACCREDITATION_READ in GRANTS[role]
    said = client.post(page_of(council, made), data={"comment": "A word."})
    assert said.status_code == (303 if reads else 403)


def test_a_comment_of_elsewhere_is_not_found(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, officer: MadeUser
) -> None:
    made = make_accreditation(app, council)
    neighbour = make_council(app, council.region)
    theirs = make_accreditation(app, neighbour)
    foreign, other = make_comment(app, neighbour, theirs), make_comment(app, council, made, "1.2.1")
    client.sign_in(lead)
    for page in (
        page_of(council, theirs),
        page_of(neighbour, theirs),
        page_of(council, made).replace("1.1.1", "9.9.9"),
        page_of(council, made, f"/comments/{foreign}/settle"),
        page_of(council, made, f"/comments/{other}/reopen"),
        page_of(council, made, f"/comments/{uuid4()}/settle"),
    ):
        assert client.post(page, data={"comment": "A word."}).status_code == 404
    assert client.sign_in(officer).get(page_of(council, made)).status_code == 404


def test_a_page_of_comments_takes_as_many_statements_for_one_as_for_three(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead).get(page_of(council, made))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_comment(app, council, made, mentions=[lead.id])
        with statements() as sent:
            assert client.get(page_of(council, made)).status_code == 200
        counts.append(len(sent))
    assert counts == [5, 5]  # the viewer, the scope of two transactions, the accreditation, the comments
