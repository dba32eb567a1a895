"""How long what is kept: the kinds of records, from when each is counted, and the months that may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dateutil.relativedelta import relativedelta

ACCOUNT_MONTHS = 24
"""An account that opens nothing any more is emptied after as many months."""


class Side(StrEnum):
    """Whose records they are."""

    COUNCIL = "council"
    REGION = "region"


BOTH = (Side.COUNCIL, Side.REGION)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: what becomes of it, counted from when, and the least, most and usual months until then."""

    code: str
    title: str
    what: str
    since: str
    least: int
    most: int
    usual: int
    sides: tuple[Side, ...]


KINDS = (
    Kind("notices", "Notices", "deleted", "the notice was given", 1, 36, 12, (Side.COUNCIL,)),
    Kind(
        "invitations",
        "Invitations that are over",
        "emptied of name and address",
        "the invitation was used, withdrawn or ran out",
        1,
        24,
        6,
        BOTH,
    ),
    Kind(
        "imported_documents",
        "Documents that were read for an import",
        "deleted; lines that were taken in stay",
        "the document was read",
        1,
        36,
        12,
        BOTH,
    ),
    Kind(
        "departed_colleagues",
        "People whose access ended",
        "replaced by “A former colleague”",
        "the last role here ended",
        6,
        84,
        24,
        BOTH,
    ),
    Kind(
        "former_members",
        "Members who left",
        "replaced by “Former member”; group, kind and terms stay for the figures",
        "the last term ended",
        6,
        120,
        48,
        (Side.COUNCIL,),
    ),
    Kind(
        "finished_drafts",
        "Drafts and comments of self-assessments that are over",
        "deleted; what was sealed and sent stays",
        "the award ended, or the self-assessment ended without one",
        6,
        84,
        24,
        (Side.COUNCIL,),
    ),
    Kind(
        "removed_evidence",
        "Evidence that was taken out of the library",
        "deleted with its file, unless it was sealed or is still cited",
        "it was taken out",
        1,
        60,
        12,
        (Side.COUNCIL,),
    ),
    Kind(
        "score_drafts",
        "Assessors’ drafts of scores and their private notes",
        "deleted; submitted scores stay",
        "the assessor’s file was closed or left, or the award or self-assessment ended",
        1,
        60,
        12,
        (Side.REGION,),
    ),
    Kind(
        "report_drafts",
        "Drafts of reports and their versions",
        "deleted; reports that were opened or issued stay",
        "the award ended, or the self-assessment ended without one",
        6,
        84,
        24,
        (Side.REGION,),
    ),
    Kind(
        "former_assessors",
        "Assessors who left",
        "replaced by “A former assessor”, without absences and councils",
        "the last day as an assessor",
        12,
        84,
        36,
        (Side.REGION,),
    ),
    Kind(
        "event_payloads",
        "The log in words",
        "emptied of names and words; what happened and when stays and can still be verified",
        "it happened, and never before an award it is about has ended",
        36,
        120,
        84,
        BOTH,
    ),
)
BY_CODE: Mapping[str, Kind] = {kind.code: kind for kind in KINDS}


def kinds_of(side: Side) -> tuple[Kind, ...]:
    """The kinds of records that a council, or a region, keeps."""
    return tuple(kind for kind in KINDS if side in kind.sides)


def most_for_council(kind: Kind, of_region: int | None) -> int:
    """The most months a council may choose: what its region has set, else what the kind allows."""
    return kind.most if of_region is None else min(kind.most, of_region)


def months_that_hold(kind: Kind, *, of_region: int | None, of_council: int | None) -> int:
    """The months that hold: the council's own within its region's, else the region's, else the usual."""
    most = most_for_council(kind, of_region)
    if of_council is not None:
        return max(kind.least, min(of_council, most))
    return max(kind.least, most if of_region is not None else kind.usual)


def why_not(kind: Kind, months: int, *, most: int) -> str:
    """Why so many months cannot be chosen, in words for the page; "" where they can."""
    if kind.least <= months <= most:
        return ""
    if kind.least == most:
        return f"Your region has set {most} months: no other number is possible."
    return f"Enter a number of months from {kind.least} to {most}."


def moment_before(now: datetime, months: int) -> datetime:
    """What happened before this moment is older than so many months."""
    return now - relativedelta(months=months)
