"""What happened to a line: what changed between two versions, field by field, and its whole history, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tenants.rules.action_words import STATUS_LABELS, words_of_reading

TEXTS = {
    "ref": "No.",
    "action": "Action",
    "timescale": "Timescale",
    "source": "Source",
    "reason": "Reason",
    "remark": "Remark",
    "responsibility": "Responsibility",
    "status_text": "Completed, in the council's words",
}
NOTHING = "(empty)"
DETAIL_EVENTS = {
    "action.owners_confirmed": ("Owners confirmed", "owners"),
    "action.priorities_chosen": ("Priorities chosen", "priorities"),
    "action.evidence_linked": ("Evidence linked", "title"),
    "action.evidence_unlinked": ("Evidence no longer linked", "title"),
    "action.note_removed": ("A note was taken out", ""),
}
"""Verb → what it is in the history of a line, and what of its payload says more."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a change touched: how it was, and how it is since; NOTHING for an empty one."""

    label: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """ "Timescale: May 2027 → June 2027", "Status: set to Completed", "Reason: taken out, it was Asked for"."""
        if self.before == NOTHING:
            return f"{self.label}: set to {self.after}"
        if self.after == NOTHING:
            return f"{self.label}: taken out, it was {self.before}"
        return f"{self.label}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Version:
    """A line as one change left it. document: as kept in `action_versions`; meeting: the body that met, if one did."""

    document: Mapping[str, Any]
    at: datetime
    by: str
    meeting: str | None


@dataclass(frozen=True, slots=True)
class Detail:
    """Something done with what hangs on a line. verb: one of DETAIL_EVENTS."""

    verb: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a line's history. body: what changed, a line for each, or ""."""

    title: str
    at: datetime
    by: str
    body: str


def history(versions: Iterable[Version], details: Iterable[Detail]) -> list[Entry]:
    """Everything that happened to a line, the newest first. versions: the oldest first; one that changed nothing that
    is told is left out.
    """
    entries = []
    before: Mapping[str, Any] | None = None
    for version in versions:
        found = changes(before, version.document) if before is not None else ()
        if before is None or found:
            title = "Added" if before is None else "Changed"
            if version.meeting is not None:
                title = f"{title} in the meeting of {version.meeting}"
            entries.append(Entry(title, version.at, version.by, in_words(found)))
        before = version.document
    for detail in details:
        title, name = DETAIL_EVENTS[detail.verb]
        body = (detail.payload.get(name) or "None") if name else ""
        entries.append(Entry(title, detail.at, detail.payload.get("by", "Somebody"), body))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between two documents of `action_versions`, in the order in which a line is read."""
    return tuple(
        Change(label, was or NOTHING, now or NOTHING)
        for (label, was), now in zip(_told(before).items(), _told(after).values(), strict=True)
        if was != now
    )


def in_words(found: tuple[Change, ...]) -> str:
    """A line for each change: "Timescale: May 2027 → June 2027"."""
    return "\n".join(each.words for each in found)


def _told(document: Mapping[str, Any]) -> dict[str, str]:
    told = {label: str(document.get(name) or "") for name, label in TEXTS.items()}
    earliest, latest = _day(document.get("earliest_on")), _day(document.get("latest_on"))
    told["Read as"] = words_of_reading(document.get("timescale_kind") or "none", earliest, latest)
    told["Reading chosen by"] = document.get("timescale_chosen_by") or ""
    told["Status"] = STATUS_LABELS.get(document.get("status") or "", "")
    completed = _day(document.get("completed_on"))
    told["Completed on"] = words_of_reading("session", completed, completed) if completed else ""
    told["Officer days"] = _figure(document.get("officer_days"))
    told["Cost"] = _figure(document.get("cost"))
    told["Kept out of public papers"] = "Yes" if document.get("restricted") else "No"
    return told


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _figure(value: Any) -> str:
    return "" if value is None else f"{Decimal(str(value)):,.2f}".removesuffix(".00")
