"""A test client that checks every page it visits, as a careful reader of HTML would."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.tenants import MadeUser

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class CheckingClient(FlaskClient):
    """Signs in without the page's detour, and refuses pages that are not well made."""

    def sign_in(self, user: MadeUser, epoch: int = 1) -> CheckingClient:
        """Be this user from now on."""
        self.delete_cookie("charterway")
        with self.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{epoch}"
            session["_fresh"] = True
        return self

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send the request; the page that answers is checked."""
        response = super().open(*args, **options)
        if response.mimetype == "text/html" and response.status_code != 304 and response.data:
            check_page(response.get_data(as_text=True))
        return response


def check_page(text: str) -> None:
    """Raise AssertionError unless the page is valid HTML5 with one h1, a title, labelled fields, nothing inline."""
    document: Element = html5lib.HTMLParser(strict=True).parse(text)
    elements = [element for element in document.iter() if isinstance(element.tag, str)]

    def named(name: str) -> list[Element]:
        return [element for element in elements if element.tag == NAMESPACE + name]

    assert len(named("h1")) == 1, f"{len(named('h1'))} h1 on the page"
    assert "".join(named("title")[0].itertext()).strip(), "no title"
    identifiers = [element.get("id") for element in elements if element.get("id")]
    assert len(identifiers) == len(set(identifiers)), "an id stands twice"
    labelled = {label.get("for") for label in named("label")}
    for field in [*named("input"), *named("select"), *named("textarea")]:
        if field.get("type") not in UNLABELLED:
            assert field.get("id") in labelled or field.get("aria-label"), f"{field.get('name')} has no label"
    for script in named("script"):
        assert script.get("src"), "an inline script"
    assert not named("style"), "an inline style"
    for element in elements:
        inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not inline, f"inline {inline} on {element.tag.removeprefix(NAMESPACE)}"
