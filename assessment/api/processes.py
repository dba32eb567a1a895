"""A region's process for programs: the settings by which regions differ, and every version that was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from assessment.models.processes import ProcessVersion
from assessment.queries.accreditations import find_process
from assessment.queries.processes import list_versions
from assessment.rules import processes
from assessment.rules.processes import ProcessError
from assessment.services.processes import save_process as save
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Invalid
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("processes", "The region's process")
PROCESS = "/regions/<region>/process"
SETTINGS = {
    "description": "Every setting by its name: whom a team consists of, days, months, who signs …",
    "example": {"reply_days": 40, "plan_approval": True},
}


class ProcessSchema(ApiSchema):
    """The settings that an accreditation gets when it begins; those under way keep what they began with."""

    settings = fields.Dict(required=True, keys=fields.String(), metadata=SETTINGS)
    changed_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "Null: the defaults."})
    changed_by_name = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "0 while the region uses the defaults."})


class WrittenProcessSchema(ApiSchema):
    """The settings whole: what is left out has its default."""

    settings = fields.Dict(required=True, keys=fields.String(), metadata=SETTINGS)


@operations.get(PROCESS, "getProcess", answers=ProcessSchema)
@requires(Permission.REGION_READ)
def get_process() -> dict[str, Any]:
    """Read the process of a region. As it is for accreditations to come."""
    return _told(find_process(place_id()))


@operations.get(f"{PROCESS}/versions", "listProcessVersions", answers=Listed(ProcessSchema, "version"))
@requires(Permission.REGION_READ)
def list_process_versions() -> Sequence[Any]:
    """List every version of a region's process. The newest first."""
    return [_told(each) for each in list_versions(place_id())]


@operations.put(PROCESS, "saveProcess", takes=WrittenProcessSchema, answers=ProcessSchema)
@requires(Permission.PROCESS_EDIT)
def save_process(given: dict[str, Any], version: int) -> dict[str, Any]:
    """Save the process of a region. As a new version for accreditations to come; the same again changes nothing."""
    try:
        wanted = processes.parse(given["settings"])
    except ProcessError as refusal:
        messages: dict[str, list[str]] = {}
        for path, reason in refusal.errors:
            messages.setdefault(f"/settings/{path}".rstrip("/"), []).append(f"{reason[:1].upper()}{reason[1:]}.")
        raise Invalid(messages) from refusal
    save(place_id(), wanted, version=version, by=actor())
    return _told(find_process(place_id()))


def _told(row: ProcessVersion | None) -> dict[str, Any]:
    kept = processes.to_document(processes.parse(row.document) if row else processes.DEFAULT)
    stands = (row.changed_at, row.changed_by_name, row.version) if row else (None, "", 0)
    return {"settings": kept} | dict(zip(("changed_at", "changed_by_name", "version"), stands, strict=True))
