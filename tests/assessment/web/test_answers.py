"""The pages of the self-assessment: the list, one requirement, saving, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

from flask import Flask

from assessment.queries import answers as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.evidence import make_file
from tests.factories.submissions import FILE_CONTENT, answer_all, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


def page_of(council: MadeCouncil, accreditation_id: UUID, code: str = "") -> str:
    tail = f"requirements/{code}" if code else ""
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/{tail}"


def test_the_list_says_how_far_every_requirement_is(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    client.post(page_of(council, made, "1.1.1"), data={"judgement": "met", "narrative": "We do.", "version": "0"})
    client.post(page_of(council, made, "1.2.1"), data={"narrative": "We are about to.", "version": "0"})
    text = client.get(page_of(council, made)).get_data(as_text=True)
    assert "1 of 28 requirements judged" in text
    assert "Next unanswered: 1.2.1" in text
    assert text.count("Not started") == 26
    assert text.count("In progress") == 1
    assert '<span class="mark mark--met">Met</span>' in text


def test_the_list_takes_six_statements_however_much_is_answered(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    counts = []
    client.get(page_of(council, made))
    for answered in (False, True):
        if answered:
            answer_all(app, council, made)
        with statements() as sent:
            assert client.get(page_of(council, made)).status_code == 200
        counts.append(len(sent))
    assert counts == [6, 6]


def test_saving_an_answer_takes_seven_statements(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    counts = []
    for version, words in ((0, "First."), (1, "Second.")):
        with statements() as sent:
            data = {"judgement": "met", "narrative": words, "version": str(version)}
            assert client.post(page_of(council, made, "1.1.1"), data=data).status_code == 303
        counts.append(len(sent))
    assert max(counts) <= 7, sent


def test_saving_leads_on_to_the_next_requirement(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    answered = client.post(page_of(council, made, "1.1.1"), data={"judgement": "met", "version": "0", "do": "next"})
    assert (answered.status_code, answered.location) == (303, page_of(council, made, "1.2.1"))


def test_evidence_is_cited_uploaded_and_linked_in_place(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    held = make_file(app, council, title="Held already")
    client.sign_in(lead)
    page = page_of(council, made, "1.1.1")
    common = {"judgement": "met", "narrative": "We do.", "pinpoint": "Page 3", "why": "It says so."}
    client.post(page, data=common | {"version": "0", "evidence_id": str(held)})
    upload = (io.BytesIO(FILE_CONTENT), "policy.pdf")
    client.post(page, data=common | {"version": "1", "file": upload, "evidence_title": "The policy"})
    client.post(page, data=common | {"version": "1", "link": "https://council.example/minutes"})
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        cited = [row for rows in queries.list_citations(accreditation).values() for row in rows]
        assert [(row.Evidence.title, row.pinpoint, row.why) for row in cited] == [
            ("Held already", "Page 3", "It says so."),
            ("The policy", "Page 3", "It says so."),
            ("https://council.example/minutes", "Page 3", "It says so."),
        ]
    text = client.get(page).get_data(as_text=True)
    assert "Held already (cited already)" in text
    taken_out = common | {"version": "1", "pinpoint": "", "why": "", "uncite": str(cited[0].id)}
    assert client.post(page, data=taken_out).status_code == 303
    assert "The evidence is added. Saved at" in text
    assert "Held already (cited already)" not in client.get(page).get_data(as_text=True)


def test_an_action_keeps_its_words_and_shows_what_was_read(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    page = page_of(council, made, "1.1.1")
    data = {"judgement": "partly_met", "version": "0", "action": "Write a policy.", "timescale": "By May 2027"}
    assert client.post(page, data=data | {"responsibility": "Panel"}).status_code == 303
    text = client.get(page).get_data(as_text=True)
    assert "The action is in your plan. Saved at" in text
    assert f'href="/councils/{council.slug}/accreditations" aria-current="true"' in text
    assert "By when: By May 2027 (read as: By 31 May 2027). By whom: Panel." in text


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_saved(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    data = {"judgement": "met", "narrative": "Kept here.", "version": "0", "link": "ftp://council.example"}
    refused = client.post(page_of(council, made, "1.1.1"), data=data)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Kept here." in text
    assert 'id="link-error"' in text
    empty = (io.BytesIO(b""), "nothing.pdf")
    refused = client.post(page_of(council, made, "1.1.1"), data={"version": "0", "file": empty})
    assert (refused.status_code, "“nothing.pdf” is empty." in refused.get_data(as_text=True)) == (422, True)
    refused = client.post(page_of(council, made, "1.1.1"), data={"version": "0", "judgement": "brilliant"})
    assert (refused.status_code, "Choose one of the judgements" in refused.get_data(as_text=True)) == (422, True)
    refused = client.post(page_of(council, made, "1.1.1"), data={"version": "0", "timescale": "May 2027"})
    assert (refused.status_code, "Say what you will do." in refused.get_data(as_text=True)) == (422, True)
    with in_scope(council.scope()):
        assert queries.list_answers(get_accreditation(made)) == {}


def test_who_comes_second_sees_both_texts_and_chooses(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    other = make_user(app, council, "council_editor", "Robin Hale")
    client.sign_in(other).post(page, data={"judgement": "met", "narrative": "Theirs.", "version": "0"})
    mine = {"judgement": "not_met", "narrative": "Mine.", "version": "0", "action": "Typed too."}
    refused = client.sign_in(lead).post(page, data=mine)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 409
    for kept in ("Mine.", "Theirs.", "Robin Hale", "Typed too.", 'name="version" value="1"', "Not yet met"):
        assert kept in text
    assert client.post(page, data=mine | {"version": "1"}).status_code == 303
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        ids = get_framework(accreditation.framework_id).ids
        saved = queries.list_answers(accreditation)[ids["1.1.1"]]
        assert (saved.judgement, saved.narrative, saved.version) == ("not_met", "Mine.", 2)


def test_what_is_typed_is_saved_by_the_page(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    page = page_of(council, made, "1.1.1") + "/autosave"
    saved = client.post(page, data={"narrative": "Half a sen", "version": "0", "link": "not yet an addr"})
    assert saved.json["version"] == 1
    assert saved.json["words"].startswith("Saved at ")
    assert client.post(page, data={"narrative": "Half a sentence.", "version": "1"}).json["version"] == 2
    assert client.post(page, data={"narrative": "Late.", "version": "1"}).status_code == 409


def test_answers_rest_once_the_submission_is_sent(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    make_submission(app, council, made)
    client.sign_in(lead)
    refused = client.post(page_of(council, made, "1.1.1"), data={"narrative": "Too late.", "version": "1"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "Answers cannot be changed at the stage “Submission sent”." in text
    assert "Too late." in text
    read = client.get(page_of(council, made, "1.1.1")).get_data(as_text=True)
    assert ('name="narrative"' in read, "What we do about" in read) == (False, True)


def test_a_reader_reads_and_an_outsider_finds_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    reader = make_user(app, council, "council_viewer")
    assert "your role does not change it" in client.sign_in(reader).get(page).get_data(as_text=True)
    assert client.post(page, data={"version": "0"}).status_code == 403
    neighbour = make_council(app, council.region)
    outsider = make_user(app, neighbour, "council_lead")
    client.sign_in(outsider)
    assert client.get(page).status_code == 404
    assert client.get(page_of(neighbour, made, "1.1.1")).status_code == 404
    assert client.get(page_of(neighbour, made)).status_code == 404


def test_what_belongs_to_somebody_else_does_not_exist(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council, make_framework(app, "charter-2017"))
    client.sign_in(lead)
    neighbour = make_council(app, council.region)
    foreign = make_file(app, neighbour)
    codes = _codes(app, council, made)
    page = page_of(council, made, codes[0])
    assert client.post(page, data={"version": "0", "evidence_id": str(foreign)}).status_code == 404
    assert client.post(page, data={"version": "0", "evidence_id": str(uuid4())}).status_code == 404
    assert client.get(page_of(council, made, "no-such-code")).status_code == 404
    assert client.get(page_of(council, uuid4(), codes[0])).status_code == 404


def _codes(app: Flask, council: MadeCouncil, accreditation_id: UUID) -> list[str]:
    with app.app_context(), within(council.scope(), read_only=True):
        accreditation = get_accreditation(accreditation_id)
        tree = get_framework(accreditation.framework_id).tree
        return [requirement.code for requirement in tree.requirements_of(accreditation.level)]
