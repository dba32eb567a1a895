"""Writing the report: begun from what was agreed in moderation, changed by the region until it is issued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.reports import ReportDraft
from assessment.queries import moderations
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.reports import find_draft, get_draft_version
from assessment.rules import reports
from assessment.rules.stages import LABELS, Stage, may_write_report
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor

LONGEST_TEXT = 20_000
MOST_IMPROVEMENTS = 200
MOST_PRACTICE = 100

Items = Sequence[Mapping[str, Any]]


def begin(accreditation_id: UUID, *, by: Actor) -> ReportDraft:
    """Begin the report with what the moderated scores hold, in the framework's order; the draft there is, if begun.

    Strengths stand by criterion, then good practice, then numbered improvements with requirement and agreed reason.
    """
    accreditation = get_accreditation(accreditation_id, lock=True)
    there = find_draft(accreditation_id)
    if there is not None:
        return there
    _ask_stage(accreditation)
    framework = get_framework(accreditation.framework_id)
    judged = judged_by_code(accreditation, framework)
    level = accreditation.level
    draft = ReportDraft(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        summary="",
        strengths=reports.begin_strengths(framework.tree, level, judged),
        good_practice=with_keys(reports.begin_good_practice(framework.tree, level, judged)),
        improvements=keyed(reports.begin_improvements(framework.tree, level, judged)),
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
        code: reports.Judged(
            each.judgement,
            tuple(each.strengths),
            tuple(each.improvements),
            each.reason,
            tuple(each.good_practice),
            tuple(each.mandatory),
        )
        for code, each in found.items()
    }


def save(
    accreditation_id: UUID,
    *,
    version: int,
    by: Actor,
    summary: str | None = None,
    strengths: Mapping[str, str] | None = None,
    good_practice: Items | None = None,
    improvements: Items | None = None,
) -> ReportDraft:
    """Save the report, or those parts of it that are given, in one step.

    strengths: criterion code → text; a criterion that is not named keeps its own. good_practice and improvements:
    everything there shall be, in order, each with the texts of `rules.reports` and a `key` where it stood there before;
    what a document held beside an improvement stays with its key. Raises Conflict (theirs: the draft as it stands)
    when `version` is not its own, NotFound before it is begun, Invalid (FORM, strengths) with what names nothing that
    exists.
    """

    def change(draft: ReportDraft) -> None:
        if summary is not None:
            draft.summary = summary
        if strengths:
            _ask_criteria(draft, strengths)
            draft.strengths = [
                {**entry, "text": strengths.get(entry["criterion_code"], entry["text"])} for entry in draft.strengths
            ]
        if good_practice is not None:
            draft.good_practice = _checked_practice(draft, good_practice)
        if improvements is not None:
            draft.improvements = _checked_improvements(draft, improvements)

    return change_draft(accreditation_id, change, version=version, part="words", by=by)


def bring_back(accreditation_id: UUID, number: int, *, version: int, by: Actor) -> ReportDraft:
    """Let the draft say again what its version `number` said; what it says now stays among the versions."""
    kept = get_draft_version(accreditation_id, number)

    def change(draft: ReportDraft) -> None:
        draft.summary = kept.summary
        draft.strengths = kept.strengths
        draft.good_practice = kept.good_practice
        draft.improvements = kept.improvements

    return change_draft(accreditation_id, change, version=version, part=f"version {number} brought back", by=by)


def keyed(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Improvements in their order, each with its number and the key that stays its own when numbers move."""
    return with_keys(reports.numbered(dict(item) for item in items))


def with_keys(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same, each with a key: its own, or a new one."""
    return [{**item, "key": item.get("key") or str(new_id())} for item in items]


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
    with db.session.no_autoflush:  # one save is one version
        change(draft)
        draft.updated_at = clock.now()
        draft.updated_by_name = by.name
    db.session.flush()
    events.record("report.changed", draft, by=by, audience="region", payload={"part": part})
    return draft


def _checked_improvements(draft: ReportDraft, items: Items) -> list[dict[str, Any]]:
    if len(items) > MOST_IMPROVEMENTS:
        raise Conflict(f"A report holds at most {MOST_IMPROVEMENTS} improvements.")
    _ask_places(draft, items)
    kept = {item["key"]: item for item in draft.improvements}
    whole = []
    for item in items:
        beside = kept.get(item.get("key") or "", {"extra": item.get("extra", [])})
        texts = {name: str(item[name]) for name in reports.TEXTS}
        made = reports.improvement(mandatory=bool(item["mandatory"]), extra=beside["extra"], **texts)
        whole.append({**made, "key": item.get("key")})
    return keyed(whole)


def _checked_practice(draft: ReportDraft, items: Items) -> list[dict[str, Any]]:
    if len(items) > MOST_PRACTICE:
        raise Conflict(f"A report holds at most {MOST_PRACTICE} entries of good practice.")
    _ask_places(draft, items)
    names = ("text", "requirement_code", "criterion_code")
    return with_keys(
        {**reports.practice(**{name: str(item[name]) for name in names}), "key": item.get("key")} for item in items
    )


def _ask_criteria(draft: ReportDraft, codes: Iterable[str]) -> None:
    """Raises Invalid (strengths) for the first code that is no criterion of the draft's."""
    known = {entry["criterion_code"] for entry in draft.strengths}
    unknown = next((code for code in codes if code not in known), None)
    if unknown is not None:
        raise Invalid({"strengths": [f"This framework has no criterion {unknown}."]})


def _ask_places(draft: ReportDraft, items: Items) -> None:
    """Raises Invalid (FORM) for the first code that the framework lacks."""
    framework = get_framework(get_accreditation(draft.accreditation_id).framework_id).tree
    for item in items:
        try:
            reports.read_about(framework, reports.about(item))
        except ValueError as unknown:
            raise Invalid({"_form": [str(unknown)]}) from unknown


def _ask_stage(accreditation: Accreditation) -> None:
    stage = Stage(accreditation.stage)
    if not may_write_report(stage):
        raise Conflict(f"The report cannot be written at the stage “{LABELS[stage]}”.")
