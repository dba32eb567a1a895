"""Whatever form sends a file: torn, too large, empty or of another kind, it is refused beside its field."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser

MEGABYTE = 1024 * 1024
TORN = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\r\nand then the li'

pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # the parser drops the half it has


@pytest.fixture(params=["plan", "members", "self-assessment", "councils"])
def form(
    request: pytest.FixtureRequest, app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> str:
    """The address of one of the forms whose file is read and not kept; whoever may send it is signed in."""
    if request.param == "councils":
        region: MadeRegion = request.getfixturevalue("region")
        client.sign_in(request.getfixturevalue("officer"))
        return f"/regions/{region.slug}/councils/import"
    client.sign_in(lead)
    base = f"/councils/{council.slug}"
    if request.param == "self-assessment":
        made: UUID = make_accreditation(app, council, make_framework(app, "charter-2017"))
        return f"{base}/accreditations/{made}/import"
    return f"{base}/{'plans' if request.param == 'plan' else 'members'}/import"


def body(name: str, size: int) -> dict[str, Any]:
    """A form with one file of this size, as bytes: the client would leave a larger one open."""
    sent = {"file": FileStorage(io.BytesIO(b"a" * size), name)}
    boundary, data = encode_multipart(sent)
    return {"data": data, "content_type": f"multipart/form-data; boundary={boundary}"}


def said(page: str) -> str:
    """What stands beside the field of the file."""
    found = re.search(r'id="file-error"[^>]*>(.*?)</p>', page, re.DOTALL)
    return " ".join(re.sub("<.*?>", "", found[1]).split()).removeprefix("Error: ") if found else ""


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("table.csv", 0, "“table.csv” is empty."),
        ("table.csv", MEGABYTE + 1, "“table.csv” is larger than 1 MB, the limit for one file."),
        ("table.csv", 3 * MEGABYTE, "“table.csv” is larger than 1 MB, the limit for one file."),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_the_field(
    app: Flask, client: CheckingClient, form: str, monkeypatch: pytest.MonkeyPatch, name: str, size: int, words: str
) -> None:
    one_megabyte(app, monkeypatch)
    answer = client.post(form, **body(name, size))
    assert (answer.status_code, said(answer.text)) == (422, words)


def one_megabyte(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit for one file."""
    monkeypatch.setitem(app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], upload_limit_mb=1))
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2 * MEGABYTE)


def test_what_no_form_reads_is_refused_with_what_this_one_reads(client: CheckingClient, form: str) -> None:
    answer = client.post(form, data={"file": (io.BytesIO(b"MZ"), "tool.exe")})
    assert answer.status_code == 422
    assert re.fullmatch(r"“tool.exe” cannot be read here. Accepted types: [a-z, ]*csv[a-z, ]*\.", said(answer.text))


def test_a_body_that_broke_off_is_said_to_have(client: CheckingClient, form: str) -> None:
    answer = client.post(form, data=TORN, content_type="multipart/form-data; boundary=edge")
    assert (answer.status_code, said(answer.text)) == (
        422,
        "The file did not arrive completely. Choose it and send it again.",
    )


def test_what_is_more_than_any_form_takes_is_not_read_at_all(
    app: Flask, client: CheckingClient, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_megabyte(app, monkeypatch)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = client.post(form, **body("table.csv", 21 * MEGABYTE))
    assert (answer.status_code, "The limit for one upload is 1 MB." in " ".join(answer.text.split())) == (413, True)
