"""Papers for a committee: the cover, then what it covers, then its evidence, each in words of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from saas import clock
from saas.papers import Facts, Heading, Logo, NewPage, Paper, Prose, Row, Table
from tenants.models.committee_papers import CommitteePaper
from tenants.queries.logos import NamedPlace
from tenants.services.committee_papers import covered_paper, versioned_paper

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NAMES = (NamedPlace("Oakford", b"logo"), NamedPlace("Mid Employers", None))
COVER = CommitteePaper(
    council_id=UUID(int=1), id=UUID(int=2), subject="plan", subject_id=UUID(int=3), title="Learning and development",
    committee="Standards", meets_on=date(2026, 12, 1), author="", purpose="To agree.", background=" ",
    recommendations=[], implications=[{"heading": "Legal", "text": ""}],
)  # fmt: skip
ABOUT = Facts((("Committee", "Standards"), ("Meeting", "1 December 2026")))
PLAN = (NewPage(landscape=True), Heading(1, "Appendix 1: Action plan"), Prose("One line."))


def paper(*blocks: object) -> Paper:
    """What a public paper with these blocks looks like."""
    return Paper(
        "Learning and development",
        "Oakford",
        "Mid Employers",
        NOW,
        blocks,  # type: ignore[arg-type]
        marking="Public version",
        logos=(Logo(b"logo", "Oakford"),),
    )


def test_a_paper_names_its_version_and_carries_the_logos_that_there_are() -> None:
    with clock.at(NOW):
        assert versioned_paper(COVER.title, [Prose("One line.")], NAMES, version="public") == paper(Prose("One line."))


def test_what_is_covered_follows_the_cover_as_an_appendix() -> None:
    cover = (ABOUT, Heading(1, "Purpose"), Prose("To agree."), Heading(1, "Appendices"))
    with clock.at(NOW):
        made = covered_paper(COVER, ("Action plan", "1 action", (Prose("One line."),)), None, NAMES, version="public")
    assert made == paper(*cover, Prose("Appendix 1: Action plan (1 action)"), *PLAN)


def test_evidence_is_the_second_appendix_and_its_pieces_are_counted() -> None:
    index = Table("Evidence", ("No.",), (Row(("1",)), Row(("2",))))
    with clock.at(NOW):
        made = covered_paper(COVER, ("Action plan", "1 action", (Prose("One line."),)), index, NAMES, version="public")
    assert made == paper(
        ABOUT,
        Heading(1, "Purpose"),
        Prose("To agree."),
        Heading(1, "Appendices"),
        Prose("Appendix 1: Action plan (1 action)"),
        Prose("Appendix 2: Evidence index (2 pieces of evidence)"),
        *PLAN,
        NewPage(landscape=True),
        Heading(1, "Appendix 2: Evidence index"),
        index,
    )
