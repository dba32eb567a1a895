"""Forms: what was typed, what it means, and what is wrong with it in plain words, from marshmallow schemas."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from marshmallow.utils import missing
from werkzeug.datastructures import FileStorage, MultiDict

from saas import clock
from saas.form_words import Upload, Words, label_of, messages_of, sentence, subject_of, worded

__all__ = ["DATE_PARTS", "FORM", "Bound", "Problem", "Upload", "Words", "bind", "is_date", "tidy"]

IGNORED = ("csrf_token",)
FORM = "_form"
"""The place in `errors` for what concerns no single field."""
DATE_PARTS = ("day", "month", "year")
VERTICAL = re.compile("[\x0b\x0c\x85]")
"""Line and page breaks of other programs."""
CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""Characters that no page shows and that XML, so a Word file, cannot hold; NUL is refused before."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary."""

    field: str
    message: str
    target: str | None
    """The id of the input to go to; None when no single one is meant."""


@dataclass(slots=True)
class Bound:
    """A schema together with what somebody typed, or is about to."""

    schema: Schema
    raw: dict[str, str | list[str]]
    """What was typed, by input name: a date's parts are `<field>-day`, `<field>-month`, `<field>-year`."""
    values: dict[str, Any] = field(default_factory=dict)
    """The validated values, one for each field of the schema; empty as soon as anything is wrong."""
    errors: dict[str, list[str]] = field(default_factory=dict)
    """Field → messages, in the order of the fields; what concerns the whole form stands under FORM."""
    wrong_parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Date field → which of its three inputs are wrong."""

    @classmethod
    def empty(cls, schema: Schema | type[Schema], initial: Mapping[str, Any] | None = None) -> Bound:
        """A form to be filled in, beginning with the initial values (of the kinds that `values` has)."""
        prepared = _prepared(schema)
        raw: dict[str, str | list[str]] = {}
        for name, value in (initial or {}).items():
            if name not in prepared.fields:
                raise ValueError(f"the form {type(prepared).__name__} has no field {name!r}")
            _write(raw, name, prepared.fields[name], value)
        return cls(prepared, raw)

    @property
    def valid(self) -> bool:
        """Nothing is wrong."""
        return not self.errors

    def __iter__(self) -> Iterator[Problem]:
        """Every problem, in the order of the fields, for the error summary."""
        for name in (*self.schema.fields, *(name for name in self.errors if name not in self.schema.fields)):
            for message in self.errors.get(name, []):
                yield Problem(name, sentence(message), self.target(name))

    def add_error(self, name: str | None, words: str) -> None:
        """Add what a service refused to the field (None: to the whole form); the values are no longer valid."""
        if name is not None and name not in self.schema.fields:
            raise ValueError(f"the form {type(self.schema).__name__} has no field {name!r}")
        self.errors.setdefault(name or FORM, []).append(words)
        self.values = {}

    def add_errors(self, messages: Mapping[str, list[str]]) -> None:
        """Add the messages of `saas.errors.Invalid`; what names no field of this form is said of the whole form."""
        for name, texts in messages.items():
            for words in texts:
                self.add_error(name if name in self.schema.fields else None, words)

    def target(self, name: str) -> str | None:
        """The id of the input that an error about the field leads to."""
        if name not in self.schema.fields:
            return None
        if is_date(self.schema.fields[name]):
            return f"{name}-{self.wrong_parts.get(name, DATE_PARTS)[0]}"
        return name

    def error(self, name: str) -> str | None:
        """The first message about the field, as a sentence."""
        self.field_named(name)
        return next(map(sentence, self.errors.get(name, [])), None)

    def field_named(self, name: str) -> fields.Field:
        """The field of that name; a name that the schema lacks is a mistake in the template."""
        if name not in self.schema.fields:
            raise ValueError(f"the form {type(self.schema).__name__} has no field {name!r}")
        return self.schema.fields[name]

    def typed(self, name: str) -> str:
        """What stands in the input now."""
        value = self.raw.get(name, "")
        return value if isinstance(value, str) else (value[0] if value else "")

    def chosen(self, name: str) -> list[str]:
        """What is ticked now."""
        value = self.raw.get(name, [])
        return [value] if isinstance(value, str) else value

    def label(self, name: str) -> str:
        """The field's label: its metadata `label`, or its name in words."""
        return label_of(name, self.field_named(name))

    def note(self, name: str, kind: str) -> Any:
        """One entry of the field's metadata (`hint`, `who`, `accept`, `limit` …), or None."""
        return self.field_named(name).metadata.get(kind)

    def optional(self, name: str) -> bool:
        """The label says that the field may stay empty.

        It is left unsaid by metadata `quiet`, where a whole page may be saved in parts, and where nothing is required.
        """
        asked = any(each.required for each in self.schema.fields.values())
        return asked and not self.field_named(name).required and not self.note(name, "quiet")

    def limit(self, name: str) -> tuple[str, int] | None:
        """("words", 300) or ("characters", 2000), when the schema limits the text."""
        for check in self.field_named(name).validators:
            if isinstance(check, Words):
                return "words", check.maximum
            if isinstance(check, validate.Length) and check.max is not None:
                return "characters", check.max
        return None


