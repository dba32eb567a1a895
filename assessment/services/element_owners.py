"""Owners of elements: naming a colleague and a day, for one element or several at once, and telling those concerned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm.exc import StaleDataError

from assessment.models.accreditations import Accreditation
from assessment.models.answers import ElementOwner
from assessment.queries.accreditations import address_of
from assessment.queries.element_owners import list_owned, list_owners
from assessment.queries.frameworks import get_framework
from assessment.rules import stages
from assessment.rules.framework_tree import Element
from assessment.rules.stages import Stage
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid, NotFound
from saas.policy import Permission
from saas.tenancy import Actor
from tenants.models.access import Access
from tenants.queries.access import list_colleagues
from tenants.services.notices import Told, tell, tell_all

ONE_OWNER = "uq_element_owners_council_id_accreditation_id_element_code"
NO_COLLEAGUE = "Choose somebody who may write answers in your council."


def elements_of(accreditation: Accreditation) -> dict[str, Element]:
    """The elements of which the accreditation's level asks something, by code, in the order of the framework."""
    tree = get_framework(accreditation.framework_id).tree
    wanted = {each.code for each in tree.requirements_of(accreditation.level)}
    return {
        element.code: element
        for criterion in tree.criteria
        for element in criterion.elements
        if any(each.code in wanted for each in element.requirements)
    }


def name_owner(
    accreditation: Accreditation,
    codes: Sequence[str],
    *,
    user_id: UUID | None,
    due_on: date | None,
    versions: Sequence[int],
    by: Actor,
) -> None:
    """Give elements an owner and a day, alike for all of them; neither of both clears them.

    versions: those that were read, in the order of `codes`, 0 where there was no owner. Raises NotFound (an element),
    Conflict (somebody else was first; or the accreditation is decided), Invalid (user_id, due_on).
    """
    stage = Stage(accreditation.stage)
    if stage not in stages.BEFORE_DECISION:
        raise Conflict(f"Nobody answers any more at the stage “{stages.LABELS[stage]}”.")
    elements = elements_of(accreditation)
    if not codes or any(code not in elements for code in codes):
        raise NotFound
    there = list_owners(accreditation, codes)
    found = [there[code].version if code in there else 0 for code in codes]
    if found != list(versions):
        raise Conflict(version=found[0] if len(found) == 1 else None)
    name = _name_of(accreditation.council_id, user_id)
    if due_on is not None and due_on < clock.today() and due_on not in {row.due_on for row in there.values()}:
        raise Invalid({"due_on": ["The day must be today or later."]})
    changed = []
    for code in codes:
        row = there.get(code)
        if (row.user_id if row else None, row.due_on if row else None) != (user_id, due_on):
            _write(accreditation, code, row, user_id, name, due_on, by)
            changed.append(elements[code])
    if changed and user_id is not None and user_id != by.id:
        _tell(accreditation, changed, user_id, due_on, by)


def tell_of_lost_owner(access: Access) -> None:
    """Somebody's role in a council ended: ask its leads to name others for what that person can answer no more."""
    council_id = access.council_id
    if council_id is None:
        return
    if any(each.user_id == access.user_id for each in list_colleagues(council_id, Permission.ANSWER_WRITE)):
        return
    leads = list_colleagues(council_id, Permission.ACCESS_GRANT)
    for accreditation, codes in list_owned(council_id, access.user_id):
        words = f"{access.display_name} is no longer here. Name another owner for {_listed(codes)}."
        key = f"owner-gone:{accreditation.id}:{access.id}"
        path = address_of(accreditation)
        tell_all(council_id, [Told(lead.user_id, key, "owner", words, path) for lead in leads])


def _name_of(council_id: UUID, user_id: UUID | None) -> str:
    if user_id is None:
        return ""
    names = {each.user_id: each.name for each in list_colleagues(council_id, Permission.ANSWER_WRITE)}
    if user_id not in names:
        raise Invalid({"user_id": [NO_COLLEAGUE]})
    return names[user_id]


def _write(
    accreditation: Accreditation,
    code: str,
    row: ElementOwner | None,
    user_id: UUID | None,
    name: str,
    due_on: date | None,
    by: Actor,
) -> None:
    """Write one owner now, inside a savepoint, so that who came second hears of it."""
    clears = user_id is None and due_on is None
    try:
        with turning(ONE_OWNER, Conflict):
            if row is None:
                row = ElementOwner(
                    council_id=accreditation.council_id,
                    id=new_id(),
                    accreditation_id=accreditation.id,
                    element_code=code,
                )
                db.session.add(row)
            if clears:
                db.session.delete(row)
            else:
                row.user_id, row.name, row.due_on = user_id, name, due_on
                row.named_at, row.named_by_name = clock.now(), by.name
    except StaleDataError as error:
        raise Conflict from error
    payload = {"element": code} if clears else {"element": code, "name": name, "due_on": due_on and due_on.isoformat()}
    verb = "element_owner.cleared" if clears else "element_owner.named"
    events.record(verb, row, by=by, audience="council", payload=payload)


def _tell(
    accreditation: Accreditation, elements: Sequence[Element], user_id: UUID, due_on: date | None, by: Actor
) -> None:
    what = (
        f"{elements[0].code} {elements[0].title}" if len(elements) == 1 else _listed([each.code for each in elements])
    )
    until = f" by {due_on.day} {due_on:%B} {due_on.year}" if due_on else ""
    tell(
        accreditation.council_id,
        user_id,
        key=f"owner:{accreditation.id}:{new_id()}",
        kind="owner",
        words=f"{by.name} asks you to answer {what}{until}.",
        path=f"{address_of(accreditation)}?show=mine",
    )


def _listed(codes: Sequence[str]) -> str:
    """ "1.1, 1.2 and 1.4"."""
    return " and ".join(filter(None, (", ".join(codes[:-1]), codes[-1])))
