"""What sealing leaves of a generated cycle, made from its rows as the product makes it from the database."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from assessment.demo.crowd_people import Row
from assessment.demo.crowd_rows import LEVEL, SENT_ON_DAY, Before, Cycle
from assessment.demo.places import REGION
from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.models.answers import Answer
from assessment.models.submissions import SealRequest
from assessment.queries.earlier import words_of_report
from assessment.services import sealed_documents
from assessment.services.sealed_documents import Drafts
from assessment.services.sealed_files import list_files
from assessment.services.seals import KEPT_OF_LINES, page_and_seal
from saas.db import Base, new_id
from tenants.models.evidence import Evidence
from tenants.models.plans import Action, Plan


def sealed(cycle: Cycle, drafted: dict[str, list[Row]], asked: Row) -> dict[str, list[Row]]:
    """The submission with its answers and files. drafted: what `crowd_rows.answered` made; asked: the request."""
    request, accreditation = _as(SealRequest, asked), _as(Accreditation, drafted["accreditations"][0])
    drafts = _drafts(cycle, drafted)
    files = list_files(request, [row.Evidence for rows in drafts.cited.values() for row in rows])
    lines = sealed_documents.lines_of(request, cycle.framework, LEVEL, drafts)
    signatures = sorted(drafted["declaration_signatures"], key=lambda row: (row["office"], row["name"]))
    document = sealed_documents.put_together(
        request, accreditation, cycle.framework, 1, lines, [_as(DeclarationSignature, row) for row in signatures],
        plan=_as(Plan, drafted["plans"][0]), region=REGION.name,
    )  # fmt: skip
    page, seal = page_and_seal(document, cycle.framework, files)
    submission = {**cycle.ids, "id": new_id(), "seal_request_id": asked["id"], "kind": "readiness", "number": 1,
                  "sealed_at": cycle.at(SENT_ON_DAY), "sent_by": asked["asked_by"],
                  "sent_by_name": asked["asked_by_name"], "document": document,
                  "document_sha256": seal.manifest.document.sha256, "hash": seal.hash,
                  "manifest": seal.manifest_json.decode(), "page": page}  # fmt: skip
    common, earlier = {**cycle.ids, "submission_id": submission["id"]}, previous(cycle)
    answers = [
        {**common, "id": new_id(), "requirement_id": cycle.framework.ids[line["requirement_code"]],
         **{name: line[name] for name in KEPT_OF_LINES}, "previous": earlier.get(line["requirement_code"])}
        for line in lines
    ]  # fmt: skip
    kept = [{**common, **facts, "crc32": cycle.library.checksums[facts["sha256"]]} for facts in files]
    return {"submissions": [submission], "submission_answers": answers, "submission_files": kept}


def previous(cycle: Cycle) -> dict[str, dict[str, Any]]:
    """By requirement code: what `queries.earlier.previous_answers` would find of the cycle before."""
    before = cycle.before
    if before is None:
        return {}
    tree, said = cycle.framework.tree, words_of_report(before.report["document"])
    replies = {row["improvement_id"]: row["answer"] for row in before.replies}
    improvements: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in before.improvements:
        told = {"number": row["number"], "action": row["action"], "reply": replies.get(row["id"])}
        improvements[row["requirement_id"]].append(told)
    codes = {requirement_id: code for code, requirement_id in cycle.framework.ids.items()}
    found = {}
    for line in before.lines:
        code = codes[line["requirement_id"]]
        step = tree.step(line["judgement"])
        answer = {"code": code, "title": cycle.framework.requirement(line["requirement_id"]).title,
                  "judgement": step.code, "judgement_label": step.label, "narrative": line["narrative"],
                  "report": said.get(code, "")}  # fmt: skip
        found[code] = {"framework": tree.title, "level": tree.level(LEVEL).title,
                       "sealed_on": before.sealed_at.date().isoformat(), "answers": [answer],
                       "improvements": improvements[line["requirement_id"]]}  # fmt: skip
    return found


def before_of(sent: dict[str, list[Row]], decided: dict[str, list[Row]], replies: list[Row]) -> Before:
    """What the next cycle shows of one that came to its award."""
    return Before(
        sealed_at=sent["submissions"][0]["sealed_at"],
        lines=sent["submission_answers"],
        report=decided["reports"][0],
        improvements=decided["improvements"],
        replies=replies,
    )


def _as(model: type[Base], row: Row) -> Any:
    """The row with every name that its model has. The models themselves watch each value they are given: too slow."""
    return SimpleNamespace(**dict.fromkeys(model.__table__.columns.keys()) | row)


def _drafts(cycle: Cycle, drafted: dict[str, list[Row]]) -> Drafts:
    evidence = {row["id"]: _as(Evidence, row) for row in cycle.library.evidence}
    actions = {row["id"]: _as(Action, row) for row in drafted["actions"]}
    cited: dict[UUID, list[Any]] = defaultdict(list)
    for row in drafted["citations"]:
        found = SimpleNamespace(Evidence=evidence[row["evidence_id"]], pinpoint=row["pinpoint"], why=row["why"])
        cited[row["answer_id"]].append(found)
    planned: dict[UUID, list[Any]] = defaultdict(list)
    for row in drafted["answer_actions"]:
        planned[row["answer_id"]].append(SimpleNamespace(Action=actions[row["action_id"]]))
    return Drafts({row["requirement_id"]: _as(Answer, row) for row in drafted["answers"]}, cited, planned, {})
