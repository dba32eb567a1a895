"""Pages: filters, static files, and every component on a page that a strict reader of HTML accepts."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import UndefinedError
from markupsafe import Markup

from saas import templating
from saas.papers import TEMPLATES
from saas.templating import (
    ACCENTS,
    STATIC,
    day,
    filesize,
    judgement,
    moment,
    money,
    plural,
    static_url,
    time_of_day,
    url_with,
)  # fmt: skip
from tests.checking_client import check_page
from tests.saas.pattern_pages import build_app


@pytest.fixture(scope="module")
def patterns() -> Flask:
    return build_app()


@pytest.fixture
def client(patterns: Flask) -> FlaskClient:
    return patterns.test_client()


def test_dates_and_times_are_written_as_people_say_them() -> None:
    summer, winter = datetime(2017, 5, 4, 13, 30, tzinfo=UTC), datetime(2017, 1, 4, 0, 0, tzinfo=UTC)
    assert (day(date(2017, 5, 4)), day(None)) == ("4 May 2017", "")
    assert (moment(summer), moment(winter)) == ("4 May 2017 at 2:30pm", "4 January 2017 at midnight")
    assert time_of_day(datetime(2017, 1, 4, 12, 0, tzinfo=UTC)) == "midday"
    assert moment(datetime(2017, 5, 4, 23, 30, tzinfo=UTC)) == "5 May 2017 at 12:30am"


def test_a_date_without_its_place_is_refused() -> None:
    with pytest.raises(TypeError, match="takes a date"):
        day(datetime(2017, 5, 4, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2017, 5, 4))  # noqa: DTZ001


def test_money_is_pounds() -> None:
    assert [money(amount) for amount in (1250, Decimal("1250.5"), Decimal(-3), None)] == [
        "£1,250",
        "£1,250.50",
        "−£3",
        "",
    ]
    with pytest.raises(TypeError, match="Decimal"):
        money(1.5)  # type: ignore[arg-type]


def test_counts_and_sizes() -> None:
    assert [plural(1, "council"), plural(2000, "council"), plural(0, "reply", "replies")] == [
        "1 council", "2,000 councils", "0 replies",
    ]  # fmt: skip
    assert [filesize(size) for size in (1, 38_200, 1_400_000, 999_999, 20_000_000)] == [
        "1 byte", "38 kB", "1.4 MB", "1 MB", "20 MB",
    ]  # fmt: skip


def test_a_judgement_has_shape_and_word() -> None:
    assert judgement("partly_met") == '<span class="mark mark--partly">Partly met</span>'
    assert judgement("strong", "Strong <4>", "met") == '<span class="mark mark--met">Strong &lt;4&gt;</span>'
    assert judgement(None, short=True) == (
        '<span class="mark mark--none"><span class="govuk-visually-hidden">Not answered</span></span>'
    )
    with pytest.raises(ValueError, match="unknown judgement 'strong'"):
        judgement("strong")


def test_an_address_keeps_the_rest_of_its_query(patterns: Flask) -> None:
    with patterns.test_request_context("/list?stage=a&stage=b&page=2"):
        assert url_with(sort="-due", page=None) == "/list?stage=a&stage=b&sort=-due"
        assert url_with(stage=None, page=None) == "/list"


def test_static_files_are_packed_and_kept_for_a_year_under_their_content(client: FlaskClient) -> None:
    answer = client.get(static_url("charterway.css"), headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data) == (STATIC / "charterway.css").read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (answer.headers["Vary"], answer.mimetype) == ("Accept-Encoding", "text/css")
    plain = client.get("/static/old/charterway.css", headers={"Accept-Encoding": "identity"})
    assert (plain.headers["Cache-Control"], plain.data) == (
        "public, max-age=60", (STATIC / "charterway.css").read_bytes(),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["source", "package.json", "LICENCES.md", "..%2Fapp.py", "none.css"])
def test_nothing_else_of_the_folder_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/x/{name}").status_code == 404


def test_the_stylesheet_calls_nowhere_and_holds_nothing_that_is_not_ours() -> None:
    style = (STATIC / "charterway.css").read_text()
    names = set(re.findall(r"url\(\"?([^)\"]+)", style))
    assert names == {f"atkinson-hyperlegible-next-{subset}.woff2" for subset in ("latin", "latin-ext")}
    assert all((STATIC / name).exists() for name in names)
    assert not re.search("transport|crown|crest", style, re.IGNORECASE)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_certificate_has_the_colours_of_the_pages() -> None:
    source = (Path(__file__).parents[2] / "saas" / "static" / "source" / "_accents.scss").read_text()
    paper = (TEMPLATES / "certificate.typ").read_text()
    pages = dict(re.findall(r'"(\w+)": (#[0-9a-f]{6})', source))
    assert dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', paper)) == pages
    assert tuple(pages) == ACCENTS


def test_every_accent_stands_out_from_white() -> None:
    style = (STATIC / "charterway.css").read_text()
    accents = dict(re.findall(r"\.accent-(\w+)\{--accent:\s*(#[0-9a-f]{6})", style))
    assert tuple(accents) == ACCENTS
    weak = {name: colour for name, colour in accents.items() if 1.05 / (luminance(colour) + 0.05) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("scope", ["council", "region", "file", "platform", "public"])
@pytest.mark.parametrize("page", ["form", "wrong", "list", "parts"])
def test_every_component_is_valid_html_in_every_scope(client: FlaskClient, page: str, scope: str) -> None:
    text = client.get(f"/{page}?scope={scope}").get_data(as_text=True)
    check_page(text)
    assert f"scope-{scope}" in text


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413, 422, 429, 500, 503])
def test_error_pages_stand_on_their_own(client: FlaskClient, code: int) -> None:
    for scope in ("council", "public"):
        check_page(client.get(f"/errors/{code}?scope={scope}").get_data(as_text=True))


def test_too_large_names_the_limit(client: FlaskClient) -> None:
    assert "The limit for one upload is 20 MB." in client.get("/errors/413").get_data(as_text=True)


def test_a_wrong_form_says_so_in_title_summary_and_beside_the_field(client: FlaskClient) -> None:
    text = client.get("/wrong").get_data(as_text=True)
    assert "<title>Error: Add an action – Anytown Borough Council – Charterway</title>" in text
    assert '<a href="#target_on-day">The target date must be a real date.</a>' in text
    assert 'id="title-error"' in text
    assert "One &lt;b&gt;\n\n  two</textarea>" in text
    assert "The plan was approved meanwhile" in text


def test_the_title_says_the_name_of_the_service_once(client: FlaskClient) -> None:
    assert "<title>Councils in the scheme – Charterway</title>" in client.get("/list?scope=platform").text
    assert "<title>Councils in the scheme – Anytown Borough Council – Charterway</title>" in client.get("/list").text


def test_who_is_signed_out_finds_the_way_in_at_the_foot_of_every_page(client: FlaskClient) -> None:
    way_in = '<a class="govuk-link" href="/sign-in">Sign in</a>'
    assert (way_in in client.get("/list?scope=public").text, way_in in client.get("/list").text) == (True, False)


def test_filters_are_cleared_only_while_there_are_any(client: FlaskClient) -> None:
    clear = '<a class="govuk-link filters__clear" href="/list">Clear filters</a>'
    paths = ("/list", "/list?words=&sort=-days&page=2", "/list?words=Anytown")
    assert [clear in client.get(path).text for path in paths] == [False, False, True]


def test_an_undefined_name_stops_the_page() -> None:
    app = Flask("strict", static_folder=None)
    templating.install(app)
    with app.app_context(), pytest.raises(UndefinedError, match="'nothing' is undefined"):
        app.jinja_env.from_string("{{ nothing }}").render()


def test_cells_of_a_card_name_their_columns() -> None:
    rows = Markup('<tr class="row-group"><th>All</th></tr>\n<tr><th scope="row">Ann</th><td class="number">3</td></tr>')
    assert templating.labelled(rows, ["Name", 'Files "now"']) == (
        '<tr class="row-group"><th>All</th></tr>\n'
        '<tr><th data-label="Name" scope="row">Ann</th><td data-label="Files &#34;now&#34;" class="number">3</td></tr>'
    )
