"""What an assessor types about one requirement."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from assessment.models.scores import ScoreDraft
from assessment.rules.scoring import LONGEST_NOTE, LONGEST_REASON, LONGEST_REMARK
from saas.forms import Bound

WHO = "the region and the other scorers, once all have submitted"
TEXTS = ("reason", "strength", "improvement", "note")
TICKS = ("good_practice", "mandatory", "flagged")
CANNOT = "-cannot-assess"
"""What stands in the place of a judgement; no step of a scale begins with a hyphen."""


class ScoreForm(Schema):
    """One assessor's judgement of one requirement. It may be sent before it is whole: the service says what lacks."""

    version = fields.Integer(required=True, validate=validate.Range(min=0))
    judgement = fields.String(validate=validate.Length(max=100), metadata={"label": "Your judgement", "quiet": True})
    reason = fields.String(
        validate=validate.Length(max=LONGEST_REASON), metadata={"label": "Reason", "who": WHO, "quiet": True}
    )
    strength = fields.String(validate=validate.Length(max=LONGEST_REMARK), metadata={"label": "A strength", "who": WHO})
    good_practice = fields.Boolean(metadata={"label": "Good practice that other councils should see"})
    improvement = fields.String(
        validate=validate.Length(max=LONGEST_REMARK), metadata={"label": "What could be better", "who": WHO}
    )
    mandatory = fields.Boolean(metadata={"label": "This has to be improved"})
    note = fields.String(
        validate=validate.Length(max=LONGEST_NOTE), metadata={"label": "Private note", "who": "only you"}
    )
    flagged = fields.Boolean(metadata={"label": "Flag it: talk this over with the other scorers"})
    do = fields.String(validate=validate.OneOf(["save", "next", "skip", "cannot"]))
    following = fields.String(validate=validate.Length(max=40))


def initial_of(draft: ScoreDraft | None) -> dict[str, Any]:
    """What the form begins with."""
    if draft is None:
        return {"version": 0}
    values = {name: getattr(draft, name) for name in ("version", *TEXTS, *TICKS)}
    return values | {"judgement": CANNOT if draft.cannot_assess else draft.judgement}


def given_by(form: Bound) -> dict[str, Any]:
    """What a valid form says, as `services.scores.save` takes it."""
    values = {name: form.values[name] for name in ("version", *TEXTS, *TICKS)}
    cannot = form.values["do"] == "cannot" or form.values["judgement"] == CANNOT
    return values | {"cannot_assess": cannot, "judgement": None if cannot else form.values["judgement"] or None}


def is_empty(form: Bound) -> bool:
    """Whether nothing was chosen, ticked or typed, and nothing was saved before."""
    return not form.values["version"] and not any(form.values[name] for name in ("judgement", *TEXTS, *TICKS))
