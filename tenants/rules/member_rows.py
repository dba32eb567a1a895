"""One row of a table of members: which column means what, and the person the row speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
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
LONGEST = 200


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


def read_person(
    line: int, cells: Sequence[str], headings: Sequence[str], columns: dict[str, int]
) -> tuple[Person | None, list[Problem]]:
    """The person in a row, or everything that is wrong with it.

    line: of the row in its file. columns: meaning → place of its column, as `columns_of` finds them.
    """
    wrong: list[Problem] = []

    def refuse(name: str, reason: str) -> None:
        wrong.append(Problem(line, headings[columns[name]], reason))

    texts = {name: " ".join(cells[at].split()) for name, at in columns.items()}
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


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", heading.lower().replace("'", "")).split())
