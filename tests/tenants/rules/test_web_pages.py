"""What a page of the web says of itself."""

from __future__ import annotations

import time
from datetime import date

import pytest

from tenants.rules.web_pages import PageFacts, facts_of

HTML = "text/html; charset=utf-8"
HEADER = "Thu, 04 May 2017 13:30:00 GMT"


@pytest.mark.parametrize(
    ("body", "content_type", "modified", "facts"),
    [
        ("<title>Minutes &amp;\n papers</title>", HTML, "", PageFacts("Minutes & papers", None)),
        ("<title>Minutes</title><svg><title>Logo</title></svg>", HTML, HEADER, PageFacts("Minutes", date(2017, 5, 4))),
        ('<meta property="og:title" content="Policy">', HTML, "", PageFacts("Policy", None)),
        (
            '<title>A</title><meta property="article:published_time" content="2016-01-02T10:00">'
            '<meta name="DC.date.modified" content="2017-03-04">',
            HTML,
            HEADER,
            PageFacts("A", date(2017, 3, 4)),
        ),
        (
            '<meta name="date" content="Thu, 04 May 2017 13:30:00 GMT"><title>B</title>',
            HTML,
            "",
            PageFacts("B", date(2017, 5, 4)),
        ),
        ('<meta name="date" content="2017-19-99"><title>C</title>', HTML, "no date", PageFacts("C", None)),
        ("<title>Dim\x00med\x07</title>", HTML, "", PageFacts("Dim med", None)),
        ("%PDF-1.4 <title>no</title>", "application/pdf", HEADER, PageFacts("", date(2017, 5, 4))),
        (
            "<!-- <title>A</title> --><script>'<title>B</title>'</script><TITLE>New</TITLE>",
            HTML,
            "",
            PageFacts("New", None),
        ),
        ("<title> </title><title>Minutes", HTML, "", PageFacts("Minutes", None)),
        (f"<title>&#{'9' * 5000};</title>", HTML, "", PageFacts("\ufffd", None)),
        ("", "", "", PageFacts("", None)),
    ],
)
def test_title_and_date_of_a_page(body: str, content_type: str, modified: str, facts: PageFacts) -> None:
    assert facts_of(body.encode(), content_type, modified) == facts


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Sesiynau dŵr</title>".encode(), "text/html"),
        ("<title>Sesiynau d\u00f4r</title>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        (b'<meta charset="windows-1252"><title>Sesiynau d\xf4r</title>', "text/html"),
        (b"<title>Sesiynau dor</title>", "text/html; charset=unheard-of"),
    ],
)
def test_the_words_are_read_in_their_own_characters(body: bytes, content_type: str) -> None:
    assert facts_of(body, content_type, "").title in ("Sesiynau dŵr", "Sesiynau dôr", "Sesiynau dor")


def test_a_title_without_an_end_is_cut() -> None:
    assert len(facts_of(b"<title>" + b"a" * 1000 + b"</title>", "text/html", "").title) == 300


@pytest.mark.parametrize(
    "piece",
    ["<", "<!", "<!--", "<!-->", "<a ", "<?", '<a b="', "<title>a< ", "<title>", "<meta ", "<meta a=", "<script>"],
)
def test_a_page_made_to_keep_us_busy_is_read_in_no_time(piece: str) -> None:
    body = (piece * (1024 * 1024 // len(piece))).encode()
    begun = time.process_time()
    facts_of(body, HTML, "")
    assert time.process_time() - begun < 5
