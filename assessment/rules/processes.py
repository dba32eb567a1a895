"""A region's process: the settings by which regions differ, their defaults and ranges."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from dateutil.relativedelta import relativedelta

from assessment.rules.working_days import Nation

Part = TypeVar("Part")
Errors = list[tuple[str, str]]

TIMEZONE = "Europe/London"
MARKED, REFUSED = LATE = ("marked", "refused")
"""What becomes of a submission sent after the last day: it is sent and says so, or it is not sent."""
LONGEST_OFFICE = 80
SEAT = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)


class ProcessError(ValueError):
    """A process that is refused: `errors` holds every (path, reason), `path` and `reason` the first.

    A path names the setting as "grace_months" or "team/1/number".
    """

    def __init__(self, path: str, reason: str, *, errors: Errors | None = None) -> None:
        self.path = path
        self.reason = reason
        self.errors: tuple[tuple[str, str], ...] = tuple(errors or [(path, reason)])
        super().__init__("\n".join(f"{at}: {why}" if at else why for at, why in self.errors))


@dataclass(frozen=True)
class Seat:
    """A kind of assessor a team needs: how many, whether they score, whether one of them leads."""

    seat: str
    number: int
    scores: bool
    leads: bool


@dataclass(frozen=True)
class ConflictRules:
    """What keeps an assessor off a team; `employer_months` is None where former work does not count."""

    own_council: bool = True
    employer_months: int | None = 36
    mutual_assessment: bool = True
    declared_neighbours: bool = True


@dataclass(frozen=True)
class Period:
    """Days from `from_on` to `to_on`, both included."""

    from_on: date
    to_on: date


@dataclass(frozen=True)
class Process:
    """One version of a region's process. Months are calendar months; days are working days of the nation.

    `evidence_expected`: a submission brings its evidence; where not, assessors ask for papers in clarifications.
    `file_closes_days` are calendar days after release; `interim_opens_months` lie before the interim review is due.
    """

    signatories: tuple[str, ...] = ("Leader", "Chief Executive")
    plan_approval: bool = True
    months_to_assess: int | None = 36
    team: tuple[Seat, ...] = (
        Seat("officer", 1, scores=True, leads=False),
        Seat("councillor", 1, scores=True, leads=False),
        Seat("regional", 1, scores=False, leads=True),
    )
    disagreement_threshold: int = 1
    chair_confirms: bool = False
    readiness_signed: bool = True
    late_submissions: str = MARKED
    conflict_rules: ConflictRules = ConflictRules()
    fact_check_days: int = 10
    reply_days: int = 40
    award_months: int = 36
    interim_months: int | None = 18
    reassessment_months: int = 27
    grace_months: int = 6
    upper_level_needs_lower: bool = True
    nation: Nation = Nation.ENGLAND
    timezone: str = TIMEZONE
    pre_election_periods: tuple[Period, ...] = ()
    evidence_expected: bool = True
    clarification_days: int = 5
    visit: bool = True
    training_required: bool = True
    file_closes_days: int = 28
    appeal_days: int = 20
    interim_opens_months: int = 3


DEFAULT = Process()


def parse(document: object) -> Process:
    """The process a document sets; what it leaves out keeps its default.

    Raises ProcessError with every unknown key, wrong type and value out of range.
    """
    errors: Errors = []
    reader = _Reader(errors)
    body = reader.mapping(document, "", tuple(field.name for field in fields(Process)))
    process = Process(
        signatories=reader.either(body, "signatories", DEFAULT.signatories, reader.signatories),
        plan_approval=reader.flag(body, "plan_approval", "", DEFAULT.plan_approval),
        months_to_assess=reader.number(body, "months_to_assess", "", DEFAULT.months_to_assess, 1, 120, none=True),
        team=reader.either(body, "team", DEFAULT.team, reader.team),
        disagreement_threshold=reader.whole(body, "disagreement_threshold", "", DEFAULT.disagreement_threshold, 1, 9),
        chair_confirms=reader.flag(body, "chair_confirms", "", DEFAULT.chair_confirms),
        readiness_signed=reader.flag(body, "readiness_signed", "", DEFAULT.readiness_signed),
        late_submissions=reader.either(body, "late_submissions", DEFAULT.late_submissions, reader.late_submissions),
        conflict_rules=reader.either(body, "conflict_rules", DEFAULT.conflict_rules, reader.conflict_rules),
        fact_check_days=reader.whole(body, "fact_check_days", "", DEFAULT.fact_check_days, 1, 60),
        reply_days=reader.whole(body, "reply_days", "", DEFAULT.reply_days, 1, 120),
        award_months=reader.whole(body, "award_months", "", DEFAULT.award_months, 6, 120),
        interim_months=reader.number(body, "interim_months", "", DEFAULT.interim_months, 1, 119, none=True),
        reassessment_months=reader.whole(body, "reassessment_months", "", DEFAULT.reassessment_months, 1, 120),
        grace_months=reader.whole(body, "grace_months", "", DEFAULT.grace_months, 0, 24),
        upper_level_needs_lower=reader.flag(body, "upper_level_needs_lower", "", DEFAULT.upper_level_needs_lower),
        nation=reader.either(body, "nation", DEFAULT.nation, reader.nation),
        timezone=reader.either(body, "timezone", TIMEZONE, reader.timezone),
        pre_election_periods=reader.either(body, "pre_election_periods", (), reader.periods),
        evidence_expected=reader.flag(body, "evidence_expected", "", DEFAULT.evidence_expected),
        clarification_days=reader.whole(body, "clarification_days", "", DEFAULT.clarification_days, 1, 40),
        visit=reader.flag(body, "visit", "", DEFAULT.visit),
        training_required=reader.flag(body, "training_required", "", DEFAULT.training_required),
        file_closes_days=reader.whole(body, "file_closes_days", "", DEFAULT.file_closes_days, 0, 365),
        appeal_days=reader.whole(body, "appeal_days", "", DEFAULT.appeal_days, 1, 60),
        interim_opens_months=reader.whole(body, "interim_opens_months", "", DEFAULT.interim_opens_months, 0, 24),
    )
    if not errors:
        _check_order(process, errors)
    if errors:
        raise ProcessError(*errors[0], errors=errors)
    return process


def to_document(process: Process) -> dict[str, object]:
    """The process as values for JSON, every setting written out; `parse` reads them back."""
    document: dict[str, object] = {field.name: getattr(process, field.name) for field in fields(process)}
    document["signatories"] = list(process.signatories)
    document["team"] = [dict(vars(seat)) for seat in process.team]
    document["conflict_rules"] = dict(vars(process.conflict_rules))
    document["nation"] = process.nation.value
    document["pre_election_periods"] = [
        {"from": period.from_on.isoformat(), "to": period.to_on.isoformat()} for period in process.pre_election_periods
    ]
    return document


def assess_by(committed_on: date, process: Process) -> date | None:
    """The last day to be assessed for who committed on this day; None where there is no limit."""
    if process.months_to_assess is None:
        return None
    last: date = committed_on + relativedelta(months=process.months_to_assess)
    return last


def in_pre_election_period(day: date, process: Process) -> bool:
    """Whether no declaration is signed and no visit held on this day."""
    return any(period.from_on <= day <= period.to_on for period in process.pre_election_periods)


def _check_order(process: Process, errors: Errors) -> None:
    if process.reassessment_months >= process.award_months:
        errors.append(("reassessment_months", "reassessment opens before the award ends"))
    if process.interim_months is not None and process.interim_months >= process.reassessment_months:
        errors.append(("interim_months", "the interim review comes before reassessment opens"))
    if sum(seat.number for seat in process.team if seat.leads) != 1:
        errors.append(("team", "exactly one person of the team leads"))
    if not any(seat.number for seat in process.team if seat.scores):
        errors.append(("team", "somebody on the team scores"))
    for index, period in enumerate(process.pre_election_periods[1:], 1):
        if period.from_on <= process.pre_election_periods[index - 1].to_on:
            errors.append(
                (
                    "pre_election_periods",
                    f"the period from {period.from_on} begins before the one before it ends",
                )
            )


class _Reader:
    def __init__(self, errors: Errors) -> None:
        self.errors = errors

    def either(
        self, body: Mapping[str, object], key: str, default: Part, read: Callable[[object, str], Part | None]
    ) -> Part:
        if key not in body:
            return default
        value = read(body[key], key)
        return default if value is None else value

    def mapping(self, value: object, path: str, keys: tuple[str, ...]) -> Mapping[str, object]:
        if not isinstance(value, Mapping):
            self.errors.append((path, "this must be given as keys and values"))
            return {}
        self.errors += [
            (f"{path}/{key}" if path else str(key), "there is no such setting") for key in value if key not in keys
        ]
        return value

    def listed(self, value: object, path: str) -> list[object]:
        if isinstance(value, list | tuple):
            return list(value)
        self.errors.append((path, "this must be a list"))
        return []

    def flag(self, body: Mapping[str, object], key: str, path: str, default: bool) -> bool:
        value = body.get(key, default)
        if isinstance(value, bool):
            return value
        self.errors.append((path + key, "this must be true or false"))
        return default

    def whole(self, body: Mapping[str, object], key: str, path: str, default: int, least: int, most: int) -> int:
        return self.number(body, key, path, default, least, most) or 0

    def number(
        self,
        body: Mapping[str, object],
        key: str,
        path: str,
        default: int | None,
        least: int,
        most: int,
        *,
        none: bool = False,
    ) -> int | None:
        value = body.get(key, default)
        if value is None and none:
            return None
        if type(value) is int and least <= value <= most:
            return value
        unless = ", or null for none" if none else ""
        self.errors.append((path + key, f"this must be a whole number from {least} to {most}{unless}"))
        return default

    def signatories(self, value: object, path: str) -> tuple[str, ...] | None:
        offices = tuple(each.strip() if isinstance(each, str) else "" for each in self.listed(value, path))
        if not 1 <= len(offices) <= 12:
            self.errors.append((path, "one to twelve offices sign"))
        for index, office in enumerate(offices):
            if not 1 <= len(office) <= LONGEST_OFFICE or not office.isprintable():
                self.errors.append((f"{path}/{index}", f"an office is a text of 1 to {LONGEST_OFFICE} characters"))
            elif office.casefold() in (other.casefold() for other in offices[:index]):
                self.errors.append((f"{path}/{index}", f"the office {office!r} is named twice"))
        return offices

    def team(self, value: object, path: str) -> tuple[Seat, ...] | None:
        seats: list[Seat] = []
        for index, node in enumerate(self.listed(value, path)):
            here = f"{path}/{index}"
            body = self.mapping(node, here, ("seat", "number", "scores", "leads"))
            name = body.get("seat")
            if not isinstance(name, str) or not SEAT.fullmatch(name):
                self.errors.append((f"{here}/seat", "a seat is named in small letters and underscores"))
                name = ""
            elif name in (seat.seat for seat in seats):
                self.errors.append((f"{here}/seat", f"the seat {name!r} is named twice"))
            number = self.whole(body, "number", f"{here}/", 1, 1, 9)
            scores, leads = (
                self.flag(body, "scores", f"{here}/", True),
                self.flag(body, "leads", f"{here}/", False),
            )
            seats.append(Seat(name, number, scores, leads))
        return tuple(seats)

    def conflict_rules(self, value: object, path: str) -> ConflictRules:
        default = ConflictRules()
        body = self.mapping(value, path, tuple(vars(default)))
        inside = f"{path}/"
        return ConflictRules(
            own_council=self.flag(body, "own_council", inside, default.own_council),
            employer_months=self.number(body, "employer_months", inside, default.employer_months, 1, 240, none=True),
            mutual_assessment=self.flag(body, "mutual_assessment", inside, default.mutual_assessment),
            declared_neighbours=self.flag(body, "declared_neighbours", inside, default.declared_neighbours),
        )

    def nation(self, value: object, path: str) -> Nation | None:
        if isinstance(value, str) and value in tuple(Nation):
            return Nation(value)
        self.errors.append((path, f"this must be one of {', '.join(Nation)}"))
        return None

    def late_submissions(self, value: object, path: str) -> str | None:
        if isinstance(value, str) and value in LATE:
            return value
        self.errors.append((path, f"this must be one of {', '.join(LATE)}"))
        return None

    def timezone(self, value: object, path: str) -> str | None:
        if value == TIMEZONE:
            return TIMEZONE
        self.errors.append((path, f"this must be {TIMEZONE}"))
        return None

    def periods(self, value: object, path: str) -> tuple[Period, ...] | None:
        found: list[Period] = []
        for index, node in enumerate(self.listed(value, path)):
            here = f"{path}/{index}"
            body = self.mapping(node, here, ("from", "to"))
            first, last = self.day(body.get("from"), f"{here}/from"), self.day(body.get("to"), f"{here}/to")
            if first and last and first > last:
                self.errors.append((here, "the period ends before it begins"))
            elif first and last:
                found.append(Period(first, last))
        return tuple(sorted(found, key=lambda period: period.from_on))

    def day(self, value: object, path: str) -> date | None:
        try:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.errors.append((path, "this must be a date like 2027-03-22"))
        return None
