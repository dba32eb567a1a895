"""The forms of the fact check: the council's comment, and the region's answers to all that wait for one."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from assessment.queries.reports import Said, Version
from assessment.services.reports import LONGEST_TEXT
from saas.forms import Bound

ANSWERS = (("changed", "The report is changed"), ("kept", "The report stays as it is"))


class CommentForm(Schema):
    """What the council says of one paragraph, or of the whole (an empty key)."""

    paragraph = fields.String(validate=validate.Length(max=100))
    words = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={
            "label": "What is factually wrong, and what is right",
            "required": "Enter what is factually wrong and what is right.",
            "hint": "Facts only. Judgements are not open to comment.",
            "who": "your council and the region",
        },
    )


def answers_form(version: Version) -> Schema:
    """For each comment without an answer, by its number: changed_1 and words_1, changed_2 and words_2 …"""
    named: dict[str, fields.Field] = {}
    for each in version.unresolved:
        number = each.comment.number
        named[f"changed_{number}"] = fields.String(
            validate=validate.OneOf([value for value, _ in ANSWERS]),
            metadata={"label": f"Comment {number}: what you did", "quiet": True},
        )
        named[f"words_{number}"] = fields.String(
            validate=validate.Length(max=LONGEST_TEXT),
            metadata={
                "label": f"Your answer to comment {number}",
                "hint": "Needed where the report stays as it is.",
                "who": "your region and the council",
                "quiet": True,
            },
        )
    return Schema.from_dict(named)()


def answered(form: Bound, version: Version) -> list[Said]:
    """The comments that were answered; adds to the form what is missing."""
    found = []
    for each in version.unresolved:
        number = each.comment.number
        chosen, words = form.typed(f"changed_{number}"), form.typed(f"words_{number}")
        if words and not chosen:
            form.add_error(f"changed_{number}", "Say whether the report is changed.")
        elif chosen == "kept" and not words:
            form.add_error(f"words_{number}", "Enter why the report stays as it is.")
        elif chosen:
            found.append(each)
    if form.valid and not found:
        form.add_error(None, "Answer at least one comment.")
    return found
