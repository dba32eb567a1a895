"""Looking at what was kept: words of files, the scanner's verdict, and the pages links lead to."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.demo.papers import pdf as readable_pdf
from assessment.services import answers
from saas import clock, files, jobs
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.files import Malware, storage
from saas.tenancy import CONSOLE, Actor
from tenants.models.evidence import Evidence, EvidencePage, EvidenceVersion
from tenants.models.notices import Notice
from tenants.services import evidence
from tests.assessment.services.test_answers import save
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.documents import excel_plan, word_plan
from tests.factories.evidence import make_file, make_link, pdf
from tests.factories.pages import pdf_of_pages
from tests.factories.scanning import BAD, Scanner
from tests.factories.tenants import MadeCouncil, MadeUser
from tests.saas.test_outside import Site

Found = Callable[[UUID], tuple[str, int | None, list[tuple[int, str]]]]


@pytest.fixture
def found(app: Flask, council: MadeCouncil, in_scope: InScope) -> Found:
    """Runs what is due; then state of the text, pages, and the text of each page."""

    def look(evidence_id: UUID) -> tuple[str, int | None, list[tuple[int, str]]]:
        with app.app_context():
            jobs.run_all()
        with in_scope(council.scope()) as session:
            row = session.get_one(Evidence, (council.id, evidence_id))
            texts = session.execute(
                sa.select(EvidencePage.page, EvidencePage.text)
                .where(EvidencePage.evidence_id == evidence_id)
                .order_by(EvidencePage.page)
            )
            return row.text_state, row.pages, [(page, " ".join(text.split())) for page, text in texts]

    return look


def replaced(in_scope: InScope, council: MadeCouncil, evidence_id: UUID, content: bytes, by: Actor = CONSOLE) -> None:
    """Give a file a new version."""
    with (
        in_scope(council.scope()) as session,
        files.receive(io.BytesIO(content), "new.pdf", limit_bytes=1_000_000) as received,
    ):
        evidence.replace_file(session.get_one(Evidence, (council.id, evidence_id)), received=received, by=by)


def test_the_words_of_a_pdf_are_kept_page_by_page(app: Flask, council: MadeCouncil, found: Found) -> None:
    row = make_file(app, council, content=pdf_of_pages(["First page."], [], ["Third page."]))
    assert found(row) == ("read", 3, [(1, "First page."), (3, "Third page.")])


def test_word_and_excel_are_read_and_what_has_no_text_says_so(app: Flask, council: MadeCouncil, found: Found) -> None:
    for content, filename in ((word_plan(), "plan.docx"), (excel_plan(), "plan.xlsx")):
        state, _, texts = found(make_file(app, council, content=content, filename=filename))
        assert (state, "Invite two further members" in texts[0][1]) == ("read", True)
    scan, damaged = pdf_of_pages([]), pdf("no page in it")
    assert found(make_file(app, council, content=scan)) == ("no_text", 1, [])
    assert found(make_file(app, council, content=damaged)) == ("no_text", None, [])
    assert found(make_link(app, council))[0] == "no_text"


def test_a_new_version_is_read_in_place_of_the_earlier(
    app: Flask, council: MadeCouncil, in_scope: InScope, found: Found
) -> None:
    row = make_file(app, council, content=readable_pdf(["Old words."]))
    assert found(row)[2] == [(1, "Old words.")]
    replaced(in_scope, council, row, readable_pdf(["New words."]))
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(EvidencePage)).all() == []
    assert found(row) == ("read", 1, [(1, "New words.")])


def test_reading_makes_nobodys_edit_stale(app: Flask, council: MadeCouncil, in_scope: InScope, found: Found) -> None:
    row = make_file(app, council, content=readable_pdf(["Words."]))
    found(row)
    with in_scope(council.scope()) as session:
        kept = session.get_one(Evidence, (council.id, row))
        evidence.change(kept, title="Mine", speaks_for_on=None, valid_until_on=None, version=1, by=CONSOLE)


@pytest.fixture
def scanner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scanner]:
    """A scanner that the app has configured."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    monkeypatch.setitem(app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], clamd_url=url))
    made = Scanner(listener)
    yield made
    made.close()


