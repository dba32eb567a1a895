"""One page of a stored file, as a page of ours shows it."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from saas.files import Preview
from saas.files.pages import PreviewPage, page_asked, page_of


@pytest.mark.parametrize(
    ("asked", "page"), [("3", 3), ("0", 0), ("", 1), ("-2", 1), ("two", 1), ("٣", 1), ("1234567", 1)]
)
def test_an_address_names_a_page_or_the_first(asked: str, page: int) -> None:
    assert page_asked(asked) == page


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (None, PreviewPage("words", words="Files of this kind cannot be shown here. Download it to open it.")),
        (Preview("picture", width=640, height=480), PreviewPage("image", width=640, height=480)),
        (
            Preview("html", html=Markup("<p>Hello</p>"), notes=("Pictures are left out.",)),
            PreviewPage("html", html=Markup("<p>Hello</p>"), notes=("Pictures are left out.",)),
        ),
    ],
)
def test_what_has_no_pages_is_shown_whole_or_says_why_not(found: Preview | None, shown: PreviewPage) -> None:
    assert page_of(found) == shown
