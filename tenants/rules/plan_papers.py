"""A plan on paper: which columns each layout has, and what the public version leaves out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenants.rules.action_words import STATUS_LABELS
from tenants.rules.owners import PERSON, TO_BE_AGREED, Owner, is_councillor, names_nobody, propose
from tenants.rules.progress import propose as propose_status

PUBLIC, RESTRICTED = "public", "restricted"
VERSIONS = {PUBLIC: "Public version", RESTRICTED: "Restricted version, not for publication"}
"""Version → the words at the head of every page."""
TIMESCALES, ELEMENTS = "timescales", "elements"
LAYOUTS = {
    TIMESCALES: ("No.", "Action", "Timescale", "Source/Reason", "Responsibility", "Completed"),
    ELEMENTS: ("Elements", "Requirements", "Evidence", "Action", "By when", "By whom"),
}
"""The two orders of columns in which committees know these papers, heading by heading."""
PLAN_LAYOUTS = {
    TIMESCALES: LAYOUTS[TIMESCALES],
    ELEMENTS: ("No.", *LAYOUTS[ELEMENTS], "Reason", "Completed"),
}
"""The same for a plan by itself: in the template's order its number, reason and state stand in columns of their own."""
PLAN_WIDTHS = {TIMESCALES: (1, 6, 3, 6, 4, 5), ELEMENTS: (1, 4, 4, 4, 5, 3, 4, 5, 4)}
FILE_WORDS = {TIMESCALES: "list of actions", ELEMENTS: "template order"}
"""What the name of a file says of its order."""
WIDTHS = {TIMESCALES: (1, 6, 3, 6, 4, 5), ELEMENTS: (4, 5, 7, 6, 3, 4)}
DETAILS = ("No.", "Source", "Remark", "Officer days", "Cost", "Progress notes")
DETAIL_WIDTHS = (1, 4, 5, 2, 2, 9)
Detail = tuple[str, str, str, Decimal | None, Decimal | None, str]
NAMELESS = "A named officer"
NAMELESS_COUNCILLOR, NAMELESS_COUNCILLORS = "A councillor", "Councillors"
AGAINST = "decided_against"
UNNAMED = "To be agreed"


@dataclass(frozen=True, slots=True)
class Note:
    """A dated note, with its minute where a meeting took it."""

    noted_on: date
    words: str
    minute: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan as it is kept. status: one that a person confirmed, or None.

    owners: those that a person confirmed. evidence: titles, each
    with where in it. place: the codes and titles of its (elements, requirements), where something else knows them.
    decision: what a meeting decided of it last, with its `minute`.
    """

    ref: str
    action: str
    timescale: str = ""
    reason: str = ""
    remark: str = ""
    responsibility: str = ""
    status: str | None = None
    status_text: str = ""
    source: str = ""
    restricted: bool = False
    officer_days: Decimal | None = None
    cost: Decimal | None = None
    owners: tuple[Owner, ...] = ()
    notes: tuple[Note, ...] = ()
    evidence: tuple[str, ...] = ()
    place: tuple[str, str] = ("", "")
    decision: str = ""
    minute: str = ""


def shown(lines: Iterable[Line], version: str) -> list[Line]:
    """The lines that a version has, in their order: the public one leaves the restricted lines out."""
    return [line for line in lines if version == RESTRICTED or not line.restricted]


def cells(line: Line, layout: str, version: str) -> tuple[str, ...]:
    """A line under the headings of a layout, word for word as it was written, but for what a version leaves out."""
    who = responsibility(line, version)
    done = completed(line)
    why = line.reason or line.source
    if layout == ELEMENTS:
        return line.ref, *line.place, _lined(*line.evidence), line.action, line.timescale, who, why, done
    return line.ref, line.action, line.timescale, why, who, done


def offered(lines: Iterable[Line]) -> tuple[str, ...]:
    """The layouts a plan can be had in: the template's order only where a requirement asks for one of its lines."""
    return (TIMESCALES, ELEMENTS) if any(any(line.place) for line in lines) else (TIMESCALES,)


def completed(line: Line) -> str:
    """How far it is: the council's own words, else the word of a confirmed status; with the reason of a "no"."""
    if line.status == AGAINST:
        return _against(line)
    return line.status_text or (STATUS_LABELS[line.status] if line.status else "")