@pytest.fixture
def scanner_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner is configured, and nobody listens."""
    monkeypatch.setitem(
        app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], clamd_url="unix:///nowhere/clamd.socket")
    )


def scans(in_scope: InScope, council: MadeCouncil) -> list[tuple[str, str]]:
    """(scan, its words) of everything the council has."""
    with in_scope(council.scope()) as session:
        return [(row.scan, row.scan_words) for row in session.scalars(sa.select(Evidence).order_by(Evidence.id))]


def test_a_scanner_that_answers_is_asked_before_anything_is_kept(
    app: Flask, council: MadeCouncil, in_scope: InScope, scanner: Scanner
) -> None:
    make_file(app, council)
    with pytest.raises(Malware, match=r"contain malware \(Test-Signature\) and was not kept"):
        make_file(app, council, content=BAD)
    assert scans(in_scope, council) == [("clean", "")]


def test_without_a_scanner_a_file_is_kept_unscanned(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_file(app, council)
    assert scans(in_scope, council) == [("unscanned", "")]


def test_while_the_scanner_is_away_a_file_is_kept_and_scanned_when_it_is_back(
    app: Flask,
    council: MadeCouncil,
    in_scope: InScope,
    scanner_is_away: None,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_file(app, council)
    with app.app_context():
        jobs.run_all()
    assert scans(in_scope, council) == [("unscanned", "")]
    request.getfixturevalue("scanner")
    _run_what_waits(app, in_scope)
    assert scans(in_scope, council) == [("clean", "")]


def _run_what_waits(app: Flask, in_scope: InScope) -> None:
    """Let time pass for what is to be tried again."""
    from saas.events import Outbox
    from saas.tenancy import Scope

    with in_scope(Scope.nobody()) as session:
        session.execute(sa.update(Outbox).values(due_at=sa.text("now() - interval '1 second'")))
    with app.app_context():
        jobs.run_all()


@pytest.fixture
def quarantined(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope, scanner_is_away: None,
    request: pytest.FixtureRequest,
) -> UUID:  # fmt: skip
    """A file, version 2 of its evidence, in which the scanner found malware after it was kept."""
    row = make_file(app, council, title="Plan")
    replaced(in_scope, council, row, BAD, by=Actor(lead.id, lead.name))
    request.getfixturevalue("scanner")
    _run_what_waits(app, in_scope)
    return row


def test_malware_found_later_closes_the_file_and_tells_who_added_it(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope, client: CheckingClient, quarantined: UUID
) -> None:
    assert scans(in_scope, council) == [("quarantined", "Test-Signature")]
    page = f"/councils/{council.slug}/evidence/{quarantined}"
    with in_scope(council.scope(lead.id)) as session:
        told = [(each.user_id, each.path) for each in session.scalars(sa.select(Notice))]
        sha256 = session.scalars(sa.select(EvidenceVersion.sha256).where(EvidenceVersion.quarantined)).one()
        verbs = session.scalars(sa.select(Event.verb).where(Event.verb == "evidence.quarantined")).all()
        assert (told, verbs) == ([(lead.id, page)], ["evidence.quarantined"])
        assert not storage().exists(str(council.id), sha256)
    client.sign_in(lead)
    shown = client.get(page).text
    assert "Malware was found in this file (Test-Signature)." in shown
    assert f'href="{page}/file"' not in shown
    closed = [client.get(f"{page}{end}").status_code for end in ("/file", "/preview", "/pages/1", "/versions/2")]
    assert (closed, client.get(f"{page}/versions/1").status_code) == ([409] * 4, 200)


def test_nobody_cites_it_and_it_does_not_come_in_again(
    app: Flask, council: MadeCouncil, in_scope: InScope, quarantined: UUID
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()) as session:
        answer = save(made, narrative="Words.")
        row = session.get_one(Evidence, (council.id, quarantined))
        with pytest.raises(Invalid, match="Malware was found in “Plan”: it cannot be cited"):
            answers.cite(answer, row, pinpoint="", why="", by=CONSOLE)
        with pytest.raises(Conflict, match="in quarantine"):
            evidence.refuse_quarantined(row)
    with pytest.raises(files.FileRefused, match="malware"):
        make_file(app, council, content=BAD)
    replaced(in_scope, council, quarantined, pdf("clean again"))
    assert scans(in_scope, council) == [("clean", "")]


PAGE = b"<title>Minutes of May</title><meta name=date content=2026-05-04>"


def answer_of(body: bytes, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """A site's answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.fixture
def linked(
    app: Flask, council: MadeCouncil, in_scope: InScope, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[bytes], tuple[Any, ...]]]:
    """`linked(answer)`: what a look finds of a link whose site answers so: reachable, title, date, words."""
    sites: list[Site] = []

    def look(answered: bytes) -> tuple[Any, ...]:
        sites.append(Site([answered]))
        allowed = (f"localhost.test:{sites[-1].port}",)
        monkeypatch.setitem(app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], outside_allow=allowed))
        row = make_link(app, council, url=f"http://localhost.test:{sites[-1].port}/minutes")
        with app.app_context():
            jobs.run_all()
        with in_scope(council.scope()) as session:
            kept = session.get_one(Evidence, (council.id, row))
            assert kept.checked_at is not None
            return kept.reachable, kept.link_title, str(kept.link_dated_on), kept.check_words

    monkeypatch.setattr(socket, "getaddrinfo", _local(socket.getaddrinfo))
    yield look
    for site in sites:
        site.close()