def bind(
    schema: Schema | type[Schema],
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage] | None = None,
) -> Bound:
    """What was sent (`request.form`, `request.args`, `request.files`), checked against the schema.

    Blank counts as not given: a required field then has an error, another gets its `load_default` or "" (text),
    False (tick), [] (list), None (everything else). Trailing spaces and control characters go and line ends become \\n,
    except where the field's metadata says `verbatim` (passwords). Fields that the schema lacks and NUL characters are
    errors.
    """
    prepared = _prepared(schema)
    bound = Bound(prepared, {})
    data: dict[str, Any] = {}
    names: set[str] = set(IGNORED)
    for name, each in prepared.fields.items():
        inputs = [f"{name}-{part}" for part in DATE_PARTS] if is_date(each) else []
        names.update([name, *inputs])
        if isinstance(each, Upload):
            file = files.get(name) if files is not None else None
            if file is not None and file.filename:
                data[name] = file
            continue
        verbatim = bool(each.metadata.get("verbatim"))
        for key in [name, *inputs]:
            if key in form:
                typed = [value if verbatim else tidy(value) for value in form.getlist(key)]
                if any("\0" in value for value in typed):
                    _say(bound, name, f"{subject_of(name, each)} contains a character that cannot be kept")
                    typed = [value.replace("\0", "�") for value in typed]  # no page and no statement may hold it
                bound.raw[key] = typed if isinstance(each, fields.List) else typed[-1]
        if inputs and any(key in form for key in inputs):
            value: Any = _date_from_parts(bound, name, each)
        else:
            value = bound.raw.get(name)
        if value not in (None, "") and (not isinstance(value, list) or any(value)):
            data[name] = [entry for entry in value if entry] if isinstance(value, list) else value
    for key in {*form, *(files or ())} - names:
        _say(bound, key.replace("\0", "�"), f"This form has no field called “{key}”".replace("\0", "�"))
    _load(bound, data)
    return bound


def _load(bound: Bound, data: dict[str, Any]) -> None:
    found: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    try:
        values = bound.schema.load(data, unknown=RAISE)
    except ValidationError as refusal:
        found = {
            FORM if name == "_schema" else name: _flat(texts) for name, texts in refusal.normalized_messages().items()
        }
    for name, value in values.items():
        if type(value) is date and not clock.is_near(value):
            years = f"from {clock.NEAR.start} to {clock.NEAR.stop - 1}"
            _wrong(bound, name, ("year",), f"{subject_of(name, bound.schema.fields[name])} must have a year {years}")
    for name, texts in found.items():
        bound.errors.setdefault(name, texts)
    order = [*bound.schema.fields, *bound.errors]
    bound.errors = {name: bound.errors[name] for name in dict.fromkeys(order) if name in bound.errors}
    if not bound.errors:
        bound.values = {name: values.get(name, _blank(each)) for name, each in bound.schema.fields.items()}


def tidy(text: str) -> str:
    """Line ends as \\n, no spaces at the end of a line, none round the whole; no control characters but tab and NUL."""
    lines = CONTROL.sub("", VERTICAL.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))).split("\n")
    return "\n".join(line.rstrip(" \t\u00a0") for line in lines).strip()


