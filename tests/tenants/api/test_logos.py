"""The logo of a council's papers, for programs."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask
from PIL import Image

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def picture() -> bytes:
    """A small picture."""
    written = io.BytesIO()
    Image.new("RGB", (120, 40), "teal").save(written, "JPEG")
    return written.getvalue()


def send(caller: Caller, logo: str, content: bytes, name: str) -> Any:
    return caller.post(logo, data={"file": (io.BytesIO(content), name)})


def test_a_logo_comes_in_is_drawn_again_and_goes(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    caller, logo = Caller.of(app, lead, council), f"/councils/{council.slug}/logo"
    assert caller.get(logo).status_code == 404
    assert send(caller, logo, picture(), "logo.jpg").status_code == 204
    with Image.open(io.BytesIO(caller.get(logo).data)) as kept:
        assert (kept.format, kept.size) == ("PNG", (120, 40))
    refused = send(caller, logo, b"no picture", "logo.txt")
    assert (refused.status_code, [each["field"] for each in refused.json["errors"]]) == (422, ["/file"])
    assert caller.call("DELETE", logo).status_code == 204
    assert caller.get(logo).status_code == 404
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert send(editor, logo, picture(), "logo.jpg").status_code == 403