def _local(look_up: Callable[..., Any]) -> Callable[..., Any]:
    """The resolver, which knows one more name."""

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        return look_up("127.0.0.1" if host in ("localhost.test", b"localhost.test") else host, *rest, **more)

    return resolve


def test_a_link_is_looked_at_for_its_title_and_date(linked: Callable[[bytes], tuple[Any, ...]]) -> None:
    assert linked(answer_of(PAGE)) == (True, "Minutes of May", "2026-05-04", "answers")
    assert linked(answer_of(b"%PDF-", kind="application/pdf")) == (True, "", "None", "answers")
    large = answer_of(bytes(3 * 1024 * 1024))
    assert linked(large) == (True, "", "None", "answers, but is too large to be read")


def test_what_does_not_answer_is_said_in_words(linked: Callable[[bytes], tuple[Any, ...]]) -> None:
    gone = linked(answer_of(PAGE, "404 Not Found"))
    assert gone == (False, "", "None", "The site answers 404: there is no such page.")
    inside = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/secret\r\nContent-Length: 0\r\n\r\n"
    assert linked(inside) == (False, "", "None", "“169.254.169.254” is not an address of the public internet.")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/a", "http://169.254.169.254/latest", "http://10.0.0.7/x", "http://[fe80::1]/", "http://intranet.local/"]
)  # fmt: skip
def test_an_address_inside_is_refused_when_it_is_added(app: Flask, council: MadeCouncil, url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_link(app, council, url=url)
    assert list(refusal.value.messages) == ["url"]


def test_a_link_rests_between_two_looks_that_are_asked_for(
    app: Flask, council: MadeCouncil, in_scope: InScope, linked: Callable[[bytes], tuple[Any, ...]]
) -> None:
    linked(answer_of(PAGE))
    with in_scope(council.scope()) as session:
        link = session.scalars(sa.select(Evidence)).one()
    with in_scope(council.scope()), pytest.raises(Conflict, match="looked at a moment ago"):
        evidence.look_again(link, by=CONSOLE)
    assert link.checked_at is not None
    later = link.checked_at + evidence.BETWEEN_LOOKS
    with clock.at(later), in_scope(council.scope()) as session:
        evidence.look_again(session.get_one(Evidence, (council.id, link.id)), by=CONSOLE)
    with in_scope(council.scope()) as session:
        asked = session.scalars(sa.select(Event).where(Event.verb == "evidence.look_asked")).all()
        assert [event.subject_id for event in asked] == [link.id]
