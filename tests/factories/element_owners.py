"""Owners of elements and comments on requirements for tests, made through the services."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.element_owners import list_owners
from assessment.queries.frameworks import get_framework
from assessment.services import comments, element_owners
from saas.tenancy import CONSOLE, Actor
from saas.transaction import within
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil, MadeUser


@remembered
def name_owner(
    app: Flask,
    council: MadeCouncil,
    accreditation_id: UUID,
    codes: Sequence[str],
    owner: MadeUser | None,
    due_on: date | None = None,
    by: Actor = CONSOLE,
) -> None:
    """Give elements an owner and a day over whatever they have."""
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id)
        there = list_owners(accreditation, codes)
        element_owners.name_owner(
            accreditation,
            codes,
            user_id=owner.id if owner else None,
            due_on=due_on,
            versions=[there[code].version if code in there else 0 for code in codes],
            by=by,
        )


@remembered
def make_comment(
    app: Flask,
    council: MadeCouncil,
    accreditation_id: UUID,
    code: str = "1.1.1",
    words: str = "Is this still so?",
    mentions: Collection[UUID] = (),
    by: Actor = CONSOLE,
) -> UUID:
    """A comment on one requirement; its id."""
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id)
        requirement_id = get_framework(accreditation.framework_id).ids[code]
        return comments.write(accreditation, requirement_id, words, mentions=mentions, by=by).id
