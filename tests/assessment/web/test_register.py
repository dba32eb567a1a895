"""The certificate as a document, and a register that outlives its councils."""

from __future__ import annotations

import pypdfium2
import sqlalchemy as sa
from flask import Flask

from assessment.queries.awards import find_award
from assessment.services.awards import end
from saas import clock
from saas.templating import day
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.assessment.web.test_reports import texts
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, make_council, make_region


def words_of(pdf: bytes) -> str:
    """All text of the paper with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(words.split())


def test_the_certificate_is_a_tagged_document_in_the_regions_name(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_award(app, council, conditions="Show the programme by May.")
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
    number = award.certificate_number
    page = texts(client.get(f"/certificates/{number}"))
    assert ("Outcome Awarded, with conditions" in page, "Show the programme" in page) == (True, False)
    answer = client.get(f"/certificates/{number}/certificate.pdf")
    pdf = answer.get_data()
    assert (answer.mimetype, b"/StructTreeRoot" in pdf, b"/Lang" in pdf) == ("application/pdf", True, True)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="Certificate {number}.pdf"'
    words = words_of(pdf)
    for said in (
        f"{council.region.name} certifies that {council.name} holds {award.level_title}",
        "under conditions that the region set",
        f"Certificate {number}",
        f"Awarded on {day(award.awarded_on)} Valid to {day(award.valid_to_on)}",
    ):
        assert said in words
    assert f"checkathttp://localhost/certificates/{number}." in words.replace(" ", "")  # the address is broken in two
    assert client.get(f"/certificates/{number}/certificate.pdf").get_data() == pdf


def test_there_is_no_certificate_for_an_award_that_has_ended(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(council.region.scope(case.officer.id)):
        award = find_award(case.accreditation_id)
        number = award.certificate_number
        end(award, ending="surrendered", on=clock.today(), by=CONSOLE)
    assert "Download" not in texts(client.get(f"/certificates/{number}"))
    refused = client.get(f"/certificates/{number}/certificate.pdf")
    assert (refused.status_code, "no longer held" in texts(refused)) == (409, True)
    assert client.get("/certificates/BCDF-GHJK-2345/certificate.pdf").status_code == 404


def test_register_and_certificate_stand_when_the_council_is_gone(built_app: Flask, owner: sa.Engine) -> None:
    council = make_council(built_app, make_region(built_app), name="Gone District Council")
    case = make_award(built_app, council)
    with built_app.app_context(), within(council.scope(), read_only=True):
        number = find_award(case.accreditation_id).certificate_number
    with owner.begin() as connection:
        connection.execute(sa.text("update councils set active = false"))
    client = built_app.test_client()
    assert "Gone District Council" in texts(client.get("/register"))
    with owner.begin() as connection:
        connection.execute(sa.text("truncate councils cascade"))
        assert connection.scalar(sa.text("select count(*) from awards")) == 0
    page = texts(client.get("/register"))
    assert ("Gone District Council" in page, number in page) == (True, True)
    assert "This award is held." in texts(client.get(f"/certificates/{number}"))
    assert "Gone District Council" in words_of(client.get(f"/certificates/{number}/certificate.pdf").get_data())


def test_a_number_is_looked_up_in_the_register_and_in_a_box(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_award(app, council)
    make_award(app, make_council(app, council.region, name="Otherham"))
    with in_scope(council.scope()):
        number = find_award(case.accreditation_id).certificate_number
    typed = number.lower().replace("-", " ")
    assert '<details class="fold">' in client.get("/register").text
    assert '<details class="fold" open>' in client.get("/register", query_string={"words": typed}).text
    found = texts(client.get("/register", query_string={"words": typed}))
    assert (number in found, "Otherham" in found) == (True, False)
    assert "Certificate number" in client.get("/certificates").text
    empty = client.get("/certificates", query_string={"number": " "}).text
    assert ("Enter the number that stands on the certificate." in empty, "<title>Error: " in empty) == (True, True)
    assert 'href="/certificates"' in client.get("/register").text
    there = client.get("/certificates", query_string={"number": typed})
    assert (there.status_code, there.location) == (303, f"/certificates/{number}")
    unknown = client.get("/certificates", query_string={"number": "a/b?c"}, follow_redirects=True)
    assert (unknown.status_code, 'name="number"' in unknown.text) == (404, True)
