"""Word: the structure of a document as clean HTML, and its words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import mammoth
import nh3

from saas.documents.plain import gathered
from saas.errors import Refused

HEADING = re.compile(r"<(/?)h([1-6])>")
MOST_CHARACTERS = 2_000_000
TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "br", "strong", "em", "s", "sub", "sup", "a", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
LOOKS = {
    "h2": {"class": "govuk-heading-m"},
    "h3": {"class": "govuk-heading-s"},
    "h4": {"class": "govuk-heading-s"},
    "h5": {"class": "govuk-heading-s"},
    "h6": {"class": "govuk-heading-s"},
    "p": {"class": "govuk-body"},
    "a": {"class": "govuk-link"},
    "ul": {"class": "govuk-list govuk-list--bullet"},
    "ol": {"class": "govuk-list govuk-list--number"},
    "table": {"class": "govuk-table"},
    "thead": {"class": "govuk-table__head"},
    "tbody": {"class": "govuk-table__body"},
    "tr": {"class": "govuk-table__row"},
    "th": {"class": "govuk-table__header", "scope": "col"},
    "td": {"class": "govuk-table__cell"},
}


def word_page(path: Path) -> tuple[dict[str, Any], bytes]:
    """The document as HTML for the middle of a page, and `notes`: what was left out, in sentences.

    Headings begin at h2, since the page has its own h1. Pictures, styles, comments and marks to jump to are
    left out; a link stays only when it leads to a web or mail address.
    """
    pictures = 0

    def left_out(_picture: object) -> list[object]:
        nonlocal pictures
        pictures += 1
        return []

    with path.open("rb") as stream:
        made = mammoth.convert_to_html(stream, convert_image=left_out, include_embedded_style_map=False).value
    if len(made) > MOST_CHARACTERS:
        raise Refused("is too long to be shown here.")
    # Mammoth escapes the document's own text, so each match is a heading it made.
    lowered = HEADING.sub(lambda found: f"<{found[1]}h{min(6, int(found[2]) + 1)}>", made)
    clean = nh3.clean(
        lowered,
        tags=TAGS,
        attributes=ATTRIBUTES,
        set_tag_attribute_values=LOOKS,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    return {"notes": ["Pictures in the document are left out."] if pictures else []}, clean.encode()


def word_text(path: Path) -> tuple[dict[str, Any], bytes]:
    """The words as a JSON list of stretches of about 3,000 characters, each ending with a paragraph."""
    with path.open("rb") as stream:
        text = mammoth.extract_raw_text(stream).value
    return {}, json.dumps(gathered(text, "\n\n")).encode()