def is_date(each: fields.Field) -> bool:
    """The field is a day, asked for in three inputs."""
    return isinstance(each, fields.Date)


def _prepared(schema: Schema | type[Schema]) -> Schema:
    """The schema as an instance whose default messages are in plain words; what its author worded stays."""
    instance = schema() if isinstance(schema, type) else copy.copy(schema)
    if not isinstance(schema, type):
        instance.fields = {name: copy.copy(each) for name, each in schema.fields.items()}
        instance.load_fields = {name: instance.fields[name] for name in schema.load_fields}
    for name, each in instance.fields.items():
        defaults: dict[str, str] = {}
        for kind in reversed(type(each).__mro__):
            defaults.update(getattr(kind, "default_error_messages", {}))
        ours = messages_of(name, each)
        each.error_messages = {
            key: ours.get(key, text) if text == defaults.get(key) else text for key, text in each.error_messages.items()
        }
        each.validators = [worded(check, name, each) for check in each.validators]
        if isinstance(each, fields.List):
            each.inner = copy.copy(each.inner)
            each.inner.validators = [worded(check, name, each) for check in each.inner.validators]
    return instance


def _date_from_parts(bound: Bound, name: str, each: fields.Field) -> str | None:
    """The ISO date of three inputs; None when all are blank. What is wrong is said of the field, part by part."""
    typed = {part: bound.typed(f"{name}-{part}") for part in DATE_PARTS}
    absent = tuple(part for part, text in typed.items() if not text)
    if len(absent) == len(DATE_PARTS):
        return None
    subject = subject_of(name, each)
    if absent:
        return _wrong(bound, name, absent, f"{subject} must include {' and '.join(f'a {part}' for part in absent)}")
    month = typed["month"].lower()
    number = str(MONTHS.index(month[:3]) + 1) if month[:3] in MONTHS else month
    if not re.fullmatch(r"[0-9]{4}", typed["year"]):
        return _wrong(bound, name, ("year",), f"{subject} must have a year of 4 numbers, like 2026")
    if not re.fullmatch(r"[0-9]{1,2}", number) or not 1 <= int(number) <= 12:
        return _wrong(bound, name, ("month",), f"{subject} must be a real date")
    if not re.fullmatch(r"[0-9]{1,2}", typed["day"]):
        return _wrong(bound, name, ("day",), f"{subject} must be a real date")
    try:
        return date(int(typed["year"]), int(number), int(typed["day"])).isoformat()
    except ValueError:
        return _wrong(bound, name, ("day",), f"{subject} must be a real date")


def _wrong(bound: Bound, name: str, parts: tuple[str, ...], words: str) -> str:
    bound.wrong_parts[name] = parts
    _say(bound, name, words)
    return "wrong"


def _say(bound: Bound, name: str, words: str) -> None:
    bound.errors.setdefault(name, []).append(words)


def _flat(texts: Any) -> list[str]:
    if isinstance(texts, dict):
        return list(dict.fromkeys(text for inner in texts.values() for text in _flat(inner)))
    return [texts] if isinstance(texts, str) else list(dict.fromkeys(texts))


def _blank(each: fields.Field) -> Any:
    if each.load_default is not missing:
        return each.load_default() if callable(each.load_default) else each.load_default
    if isinstance(each, fields.List):
        return []
    if isinstance(each, fields.Boolean):
        return False
    return "" if isinstance(each, fields.String) and not each.allow_none else None


def _write(raw: dict[str, str | list[str]], name: str, each: fields.Field, value: Any) -> None:
    """A value as its input shows it."""
    if value is None or isinstance(each, Upload):
        return
    if is_date(each) and isinstance(value, date):
        raw.update(
            {
                f"{name}-day": str(value.day),
                f"{name}-month": str(value.month),
                f"{name}-year": str(value.year),
            }
        )
    elif isinstance(value, (list, tuple, set, frozenset)):
        raw[name] = [_written(entry) for entry in value]
    else:
        raw[name] = _written(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value) if isinstance(value, Enum) else str(value)
