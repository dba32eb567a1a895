"""Forms: what was typed becomes values, or clear words beside the right field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.datastructures import FileStorage, MultiDict

from saas.forms import FORM, Bound, Problem, Upload, Words, bind


class Size(Enum):
    SMALL = "small"


class Everything(Schema):
    title = fields.String(required=True, validate=validate.Length(max=10))
    text = fields.String(validate=Words(3), metadata={"label": "What you did", "subject": "What you did"})
    target_on = fields.Date(required=True, metadata={"label": "Target date"})
    ended_on = fields.Date(validate=validate.Range(min=date(2020, 1, 1)))
    count = fields.Integer(load_default=1, validate=validate.Range(min=1, max=9))
    cost = fields.Decimal()
    email = fields.Email()
    link = fields.Url()
    judgement = fields.String(required=True, validate=validate.OneOf(["met", "not_met"]))
    groups = fields.List(fields.String(validate=validate.OneOf(["new", "chairs"])))
    agreed = fields.Boolean()
    size = fields.Enum(Size, by_value=True)
    owner_id = fields.UUID()
    secret = fields.String(metadata={"verbatim": True})
    file = Upload()

    @validates_schema
    def dates_in_order(self, data: dict[str, object], **_: object) -> None:
        if data.get("title") == "backwards":
            raise ValidationError("The dates are the wrong way round")


GOOD = {"title": "Plan", "target_on-day": "4", "target_on-month": "5", "target_on-year": "2026", "judgement": "met"}


def sent(**more: str | list[str]) -> MultiDict[str, str]:
    return MultiDict({**GOOD, **{name.replace("__", "-"): value for name, value in more.items()}})


def errors(**more: str | list[str]) -> dict[str, list[str]]:
    return bind(Everything, sent(**more)).errors


def test_what_is_not_given_has_its_empty_value() -> None:
    assert bind(Everything, sent()).values == {
        "title": "Plan", "text": "", "target_on": date(2026, 5, 4), "ended_on": None, "count": 1, "cost": None,
        "email": "", "link": "", "judgement": "met", "groups": [], "agreed": False, "size": None, "owner_id": None,
        "secret": "", "file": None,
    }  # fmt: skip


def test_every_kind_of_field_comes_as_its_type() -> None:
    owner = UUID("00000000-0000-7000-8000-000000000001")
    file = FileStorage(filename="a.pdf")
    form = sent(count="3", cost="2.50", groups=["new", "", "chairs"], agreed="true", size="small", owner_id=str(owner))
    values = bind(Everything, form, MultiDict({"file": file})).values
    assert (values["count"], values["cost"], values["groups"]) == (3, Decimal("2.50"), ["new", "chairs"])
    assert (values["agreed"], values["size"], values["owner_id"], values["file"]) == (True, Size.SMALL, owner, file)


def test_blank_required_fields_are_asked_for_in_the_order_of_the_form() -> None:
    form = bind(Everything, MultiDict({"title": "  "}))
    assert list(form) == [
        Problem("title", "Enter the title.", "title"),
        Problem("target_on", "Enter the target date.", "target_on-day"),
        Problem("judgement", "Select the judgement.", "judgement"),
    ]
    assert (form.valid, form.values) == (False, {})


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("title", "more than ten", "The title must be 10 characters or fewer"),
        ("text", "one two three four", "What you did must be 3 words or fewer"),
        ("count", "x", "The count must be a whole number"),
        ("count", "10", "The count must be between 1 and 9"),
        ("cost", "x", "The cost must be a number"),
        ("email", "nobody", "Enter an email address in the correct format, like name@example.com"),
        ("link", "example", "The link must be a full web address, like https://www.example.com"),
        ("judgement", "perhaps", "Select the judgement from the list"),
        ("groups", ["new", "other"], "Select the groups from the list"),
        ("size", "huge", "Select the size from the list"),
        ("owner_id", "x", "Select the owner from the list"),
        ("title", "a\0b", "The title contains a character that cannot be kept"),
        ("csrf", "x", "This form has no field called “csrf”"),
    ],
)
def test_what_is_wrong_is_said_plainly(field: str, typed: str | list[str], words: str) -> None:
    assert errors(**{field: typed}) == {field: [words]}


@pytest.mark.parametrize(
    ("day", "month", "year", "words", "parts"),
    [
        ("31", "2", "2026", "The target date must be a real date", ("day",)),
        ("1", "13", "2026", "The target date must be a real date", ("month",)),
        ("1", "2", "26", "The target date must have a year of 4 numbers, like 2026", ("year",)),
        ("1", "2", "0026", "The target date must have a year from 1900 to 2199", ("year",)),
        ("31", "12", "9999", "The target date must have a year from 1900 to 2199", ("year",)),
        ("1", "", "2026", "The target date must include a month", ("month",)),
        ("", "", "2026", "The target date must include a day and a month", ("day", "month")),
        ("x", "1", "2026", "The target date must be a real date", ("day",)),
        ("9" * 40, "1", "2026", "The target date must be a real date", ("day",)),
    ],
)
def test_a_date_says_which_part_is_wrong(day: str, month: str, year: str, words: str, parts: tuple[str, ...]) -> None:
    form = bind(Everything, sent(target_on__day=day, target_on__month=month, target_on__year=year))
    assert (form.errors, form.wrong_parts) == ({"target_on": [words]}, {"target_on": parts})
    assert form.typed("target_on-day") == day
    assert [problem.target for problem in form] == [f"target_on-{parts[0]}"]


def test_a_date_may_name_its_month_or_come_in_one_piece() -> None:
    assert bind(Everything, sent(target_on__month="May")).values["target_on"] == date(2026, 5, 4)
    assert bind(Everything, sent(ended_on="2026-05-04")).values["ended_on"] == date(2026, 5, 4)


def test_a_date_out_of_range_says_from_when() -> None:
    assert errors(ended_on="2019-12-31") == {"ended_on": ["The ended must be 1 January 2020 or later"]}


def test_typed_text_is_tidied_but_a_password_is_not() -> None:
    values = bind(Everything, sent(text=" one  \r\ntwo\r \n", secret=" p \r\n")).values
    assert (values["text"], values["secret"]) == ("one\ntwo", " p \r\n")


def test_control_characters_go_and_the_breaks_of_other_programs_end_the_line() -> None:
    values = bind(Everything, sent(title="a\x85\tb", text="a\x0bb\x0cc\x01\x1b\x7f\x9f\uffff", secret="\x01")).values
    assert (values["title"], values["text"], values["secret"]) == ("a\n\tb", "a\nb\nc", "\x01")


def test_the_forgery_token_is_no_field() -> None:
    assert errors(csrf_token="x") == {}


def test_what_concerns_the_whole_form_has_no_target() -> None:
    form = bind(Everything, sent(title="backwards"))
    assert list(form) == [Problem(FORM, "The dates are the wrong way round.", None)]


def test_a_service_may_refuse_a_field_or_the_form() -> None:
    form = bind(Everything, sent())
    form.add_errors({"title": ["Another plan has this title"], "council": ["The council is closed"]})
    assert form.errors == {"title": ["Another plan has this title"], FORM: ["The council is closed"]}
    assert (form.error("title"), form.values) == ("Another plan has this title.", {})
    with pytest.raises(ValueError, match="no field 'titel'"):
        form.add_error("titel", "x")


def test_a_form_to_fill_in_begins_with_its_initial_values() -> None:
    form = Bound.empty(
        Everything, {"target_on": date(2026, 5, 4), "groups": ["new"], "agreed": True, "size": Size.SMALL, "cost": None}
    )
    assert form.raw == {
        "target_on-day": "4", "target_on-month": "5", "target_on-year": "2026",
        "groups": ["new"], "agreed": "true", "size": "small",
    }  # fmt: skip
    assert (form.valid, form.chosen("groups"), form.typed("title")) == (True, ["new"], "")
    with pytest.raises(ValueError, match="no field 'titel'"):
        Bound.empty(Everything, {"titel": "x"})


def test_an_authors_own_words_stay() -> None:
    class Worded(Schema):
        reason = fields.String(required=True, error_messages={"required": "Say why"})
        name = fields.String(required=True, metadata={"required": "Tell us your name"})
        code = fields.String(validate=validate.Length(equal=4, error="A code has 4 signs"))

    assert bind(Worded, MultiDict({"code": "x"})).errors == {
        "reason": ["Say why"], "name": ["Tell us your name"], "code": ["A code has 4 signs"],
    }  # fmt: skip


def test_the_schema_that_is_handed_over_is_left_as_it_was() -> None:
    schema = Everything()
    bind(schema, MultiDict())
    with pytest.raises(ValidationError) as refusal:
        schema.load({})
    assert refusal.value.messages == {
        name: ["Missing data for required field."] for name in ("title", "target_on", "judgement")
    }


def test_labels_say_optional_only_beside_required_ones() -> None:
    class Filter(Schema):
        words = fields.String()

    form = Bound.empty(Everything)
    assert [form.optional(name) for name in ("title", "text")] == [False, True]
    assert Bound.empty(Filter).optional("words") is False


def test_a_text_knows_its_limit() -> None:
    form = Bound.empty(Everything)
    assert [form.limit(name) for name in ("title", "text", "cost")] == [("characters", 10), ("words", 3), None]
