"""The page of search: what a council holds about some words, by kind, each result leading to its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from marshmallow import Schema, ValidationError, fields, validate, validates

from assessment.queries.search import START, STOP, Found, Hit, search
from saas import guard
from saas.forms import bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("search", __name__)

KINDS: dict[str, tuple[str, Permission]] = {
    "answer": ("Self-assessment", Permission.ACCREDITATION_READ),
    "evidence": ("Evidence", Permission.EVIDENCE_READ),
    "action": ("Action plans", Permission.ACTION_READ),
    "member": ("Members", Permission.MEMBER_READ),
}
"""Kind → its words, and the permission to read it; in the order of the page."""
SHOWN_OF_EACH = 5
SHOWN_OF_ONE = 25
LAST_PAGE = 400
PAGES_NAMED = 10
LONGEST = 200
HIT = re.compile(f"{START}([^{START}{STOP}]*){STOP}")


class SearchForm(Schema):
    """What to look for, and where."""

    words = fields.String(
        validate=validate.Length(max=LONGEST),
        metadata={"label": "Words", "hint": "Put words that belong together in quotation marks: “role description”."},
    )
    kind = fields.String(validate=validate.OneOf(list(KINDS)))
    page = fields.Integer(validate=validate.Range(1, LAST_PAGE), load_default=1)

    @validates("words")
    def are_long_enough(self, words: str, **_: object) -> None:
        """One letter is in everything."""
        if sum(letter.isalnum() for letter in words) < 2:
            raise ValidationError("Enter at least two letters or figures")


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found, as the page shows it. `pages`: (number, address) of the PDF's pages with the words."""

    title: Markup
    href: str
    about: Markup
    snippet: Markup
    pages: tuple[tuple[int, str], ...] = ()
    more_pages: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one kind, and how many there are in all."""

    kind: str
    words: str
    results: list[Result]
    total: int


@blueprint.get("/councils/<council>/search")
@requires(Permission.ACCREDITATION_READ)
def show() -> ResponseReturnValue:
    """What was found, or what to enter."""
    kinds = {kind: words for kind, (words, permission) in KINDS.items() if guard.may(permission)}
    form = bind(SearchForm, request.args)
    given: dict[str, Any] = form.values
    chosen = given.get("kind") or ""
    page = given.get("page", 1) if chosen else 1
    found = Found(searchable=True, hits={}, totals={})
    if given.get("words"):
        found, page = _search(given["words"], [chosen] if chosen in kinds else [] if chosen else list(kinds), page)
    groups = [
        Group(kind, kinds[kind], _results(found, kind), found.totals[kind]) for kind in kinds if kind in found.hits
    ]
    body = render_template(
        "assessment/search/show.html",
        form=form,
        kinds=kinds,
        chosen=chosen,
        words=given.get("words", ""),
        groups=groups,
        total=sum(group.total for group in groups),
        searchable=found.searchable,
        page=page,
        pages=min(-(-groups[0].total // SHOWN_OF_ONE), LAST_PAGE) if chosen and groups else 1,
        most=SHOWN_OF_ONE if chosen else SHOWN_OF_EACH,
    )
    return body, 200 if form.valid else 422


def _search(words: str, kinds: list[str], page: int) -> tuple[Found, int]:
    """What stands on this page of the results; beyond the last page, the first, and which page it is."""
    one = len(kinds) == 1
    most = SHOWN_OF_ONE if one else SHOWN_OF_EACH
    found = search(words, kinds, at_most=most, skip=(page - 1) * most)
    if page > 1 and not found.hits:
        return search(words, kinds, at_most=most), 1
    return found, page


def _results(found: Found, kind: str) -> list[Result]:
    return [ROOMS[kind](hit) for hit in found.hits[kind]]


def _answer(hit: Hit) -> Result:
    href = url_for("answers.edit", accreditation_id=hit.accreditation_id, code=hit.code)
    return Result(_marked(hit.title), href, _marked(hit.about), _marked(hit.snippet))


def _evidence(hit: Hit) -> Result:
    def page_of(number: int | None) -> str:
        return url_for("evidence.preview", evidence_id=hit.id, page=number)

    pages = hit.pages or []
    inside = hit.form == "file" and bool(pages or hit.snippet)
    href = page_of(hit.page) if inside else url_for("evidence.show", evidence_id=hit.id)
    named = tuple((number, page_of(number)) for number in pages[:PAGES_NAMED])
    more = len(pages) - len(named)
    return Result(_marked(hit.title), href, _marked(hit.about), _marked(hit.snippet), named, more)


def _action(hit: Hit) -> Result:
    href = url_for("plans.show", plan_id=hit.plan_id, at=hit.id) + f"#action-{hit.id}"
    title = _marked(hit.title) or Markup("(no action is written)")
    return Result(title, href, _marked(hit.about), _marked(hit.snippet))


def _member(hit: Hit) -> Result:
    return Result(_marked(hit.title), url_for("members.index", words=hit.snippet), _marked(hit.about), Markup())


ROOMS = {"answer": _answer, "evidence": _evidence, "action": _action, "member": _member}


def _marked(text: str) -> Markup:
    """A text with its hits as <mark>, its white space one blank at a time."""
    safe = str(escape(" ".join(text.split())))
    return Markup(HIT.sub(r"<mark>\1</mark>", safe))  # noqa: S704  escaped just above; only our own marks are added
