"""An assessor's own days away, for programs: those the region of the token must not ask him or her on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from assessment.api.assessors import AbsenceSchema, EnteredAbsenceSchema
from assessment.models.assessors import Assessor, AssessorAbsence
from assessment.queries import assessors as queries
from assessment.services import assessors as services
from saas.api import Listed, Operations
from saas.errors import NotFound
from saas.guard import actor, place_of_token, signed_in, viewer
from saas.policy import Permission

operations = Operations("availability", "Assessors and teams")
ABSENCES = "/me/absences"
OWN = "an assessor's own entry, by the rows of the person, in the region of the token"


@operations.get(ABSENCES, "listMyAbsences", answers=Listed(AbsenceSchema))
@signed_in(OWN, strong=True)
def list_my_absences() -> list[AssessorAbsence]:
    """List the caller's own days away. Today's and later ones, in the region of the token."""
    region_id = _entry().region_id
    return [each for each in queries.list_absences(viewer().id) if each.region_id == region_id]


@operations.post(ABSENCES, "addMyAbsence", takes=EnteredAbsenceSchema, answers=AbsenceSchema)
@signed_in(OWN, strong=True)
def add_my_absence(given: dict[str, Any]) -> AssessorAbsence:
    """Enter days on which the caller cannot be asked. By the region of the token."""
    return services.add_absence(_entry(), **given, by=actor())


@operations.delete(f"{ABSENCES}/<uuid:absence_id>", "removeMyAbsence")
@signed_in(OWN, strong=True)
def remove_my_absence(absence_id: UUID) -> None:
    """Take one's own absence out again."""
    row = queries.get_absence(viewer().id, absence_id)
    if row.region_id != _entry().region_id:
        raise NotFound
    services.remove_absence(row, name=viewer().name, by=actor())


def _entry() -> Assessor:
    """The caller's entry in the pool of the token's region; raises NotFound where there is none."""
    region_id = place_of_token(Permission.FILE_READ).region_id
    found = next((each for each in queries.list_entries(viewer().id) if each.region_id == region_id), None)
    if found is None:
        raise NotFound
    return found
