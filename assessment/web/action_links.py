"""What the page of a plan's line shows of the assessment: which requirements and improvements ask for it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import url_for

from assessment.queries.action_links import list_improvements_behind, list_places, list_requirements_behind
from saas import guard
from saas.policy import Permission


def links_of(action_id: UUID) -> list[tuple[str, str]]:
    """(words, address) of everything that asks for the line; nothing for who may not read the assessment."""
    if not guard.may(Permission.ACCREDITATION_READ):
        return []
    council_id = guard.place_id()
    links = [
        (
            f"Requirement {each.code}: {each.title}",
            url_for("answers.edit", accreditation_id=each.accreditation_id, code=each.code),
        )
        for each in list_requirements_behind(council_id, action_id)
    ]
    for each in list_improvements_behind(council_id, action_id):
        words = f"Improvement {each.number} of the assessors{', mandatory' if each.mandatory else ''}"
        links.append((words, url_for("improvements.list_improvements", accreditation_id=each.accreditation_id)))
    return links


def places_of(council_id: UUID, action_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """The element and the requirements that ask for each line; nothing for who may not read the assessment."""
    return list_places(council_id, action_ids) if guard.may(Permission.ACCREDITATION_READ) else {}
