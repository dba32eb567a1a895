"""A form that was saved meanwhile: what differs is told in words, and saving again saves over what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict

from saas.forms import bind
from saas.overtaken import Difference, Stale, compare


@dataclass(frozen=True)
class Saved:
    """Who was first."""

    by: str = "Ada Archer"
    at: datetime = datetime(2026, 5, 4, tzinfo=UTC)


class NoticeForm(Schema):
    """Texts, a day and a choice of several."""

    version = fields.Integer(required=True)
    title = fields.String(metadata={"label": "Title"})
    words = fields.String(metadata={"label": "Words"})
    until_on = fields.Date(metadata={"label": "Until"})
    roles = fields.List(fields.String(), metadata={"label": "Roles"})


TYPED = MultiDict(
    [
        ("version", "1"), ("title", "Mine"), ("words", "one\r\ntwo"), ("until_on-day", "4"), ("until_on-month", "5"),
        ("until_on-year", "2026"), ("roles", "lead"), ("roles", "viewer"),
    ]
)  # fmt: skip


def test_only_what_differs_is_told_in_words_and_the_form_carries_the_stored_version() -> None:
    form = bind(NoticeForm, TYPED)
    stored = {"title": "Theirs", "words": "one\ntwo", "until_on": date(2026, 5, 6), "roles": ["lead"]}
    stale = compare(form, stored, {"lead": "Lead", "viewer": "Viewer"}, version=7, change=Saved())
    assert stale == Stale(
        Saved(),
        (
            Difference("Title", "Mine", "Theirs"),
            Difference("Until", "4 5 2026", "6 5 2026"),
            Difference("Roles", "Lead, Viewer", "Lead"),
        ),
    )
    assert form.raw["version"] == "7"


def test_the_same_texts_differ_in_nothing_and_what_was_emptied_does() -> None:
    same = {"title": "Mine", "words": "one\ntwo", "until_on": date(2026, 5, 4), "roles": ["lead", "viewer"]}
    assert compare(bind(NoticeForm, TYPED), same, {}, version=2, change=None) == Stale(None, ())
    emptied = compare(bind(NoticeForm, TYPED), same | {"until_on": None}, {}, version=2, change=None)
    assert emptied.differences == (Difference("Until", "4 5 2026", ""),)
