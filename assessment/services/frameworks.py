"""Publishing frameworks: once, and for good."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from uuid import UUID

from assessment.models.frameworks import Framework as FrameworkRow
from assessment.models.frameworks import Requirement as RequirementRow
from assessment.queries.frameworks import find_by_code
from assessment.rules import frameworks
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict
from saas.tenancy import Actor

STARTER_FOLDER = Path(__file__).parent.parent / "starter"
STARTERS = ("charter-2008", "charter-2017")
"""What every region may begin with. The third file beside them is for demonstrations and measurements."""


def publish_framework(
    tree: frameworks.Framework, *, region_id: UUID | None = None, by: Actor
) -> tuple[FrameworkRow, bool]:
    """Publish a framework for all (platform scope) or for one region (its scope); (row, whether it is new).

    The same content again changes nothing. Raises Conflict when another content has this code: a published version
    never changes, a new version gets a new code.
    """
    digest = frameworks.digest(tree)
    known = find_by_code(tree.code, region_id)
    if known is not None and known.region_id == region_id:
        if known.digest == digest:
            return known, False
        raise Conflict(f"{tree.code} is published already and differs: give the new version a new code")
    row = FrameworkRow(
        id=new_id(),
        region_id=region_id,
        code=tree.code,
        title=tree.title,
        version=tree.version,
        starter=tree.starter,
        in_force_from=tree.in_force_from,
        document=frameworks.to_document(tree),
        digest=digest,
        published_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    places = [
        (criterion, element, requirement)
        for criterion in tree.criteria
        for element in criterion.elements
        for requirement in element.requirements
    ]
    db.session.add_all(
        RequirementRow(
            framework_id=row.id,
            position=position,
            code=requirement.code,
            criterion_code=criterion.code,
            element_code=element.code,
            title=requirement.title,
            key_indicator=requirement.key_indicator,
        )
        for position, (criterion, element, requirement) in enumerate(places)
    )
    audience = "platform" if region_id is None else "region"
    events.record("framework.published", row, by=by, audience=audience, payload={"code": tree.code})
    return row, True


def publish_starters(*, by: Actor) -> list[FrameworkRow]:
    """Publish the starter frameworks for every region, in platform scope; whatever has one of their codes stays."""
    return [find_by_code(code) or publish_framework(starter(code), by=by)[0] for code in STARTERS]


@cache
def starter(code: str) -> frameworks.Framework:
    """The framework of that code that comes with the product; raises FileNotFoundError for an unknown code."""
    return frameworks.parse((STARTER_FOLDER / f"{code}.yaml").read_text(encoding="utf-8"), code)
