"""The pages of the self-assessment: the list, one requirement, saving, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from assessment.queries import answers as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from saas.transaction import within
from tenants.models.plans import Action
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
    for kept in ("Mine.", "Theirs.", "Robin Hale", "Typed too.", 'name="version" value="1"', "Not yet met (yours)"):
        assert kept in text
    assert "How your text differs from the saved one" in text
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
    late = client.post(page, data={"narrative": "Late.", "version": "1"})
    assert (late.status_code, late.json["both"]) == (409, True)
    assert late.json["words"].startswith(f"Not saved: {lead.name} changed this answer at ")
    long = client.post(page, data={"narrative": "word " * 5000, "version": "2"})
    assert (long.status_code, long.json["words"]) == (
        422,
        "Not saved. Shorten this text: it has 24,999 characters (5,000 words)."
        " The limit is 20,000 characters, about 3,000 words.",
    )
    unreasoned = client.post(page, data={"judgement": "not_applicable", "version": "2"})
    assert unreasoned.json["version"] == 3


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


def test_the_page_takes_the_same_statements_whatever_stands_on_it(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    held = [make_file(app, council, title=f"File {number}") for number in range(3)]
    client.sign_in(lead)
    page = page_of(council, made, "1.1.1")
    counts = []
    for number in range(3):
        data = {"version": "1" if number else "0", "judgement": "partly_met", "evidence_id": str(held[number])}
        assert client.post(page, data=data | {"action": f"Do {number}."}).status_code == 303
        client.get(page)
        with statements() as sent:
            assert client.get(page).status_code == 200
        counts.append(len(sent))
    assert len(set(counts)) == 1, counts


def test_not_applicable_is_asked_for_its_reason_beside_the_field(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    page = page_of(council, made, "1.1.1")
    data = {"version": "0", "judgement": "not_applicable", "narrative": "Kept here."}
    refused = client.post(page, data=data)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'id="not_applicable_reason-error"' in text
    assert "Say why it cannot apply to your council." in text
    assert "Kept here." in text
    assert client.post(page, data=data | {"not_applicable_reason": "No such body."}).status_code == 303


def test_a_pasted_megabyte_stays_in_the_field_and_hears_the_limit(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    pasted = "word " * 220_000
    refused = client.sign_in(lead).post(page_of(council, made, "1.1.1"), data={"version": "0", "narrative": pasted})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "it has 1,099,999 characters (220,000 words). The limit is 20,000 characters, about 3,000 words." in text
    assert pasted.strip() in text


def test_a_file_far_beyond_the_limit_is_refused_beside_its_field_and_the_words_stay(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    page = page_of(council, make_accreditation(app, council), "1.1.1")
    limit = app.config["CHARTERWAY"].upload_limit_mb
    file = FileStorage(io.BytesIO(bytes((limit + 2) * 1024 * 1024)), "minutes.pdf")
    boundary, body = encode_multipart({"version": "0", "narrative": "We meet every month.", "file": file})
    sent = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    refused = client.sign_in(lead).post(page, **sent)
    beside = refused.text.split('id="file-error"')[1].split("</p>")[0]
    assert (refused.status_code, f"larger than {limit} MB, the limit" in beside) == (422, True)
    assert "We meet every month." in refused.text


def test_actions_are_changed_taken_out_and_put_back_in_place(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    page = page_of(council, made, "1.1.1")

    def planned() -> list[tuple[Any, ...]]:
        with in_scope(council.scope()):
            rows = [row for rows in queries.list_planned_actions(get_accreditation(made)).values() for row in rows]
            return [
                (row.Action.action, row.Action.responsibility, row.Action.officer_days, row.Action.cost) for row in rows
            ]

    base = {"judgement": "partly_met", "narrative": "In part."}
    first = {"action": "Write a policy.", "responsibility": "Panel", "officer_days": "2.5", "cost": "1200"}
    client.post(page, data=base | first | {"version": "0"})
    client.post(page, data=base | {"action": "Train.", "version": "1"})
    assert planned() == [("Write a policy.", "Panel", Decimal("2.5"), Decimal(1200)), ("Train.", "", None, None)]
    text = client.get(page).get_data(as_text=True)
    assert "Officer days: 2.5. Cost: £1,200." in text
    with in_scope(council.scope()) as session:
        ids = session.scalars(select(Action.id).order_by(Action.position)).all()

    typed = base | {"narrative": "Typed before the press.", "version": "1", "change": str(ids[0])}
    opened = client.post(page, data=typed)
    assert opened.location == f"{page}?action={ids[0]}#action"
    text = client.get(opened.location).get_data(as_text=True)
    assert "Change action 1" in text
    assert "Typed before the press." in text
    assert 'name="officer_days"' in text
    assert 'value="2.50"' in text or 'value="2.5"' in text
    changed = {"action_id": str(ids[0]), "action_version": "1", "action": "Write it.", "responsibility": "Head of HR"}
    assert client.post(page, data=base | changed | {"version": "2"}).status_code == 303
    assert planned()[0] == ("Write it.", "Head of HR", None, None)

    late = client.post(page, data=base | changed | {"version": "3", "action": "Mine."})
    text = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "It now says: “Write it.”" in text
    assert "Mine." in text
    assert 'name="action_version" value="2"' in text

    client.post(page, data=base | {"version": "3", "drop": str(ids[1])})
    text = client.get(page).get_data(as_text=True)
    assert "Action 2 was taken out." in text
    assert len(planned()) == 1
    client.post(page, data=base | {"version": "3", "put_back": "true"})
    assert [row[0] for row in planned()] == ["Write it.", "Train."]
    assert "was taken out." not in client.get(page).get_data(as_text=True)


def test_figures_that_are_none_are_told_beside_the_field(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    data = {"version": "0", "action": "Do it.", "officer_days": "two", "cost": "-1"}
    text = client.sign_in(lead).post(page_of(council, made, "1.1.1"), data=data).get_data(as_text=True)
    assert ('id="officer_days-error"' in text, 'id="cost-error"' in text, "Do it." in text) == (True, True, True)


def test_several_files_sent_without_scripts_are_all_cited(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    page = page_of(council, made, "1.1.1")
    sent = [(io.BytesIO(FILE_CONTENT + bytes([number])), f"minutes {number}.pdf") for number in (1, 2)]
    assert client.post(page, data={"version": "0", "file": sent}).status_code == 303
    with in_scope(council.scope()):
        cited = [row for rows in queries.list_citations(get_accreditation(made)).values() for row in rows]
        assert [row.Evidence.filename for row in cited] == ["minutes 1.pdf", "minutes 2.pdf"]
    taken_out = client.post(page, data={"version": "1", "uncite": str(cited[0].id)})
    assert taken_out.status_code == 303
    text = client.get(page).get_data(as_text=True)
    assert f"“{cited[0].Evidence.title}” was taken out." in text
    client.post(page, data={"version": "1", "put_back": "true"})
    with in_scope(council.scope()):
        assert sum(len(rows) for rows in queries.list_citations(get_accreditation(made)).values()) == 2


def test_who_writes_here_is_told_to_the_other_and_not_to_oneself(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    other = make_user(app, council, "council_editor", "Priya Nair")
    client.sign_in(other).post(page + "/autosave", data={"narrative": "Typing", "version": "0"})
    assert "is writing here" not in client.get(page).get_data(as_text=True)
    assert "Priya Nair is writing here (" in client.sign_in(lead).get(page).get_data(as_text=True)
    client.sign_in(other).post(page, data={"narrative": "Done.", "version": "1"})
    assert "is writing here" not in client.sign_in(lead).get(page).get_data(as_text=True)


def test_the_way_leads_to_the_next_unanswered(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    codes = _codes(app, council, made)
    client.post(page_of(council, made, codes[1]), data={"judgement": "met", "version": "0"})
    text = client.get(page_of(council, made, codes[0])).get_data(as_text=True)
    assert f"Next unanswered: {codes[2]}" in text
    on = client.post(page_of(council, made, codes[0]), data={"judgement": "met", "version": "0", "do": "next_open"})
    assert on.location == page_of(council, made, codes[2])
    last = page_of(council, made, codes[-1])
    assert client.post(last, data={"judgement": "met", "version": "0", "do": "next_open"}).location == on.location
