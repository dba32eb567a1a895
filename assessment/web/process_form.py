"""The form over a region's process: its fields, and the way from a process to what is typed and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from assessment.rules.process_presets import PRESETS
from assessment.rules.process_words import NATIONS, seat_words
from assessment.rules.processes import DEFAULT, LATE, SEAT, Process, ProcessError, parse, to_document
from assessment.rules.teams import CAPACITIES
from saas.errors import Invalid

SPARE_PERIODS = 2
NEW = "new"
"""The seat that a form has room to add; `new_seat` names it."""
NUMBER = "_number"
MOST_TYPED = 20


def _whole(label: str, least: int, most: int, *, required: bool = True, **about: Any) -> fields.Integer:
    return fields.Integer(
        required=required,
        validate=validate.Range(least, most),
        metadata={"label": label, "inputmode": "numeric"} | about,
    )


class ProcessForm(Schema):
    """Every setting but the pre-election periods and the seats of a region's own, of which there may be many.

    `start` names the preset that the form was begun from.
    """

    version = fields.Integer(required=True)
    start = fields.String(validate=validate.OneOf(["", *PRESETS]))
    signatories = fields.String(
        required=True,
        metadata={"label": "Who signs the declaration", "subject": "Who signs", "hint": "One office on each line."},
    )
    months_to_assess = _whole(
        "Months from commitment to assessment", 1, 120, required=False, hint="Leave it empty for no limit."
    )
    upper_level_needs_lower = fields.Boolean(
        metadata={"label": "A council commits to an upper level only while it holds the lower one"}
    )
    plan_approval = fields.Boolean(metadata={"label": "The region approves a council's action plan"})
    chair_confirms = fields.Boolean(
        metadata={"label": "The chair of the council's steering group confirms the plan and readiness"}
    )
    readiness_signed = fields.Boolean(
        metadata={"label": "Those who sign the declaration also sign the submission before it is sent"}
    )
    late_submissions = fields.String(
        load_default=DEFAULT.late_submissions,
        validate=validate.OneOf(LATE, error="Select what happens to a submission after the last day"),
        metadata={
            "label": "A submission after the last day to be assessed",
            "subject": "What happens after the last day",
            "quiet": True,
        },
    )
    evidence_expected = fields.Boolean(
        metadata={
            "label": "A submission brings its evidence",
            "hint": "Where it does not, assessors ask for the papers they need.",
        }
    )
    officer_number = _whole("How many officers of other councils", 0, 9, subject="The number of officers")
    officer_scores = fields.Boolean(metadata={"label": "Officers score"})
    councillor_number = _whole("How many councillors of other councils", 0, 9, subject="The number of councillors")
    councillor_scores = fields.Boolean(metadata={"label": "Councillors score"})
    regional_number = _whole("How many from the region", 0, 9, subject="The number from the region")
    regional_scores = fields.Boolean(metadata={"label": "People from the region score"})
    new_seat = fields.String(
        validate=validate.Length(max=40),
        metadata={
            "label": "Another kind of assessor",
            "hint": "For example board member. Save it before it can lead.",
        },
    )
    new_number = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 9),
        metadata={"label": "How many of them", "subject": "The number", "quiet": True, "inputmode": "numeric"},
    )
    new_scores = fields.Boolean(metadata={"label": "They score"})
    training_required = fields.Boolean(metadata={"label": "Assessors must be trained before they are asked"})
    disagreement_threshold = _whole(
        "Steps of the scale from which two scores count as different", 1, 9, subject="The number of steps"
    )
    own_council = fields.Boolean(metadata={"label": "Nobody assesses his or her own council"})
    mutual_assessment = fields.Boolean(metadata={"label": "Two councils do not assess each other"})
    declared_neighbours = fields.Boolean(metadata={"label": "Nobody assesses a neighbouring council they declared"})
    employer_months = _whole(
        "Months for which a former employer counts",
        1,
        240,
        required=False,
        hint="Leave it empty to leave this rule out.",
    )
    clarification_days = _whole("Working days to answer a question of the team", 1, 40)
    visit = fields.Boolean(metadata={"label": "The team visits the council"})
    file_closes_days = _whole("Days for which a file stays open to its team after release", 0, 365)
    fact_check_days = _whole("Working days for the fact check", 1, 60)
    reply_days = _whole("Working days to reply to improvements", 1, 120)
    appeal_days = _whole("Working days to appeal against a decision", 1, 60)
    award_months = _whole("Months an award lasts", 6, 120)
    interim_months = _whole(
        "Months to the interim review", 1, 119, required=False, hint="Leave it empty for no interim review."
    )
    interim_opens_months = _whole("Months before the interim review from which its return can be written", 0, 24)
    reassessment_months = _whole("Months after which reassessment opens", 1, 120)
    grace_months = _whole("Months an award is still shown after its last day", 0, 24)
    nation = fields.String(
        required=True,
        validate=validate.OneOf([nation.value for nation in NATIONS], error="Select the nation from the list"),
        metadata={"label": "Bank holidays of", "subject": "The nation"},
    )


def schema_for(periods: int, seats: tuple[str, ...] = CAPACITIES) -> Schema:
    """The form with room for so many pre-election periods, and for these seats."""
    more: dict[str, Any] = {
        f"period_{number}_{end}": fields.Date(metadata={"label": f"{words} of period {number}"})
        for number in range(1, periods + 1)
        for end, words in (("from", "First day"), ("to", "Last day"))
    }
    for name in seats[len(CAPACITIES) :]:
        words = seat_words(name)
        more[f"{name}{NUMBER}"] = _whole(f"How many: {words.lower()}", 0, 9, subject=f"The number of {words.lower()}")
        more[f"{name}_scores"] = fields.Boolean(metadata={"label": f"{words}: scores"})
    more["leads"] = fields.String(
        required=True,
        validate=validate.OneOf(seats, error="Select who leads the team"),
        metadata={"label": "Who leads the team", "subject": "Who leads"},
    )
    return type("ProcessFormOfRegion", (ProcessForm,), more)()


def seats_in(names: Mapping[str, Any], process: Process) -> tuple[str, ...]:
    """The seats the form has fields for: the three it always has, those of the process, and those typed."""
    typed = [name.removesuffix(NUMBER) for name in names if name.endswith(NUMBER)]
    own = [seat.seat for seat in process.team] + [name for name in typed if SEAT.fullmatch(name)][:MOST_TYPED]
    return tuple(dict.fromkeys([*CAPACITIES, *(name for name in own if name != NEW)]))


def periods_in(names: Mapping[str, Any], process: Process) -> int:
    """How many periods the form has room for: those typed, or those kept and some to add."""
    typed = [int(name.split("_")[1]) for name in names if name.startswith("period_") and name.split("_")[1].isdecimal()]
    return min(max([len(process.pre_election_periods) + SPARE_PERIODS, *typed]), 40)


def to_form(process: Process, version: int) -> dict[str, Any]:
    """What the form shows for a process."""
    seats = {seat.seat: seat for seat in process.team}
    values: dict[str, Any] = {
        name: getattr(process, name) for name in ProcessForm().fields if name in Process.__dataclass_fields__
    }
    values |= {name: value for name, value in vars(process.conflict_rules).items() if value is not None}
    values |= {"version": version, "signatories": "\n".join(process.signatories), "nation": process.nation.value}
    for name in seats_in({}, process):
        seat = seats.get(name)
        values |= {f"{name}_number": seat.number if seat else 0, f"{name}_scores": bool(seat and seat.scores)}
        if seat and seat.leads:
            values["leads"] = name
    for number, period in enumerate(process.pre_election_periods, 1):
        values |= {f"period_{number}_from": period.from_on, f"period_{number}_to": period.to_on}
    return {name: value for name, value in values.items() if value is not None}


def from_form(values: Mapping[str, Any], base: Process) -> Process:
    """The process that was typed; raises Invalid naming the fields.

    base: what the form was filled from; a setting that the form has no field for stays as it is there.
    """
    plain = {name: values[name] for name in Process.__dataclass_fields__ if name in values}
    seats = seats_in(values, base)
    document = to_document(base) | {name: value for name, value in plain.items() if name != "team"}
    document |= {
        "signatories": [line.strip() for line in values["signatories"].splitlines() if line.strip()],
        "team": _team(values, seats, base),
        "conflict_rules": {
            name: values[name]
            for name in ("own_council", "employer_months", "mutual_assessment", "declared_neighbours")
        },
        "pre_election_periods": _periods(values),
    }
    if values[f"{values['leads']}_number"] != 1:
        raise Invalid({f"{values['leads']}_number": ["Exactly one person leads: there must be 1 of those who lead."]})
    try:
        return parse(document)
    except ProcessError as refusal:
        messages: dict[str, list[str]] = {}
        for path, reason in refusal.errors:
            messages.setdefault(_field(path), []).append(f"{reason[:1].upper()}{reason[1:]}.")
        raise Invalid(messages) from refusal


def _team(values: Mapping[str, Any], seats: tuple[str, ...], base: Process) -> list[dict[str, object]]:
    """The seats that somebody sits in, in the order of the base, then those that came to it."""
    order = {seat.seat: number for number, seat in enumerate(base.team)}
    team = [
        {
            "seat": name,
            "number": values[f"{name}{NUMBER}"],
            "scores": values[f"{name}_scores"],
            "leads": values["leads"] == name,
        }
        for name in sorted(seats, key=lambda name: order.get(name, len(order)))
        if values[f"{name}{NUMBER}"]
    ]
    title, number = values.get("new_seat", ""), values.get("new_number", 0)
    if bool(title) != bool(number):
        missing = {"new_number": ["Say how many of them."]} if title else {"new_seat": ["Say what they are called."]}
        raise Invalid(missing)
    if title:
        name = re.sub(r"[^a-z]+", "_", title.lower()).strip("_")
        if not SEAT.fullmatch(name) or name == NEW:
            raise Invalid({"new_seat": ["Name them in letters, for example board member."]})
        if name in (each["seat"] for each in team):
            raise Invalid({"new_seat": ["These are in the team already: change their number."]})
        team.append({"seat": name, "number": number, "scores": values.get("new_scores", False), "leads": False})
    return team


def _periods(values: Mapping[str, Any]) -> list[dict[str, str]]:
    found, messages = [], {}
    for number in range(1, 41):
        first, last = values.get(f"period_{number}_from"), values.get(f"period_{number}_to")
        if first and last and first <= last:
            found.append({"from": first.isoformat(), "to": last.isoformat()})
        elif first and last:
            messages[f"period_{number}_to"] = ["The last day must not be before the first day."]
        elif first or last:
            missing = "to" if first else "from"
            words = "last day" if first else "first day"
            messages[f"period_{number}_{missing}"] = [f"Enter the {words} of period {number}."]
    if messages:
        raise Invalid(messages)
    return found


def _field(path: str) -> str:
    first, _, rest = path.partition("/")
    if first == "conflict_rules":
        return rest
    if first == "team":
        return "officer_scores" if not rest else "leads"
    return "period_1_from" if first == "pre_election_periods" else first
