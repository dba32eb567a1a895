"""What a person sees when an answer could not be saved: both texts, or what was typed, and never less than that."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template, request

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries.frameworks import PublishedFramework
from assessment.rules.framework_tree import Framework, Requirement
from assessment.web.answer_forms import ACTION_FIELDS
from assessment.web.both_texts import pair_of
from saas.errors import Conflict
from saas.forms import Bound
from saas.templating import time_of_day

TEXTS = ("narrative", "not_applicable_reason")
BESIDE = ("evidence_id", "link", "evidence_title", "pinpoint", "why", "action_id", "action_version", *ACTION_FIELDS)


def both_texts(
    accreditation: Accreditation,
    framework: PublishedFramework,
    requirement: Requirement,
    form: Bound,
    theirs: Answer,
    draft: str,
) -> tuple[str, int]:
    """Both texts with their difference, what else was typed kept, and the choice. draft: where the device keeps it."""
    judgements = [form.typed("judgement"), theirs.judgement or ""]
    differ = judgements[0] != judgements[1]
    kept = {name: form.typed(name) for name in BESIDE if form.typed(name)}
    kept |= {name: form.typed(name) for name in form.raw if name.startswith("cited_")}
    pairs = [
        pair_of(form, name, theirs)
        for name in TEXTS
        if name == "narrative" or form.typed(name) or getattr(theirs, name)
    ]
    page = render_template(
        "assessment/answers/conflict.html",
        accreditation=accreditation,
        requirement=requirement,
        pairs=pairs,
        kept=kept if differ else kept | {"judgement": judgements[0]},
        theirs=theirs,
        judgements=[(value, label_of(framework.tree, value)) for value in judgements] if differ else [],
        file_lost="file" in request.files and bool(request.files["file"].filename),
        draft=draft,
    )
    return page, 409


def resting(
    accreditation: Accreditation, framework: PublishedFramework, requirement: Requirement, form: Bound, words: str
) -> tuple[str, int]:
    """It cannot be saved now: why, and what was typed, to be copied."""
    page = render_template(
        "assessment/answers/resting.html",
        accreditation=accreditation,
        requirement=requirement,
        words=words,
        judgement=label_of(framework.tree, form.typed("judgement")),
        typed=[(form.label(name), form.typed(name)) for name in (*TEXTS, *ACTION_FIELDS) if form.typed(name)],
    )
    return page, 409


def while_typing(error: Conflict) -> Response:
    """The same for the page that saves by itself: who was first and when, and whether both texts can be seen."""
    theirs = error.theirs
    if isinstance(theirs, Answer):
        by, at = theirs.updated_by_name, time_of_day(theirs.updated_at)
        told: dict[str, Any] = {"words": f"Not saved: {by} changed this answer at {at}.", "both": True}
    else:
        told = {"words": f"Not saved. {error.message}", "both": False}
    answer = jsonify(told)
    answer.status_code = 409
    return answer


def label_of(framework: Framework, judgement: str | None) -> str:
    """The framework's word for a judgement."""
    if not judgement or not framework.has_step(judgement):
        return "Not judged"
    return framework.step(judgement).label
