"""The one form of the report's draft: its fields made from what the draft holds, and read back in its order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from assessment.models.reports import ReportDraft
from assessment.rules import reports as rules
from assessment.rules.framework_tree import Framework
from assessment.services import reports
from saas.forms import Bound, tidy

NEW = "new"
"""Stands for the key of what is added."""
KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
IMPROVEMENT = ("action", "about", "timescale", "reason", "remark", "mandatory")
PRACTICE = ("practice", "practice_about")
POSTED = re.compile(rf"({'|'.join((*IMPROVEMENT, *PRACTICE))})-({KEY})")


def draft_form(framework: Framework, draft: ReportDraft, posted: Iterable[str] = ()) -> Schema:
    """Version and what to do; summary; strengths_1, strengths_2 …; and texts of each entry as `action-<key>` and so on.

    posted: names of the fields that were sent. What somebody else took out meanwhile still has its fields, so that no
    word typed is lost.
    """
    keys = {kind: [item["key"] for item in items] for kind, items in _items(draft).items()}
    for name in posted:
        found = POSTED.fullmatch(name)
        kind = "practice" if found and found[1] in PRACTICE else "improvement"
        if found and found[2] not in keys[kind]:
            keys[kind].append(found[2])
    named: dict[str, fields.Field] = {
        "version": fields.Integer(required=True),
        "do": fields.String(validate=validate.Regexp(rf"(save|((up|down|remove|remove-practice) {KEY}))\Z")),
        "summary": _text("Summary", hint="What the team found, in a few paragraphs. The fact check needs it."),
    }
    for number, criterion in enumerate(framework.criteria, 1):
        named[f"strengths_{number}"] = _text(f"Strengths: {criterion.code} {criterion.title}")
    for place, key in enumerate((*keys["practice"], NEW), 1):
        name = f"good practice {place}"
        named[f"practice-{key}"] = _text("What others could learn from", subject=f"The words of {name}")
        named[f"practice_about-{key}"] = _short("About", f"What {name} is about")
    for place, key in enumerate((*keys["improvement"], NEW), 1):
        name = f"improvement {place}"
        named[f"action-{key}"] = _text("What the council should do", subject=f"The action of {name}")
        named[f"about-{key}"] = _short("About", f"What {name} is about")
        named[f"timescale-{key}"] = _short("Timescale", f"The timescale of {name}", longest=300)
        named[f"reason-{key}"] = _text("Source or reason", subject=f"The reason of {name}")
        named[f"remark-{key}"] = _text("Remark of the assessors", subject=f"The remark on {name}")
        named[f"mandatory-{key}"] = fields.Boolean(metadata={"label": "Has to be done to keep the award"})
    return Schema.from_dict(named)()


def initial(framework: Framework, draft: ReportDraft) -> dict[str, Any]:
    """What the draft says, as the form holds it."""
    written = {entry["criterion_code"]: entry["text"] for entry in draft.strengths}
    values: dict[str, Any] = {"version": draft.version, "summary": draft.summary}
    values |= {f"strengths_{number}": written.get(each.code, "") for number, each in enumerate(framework.criteria, 1)}
    for item in draft.good_practice:
        values |= {f"practice-{item['key']}": item["text"], f"practice_about-{item['key']}": rules.about(item)}
    for item in draft.improvements:
        texts = {name: item[name] for name in ("action", "timescale", "reason", "remark", "mandatory")}
        values |= {f"{name}-{item['key']}": text for name, text in (texts | {"about": rules.about(item)}).items()}
    return values


def keys_of(form: Bound, first: str) -> list[str]:
    """The keys of the entries whose first field has this name (`action`, `practice`), the place for a new one last."""
    return [name.removeprefix(f"{first}-") for name in form.schema.fields if name.startswith(f"{first}-")]


def read(form: Bound, framework: Framework, draft: ReportDraft) -> dict[str, Any]:
    """What was typed, as `services.reports.save` takes it, with the move or removal that was asked for done.

    Entries that were not sent stay as they are. Adds an error to the form for a code that the framework lacks and for
    an added entry without its words.
    """
    values = dict(form.values)
    found = {
        "summary": values["summary"],
        "strengths": {each.code: values[f"strengths_{number}"] for number, each in enumerate(framework.criteria, 1)},
        "good_practice": _read(form, values, framework, draft.good_practice, PRACTICE),
        "improvements": _read(form, values, framework, draft.improvements, IMPROVEMENT),
    }
    what, _, key = (values["do"] or "save").partition(" ")
    kind = "good_practice" if what == "remove-practice" else "improvements"
    if what.startswith("remove"):
        found[kind] = [item for item in found[kind] if item.get("key") != key]
    elif what != "save":
        place = next((number for number, item in enumerate(found[kind], 1) if item.get("key") == key), None)
        if place is not None:
            found[kind] = rules.moved(found[kind], place, -1 if what == "up" else 1)
    return found


def compare(form: Bound, framework: Framework, theirs: ReportDraft) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Texts that differ, {label, name, mine, theirs}, and what is the same, by name: for who was overtaken."""
    stands = initial(framework, theirs)
    typed = [name for name in form.schema.fields if name in form.raw and name not in ("version", "do")]
    pairs, same = [], {}
    for name in typed:
        mine, there = form.typed(name), stands.get(name, "")
        if name.startswith("mandatory-") or mine == there:
            same[name] = mine
        else:
            label = str(form.note(name, "subject")).removeprefix("The ").capitalize()
            pairs.append({"label": label, "name": name, "mine": mine, "theirs": there})
    return pairs, same


def _items(draft: ReportDraft) -> dict[str, list[Any]]:
    return {"practice": draft.good_practice, "improvement": draft.improvements}


def _read(
    form: Bound, values: Mapping[str, Any], framework: Framework, kept: list[Any], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Every entry of one kind in its order: as sent, as it stood where it was not sent, and what is added."""
    first, about = names[0], names[1]
    known = {item["key"]: item for item in kept}
    whole: list[dict[str, Any]] = []
    for key in keys_of(form, first):
        if f"{first}-{key}" not in form.raw:
            whole += [known[key]] if key in known else []
            continue
        typed = {name: values[f"{name}-{key}"] for name in names}
        if key == NEW and not any(typed.values()):
            continue
        if key == NEW and not typed[first]:
            form.add_error(f"{first}-{key}", "Enter the words of what you add.")
        try:
            places = rules.read_about(framework, typed.pop(about))
        except ValueError as unknown:
            form.add_error(f"{about}-{key}", str(unknown))
            continue
        texts = {"text": typed[first]} if first == "practice" else typed
        whole.append({**known.get(key, {}), **texts, **places, "key": None if key == NEW else key})
    return whole


def _text(label: str, *, subject: str = "", hint: str = "") -> fields.String:
    about = {"label": label, "subject": subject or label, "hint": hint or None, "quiet": True}
    return fields.String(validate=_Fits(subject or label, reports.LONGEST_TEXT), metadata=about)


def _short(label: str, subject: str, *, longest: int = 60) -> fields.String:
    return fields.String(validate=_Fits(subject, longest), metadata={"label": label, "subject": subject, "quiet": True})


class _Fits:
    """A limit that is said when it is passed; a count under each of a hundred fields would be noise."""

    error = None

    def __init__(self, subject: str, longest: int) -> None:
        self.subject, self.longest = subject, longest

    def __call__(self, text: str) -> None:
        """Raises ValidationError for a text that is too long."""
        if len(tidy(text)) > self.longest:
            raise ValidationError(f"{self.subject} must be {self.longest:,} characters or fewer")
