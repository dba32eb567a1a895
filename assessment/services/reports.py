"""Writing the report: begun from what was agreed in moderation, changed by the region until it is issued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.reports import ReportDraft
from assessment.queries import moderations
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.reports import find_draft
from assessment.rules import reports
from assessment.rules.stages import LABELS, Stage, may_write_report
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor

LONGEST_TEXT = 20_000
MOST_IMPROVEMENTS = 200


def begin(accreditation_id: UUID, *, by: Actor) -> ReportDraft:
    """Begin the report with strengths and improvements from the moderated scores; the draft there is, if begun."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    there = find_draft(accreditation_id)
    if there is not None:
        return there
    _ask_stage(accreditation)
    framework = get_framework(accreditation.framework_id)
    judged = judged_by_code(accreditation, framework)
    draft = ReportDraft(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        summary="",
        strengths=reports.begin_strengths(framework.tree, accreditation.level, judged),
        improvements=keyed(reports.begin_improvements(framework.tree, accreditation.level, judged)),
        pending_import=None,
        updated_at=clock.now(),
        updated_by_name=by.name,
    )
    db.session.add(draft)
    db.session.flush()
    payload = {"improvements": len(draft.improvements)}
    events.record("report.begun", draft, by=by, audience="region", payload=payload)
    return draft


def judged_by_code(accreditation: Accreditation, framework: PublishedFramework) -> dict[str, reports.Judged]:
    """What was agreed, by requirement code: step, strengths, improvements. Raises Conflict while anything is open."""
    agreed = moderations.agreed_judgements(accreditation.id)
    asked = [requirement.code for requirement in framework.tree.requirements_of(accreditation.level)]
    missing = [code for code in asked if framework.ids[code] not in agreed]
    if missing:
        raise Conflict(f"No judgement is agreed for {', '.join(missing)}. Finish the moderation first.")
    found = {code: agreed[framework.ids[code]] for code in asked}
    return {
        code: reports.Judged(each.judgement, tuple(each.strengths), tuple(each.improvements), each.reason)
        for code, each in found.items()
    }


def save_words(
    accreditation_id: UUID, *, summary: str, strengths: Mapping[str, str], version: int, by: Actor
) -> ReportDraft:
    """Save summary and strengths (criterion code → text). Raises Conflict with the draft as it stands when stale."""

    def change(draft: ReportDraft) -> None:
        draft.summary = summary
        draft.strengths = [
            {**entry, "text": strengths.get(entry["criterion_code"], entry["text"])} for entry in draft.strengths
        ]

    return change_draft(accreditation_id, change, version=version, part="words", by=by)


def add_improvement(
    accreditation_id: UUID, texts: Mapping[str, str], *, mandatory: bool, version: int, by: Actor
) -> ReportDraft:
    """Add an improvement at the end. `texts` by the names in `rules.reports.TEXTS`. Raises Invalid naming the field."""

    def change(draft: ReportDraft) -> None:
        if len(draft.improvements) >= MOST_IMPROVEMENTS:
            raise Conflict(f"A report holds at most {MOST_IMPROVEMENTS} improvements.")
        added = reports.improvement(mandatory=mandatory, **_checked(draft, texts))
        draft.improvements = keyed([*draft.improvements, added])

    return change_draft(accreditation_id, change, version=version, part="improvement added", by=by)


def edit_improvement(
    accreditation_id: UUID, key: UUID, texts: Mapping[str, str], *, mandatory: bool, version: int, by: Actor
) -> ReportDraft:
    """Change one improvement; what a document held beside it stays. Raises Conflict when stale, Invalid, NotFound."""

    def change(draft: ReportDraft) -> None:
        kept = improvement_of(draft, key)
        changed = {**kept, **_checked(draft, texts), "mandatory": mandatory}
        draft.improvements = [changed if item["key"] == str(key) else item for item in draft.improvements]

    return change_draft(accreditation_id, change, version=version, part="improvement changed", by=by)


def remove_improvement(accreditation_id: UUID, key: UUID, *, version: int, by: Actor) -> ReportDraft:
    """Take an improvement out; those after it move up. Raises Conflict when stale, NotFound."""

    def change(draft: ReportDraft) -> None:
        improvement_of(draft, key)
        draft.improvements = keyed(item for item in draft.improvements if item["key"] != str(key))

    return change_draft(accreditation_id, change, version=version, part="improvement removed", by=by)


def move_improvement(accreditation_id: UUID, key: UUID, step: int, *, version: int, by: Actor) -> ReportDraft:
    """Move an improvement up (-1) or down (1). Raises Conflict when stale, NotFound."""

    def change(draft: ReportDraft) -> None:
        number = improvement_of(draft, key)["number"]
        draft.improvements = reports.moved(draft.improvements, number, step)

    return change_draft(accreditation_id, change, version=version, part="order", by=by)


def keyed(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Improvements in their order, each with its number and the key that stays its own when numbers move."""
    return [{**item, "key": item.get("key") or str(new_id())} for item in reports.numbered(items)]


def improvement_of(draft: ReportDraft, key: UUID) -> dict[str, Any]:
    """One proposed improvement by its key; raises NotFound."""
    found = next((item for item in draft.improvements if item["key"] == str(key)), None)
    if found is None:
        raise NotFound
    return found


def change_draft(
    accreditation_id: UUID, change: Callable[[ReportDraft], None], *, version: int, part: str, by: Actor
) -> ReportDraft:
    """Hold the draft, see that nobody was faster and that it is the time for it, and change it.

    Raises NotFound before it is begun, Conflict (theirs: the draft as it stands) when `version` is not its own.
    """
    accreditation = get_accreditation(accreditation_id)
    draft = find_draft(accreditation_id, lock=True)
    if draft is None:
        raise NotFound
    _ask_stage(accreditation)
    if draft.version != version:
        raise Conflict(f"{draft.updated_by_name} changed the report after you opened it.", theirs=draft)
    change(draft)
    draft.updated_at = clock.now()
    draft.updated_by_name = by.name
    db.session.flush()
    events.record("report.changed", draft, by=by, audience="region", payload={"part": part})
    return draft


def _checked(draft: ReportDraft, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts, as far as they name something that exists. Raises Invalid (action, requirement_code)."""
    messages: dict[str, list[str]] = {}
    if not texts["action"].strip():
        messages["action"] = ["Enter what the council should do"]
    framework = get_framework(get_accreditation(draft.accreditation_id).framework_id).tree
    code, criterion = texts["requirement_code"], texts["criterion_code"]
    if code and not framework.has_requirement(code):
        messages["requirement_code"] = [f"This framework has no requirement {code}"]
    if criterion and criterion not in {each.code for each in framework.criteria}:
        messages["requirement_code"] = [f"This framework has no criterion {criterion}"]
    if messages:
        raise Invalid(messages)
    return {name: texts[name] for name in reports.TEXTS}


def _ask_stage(accreditation: Accreditation) -> None:
    stage = Stage(accreditation.stage)
    if not may_write_report(stage):
        raise Conflict(f"The report cannot be written at the stage “{LABELS[stage]}”.")
