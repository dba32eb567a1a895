"""The form over a region's process: its fields, and the way from a process to what is typed and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from assessment.rules.process_words import NATIONS
from assessment.rules.processes import DEFAULT, LATE, Process, ProcessError, parse
from assessment.rules.teams import CAPACITIES
from saas.errors import Invalid

SPARE_PERIODS = 2


def _whole(label: str, least: int, most: int, *, required: bool = True, **about: Any) -> fields.Integer:
    return fields.Integer(
        required=required,
        validate=validate.Range(least, most),
        metadata={"label": label, "inputmode": "numeric"} | about,
    )


class ProcessForm(Schema):
    """Every setting but the pre-election periods, of which there may be many."""

    version = fields.Integer(required=True)
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
    officer_number = _whole("How many officers of other councils", 0, 9, subject="The number of officers")
    officer_scores = fields.Boolean(metadata={"label": "Officers score"})
    councillor_number = _whole("How many councillors of other councils", 0, 9, subject="The number of councillors")
    councillor_scores = fields.Boolean(metadata={"label": "Councillors score"})
    regional_number = _whole("How many from the region", 0, 9, subject="The number from the region")
    regional_scores = fields.Boolean(metadata={"label": "People from the region score"})
    leads = fields.String(
        required=True,
        validate=validate.OneOf(CAPACITIES, error="Select who leads the team"),
        metadata={"label": "Who leads the team", "subject": "Who leads"},
    )
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
    fact_check_days = _whole("Working days for the fact check", 1, 60)
    reply_days = _whole("Working days to reply to improvements", 1, 120)
    award_months = _whole("Months an award lasts", 6, 120)
    interim_months = _whole(
        "Months to the interim review", 1, 119, required=False, hint="Leave it empty for no interim review."
    )
    reassessment_months = _whole("Months after which reassessment opens", 1, 120)
    grace_months = _whole("Months an award is still shown after its last day", 0, 24)
    nation = fields.String(
        required=True,
        validate=validate.OneOf([nation.value for nation in NATIONS], error="Select the nation from the list"),
        metadata={"label": "Bank holidays of", "subject": "The nation"},
    )


def schema_for(periods: int) -> Schema:
    """The form with room for so many pre-election periods."""
    dates = {
        f"period_{number}_{end}": fields.Date(metadata={"label": f"{words} of period {number}"})
        for number in range(1, periods + 1)
        for end, words in (("from", "First day"), ("to", "Last day"))
    }
    return type("ProcessFormWithPeriods", (ProcessForm,), dates)()


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
    for name in CAPACITIES:
        seat = seats.get(name)
        values |= {f"{name}_number": seat.number if seat else 0, f"{name}_scores": bool(seat and seat.scores)}
        if seat and seat.leads:
            values["leads"] = name
    for number, period in enumerate(process.pre_election_periods, 1):
        values |= {f"period_{number}_from": period.from_on, f"period_{number}_to": period.to_on}
    return {name: value for name, value in values.items() if value is not None}


def from_form(values: Mapping[str, Any]) -> Process:
    """The process that was typed; raises Invalid naming the fields."""
    plain = {name: values[name] for name in Process.__dataclass_fields__ if name in values}
    document = plain | {
        "signatories": [line.strip() for line in values["signatories"].splitlines() if line.strip()],
        "team": [
            {
                "seat": name,
                "number": values[f"{name}_number"],
                "scores": values[f"{name}_scores"],
                "leads": values["leads"] == name,
            }
            for name in CAPACITIES
            if values[f"{name}_number"]
        ],
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
