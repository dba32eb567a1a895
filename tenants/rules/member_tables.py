"""What a table of members would do to the members there are, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tenants.rules.member_rows import LABELS, Person, Problem, columns_of, read_person

RE_ELECTED_AFTER_DAYS = 180
"""A start that lies this much later than the known one is another term; less is a correction of the date."""
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row would do: added, updated, re_elected or unchanged. `changes` are (column, before, after) in words."""

    line: int
    verb: str
    person: Person
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row's outcome, or every problem; nothing may be taken in while there is one."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...] = field(default=())
    """Headings of columns that mean nothing here."""

    def count(self, verb: str) -> int:
        """How many rows would do this."""
        return sum(outcome.verb == verb for outcome in self.outcomes)


def preview(headings: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], known: Sequence[Person]) -> Preview:
    """What a table would do to the members that are known.

    rows: (line in the file, cells). A blank cell says nothing and changes nothing. Members are told by reference, then
    by e-mail, then by name and ward, then by name alone where only one has it.
    """
    columns = columns_of(headings)
    if "name" not in columns and not {"given_name", "family_name"} <= set(columns):
        seen = ", ".join(f"“{heading}”" for heading in headings[:12])
        reason = f"Looked for “Name”, or “Given name” and “Family name”. Found {seen}."
        return Preview((), (Problem(1, "Headings", reason),))
    if len(rows) > MOST_ROWS:
        return Preview((), (Problem(rows[MOST_ROWS][0], "Rows", f"At most {MOST_ROWS:,} members are taken at once."),))
    ignored = tuple(heading for at, heading in enumerate(headings) if at not in columns.values())
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    lines_of: dict[str, int] = {}
    newcomers: list[Person] = []
    for line, cells in rows:
        person, wrong = read_person(line, cells, headings, columns)
        if person is None or wrong:
            problems += wrong
            continue
        match, doubt = _match(person, known)
        if doubt:
            problems.append(Problem(line, *doubt))
            continue
        twin = _same_row(person, match, newcomers, lines_of)
        if twin is not None:
            problems.append(Problem(line, LABELS["name"], f"{person.name} stands in line {twin} already."))
            continue
        outcome = _outcome(line, person, match)
        if isinstance(outcome, Problem):
            problems.append(outcome)
            continue
        lines_of[match.key if match else f"new {len(newcomers)}"] = line
        if match is None:
            newcomers.append(person)
        outcomes.append(outcome)
    if not outcomes and not problems:
        problems.append(Problem(1, "Rows", "There are headings, but no row below them."))
    return Preview(tuple(outcomes), tuple(problems), ignored)


def _match(person: Person, known: Sequence[Person]) -> tuple[Person | None, tuple[str, str] | None]:
    """The member a row is about, or why that cannot be told."""
    if person.reference:
        same = [one for one in known if one.reference and one.reference.lower() == person.reference.lower()]
        if same:
            return same[0], None
    candidates = [one for one in known if not (person.reference and one.reference)]
    if person.email:
        same = [one for one in candidates if one.email.lower() == person.email]
        if len(same) == 1:
            return same[0], None
        if same:
            return None, (
                LABELS["email"],
                f"{len(same)} members have this address. Add a reference to tell them apart.",
            )
    named = [one for one in candidates if _name_key(one) == _name_key(person)]
    if person.email:
        named = [one for one in named if not one.email] or (named if len(named) == 1 else [])
    if person.ward and len(named) > 1:
        named = [one for one in named if one.ward.lower() == person.ward.lower()] or named
    if len(named) > 1:
        return None, (
            LABELS["name"],
            f"{len(named)} members are called {person.given_name} {person.family_name}. "
            "Add a reference or an email address to tell them apart.",
        )
    return (named[0] if named else None), None


def _same_row(
    person: Person, match: Person | None, newcomers: Sequence[Person], lines_of: dict[str, int]
) -> int | None:
    """The earlier line about the same member, if any."""
    if match is not None:
        return lines_of.get(match.key)
    twin, doubt = _match(person, [replace(one, key=f"new {at}") for at, one in enumerate(newcomers)])
    if twin is None and doubt is None:
        return None
    if twin is not None and person.ward and twin.ward and person.ward.lower() != twin.ward.lower() and not person.email:
        return None
    return lines_of[twin.key] if twin else max(lines_of.values())


def _name_key(person: Person) -> tuple[str, str]:
    return person.given_name.casefold(), person.family_name.casefold()


def _outcome(line: int, person: Person, match: Person | None) -> Outcome | Problem:
    if match is None:
        if person.due_to_end_on and not person.started_on:
            return Problem(line, LABELS["started_on"], "A term that ends needs the date on which it began.")
        return Outcome(line, "added", replace(person, kind=person.kind or "elected"))
    changes = []
    values: dict[str, str] = {}
    for name in ("title", "given_name", "family_name", "email", "kind", "ward", "group", "reference"):
        before, after = getattr(match, name), getattr(person, name)
        values[name] = after or before
        same = before.casefold() == after.casefold() if name in ("email", "reference", "group") else before == after
        if after and not same:
            changes.append((LABELS[name], before, after))
    term = _term(line, person, match)
    if isinstance(term, Problem):
        return term
    verb, started, ends = term
    for name, before_on, after_on in (
        ("started_on", match.started_on, started), ("due_to_end_on", match.due_to_end_on, ends),
    ):  # fmt: skip
        if before_on != after_on:
            changes.append((LABELS[name], _day(before_on), _day(after_on)))
    ended = None if verb == "re_elected" else match.ended_on
    after_person = Person(**values, started_on=started, due_to_end_on=ends, ended_on=ended, key=match.key)
    if not changes:
        return Outcome(line, "unchanged", after_person)
    return Outcome(line, verb, after_person, tuple(changes))


def _term(line: int, person: Person, match: Person) -> tuple[str, date | None, date | None] | Problem:
    """(verb, start, due end) of the term the row leaves the member with."""
    started = person.started_on or match.started_on
    if match.started_on is None or started is None:
        if person.due_to_end_on and started is None:
            return Problem(line, LABELS["started_on"], "A term that ends needs the date on which it began.")
        return "updated", started, person.due_to_end_on or match.due_to_end_on
    over = match.ended_on is not None
    if started == match.started_on:
        ends = match.due_to_end_on if over else person.due_to_end_on or match.due_to_end_on
    elif (match.ended_on is not None and started >= match.ended_on) or (
        not over and (started - match.started_on).days > RE_ELECTED_AFTER_DAYS
    ):
        return "re_elected", started, person.due_to_end_on
    elif over:
        reason = f"The term that ended on {_day(match.ended_on)} began on {_day(match.started_on)}."
        return Problem(line, LABELS["started_on"], reason)
    else:
        ends = person.due_to_end_on or match.due_to_end_on
    if ends is not None and ends < started:
        return Problem(line, LABELS["due_to_end_on"], "The term ends before it begins.")
    return "updated", started, ends


def _day(value: date | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else ""
