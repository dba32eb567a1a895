"""One page about a plan for those who meet: where it stands, what is late, what comes, what changed, who is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from saas import clock
from saas.papers import render_pdf
from saas.templating import day
from tenants.models.meetings import Meeting
from tenants.models.plans import Plan
from tenants.queries.meetings import LineChange, find_last, find_next, find_reasons, list_changes_since
from tenants.queries.plan_lines import Narrowed, list_actions
from tenants.queries.plans import PlanLine
from tenants.rules import plan_views as rules
from tenants.rules.action_history import Change
from tenants.rules.action_words import CLOSED, SOON, effective_status, is_overdue, words_of_reading
from tenants.rules.plan_views import BriefLine, Section

MEANWHILE = timedelta(days=30)
"""What changed in this time is told where no meeting has been held."""
MARKING = "For the steering group, not for publication"
NOBODY = "Nobody is named"


@dataclass(frozen=True, slots=True)
class Brief:
    """The one page. `sentence` says where the plan stands; `facts` are names and values under it."""

    plan: Plan
    sentence: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    next_meeting: Meeting | None
    last_meeting: Meeting | None


def read_brief(line: PlanLine) -> Brief:
    """The page as it is today; six statements at most, however long the plan is."""
    plan, today = line.plan, clock.today()
    coming, last = find_next(plan, today), find_last(plan)
    rows = list_actions(plan)
    since = last.closed_at if last and last.closed_at else datetime.combine(today - MEANWHILE, time(), clock.LONDON)
    changed = list_changes_since(plan, since)
    unowned = list_actions(plan, Narrowed(unowned=True))
    against = [row for row in rows if effective_status(row.status, row.status_proposed) == "decided_against"]
    reasons = find_reasons(plan.council_id, [row.id for row in against])
    late = sorted((row for row in rows if _late(row, today)), key=lambda row: (row.latest_on, row.position))
    until = coming.held_on if coming else today + SOON
    soon = sorted((row for row in rows if _comes(row, today, until)), key=lambda row: (row.latest_on, row.position))
    lists: list[tuple[str, str, list[BriefLine]]] = [
        ("Overdue", "Open after their last day.", [_dated(row) for row in late]),
        (_soon_title(coming), _soon_words(coming, until), [_dated(row) for row in soon]),
        (_since_title(last), _since_words(last, since), [_told(each) for each in changed]),
        (
            "Decided against",
            "Not to be done, with the reason.",
            [BriefLine(row.ref, row.action, _reason(row, reasons)) for row in _newest(against)],
        ),
        (
            "Waiting for an owner",
            "Open, and nobody confirmed who does them.",
            [BriefLine(row.ref, row.action, _wanted(row.responsibility)) for row in unowned],
        ),
    ]
    given = rules.rooms([len(each[2]) for each in lists])
    sections = tuple(rules.section(*each, room) for each, room in zip(lists, given, strict=True))
    return Brief(plan, _sentence(line), _facts(line, coming, last), sections, coming, last)


def write_brief(brief: Brief, *, council: str, region: str, created: datetime) -> bytes:
    """The page as PDF on one A4 sheet. created: aware."""
    return render_pdf(
        "brief",
        {
            "title": rules.shorten(brief.plan.title, 150),
            "council": council,
            "region": region,
            "created": created,
            "marking": MARKING,
            "sentence": brief.sentence,
            "facts": [list(pair) for pair in brief.facts],
            "sections": [
                {
                    "title": f"{each.title}: {each.total}",
                    "definition": each.definition,
                    "rows": [[line.ref, line.text, line.detail] for line in each.lines],
                    "more": _more(each),
                }
                for each in brief.sections
            ],
        },
    )


def _more(section: Section) -> str:
    if section.total == 0:
        return "None."
    return f"And {section.more} more: see the plan." if section.more else ""


def _late(row: Any, today: date) -> bool:
    return is_overdue(row.status, row.status_proposed, row.latest_on, today)


def _comes(row: Any, today: date, until: date) -> bool:
    is_open = effective_status(row.status, row.status_proposed) not in CLOSED
    return row.latest_on is not None and today <= row.latest_on <= until and is_open


def _sentence(line: PlanLine) -> str:
    of = "1 action" if line.total == 1 else f"{line.total:,} actions"
    closed = f"{line.closed:,} of {of} {'is' if line.closed == 1 else 'are'} closed"
    return f"{closed}, {line.overdue:,} overdue and {line.to_confirm:,} with a status nobody has confirmed."


def _facts(line: PlanLine, coming: Meeting | None, last: Meeting | None) -> tuple[tuple[str, str], ...]:
    return (
        ("As it stands on", day(clock.today())),
        ("Monitored by", line.plan.monitor or NOBODY),
        ("Next meeting", _named(coming) if coming else "None is planned"),
        ("Last meeting", _named(last) if last else "None is recorded"),
    )


def _named(meeting: Meeting) -> str:
    return f"{rules.shorten(meeting.body, 60)}, {day(meeting.held_on)}"


def _soon_title(coming: Meeting | None) -> str:
    return "Due before the next meeting" if coming else f"Due within {SOON.days} days"


def _soon_words(coming: Meeting | None, until: date) -> str:
    return f"Open, and due by {day(until)}." + ("" if coming else " No next meeting is planned.")


def _since_title(last: Meeting | None) -> str:
    return "Changed since the last meeting" if last else f"Changed in the last {MEANWHILE.days} days"


def _since_words(last: Meeting | None, since: datetime) -> str:
    said = f"Changed after {day(since.astimezone(clock.LONDON).date())}"
    return f"{said}, when the record of the last meeting was closed." if last else f"{said}. No meeting is recorded."


def _dated(row: Any) -> BriefLine:
    who = " ".join(row.responsibility.split()) or NOBODY
    return BriefLine(
        row.ref, row.action, f"{words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on)}. {who}"
    )


def _told(each: LineChange) -> BriefLine:
    if each.added:
        return BriefLine(each.ref, each.action, "New")
    first, *others = sorted(each.changes, key=lambda change: change.label != "Status")
    more = f" (and {len(others)} more)" if others else ""
    return BriefLine(
        each.ref,
        each.action,
        Change(first.label, rules.shorten(first.before, 25), rules.shorten(first.after, 25)).words + more,
    )


def _newest(against: list[Any]) -> list[Any]:
    return sorted(against, key=lambda row: row.status_confirmed_at or row.updated_at, reverse=True)


def _reason(row: Any, reasons: dict[UUID, Any]) -> str:
    if row.id in reasons:
        found = reasons[row.id]
        return f"{found.words} ({day(found.held_on)})" if len(found.words) <= 60 else found.words
    return row.status_text or row.remark or "No reason is recorded"


def _wanted(responsibility: str) -> str:
    return f"As written: {responsibility}" if responsibility.strip() else "Nobody is written"
