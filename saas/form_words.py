"""The plain words of forms: labels, and what is said when something is missing or wrong."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate
from werkzeug.datastructures import FileStorage


class Upload(fields.Field):
    """An uploaded file; its value is werkzeug's FileStorage. Type and size are judged by who stores it."""

    def _deserialize(self, value: Any, *_rest: Any, **_more: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise ValidationError("This is not a file.")
        return value


class Words(validate.Validator):
    """At most so many words; the text area shows the count."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self.error: str | None = None

    def __call__(self, value: str) -> str:
        if len(value.split()) > self.maximum:
            raise ValidationError((self.error or "Use {maximum} words or fewer.").format(maximum=self.maximum))
        return value


def sentence(words: str) -> str:
    """A message as it is shown: it ends as sentences do, so that several read well one after another."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def label_of(name: str, each: fields.Field) -> str:
    """The label in the field's metadata, or its name in words."""
    return each.metadata.get("label") or re.sub(r"_(on|at|id)$", "", name).replace("_", " ").capitalize()


def subject_of(name: str, each: fields.Field) -> str:
    """How a message begins: "The target date". Metadata `subject` replaces it for labels that are questions."""
    subject = each.metadata.get("subject")
    if subject:
        return subject
    return f"The {_lowered(label_of(name, each))}"


def _lowered(words: str) -> str:
    return words if len(words) > 1 and words[1].isupper() else words[:1].lower() + words[1:]


def messages_of(name: str, each: fields.Field) -> dict[str, str]:
    """Marshmallow's message keys → our sentences for this field."""
    subject = subject_of(name, each)
    whole = each.metadata.get("required") or _request(subject, each)
    wrong = f"{subject} is not right"
    if isinstance(each, fields.Date):
        wrong = f"{subject} must be a real date"
    elif isinstance(each, fields.Integer):
        wrong = f"{subject} must be a whole number"
    elif isinstance(each, fields.Number):
        wrong = f"{subject} must be a number"
    elif isinstance(each, fields.Email):
        wrong = "Enter an email address in the correct format, like name@example.com"
    elif isinstance(each, fields.Url):
        wrong = f"{subject} must be a full web address, like https://www.example.com"
    elif _is_choice(each):
        wrong = " ".join(("Select", _lowered(subject), "from the list"))
    return {
        "required": whole, "null": whole, "invalid": wrong, "unknown": wrong, "invalid_uuid": wrong,
        "too_large": f"{subject} is too large", "special": wrong, "invalid_utf8": wrong, "format": wrong,
    }  # fmt: skip


def _request(subject: str, each: fields.Field) -> str:
    verb = "Select" if _is_choice(each) or isinstance(each, (Upload, fields.List)) else "Enter"
    return " ".join((verb, _lowered(subject)))


def _is_choice(each: fields.Field) -> bool:
    listed = any(isinstance(check, (validate.OneOf, validate.ContainsOnly)) for check in each.validators)
    return listed or isinstance(each, (fields.Enum, fields.Boolean, fields.UUID))


def worded(check: Any, name: str, each: fields.Field) -> Any:
    """A copy of marshmallow's check that speaks plainly, unless its author worded it."""
    subject = subject_of(name, each)
    words = None
    if isinstance(check, Words):
        words = f"{subject} must be {{maximum}} words or fewer"
    elif isinstance(check, validate.Length):
        things = "characters" if not isinstance(each, fields.List) else "choices"
        words = _between(subject, check, things)
    elif isinstance(check, validate.Range):
        words = _between(subject, check, "")
    elif isinstance(check, (validate.OneOf, validate.ContainsOnly)):
        words = " ".join(("Select", _lowered(subject), "from the list"))
    elif isinstance(check, (validate.Email, validate.URL)):
        words = messages_of(name, each)["invalid"]
    authored = check.error not in (None, getattr(check, "default_message", None))
    if words is None or authored:
        return check
    worded = copy.copy(check)
    worded.error = words
    return worded


def _between(subject: str, check: Any, things: str) -> str:
    least, most, things = check.min, check.max, f" {things}" if things else ""
    if isinstance(least, date) or isinstance(most, date):
        shown = {edge: f"{edge.day} {edge:%B %Y}" for edge in (least, most) if edge is not None}
        if least is not None and most is not None:
            return f"{subject} must be between {shown[least]} and {shown[most]}"
        return (
            f"{subject} must be {shown[least]} or later"
            if most is None
            else f"{subject} must be {shown[most]} or earlier"
        )
    if getattr(check, "equal", None) is not None:
        return f"{subject} must be {check.equal}{things}"
    if least is not None and most is not None:
        return f"{subject} must be between {least} and {most}{things}"
    return (
        f"{subject} must be {most}{things} or fewer"
        if least is None and things
        else (f"{subject} must be {most} or less" if least is None else f"{subject} must be {least}{things} or more")
    )