def _against(line: Line) -> str:
    """ "Decided against: No money until 2028 (minute 14/2027)": a meeting's decision, else the words in the line."""
    label, why = STATUS_LABELS[AGAINST], (line.decision or line.status_text).strip()
    minute = f" (minute {line.minute})" if line.decision and line.minute else ""
    if minute:
        why = why.rstrip(".")
    says_so = propose_status(why) == AGAINST
    return f"{why}{minute}" if says_so else f"{label}: {why}{minute}" if why else label


def responsibility(line: Line, version: str) -> str:
    """Who does it: as it was written, but in the public version a person is the post, or a named officer.

    Where nobody confirmed owners, the public sees what was read from the text, and what was not understood is a person.
    """
    if version == RESTRICTED:
        return line.responsibility or "; ".join(filter(None, (owner.name for owner in _in_order(line.owners))))
    owners = line.owners or propose(line.responsibility)
    named = (_public_name(owner, confirmed=bool(line.owners)) for owner in _in_order(owners))
    return "; ".join(dict.fromkeys(named))


def details(lines: Sequence[Line], version: str) -> list[Detail]:
    """What no layout has a column for, by line, under DETAILS; only the lines that have any of it.

    The public version has no officer days, no costs and no notes. A source that all lines share is left to `source_of`.
    """
    shared = source_of(lines) is not None
    rows: list[Detail] = []
    for line in lines:
        source = "" if shared or not line.reason else line.source
        row: Detail = (line.ref, source, "", None, None, "")
        if version == RESTRICTED:
            days = line.officer_days.normalize() if line.officer_days is not None else None
            row = (line.ref, source, line.remark, days, line.cost, "\n".join(_note(note) for note in line.notes))
        if any(part is not None and part != "" for part in row[1:]):
            rows.append(row)
    return rows


def source_of(lines: Sequence[Line]) -> str | None:
    """The one source of all lines, where they share one; else None."""
    sources = {line.source for line in lines}
    return sources.pop() if len(sources) == 1 and "" not in sources else None


def counted(lines: Sequence[Line]) -> str:
    """ "3 actions: 1 completed, 2 with no status yet." """
    total = f"{len(lines)} action{'' if len(lines) == 1 else 's'}"
    found = Counter(line.status for line in lines)
    parts = [f"{found[status]} {label.lower()}" for status, label in STATUS_LABELS.items() if found[status]]
    if found[None]:
        parts.append(f"{found[None]} with no confirmed status")
    return f"{total}: {', '.join(parts)}." if parts else f"{total}."


def version_words(lines: Sequence[Line], version: str) -> str:
    """What this version is, and what is not in it, in sentences."""
    held = sum(line.restricted for line in lines)
    actions = f"{held} restricted action{'' if held == 1 else 's'}"
    if version == RESTRICTED:
        inside = f" It holds {actions}." if held else ""
        return f"This is the restricted version, with names, remarks and notes. Do not publish it.{inside}"
    out = f"{actions} {'is' if held == 1 else 'are'} left out." if held else "No action is left out."
    return (
        f"This is the public version. {out} Owners are named by their post."
        " Progress notes, officer time, costs and internal remarks are left out."
    )


def post_of(name: str) -> str:
    """The post behind a person's name where it stands beside it ("Ann Example, Head of Policy"); else ""."""
    head, comma, post = name.partition(",")
    if not comma and "(" in name and name.rstrip().endswith(")"):
        head, _, post = name.rstrip()[:-1].partition("(")
    post = post.strip()
    read = propose(post) if head.strip() and names_nobody(post) else ()
    return post if read and all(owner.kind not in (PERSON, TO_BE_AGREED) for owner in read) else ""


def _public_name(owner: Owner, *, confirmed: bool) -> str:
    """What the public reads of an owner: a post, group or body that a person confirmed, or that can hold no name."""
    if owner.kind == TO_BE_AGREED:
        return UNNAMED
    if owner.kind != PERSON and (confirmed or names_nobody(owner.name)):
        return owner.name
    return post_of(owner.name) or _unnamed(owner.name)


def _unnamed(name: str) -> str:
    if not is_councillor(name):
        return NAMELESS
    return (
        NAMELESS_COUNCILLORS if name.split(maxsplit=1)[0].casefold().rstrip(".").endswith("s") else NAMELESS_COUNCILLOR
    )


def _in_order(owners: Iterable[Owner]) -> list[Owner]:
    """Who is accountable first."""
    return sorted(owners, key=lambda owner: not owner.accountable)


def _lined(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def _note(note: Note) -> str:
    minute = f" (minute {note.minute})" if note.minute else ""
    return f"{note.noted_on.day} {note.noted_on:%B} {note.noted_on.year}{minute}: {note.words}"
