"""Changing, on a requirement's page, where in a cited piece of evidence and what it shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.models.answers import Answer
from assessment.rules.answering import LONGEST_PINPOINT, LONGEST_WHY
from assessment.services import citations
from saas.errors import Invalid, NotFound
from saas.forms import Bound, tidy
from saas.guard import actor

NAME = re.compile(r"cited_(?:pinpoint|why|seen)_([0-9a-f]{32})")
GONE = "Somebody else took this evidence out meanwhile. What you typed about it was: {}"
OTHER_WORDS = "Somebody else changed this meanwhile. It now says: {}. Save again to put your words there."


def fields_of(citation_id: UUID) -> dict[str, fields.Field]:
    """The fields about one citation by name: where in it, what it shows, and which words the page showed."""
    at, why, seen = names_of(citation_id)
    return {
        at: fields.String(
            load_default="",
            validate=validate.Length(max=LONGEST_PINPOINT),
            metadata={"quiet": True, "label": "Where in it", "hint": "A page, paragraph or minute number."},
        ),
        why: fields.String(
            load_default="",
            validate=validate.Length(max=LONGEST_WHY),
            metadata={"quiet": True, "label": "What it shows"},
        ),
        seen: fields.String(load_default="", validate=validate.Length(max=64)),
    }


def names_of(citation_id: UUID) -> tuple[str, str, str]:
    """The names of these fields, in that order."""
    return f"cited_pinpoint_{citation_id.hex}", f"cited_why_{citation_id.hex}", f"cited_seen_{citation_id.hex}"


def fields_sent(names: Iterable[str]) -> dict[str, fields.Field]:
    """The fields of every citation that a form was sent with."""
    return {name: each for citation_id in _ids(names) for name, each in fields_of(citation_id).items()}


def offer(form: Bound, cited: Iterable[Any]) -> dict[UUID, tuple[str, str, str]]:
    """Fill the form with the words of what is cited, unless something was typed; the names to show, by citation."""
    shown = {}
    for row in cited:
        at, why, seen = shown[row.id] = names_of(row.id)
        for name, each in fields_of(row.id).items():
            form.schema.fields.setdefault(name, each)
        form.raw.setdefault(at, row.pinpoint)
        form.raw.setdefault(why, row.why)
        if form.error(at) or seen not in form.raw:
            form.raw[seen] = _seen(row.pinpoint, row.why)
    return shown


def change(answer: Answer, given: Mapping[str, Any]) -> int:
    """Keep the words that differ from what the page showed; how many citations changed.

    given: the values of the form. What is taken out with the same press is left alone. Raises Invalid, Conflict.
    """
    changed = 0
    for citation_id in _ids(given):
        at, why, seen = names_of(citation_id)
        typed = given[at], given[why]
        if citation_id == given["uncite"] or given[seen] in ("", _seen(*typed)):
            continue
        words = " – ".join(filter(None, typed)) or "nothing"
        try:
            citation = citations.get_citation(answer, citation_id)
        except NotFound:
            raise Invalid({"cited": [GONE.format(f"“{words}”.")]}) from None
        there = citation.pinpoint, citation.why
        if given[seen] != _seen(*there) and typed != there:
            raise Invalid({at: [OTHER_WORDS.format(f"“{' – '.join(filter(None, there)) or 'nothing'}”")]})
        citations.change_citation(answer, citation, pinpoint=typed[0], why=typed[1], by=actor())
        changed += 1
    return changed


def _ids(names: Iterable[str]) -> list[UUID]:
    found = (NAME.fullmatch(name) for name in names)
    return list(dict.fromkeys(UUID(each[1]) for each in found if each))


def _seen(pinpoint: str, why: str) -> str:
    return hashlib.sha256(f"{tidy(pinpoint)}\0{tidy(why)}".encode()).hexdigest()[:32]
