"""What a table of members means: which column is which, and what each row would do to the members there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tenants.rules import calendar_words, written_dates

HEADINGS: dict[str, tuple[str, ...]] = {
    "reference": (
        "reference", "ref", "member reference", "member id", "id", "payroll number", "employee number", "uid",
        "councillor id", "member number", "unique id",
    ),
    "title": ("title", "salutation", "prefix", "style"),
    "given_name": (
        "given name", "given names", "first name", "first names", "forename", "forenames", "christian name",
    ),
    "family_name": ("family name", "surname", "last name", "second name"),
    "name": (
        "name", "full name", "councillor", "councillor name", "member", "member name", "name of councillor",
        "name of member", "cllr", "councillors", "members",
    ),
    "email": ("e mail", "email", "e mail address", "email address", "council email", "contact email"),
    "kind": ("kind", "type", "member type", "type of member", "elected or co opted"),
    "ward": (
        "ward", "division", "electoral division", "ward division", "ward or division", "electoral ward",
        "ward name", "division name", "area", "constituency",
    ),
    "group": (
        "group", "party", "political group", "political party", "group party", "party group", "party or group",
        "group or party", "affiliation",
    ),
    "started_on": (
        "elected on", "elected", "date elected", "election date", "date of election", "term started on",
        "term started", "term start", "term starts", "start of term", "term of office start", "start date",
        "from", "in office since", "date of appointment", "appointed on", "appointed",
    ),
    "due_to_end_on": (
        "term ends", "term ends on", "term end", "end of term", "term due to end on", "due to end on",
        "term of office ends", "term of office end", "term expires", "end date", "until", "to", "expires",
        "term of office expires",
    ),
}  # fmt: skip
LABELS = {
    "reference": "Reference",
    "title": "Title",
    "given_name": "Given name",
    "family_name": "Family name",
    "name": "Name",
    "email": "E-mail",
    "kind": "Kind",
    "ward": "Ward",
    "group": "Group",
    "started_on": "Elected on",
    "due_to_end_on": "Term ends",
}
TEMPLATE = tuple(heading for name, heading in LABELS.items() if name != "name")
TITLES = (
    "cllr", "councillor", "mr", "mrs", "ms", "miss", "mx", "dr", "sir", "dame", "lord", "lady", "prof", "professor",
    "rev", "reverend", "the", "hon", "rt", "baroness", "major", "captain", "alderman", "ald",
)  # fmt: skip
NO_GROUP = "Not in a group"
_NO_GROUP_WORDS = (
    "none",
    "no group",
    "not in a group",
    "ungrouped",
    "unaligned",
    "non-aligned",
    "non aligned",
    "n/a",
    "-",
)
_KIND_WORDS = {
    "elected": "elected", "councillor": "elected", "co-opted": "co_opted", "coopted": "co_opted",
    "co opted": "co_opted", "co-optee": "co_opted", "independent": "independent", "independent person": "independent",
    "lay": "independent", "lay member": "independent",
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
RE_ELECTED_AFTER_DAYS = 180
"""A start that lies this much later than the known one is another term; less is a correction of the date."""
LONGEST = 200
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a table or the register has it; None and "" are nothing said. `key` is the register's own."""

    given_name: str
    family_name: str
    title: str = ""
    email: str = ""
    kind: str = ""
    ward: str = ""
    group: str = ""
    reference: str = ""
    started_on: date | None = None
    due_to_end_on: date | None = None
    ended_on: date | None = None
    key: str = ""

    @property
    def name(self) -> str:
        """Title, given and family name."""
        return " ".join(filter(None, (self.title, self.given_name, self.family_name)))


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken: its line in the file, the column's heading and the reason."""

    line: int
    column: str
    reason: str


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


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Meaning → place of its column. The first of two columns with one meaning wins."""
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        plain = _plain(heading)
        for meaning, names in HEADINGS.items():
            if plain in names and meaning not in found:
                found[meaning] = at
                break
    return found


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
        person, wrong = _person(line, {name: cells[at] for name, at in columns.items()}, headings, columns)
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


def _person(
    line: int, cells: dict[str, str], headings: Sequence[str], columns: dict[str, int]
) -> tuple[Person | None, list[Problem]]:
    wrong: list[Problem] = []

    def refuse(name: str, reason: str) -> None:
        wrong.append(Problem(line, headings[columns[name]], reason))

    texts = {name: " ".join(text.split()) for name, text in cells.items()}
    dates: dict[str, date | None] = {}
    for name, text in texts.items():
        if name in ("started_on", "due_to_end_on"):
            dates[name] = day_of(text)
            if text and dates[name] is None:
                refuse(name, f"“{text}” is not a date, like 4 May 2023.")
        elif len(text) > LONGEST:
            refuse(name, f"This is longer than {LONGEST} characters.")
    title, given, family = _names(texts)
    if not family or not given:
        name = next(each for each in ("name", "family_name", "given_name") if each in columns)
        if name == "family_name" and family:
            name = "given_name"
        refuse(name, "A given name and a family name are needed.")
    email = texts.get("email", "").lower()
    if email and not _EMAIL.fullmatch(email):
        refuse("email", f"“{email}” is not an email address.")
    kind_words = texts.get("kind", "").lower()
    kind = _KIND_WORDS.get(kind_words, "")
    if kind_words and not kind:
        refuse("kind", f"“{texts['kind']}” is none of: elected, co-opted, independent.")
    started, ends = dates.get("started_on"), dates.get("due_to_end_on")
    if started and ends and ends < started:
        refuse("due_to_end_on", "The term ends before it begins.")
    if wrong:
        return None, wrong
    group = texts.get("group", "")
    group = NO_GROUP if group.lower() in _NO_GROUP_WORDS else group
    return Person(
        given, family, title, email, kind, texts.get("ward", ""), group, texts.get("reference", ""), started, ends
    ), []


def _names(texts: dict[str, str]) -> tuple[str, str, str]:
    """Title, given and family name: from their own columns, or from a whole name ("Cllr Ann Lee", "Lee, Ann")."""
    title, given, family = (texts.get(name, "") for name in ("title", "given_name", "family_name"))
    if given and family:
        return title, given, family
    whole = texts.get("name", "")
    before, comma, after = whole.partition(",")
    words = after.split() if comma else whole.split()
    titles: list[str] = []
    while words and words[0].rstrip(".").lower() in TITLES:
        titles.append(words.pop(0))
    if comma:
        return title or " ".join(titles), given or " ".join(words), family or before.strip()
    particle = next(
        (at for at in range(1, len(words) - 1) if words[at].lower() in ("de", "van", "von", "le", "la")), None
    )
    cut = particle if particle is not None else len(words) - 1
    if len(words) < 2:
        return title, given, family or whole
    return title or " ".join(titles), given or " ".join(words[:cut]), family or " ".join(words[cut:])


def day_of(text: str) -> date | None:
    """The one day a text is, day before month ("04/05/2023", "4 May 2023", "2023-05-04"); None for anything else."""
    copy, _ = calendar_words.mend(text.removesuffix(" 00:00"))
    mentions = written_dates.find(copy.strip())
    if len(mentions) != 1:
        return None
    mention = mentions[0]
    if mention.kind != "day" or mention.year is None:
        return None
    if copy.strip()[: mention.start].strip() or copy.strip()[mention.end :].strip(" ."):
        return None
    try:
        return mention.span(mention.year)[0]
    except ValueError:
        return None


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


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", heading.lower().replace("'", "")).split())
