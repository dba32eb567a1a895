"""Logos: a picture comes in, our own small PNG is kept, and papers carry it."""

from __future__ import annotations

import io

import docx
import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy.exc import ProgrammingError

from saas.policy import Role
from tenants.services.logos import drawn_again
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


def picture(kind: str = "PNG", size: tuple[int, int] = (2400, 600)) -> bytes:
    """A picture with words hidden in it."""
    written, hidden = io.BytesIO(), PngInfo()
    hidden.add_text("Comment", "secret")
    drawn = Image.new("RGB", size, "teal")
    drawn.save(written, kind, **({"pnginfo": hidden} if kind == "PNG" else {"comment": b"secret"}))
    return written.getvalue()


def blank(width: int, height: int) -> bytes:
    """A picture of one colour: few bytes, however many pixels they unfold to."""
    written = io.BytesIO()
    Image.new("1", (width, height)).save(written, "PNG")
    return written.getvalue()


def send(client: CheckingClient, home: str, data: bytes, name: str = "logo.png") -> int:
    return client.post(home, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data").status_code


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_drawn_again_shown_and_removed(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, kind: str
) -> None:
    home = f"/councils/{council.slug}/logo"
    client.sign_in(lead)
    assert "There is none yet" in client.get(home).text
    assert f'<a class="govuk-breadcrumbs__link" href="/councils/{council.slug}/">Home</a>' in client.get(home).text
    data = picture(kind)
    assert b"secret" in data
    assert send(client, home, data) == 303
    kept = client.get(f"{home}.png")
    assert (kept.content_type, b"secret" in kept.data) == ("image/png", False)
    with Image.open(io.BytesIO(kept.data)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (1200, 300))
    assert client.post(f"{home}/remove").status_code == 303
    assert client.get(f"{home}.png").status_code == 404


def test_what_is_no_picture_or_too_large_is_refused(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    home = f"/councils/{council.slug}/logo"
    client.sign_in(lead)
    for data, words in (
        (b"<svg onload=alert(1)>", "The file is no PNG or JPEG picture that can be read."),
        (b"GIF89a" + b"\0" * 40, "The file is no PNG or JPEG picture"),
        (picture()[:60], "The file is no PNG or JPEG picture"),
        (b"\x89PNG" + b"\0" * 500_001, "The file is larger than 500 kB, the limit for a logo."),
        (blank(2_001, 2_000), "The picture has more than 4 million pixels."),
    ):
        answer = client.post(home, data={"file": (io.BytesIO(data), "a.png")}, content_type="multipart/form-data")
        assert (answer.status_code, words in answer.text) == (422, True)
    assert client.post(home, data={}, content_type="multipart/form-data").status_code == 422
    assert client.get(f"{home}.png").status_code == 404


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_picture_of_any_kind_of_pixels_keeps_its_colours(mode: str) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (2_000, 2_000), "white").convert(mode).save(written, "PNG")
    with Image.open(io.BytesIO(drawn_again(written.getvalue()))) as drawn:
        assert (drawn.size, drawn.convert("RGBA").getpixel((200, 200))) == ((400, 400), (255, 255, 255, 255))


def test_papers_carry_the_logos_of_council_and_region(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, officer: MadeUser
) -> None:
    client.sign_in(officer)
    assert send(client, f"/regions/{council.region.slug}/logo", picture(size=(300, 100))) == 303
    assert client.get(f"/regions/{council.region.slug}/logo.png").status_code == 200
    client.sign_in(lead)
    assert send(client, f"/councils/{council.slug}/logo", picture("JPEG", (200, 100)), "logo.jpg") == 303
    plan = make_plan(app, council)
    make_action(app, council, plan)
    data = client.get(f"/councils/{council.slug}/plans/{plan}/papers/public/timescales.docx").data
    told = docx.Document(io.BytesIO(data)).element.body.xpath(".//wp:docPr")
    assert [drawn.get("descr") for drawn in told] == [f"Logo of {council.name}", f"Logo of {council.region.name}"]
    assert client.get(f"/councils/{council.slug}/plans/{plan}/papers/public/timescales.pdf").status_code == 200


def test_only_the_lead_and_only_for_the_own_place(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope
) -> None:
    client.sign_in(make_user(app, council, Role.COUNCIL_EDITOR))
    assert client.get(f"/councils/{council.slug}/logo").status_code == 403
    other = make_council(app, council.region)
    with pytest.raises(ProgrammingError, match="a place sets only its own logo"), in_scope(council.scope()) as session:
        session.execute(sa.text("select tenancy.set_logo(:place, :image)"), {"place": other.id, "image": b"x"})
