"""A region's process in plain words, setting by setting, and what changed between two versions."""

from dataclasses import dataclass
from datetime import date

from assessment.rules.processes import MARKED, REFUSED, Period, Process, Seat
from assessment.rules.working_days import Nation

NATIONS = {Nation.ENGLAND: "England", Nation.WALES: "Wales", Nation.NORTHERN_IRELAND: "Northern Ireland"}
LATE = {MARKED: "May be sent, and say how many days late they are", REFUSED: "Cannot be sent"}
SEATS = {"officer": "Officer of a council", "councillor": "Councillor", "regional": "Somebody of the region"}


@dataclass(frozen=True)
class Setting:
    """One setting as people read it; `label` names it and is the same in every version."""

    label: str
    words: str


def describe(process: Process) -> tuple[Setting, ...]:
    """Every setting of the process, in the order of the page on which it is edited."""
    rules = process.conflict_rules
    return (
        Setting("Who signs the declaration", ", ".join(process.signatories)),
        Setting("Time to be assessed", _months(process.months_to_assess, "No limit")),
        Setting("An upper level needs the lower one held", _yes(process.upper_level_needs_lower)),
        Setting("The region approves the action plan", _yes(process.plan_approval)),
        Setting("The steering group's chair confirms plan and readiness", _yes(process.chair_confirms)),
        Setting("The signatories sign the submission before it is sent", _yes(process.readiness_signed)),
        Setting("Submissions after the last day", LATE[process.late_submissions]),
        Setting("The team", "; ".join(_seat(seat) for seat in process.team)),
        Setting("Scores count as different from", _counted(process.disagreement_threshold, "step")),
        Setting("Nobody assesses his or her own council", _yes(rules.own_council)),
        Setting("Nobody assesses a council that employed them within", _months(rules.employer_months, "Not asked")),
        Setting("Two councils do not assess each other", _yes(rules.mutual_assessment)),
        Setting("Nobody assesses a neighbour they declared", _yes(rules.declared_neighbours)),
        Setting("Time for the fact check", _counted(process.fact_check_days, "working day")),
        Setting("Time to reply to improvements", _counted(process.reply_days, "working day")),
        Setting("An award lasts", _months(process.award_months, "")),
        Setting("The interim review is due after", _months(process.interim_months, "No interim review")),
        Setting("Reassessment opens after", _months(process.reassessment_months, "")),
        Setting("An award is still shown for, after its last day", _months(process.grace_months, "")),
        Setting("Bank holidays of", NATIONS[process.nation]),
        Setting(
            "Pre-election periods", "; ".join(period_words(each) for each in process.pre_election_periods) or "None"
        ),
        Setting("A submission brings its evidence", _yes(process.evidence_expected)),
        Setting("Time to answer a question of the team", _counted(process.clarification_days, "working day")),
        Setting("The team visits the council", _yes(process.visit)),
        Setting("Assessors must be trained", _yes(process.training_required)),
        Setting("A file stays open after release for", _counted(process.file_closes_days, "day")),
        Setting("Time to appeal", _counted(process.appeal_days, "working day")),
        Setting("The interim return opens before it is due by", _months(process.interim_opens_months, "")),
    )


def changes(before: Process, after: Process) -> tuple[Setting, ...]:
    """The settings that differ, each with its words before and after."""
    return tuple(
        Setting(new.label, f"{old.words} → {new.words}")
        for old, new in zip(describe(before), describe(after), strict=True)
        if old != new
    )


def period_words(period: Period) -> str:
    """A period as 22 March 2027 to 6 May 2027."""
    return f"{day_words(period.from_on)} to {day_words(period.to_on)}"


def day_words(day: date) -> str:
    """A day as 4 May 2017."""
    return f"{day.day} {day:%B} {day.year}"


def seat_words(name: str) -> str:
    """A seat as people read it, also one with a name of the region's own."""
    return SEATS.get(name) or name.replace("_", " ").capitalize()


def _seat(seat: Seat) -> str:
    duties = [duty for duty, has in (("scores", seat.scores), ("leads", seat.leads)) if has]
    words = f"{seat_words(seat.seat)}: {seat.number}"
    return f"{words} ({', '.join(duties)})" if duties else words


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _months(number: int | None, none: str) -> str:
    return none if number is None else _counted(number, "month")
