"""An answer to a clarification that is written and sent in one go, without losing what a colleague has begun."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.clarifications import ClarificationAnswer, ClarificationDraft
from assessment.queries import clarifications as queries
from assessment.queries.clarifications import Item
from assessment.services import clarifications
from saas.errors import Conflict
from saas.tenancy import Actor


def answer_at_once(
    accreditation: Accreditation,
    item: Item,
    *,
    words: str,
    evidence: Collection[UUID],
    draft_version: int | None,
    by: Actor,
) -> ClarificationAnswer:
    """Send these words and files as the council's answer, in place of a draft.

    draft_version: of the draft that was seen; None sends over one that is empty or says the same. Raises Conflict, with
    `theirs` where other words stand that were not seen; else as `clarifications.save_draft` and `answer`.
    """
    draft = queries.find_draft(item.id, lock=True)
    version = _seen(draft, words) if draft_version is None else draft_version
    kept = clarifications.save_draft(accreditation, item, words=words, version=version, evidence=evidence, by=by)
    return clarifications.answer(accreditation, item, version=kept.version, by=by)


def _seen(draft: ClarificationDraft | None, words: str) -> int:
    """The version of a draft in which no words would be lost; raises Conflict for any other."""
    if draft is None:
        return 0
    if draft.words.strip() not in ("", words.strip()):
        raise Conflict(f"{draft.updated_by_name} has begun an answer to this question.", theirs=draft)
    return draft.version
