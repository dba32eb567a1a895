"""Covers for committees: begun with words to change, kept, and written as blocks above what they cover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.papers import Block, Facts, Heading, Logo, NewPage, Numbered, Paper, Prose, Table
from saas.templating import day, plural
from saas.tenancy import Actor
from tenants.models.committee_papers import CommitteePaper
from tenants.queries.committee_papers import find_cover
from tenants.queries.locks import hold
from tenants.queries.logos import NamedPlace
from tenants.rules.plan_papers import VERSIONS

IMPLICATIONS = ("Financial", "Legal", "Equality", "Risk")
"""The headings that are offered; a council may add one of its own."""
PURPOSES = {
    "plan": ("To present the action plan and how far it is.", "Agree the action plan.\nNote the progress so far."),
    "self_assessment": (
        "To present the council's self-assessment against the Charter.",
        "Agree the self-assessment.\nNote the actions that it names.",
    ),
}
LONGEST_TEXT = 20_000
LONGEST_LINE = 300
MOST_RECOMMENDATIONS = 30


def begin_cover(council_id: UUID, *, subject: str, subject_id: UUID, title: str, by: Actor) -> CommitteePaper:
    """The cover of a plan or self-assessment, with words to begin from where there was none."""
    hold(f"committee_papers:{council_id}")
    there = find_cover(council_id, subject, subject_id)
    if there is not None:
        return there
    purpose, recommendations = PURPOSES[subject]
    cover = CommitteePaper(
        council_id=council_id,
        id=new_id(),
        subject=subject,
        subject_id=subject_id,
        title=title,
        committee="",
        meets_on=None,
        author="",
        purpose=purpose,
        background="",
        recommendations=recommendations.split("\n"),
        implications=[{"heading": heading, "text": ""} for heading in IMPLICATIONS],
        updated_at=clock.now(),
        updated_by_name=by.name,
    )
    db.session.add(cover)
    db.session.flush()
    events.record("committee_paper.begun", cover, by=by, audience="council", payload={"title": title})
    return cover


def save_cover(
    cover: CommitteePaper,
    *,
    version: int,
    title: str,
    committee: str,
    meets_on: date | None,
    author: str,
    purpose: str,
    background: str,
    recommendations: Sequence[str],
    implications: Sequence[tuple[str, str]],
    by: Actor,
) -> None:
    """Keep the cover. implications: (heading, text). Raises Conflict when stale, Invalid naming the field."""
    if cover.version != version:
        raise Conflict(theirs=cover)
    given = [text.strip() for text in recommendations if text.strip()]
    _check(title, purpose, background, given, implications)
    cover.title, cover.committee, cover.meets_on, cover.author = title.strip(), committee.strip(), meets_on, author
    cover.purpose, cover.background, cover.recommendations = purpose, background, given
    cover.implications = [{"heading": heading.strip(), "text": text} for heading, text in implications]
    cover.updated_at, cover.updated_by_name = clock.now(), by.name
    db.session.flush()
    events.record("committee_paper.changed", cover, by=by, audience="council", payload={"title": cover.title})


def remove_cover(cover: CommitteePaper, *, version: int, by: Actor) -> None:
    """Take the cover away; what it covered stays. Raises Conflict when somebody changed it since it was seen."""
    if cover.version != version:
        raise Conflict(theirs=cover)
    events.record("committee_paper.removed", cover, by=by, audience="council", payload={"title": cover.title})
    db.session.delete(cover)
    db.session.flush()


def versioned_paper(
    title: str, blocks: Sequence[Block], names: tuple[NamedPlace, NamedPlace], *, version: str, landscape: bool = False
) -> Paper:
    """A paper of now that says which version it is. names: the council and its region, with their logos."""
    council, region = names
    return Paper(
        title=title,
        council=council.name,
        region=region.name,
        created=clock.now(),
        blocks=tuple(blocks),
        marking=VERSIONS[version],
        landscape=landscape,
        logos=tuple(Logo(place.logo, place.name) for place in names if place.logo),
    )


def covered_paper(
    cover: CommitteePaper,
    subject: tuple[str, str, Sequence[Block]],
    evidence: Table | None,
    names: tuple[NamedPlace, NamedPlace],
    *,
    version: str,
) -> Paper:
    """The cover, and behind it what it covers and the evidence index, as one document.

    subject: its title, how much it holds in words, and its blocks. evidence: the index, a row for each piece; None
    where there is none.
    """
    title, counted, covered = subject
    appendices = [f"{title} ({counted})"]
    blocks = [NewPage(landscape=True), Heading(1, f"Appendix 1: {title}"), *covered]
    if evidence is not None:
        appendices.append(f"Evidence index ({plural(len(evidence.rows), 'piece')} of evidence)")
        blocks += [NewPage(landscape=True), Heading(1, "Appendix 2: Evidence index"), evidence]
    return versioned_paper(cover.title, (*cover_blocks(cover, appendices), *blocks), names, version=version)


def cover_blocks(cover: CommitteePaper, appendices: Sequence[str]) -> tuple[Block, ...]:
    """The cover as it is printed. appendices: what follows it, in order, each in words."""
    about = (
        ("Committee", cover.committee),
        ("Meeting", day(cover.meets_on)),
        ("Report of", cover.author),
    )
    blocks: list[Block] = [Facts(tuple(pair for pair in about if pair[1]))] if any(text for _, text in about) else []
    for heading, text in (("Purpose", cover.purpose), ("Background", cover.background)):
        if text.strip():
            blocks += [Heading(1, heading), Prose(text)]
    if cover.recommendations:
        blocks += [Heading(1, "Recommendations"), Numbered(tuple(cover.recommendations))]
    said = [(each["heading"], each["text"]) for each in cover.implications if each["text"].strip()]
    if said:
        blocks.append(Heading(1, "Implications"))
        for heading, text in said:
            blocks += [Heading(2, heading), Prose(text)]
    if appendices:
        listed = (f"Appendix {number}: {words}" for number, words in enumerate(appendices, 1))
        blocks += [Heading(1, "Appendices"), *(Prose(words) for words in listed)]
    return tuple(blocks)


def _check(
    title: str, purpose: str, background: str, recommendations: Sequence[str], implications: Sequence[tuple[str, str]]
) -> None:
    messages: dict[str, list[str]] = {}
    if not title.strip():
        messages["title"] = ["Enter the title."]
    if len(title) > LONGEST_LINE:
        messages["title"] = [f"The title must be {LONGEST_LINE} characters or fewer."]
    for name, text in (("purpose", purpose), ("background", background)):
        if len(text) > LONGEST_TEXT:
            messages[name] = [f"The text must be {LONGEST_TEXT:,} characters or fewer."]
    if len(recommendations) > MOST_RECOMMENDATIONS:
        messages["recommendations"] = [f"There can be at most {MOST_RECOMMENDATIONS} recommendations."]
    if any(len(text) > LONGEST_TEXT for _, text in implications):
        messages["implications"] = [f"Each text must be {LONGEST_TEXT:,} characters or fewer."]
    if messages:
        raise Invalid(messages)
