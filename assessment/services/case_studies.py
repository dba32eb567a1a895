"""Case studies: written by a council, shared with its region and the councils there, and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from assessment.models.sharing import CaseStudy, PublishedCaseStudy
from assessment.queries.case_studies import find_shared
from assessment.rules.case_studies import SECTIONS, lacking
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.papers import Block, Heading, Paper, Prose
from saas.templating import moment
from saas.tenancy import Actor

TEXTS = ("title", *(name for name, _ in SECTIONS), "contact")


def write(council_id: UUID, *, texts: Mapping[str, str], quotes: Sequence[Mapping[str, str]], by: Actor) -> CaseStudy:
    """Begin a case study. texts: every name of TEXTS. quotes: as `rules.case_studies.quotes_of` keeps them.

    Raises Invalid (title).
    """
    study = CaseStudy(council_id=council_id, id=new_id(), version=1, updated_at=clock.now(), updated_by_name=by.name)
    _fill(study, texts, quotes, by)
    db.session.add(study)
    db.session.flush()
    events.record("case_study.written", study, by=by, audience="council", payload={"title": study.title})
    return study


def change(
    study: CaseStudy, *, texts: Mapping[str, str], quotes: Sequence[Mapping[str, str]], version: int, by: Actor
) -> None:
    """Change it; what is shared of it stays as it is. Raises Conflict (theirs: the study) when it changed since."""
    _ask_same(study, version)
    _fill(study, texts, quotes, by)
    db.session.flush()
    events.record("case_study.changed", study, by=by, audience="council", payload={"title": study.title})


def publish(study: CaseStudy, *, region_id: UUID, council_name: str, version: int, by: Actor) -> PublishedCaseStudy:
    """Share it as it stands; what was shared of it before is replaced. Raises Conflict when it lacks something."""
    _ask_same(study, version)
    missing = lacking(document_of(study))
    if missing:
        raise Conflict(" ".join(missing))
    before = find_shared(study)
    if before is not None:
        db.session.delete(before)
        db.session.flush()
    shared = PublishedCaseStudy(
        council_id=study.council_id,
        id=before.id if before is not None else new_id(),
        region_id=region_id,
        case_study_id=study.id,
        council_name=council_name,
        document=document_of(study),
        published_at=clock.now(),
        published_by_name=by.name,
    )
    db.session.add(shared)
    db.session.flush()
    events.record("case_study.published", shared, by=by, audience="shared", payload={"title": study.title})
    return shared


def take_back(study: CaseStudy, *, by: Actor) -> None:
    """Nobody outside the council reads it any more, from their next look on. Does nothing where it is not shared."""
    shared = find_shared(study)
    if shared is not None:
        db.session.delete(shared)
        events.record("case_study.taken_back", shared, by=by, audience="shared", payload={"title": study.title})


def remove(study: CaseStudy, *, version: int, by: Actor) -> None:
    """Delete it. Raises Conflict while it is shared, or when it changed since."""
    _ask_same(study, version)
    if find_shared(study) is not None:
        raise Conflict("It is shared. Take it back before you delete it.")
    db.session.delete(study)
    events.record("case_study.removed", study, by=by, audience="council", payload={"title": study.title})


def document_of(study: CaseStudy) -> dict[str, Any]:
    """The case study as it is shared: every text, and the quotes."""
    return {name: getattr(study, name) for name in TEXTS} | {"quotes": [dict(quote) for quote in study.quotes]}


def paper_of(shared: PublishedCaseStudy, region: str) -> Paper:
    """A shared case study on paper, with the words of its page."""
    document = shared.document
    blocks: list[Block] = [Prose(f"Shared by {shared.council_name} on {moment(shared.published_at)}.")]
    for name, heading in SECTIONS:
        if document[name].strip():
            blocks += [Heading(1, heading), *(Prose(text) for text in document[name].split("\n\n") if text.strip())]
    if document["quotes"]:
        blocks.append(Heading(1, "In their own words"))
        blocks += [Prose(f"“{quote['words']}” {quote['who']}") for quote in document["quotes"]]
    blocks += [Heading(1, "Who to ask"), Prose(document["contact"])]
    return Paper(document["title"], shared.council_name, region, shared.published_at, tuple(blocks))


def _ask_same(study: CaseStudy, version: int) -> None:
    if study.version != version:
        raise Conflict(f"{study.updated_by_name} changed it after you opened the page.", theirs=study)


def _fill(study: CaseStudy, texts: Mapping[str, str], quotes: Sequence[Mapping[str, str]], by: Actor) -> None:
    if not texts["title"].strip():
        raise Invalid({"title": ["Enter a title."]})
    for name in TEXTS:
        setattr(study, name, texts[name].strip())
    study.quotes = [dict(quote) for quote in quotes]
    study.updated_at, study.updated_by_name = clock.now(), by.name
