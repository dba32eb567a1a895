"""The form of one answer: judgement and words, a piece of evidence, an action."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from assessment.rules.answering import LONGEST_ACTION, LONGEST_LINE, LONGEST_PINPOINT, LONGEST_TEXT, LONGEST_WHY
from assessment.rules.framework_tree import Framework
from assessment.web.citing_forms import CitingForm
from saas.figures import Figure
from tenants.services.evidence import LONGEST_TITLE

DRAFT_WHO = "people of your council who may read the self-assessment. Region and assessors, once you send it."
ABOUT_WORDS = 3_000
FORMATTING = (
    "An empty line begins a paragraph. Begin lines with - for bullets or 1. for numbers. "
    "Write **bold** and *italic*. You can paste from Word."
)
FIGURE = validate.Range(min=0, max=Decimal("9999999999.99"))
LINE = validate.Length(max=LONGEST_LINE)
ANSWER_FIELDS = ("version", "judgement", "narrative", "not_applicable_reason")
EVIDENCE_FIELDS = ("evidence_id", "file", "link")
ABOUT_EVIDENCE = ("evidence_title", "pinpoint", "why")
ACTION_FIELDS = ("action", "timescale", "responsibility", "officer_days", "cost")


class Prose(validate.Validator):
    """A text within the limit; what is said otherwise names the limit and the text's own length."""

    error: str | None = None

    def __call__(self, value: str) -> str:
        if len(value) > LONGEST_TEXT:
            raise ValidationError(
                f"Shorten this text: it has {len(value):,} characters ({len(value.split()):,} words)."
                f" The limit is {LONGEST_TEXT:,} characters, about {ABOUT_WORDS:,} words."
            )
        return value


class AnswerForm(Schema):
    """What is answered."""

    version = fields.Integer(load_default=0, validate=validate.Range(min=0))
    judgement = fields.String(load_default=None, allow_none=True, metadata={"quiet": True, "label": "Your judgement"})
    narrative = fields.String(
        load_default="",
        validate=Prose(),
        metadata={
            "quiet": True,
            "label": "What you do, and how you know it works",
            "hint": FORMATTING,
            "subject": "The answer",
            "who": DRAFT_WHO,
        },
    )
    not_applicable_reason = fields.String(
        load_default="",
        validate=Prose(),
        metadata={
            "quiet": True,
            "label": "Why it cannot apply to your council",
            "subject": "The reason",
            "who": DRAFT_WHO,
        },
    )


class RequirementForm(CitingForm, AnswerForm):
    """The whole page: the answer, one more piece of evidence, one more action, and which button was pressed."""

    link = fields.String(load_default="", validate=LINE, metadata={"quiet": True, "label": "Or give a web address"})
    evidence_title = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TITLE),
        metadata={
            "quiet": True,
            "label": "Title of the new file or link",
            "hint": "Leave it empty to use the file’s name or the web address.",
        },
    )
    pinpoint = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_PINPOINT),
        metadata={"quiet": True, "label": "Where in it", "hint": "A page, paragraph or minute number."},
    )
    why = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_WHY),
        metadata={"quiet": True, "label": "What it shows"},
    )
    action = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_ACTION),
        metadata={"quiet": True, "label": "What you will do"},
    )
    timescale = fields.String(
        load_default="",
        validate=LINE,
        metadata={
            "quiet": True,
            "label": "By when",
            "hint": "As you would say it: “by the end of March 2027”, “summer 2027”. It is kept to the word.",
        },
    )
    responsibility = fields.String(
        load_default="",
        validate=LINE,
        metadata={"quiet": True, "label": "By whom", "hint": "One or several: “Head of HR; Member Panel”."},
    )
    officer_days = Figure(load_default=None, allow_none=True, places=2, validate=FIGURE, metadata={"quiet": True})
    cost = Figure(
        load_default=None, allow_none=True, places=2, validate=FIGURE, metadata={"quiet": True, "label": "Cost"}
    )
    action_id = fields.UUID(load_default=None, allow_none=True)
    action_version = fields.Integer(load_default=None, allow_none=True)
    do = fields.String(load_default="save", validate=validate.OneOf(("save", "next", "next_open", "confirm")))
    change = fields.UUID(load_default=None, allow_none=True)
    drop = fields.UUID(load_default=None, allow_none=True)
    put_back = fields.Boolean(load_default=False)

    @validates_schema
    def one_piece_of_evidence(self, data: dict[str, object], **_: object) -> None:
        """A library entry, a file or a link: one at a time, and none of its words without it."""
        given = [name for name in EVIDENCE_FIELDS if data.get(name)]
        if len(given) > 1:
            raise ValidationError("Add one piece of evidence at a time.", given[1])
        if not given and any(data.get(name) for name in ABOUT_EVIDENCE):
            raise ValidationError("Choose the evidence that these words are about.", "evidence_id")
        if not data.get("action") and any(data.get(name) for name in (*ACTION_FIELDS, "action_id")):
            raise ValidationError("Say what you will do.", "action")
        if data.get("action_id") and not data.get("action_version"):
            raise ValidationError("Open the action again to change it.", "action")


def form_for(kind: type[Schema], framework: Framework) -> Schema:
    """The form (AnswerForm, or one made of it) with the judgements of a framework."""
    form = kind()
    steps = [step.code for step in framework.scale]
    form.fields["judgement"].validators = [
        validate.OneOf(steps, error="Choose one of the judgements of this framework.")
    ]
    return form
