"""What taking in a region's file of councils would do to the councils and awards that are there, row by row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from assessment.rules.council_tables import (
    AWARD_HEADINGS,
    COUNCIL_HEADINGS,
    LABELS,
    AwardOutcome,
    CouncilOutcome,
    KnownCouncil,
    Offered,
    Preview,
    Problem,
    Texts,
)
from assessment.rules.process_words import day_words
from tenants.rules.council_kinds import KIND_LABELS
from tenants.rules.member_rows import day_of
from tenants.rules.slugs import SLUG_WORDS, is_slug, slug_of

KINDS = {
    **{words.casefold(): kind for kind, words in KIND_LABELS.items()},
    **{kind.replace("_", " "): kind for kind in KIND_LABELS},
    "borough": "district", "borough council": "district", "district council": "district", "city council": "district",
    "unitary authority": "unitary", "county council": "county", "metropolitan district": "metropolitan",
    "metropolitan borough council": "metropolitan", "london borough council": "london_borough",
    "fire authority": "fire", "fire and rescue": "fire", "police authority": "police", "police panel": "police",
    "police and crime panel": "police", "national park authority": "national_park",
}  # fmt: skip
KIND_OF_PLACE = frozenset(
    (
        "and",
        "borough",
        "city",
        "council",
        "county",
        "district",
        "london",
        "metropolitan",
        "of",
        "royal",
        "the",
        "unitary",
    )
)
"""What two spellings of one council differ by."""
MOST_ROWS, LONGEST = 2_000, 200
MOST_SEATS = 500
NEARLY = 0.8
"""How much of two names must be the same for one to be taken for a slip of the other, from 0 to 1."""
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
Refuse = Callable[[str, str], None]
"""Says of a column why its cell cannot be taken."""


@dataclass(slots=True)
class _Council:
    """The rows of one council as they are gathered."""

    place: str
    name: str
    texts: Texts = field(default_factory=dict)
    awards: list[tuple[str, Texts]] = field(default_factory=list)


def preview(
    rows: Sequence[tuple[str, Texts]], known: Sequence[KnownCouncil], offered: Sequence[Offered], today: date
) -> Preview:
    """What the rows would do to the councils that are known. A blank cell says nothing."""
    problems: list[Problem] = []
    if not rows:
        words = "No row below headings was found. One column must be called Council."
        return Preview((), (Problem("The file", LABELS["name"], words),))
    if len(rows) > MOST_ROWS:
        return Preview((), (Problem(rows[MOST_ROWS][0], "Rows", f"At most {MOST_ROWS:,} rows are taken at once."),))
    gathered = _gather(rows, problems)
    names = [each.name for each in gathered if each.texts] + [each.name for each in known]
    outcomes = [_outcome(each, known, names, offered, today, problems) for each in gathered]
    _refuse_alike([each for each in outcomes if each], gathered, problems)
    return Preview(tuple(each for each in outcomes if each), tuple(problems))


def _gather(rows: Sequence[tuple[str, Texts]], problems: list[Problem]) -> list[_Council]:
    """The rows of each council together; what two of them say differently is a problem."""
    found: dict[str, _Council] = {}
    for place, texts in rows:
        name = texts.get("name", "")
        if not name:
            problems.append(Problem(place, LABELS["name"], "The row names no council."))
            continue
        council = found.setdefault(plain_name(name), _Council(place, name))
        for column in COUNCIL_HEADINGS:
            text = texts.get(column, "")
            if len(text) > LONGEST:
                problems.append(Problem(place, LABELS[column], f"This is longer than {LONGEST} characters."))
            elif text and column != "name" and council.texts.setdefault(column, text) != text:
                said = f"“{text}” here, “{council.texts[column]}” in another row of {council.name}."
                problems.append(Problem(place, LABELS[column], said))
        award = {column: texts[column] for column in AWARD_HEADINGS if texts.get(column)}
        if award:
            council.awards.append((place, award))
    return list(found.values())


def _outcome(
    council: _Council,
    known: Sequence[KnownCouncil],
    names: Sequence[str],
    offered: Sequence[Offered],
    today: date,
    problems: list[Problem],
) -> CouncilOutcome | None:
    """names: of councils that the file describes or that are here, one of which a mistyped name may mean."""
    before = len(problems)
    texts = council.texts

    def refuse(column: str, reason: str) -> None:
        problems.append(Problem(council.place, LABELS[column], reason))

    match = _match(council, known)
    kind = KINDS.get(texts.get("kind", "").casefold().strip(), "")
    if texts.get("kind") and not kind:
        refuse("kind", f"“{texts['kind']}” is no type. Types are {', '.join(KIND_LABELS.values())}.")
    elif not kind and match is None:
        meant = "" if texts else _nearest(council.name, names)
        if meant:
            refuse("name", f"No council is called “{council.name}”. Did you mean {meant}? Write it the same.")
        else:
            refuse("kind", f"{council.name} is new: say which type of authority it is.")
    seats = int(texts["seats"]) if re.fullmatch(r"[0-9]{1,3}", texts.get("seats", "")) else None
    if texts.get("seats") and (seats is None or not 1 <= seats <= MOST_SEATS):
        refuse("seats", f"“{texts['seats']}” is no number of seats from 1 to {MOST_SEATS}.")
    email = texts.get("email", "").lower()
    if email and not EMAIL.fullmatch(email):
        refuse("email", f"“{email}” is not an email address.")
    slug = texts.get("slug") or slug_of(council.name)
    if match is None and not is_slug(slug):
        refuse("slug", f"“{slug}” must be {SLUG_WORDS}. Add a column called Short name.")
    if match is None and "slug" not in texts:
        near = next((each for each in known if core_name(each.name) == core_name(council.name)), None)
        if near:
            refuse("name", f"Is this {near.name}, which is here already? Write it the same, or add a Short name.")
    awards = [_award(place, award, match, offered, today, problems) for place, award in council.awards]
    _refuse_twins([each for each in awards if each], problems)
    if len(problems) > before:
        return None
    return CouncilOutcome(
        council.place,
        match.name if match else council.name,
        match,
        match.slug if match else slug,
        match.kind if match else kind,
        match.county if match else texts.get("county", ""),
        seats if match is None or match.seats is None else None,
        texts.get("contact", ""),
        email,
        tuple(each for each in awards if each),
        _differences(match, council, kind, seats) if match else (),
    )


def _nearest(name: str, names: Sequence[str]) -> str:
    """The council whose name is nearly this one, but for the kind of place; "" for none."""
    by_core = {core_name(each): each for each in reversed(names)}
    near = get_close_matches(core_name(name), by_core, n=1, cutoff=NEARLY)
    return by_core[near[0]] if near else ""


def _match(council: _Council, known: Sequence[KnownCouncil]) -> KnownCouncil | None:
    plain, slugs = plain_name(council.name), (council.texts.get("slug"), council.name)
    by_slug = next((each for each in known if each.slug in slugs), None)
    return by_slug or next((each for each in known if plain_name(each.name) == plain), None)


def _differences(
    known: KnownCouncil, council: _Council, kind: str, seats: int | None
) -> tuple[tuple[str, str, str], ...]:
    pairs: list[tuple[str, Any, Any]] = [
        (LABELS["kind"], KIND_LABELS[known.kind], KIND_LABELS.get(kind)),
        (LABELS["county"], known.county, council.texts.get("county")),
    ]
    if known.seats is not None:
        pairs.append((LABELS["seats"], known.seats, seats))
    return tuple((column, str(here), str(there)) for column, here, there in pairs if there and here != there)


def _award(
    place: str,
    texts: Texts,
    council: KnownCouncil | None,
    offered: Sequence[Offered],
    today: date,
    problems: list[Problem],
) -> AwardOutcome | None:
    before = len(problems)

    def refuse(column: str, reason: str) -> None:
        problems.append(Problem(place, LABELS[column], reason))

    days: dict[str, date | None] = {}
    for column in ("awarded_on", "valid_to_on"):
        text = texts.get(column, "")
        days[column] = day_of(text)
        if not text:
            refuse(column, "An award needs this day.")
        elif days[column] is None:
            refuse(column, f"“{text}” is not a date, like 4 May 2023.")
    awarded_on, valid_to_on = days["awarded_on"], days["valid_to_on"]
    if awarded_on and awarded_on > today:
        refuse("awarded_on", "This day is in the future.")
    if awarded_on and valid_to_on and valid_to_on <= awarded_on:
        refuse("valid_to_on", "The award ends before it begins.")
    framework, level = _framework(texts, offered, refuse)
    if len(texts.get("words", "")) > LONGEST:
        refuse("words", f"This is longer than {LONGEST} characters.")
    if len(problems) > before or framework is None or awarded_on is None or valid_to_on is None:
        return None
    title = texts.get("words") or framework.levels[level]
    there = council and next(
        (each for each in council.awards if each.level == level and each.awarded_on == awarded_on), None
    )
    differences: list[tuple[str, str, str]] = []
    if there and there.valid_to_on != valid_to_on:
        differences.append((LABELS["valid_to_on"], day_words(there.valid_to_on), day_words(valid_to_on)))
    if there and "words" in texts and there.level_title != title:
        differences.append((LABELS["words"], there.level_title, title))
    verb = "different" if differences else "known" if there else "new"
    return AwardOutcome(
        place, verb, framework.id, framework.title, framework.version, level, title, awarded_on, valid_to_on,
        tuple(differences),
    )  # fmt: skip


def _framework(texts: Texts, offered: Sequence[Offered], refuse: Refuse) -> tuple[Offered | None, str]:
    """The framework and the code of its level, by code or title."""
    wanted = texts.get("framework", "").casefold()
    names = ", ".join(each.code for each in offered)
    matching = [
        each
        for each in offered
        if wanted in (each.code.casefold(), each.title.casefold(), f"{each.title} ({each.version})".casefold())
    ]
    if not wanted:
        refuse("framework", f"Say which framework it was: {names}.")
        return None, ""
    if len(matching) != 1:
        words = "more than one framework" if matching else "no framework that is offered here"
        refuse("framework", f"“{texts['framework']}” is {words}. There are: {names}.")
        return None, ""
    framework, level = matching[0], texts.get("level", "").casefold()
    code = next((code for code, title in framework.levels.items() if level in (code.casefold(), title.casefold())), "")
    if not code:
        titles = ", ".join(framework.levels.values())
        refuse("level", f"“{texts.get('level', '')}” is no level of this framework: {titles}.")
        return None, ""
    return framework, code


def _refuse_twins(awards: Sequence[AwardOutcome], problems: list[Problem]) -> None:
    seen: dict[tuple[str, date], str] = {}
    for award in awards:
        first = seen.setdefault((award.level, award.awarded_on), award.place)
        if first != award.place:
            problems.append(Problem(award.place, LABELS["awarded_on"], f"The same award stands at {first}."))


def _refuse_alike(outcomes: Sequence[CouncilOutcome], gathered: Sequence[_Council], problems: list[Problem]) -> None:
    """Two new councils whose names differ by the kind of place alone, or that would have one short name."""
    deliberate = {each.place for each in gathered if "slug" in each.texts}
    cores: dict[str, CouncilOutcome] = {}
    slugs: dict[str, CouncilOutcome] = {}
    for each in outcomes:
        if each.known is not None:
            continue
        if each.place not in deliberate:
            first = cores.setdefault(core_name(each.name), each)
            if first is not each:
                reason = f"Is this {first.name} of {first.place}? Write both the same, or add a Short name."
                problems.append(Problem(each.place, LABELS["name"], reason))
                continue
        if slugs.setdefault(each.slug, each) is not each:
            reason = f"{slugs[each.slug].name} would have the same short name, {each.slug}."
            problems.append(Problem(each.place, LABELS["slug"], reason))


def plain_name(name: str) -> str:
    """A name for comparing: without case, accents, punctuation and a leading “The”."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold().replace("&", " and ")
    words = re.findall(r"[a-z0-9]+", text.replace("'", ""))
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def core_name(name: str) -> str:
    """What is left of a name without the kind of place: “Royal Borough of Alford” is “alford”."""
    words = plain_name(name).split()
    return " ".join(word for word in words if word not in KIND_OF_PLACE) or " ".join(words)
