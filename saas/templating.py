"""Pages: the strict Jinja environment, the words and marks that templates may use, and the static files."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, abort, current_app, request
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from saas import present
from saas.clock import LONDON
from saas.prose import prose

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STATIC = Path(__file__).resolve().parent / "static"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
UNPACKED = {".woff2"}  # compressed in itself
YEAR_SECONDS = 31_536_000

ACCENTS = (
    "harbour", "navy", "blue", "teal", "forest", "moss", "bronze", "brick", "crimson", "plum", "violet", "slate",
)  # fmt: skip
"""The names a region may choose its accent from; `static/source/_accents.scss` has the colours."""

JUDGEMENTS: dict[str | None, tuple[str, str]] = {
    "met": ("Met", "met"),
    "partly_met": ("Partly met", "partly"),
    "not_met": ("Not yet met", "not"),
    "not_yet_met": ("Not yet met", "not"),
    "not_applicable": ("Not applicable", "inapplicable"),
    None: ("Not answered", "none"),
}
"""State → its word and its shape: a full, half or empty disc, a dash, or a dotted ring."""

SHAPES = ("met", "partly", "not", "inapplicable", "none")
FRAME_LINKS = {
    "home": "/",
    "switch": "/places",
    "account": "/account",
    "sign_in": "/sign-in",
    "sign_out": "/sign-out",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "register": "/register",
    "status": "/status",
    "api": "/api",
}
"""Where the frame of every page leads; the setting FRAME_LINKS replaces single entries."""

GOVUK = (
    "back-link", "breadcrumbs", "button", "checkboxes", "date-input", "details", "error-summary", "file-upload",
    "input", "inset-text", "notification-banner", "panel", "password-input", "radios", "select", "summary-list",
    "tabs", "tag", "textarea", "warning-text", "character-count",
)  # fmt: skip


def install(app: Flask) -> None:
    """Give the app its templates, filters, globals and the route `/static/<release>/<name>`.

    `csrf_token` must be a Jinja global (Flask-WTF's CSRFProtect makes it one), because imported macros use it.
    """
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.loader = FileSystemLoader(TEMPLATES)
    environment.filters.update(
        day=day, moment=moment, time_of_day=time_of_day, money=money, plural=plural, filesize=filesize,
        judgement=judgement, prose=prose, iso_day=iso_day, iso_moment=iso_moment, fours=fours,
        labelled=labelled,
    )  # fmt: skip
    environment.globals.update(govuk_macros())
    environment.globals.update(
        static_url=static_url,
        url_with=url_with,
        frame_links={**FRAME_LINKS, **app.config.get("FRAME_LINKS", {})},
        scope=None,
        viewer=None,
        navigation=(),
        form=None,
        request_id=present.request_id,
    )
    app.add_url_rule("/static/<release>/<name>", "static", serve_static)


ROW = re.compile(r"<tr(?! class=\"row-group\")\b.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t[dh]\b")


@cache
def govuk_macros() -> dict[str, Callable[..., Markup]]:
    """The macros of govuk-frontend-jinja by name (`govukInput` …).

    They lean on undefined values being quietly false, so they live in an environment of their own, beside our strict
    one; what our templates hand to them must still be defined.
    """
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loose = Environment(loader=loader, autoescape=True, auto_reload=False, trim_blocks=True)
    macros = {}
    for name in GOVUK:
        macro = "govuk" + "".join(part.capitalize() for part in name.split("-"))
        module = loose.get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module
        macros[macro] = getattr(module, macro)
    return macros


def day(value: date | None) -> str:
    """A date as 4 May 2017; nothing for no date. Instants are refused: which day they are depends on the place."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        raise TypeError("`day` takes a date; use `moment` for an instant")
    return f"{value.day} {value:%B} {value.year}"


def time_of_day(value: datetime | None) -> str:
    """The time in London of an aware instant, as 2:30pm."""
    if value is None:
        return ""
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    local = value.astimezone(LONDON)
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "midday" if local.hour else "midnight"
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """An aware instant as 4 May 2017 at 2:30pm, in London."""
    if value is None:
        return ""
    return f"{day(value.astimezone(LONDON).date())} at {time_of_day(value)}" if value.tzinfo else time_of_day(value)


def iso_day(text: str | None) -> str:
    """A date as documents keep it, "2017-05-04", as 4 May 2017; nothing for no date."""
    return day(date.fromisoformat(text)) if text else ""


def iso_moment(text: str | None) -> str:
    """An instant as documents keep it, with its zone, as 4 May 2017 at 2:30pm, in London."""
    return moment(datetime.fromisoformat(text)) if text else ""


def fours(digest: str) -> str:
    """A hash in groups of four, so that two people can compare it aloud."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def money(pounds: Decimal | int | None) -> str:
    """Pounds as £1,250 or £1,250.50; floats are refused, they lose pence."""
    if pounds is None:
        return ""
    if isinstance(pounds, float):
        raise TypeError("`money` takes a Decimal or whole pounds")
    amount = Decimal(pounds).quantize(Decimal("0.01"))
    words = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'−' if amount < 0 else ''}£{words}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`3 | plural("council")` is 3 councils; irregular words come with their plural."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def labelled(rows: Markup, labels: list[str]) -> Markup:
    """Table rows whose cells name their column in `data-label`, for narrow windows where each row is a card."""

    marks = [f' data-label="{escape(label)}"' for label in labels]

    def one(row: re.Match[str]) -> str:
        left = iter(marks)
        return CELL.sub(lambda cell: cell[0] + next(left, ' data-label=""'), row[0])

    return Markup(ROW.sub(one, rows))  # noqa: S704 – rows are escaped, and so is what is added


def filesize(size: int) -> str:
    """Bytes as 512 bytes, 38 kB, 1.4 MB (thousands)."""
    if size < 1000:
        return plural(size, "byte")
    amount, unit = size / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if round(amount) < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "kB" or amount >= 10 else f"{amount:.1f}".removesuffix(".0") + f" {unit}"


@lru_cache(maxsize=512)
def judgement(state: str | None, word: str | None = None, shape: str | None = None, short: bool = False) -> Markup:
    """A state as its shape and word, the same everywhere.

    word: a framework's own word for the state; shape: one of SHAPES for a state that is not among JUDGEMENTS;
    short: the word is for screen readers only (cells of a matrix that stands beside its key).
    """
    if state not in JUDGEMENTS and (word is None or shape is None):
        raise ValueError(f"unknown judgement {state!r}: give its word and shape")
    known_word, known_shape = JUDGEMENTS.get(state, ("", ""))
    if (shape or known_shape) not in SHAPES:
        raise ValueError(f"unknown shape {shape!r}: one of {', '.join(SHAPES)}")
    text = escape(word or known_word)
    inner = Markup('<span class="govuk-visually-hidden">{}</span>').format(text) if short else text
    return Markup('<span class="mark mark--{}">{}</span>').format(shape or known_shape, inner)


def url_with(**changes: str | int | None) -> str:
    """This page's address with some of its query changed; None takes an entry away. For sorting, filters, pages."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    kept += [(name, str(value)) for name, value in changes.items() if value is not None]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def standalone(template: str, **values: object) -> str:
    """Render a template that needs no frame and no request, such as a page that leaves with an archive."""
    return current_app.jinja_env.get_template(template).render(values)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One static file, read once."""

    content: bytes
    packed: bytes | None
    content_type: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Every file that is served, by name; sources, licences and scripts are not."""
    found = {}
    for path in sorted(STATIC.iterdir()):
        if path.suffix in CONTENT_TYPES:
            content = path.read_bytes()
            packed = None if path.suffix in UNPACKED else gzip.compress(content, 9, mtime=0)
            found[path.name] = StaticFile(content, packed, CONTENT_TYPES[path.suffix])
    return found


@cache
def static_release() -> str:
    """One hash over all static files: the stylesheet names its fonts beside itself, so they change address together."""
    digest = hashlib.sha256()
    for name, file in static_files().items():
        digest.update(name.encode() + b"\0" + file.content)
    return digest.hexdigest()[:16]


def static_url(name: str) -> str:
    """The address of a static file, which changes with its content; unknown names raise KeyError."""
    static_files()[name]
    return f"/static/{static_release()}/{name}"


def serve_static(release: str, name: str) -> Response:
    """The file, packed where the browser takes it; kept for a year under its own release, a minute under another."""
    file = static_files().get(name)
    if file is None:
        abort(404)
    packed = file.packed is not None and request.accept_encodings["gzip"] > 0
    response = Response(file.packed if packed else file.content, content_type=file.content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if file.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    current = release == static_release()
    kept = f"public, max-age={YEAR_SECONDS}, immutable" if current else "public, max-age=60"
    response.headers["Cache-Control"] = kept
    return response
