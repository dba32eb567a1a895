"""The next cycle: what would be carried from the last one, carrying it, and taking a confirmation back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import find_answer
from assessment.queries.carried import find_preview
from assessment.queries.frameworks import get_framework
from assessment.rules import stages
from assessment.rules.marks import shape_of
from assessment.rules.stages import Stage
from assessment.services import carried
from saas import clock
from saas.errors import Conflict, NotFound
from saas.guard import actor, requires
from saas.policy import Permission

blueprint = Blueprint("carried", __name__)
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>"
CARRY = HOME + "/carry"


@blueprint.get(CARRY)
@requires(Permission.ACCREDITATION_READ)
def preview(accreditation_id: UUID) -> str:
    """What would be carried to each requirement, and from where; what starts empty, and what has no successor."""
    return _page(get_accreditation(accreditation_id), "")


@blueprint.post(CARRY)
@requires(Permission.ANSWER_WRITE)
def carry(accreditation_id: UUID) -> Response | tuple[str, int]:
    """Carry all of it."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    try:
        count = carried.carry(accreditation, by=actor())
    except Conflict as refusal:
        return _page(accreditation, refusal.message), 409
    words = "1 answer is carried. Confirm it" if count == 1 else f"{count} answers are carried. Confirm each of them"
    flash(f"{words} before you send.", "success")
    return redirect(url_for("answers.task_list", accreditation_id=accreditation_id), code=303)


@blueprint.post(HOME + "/requirements/<code>/take-back")
@requires(Permission.ANSWER_WRITE)
def take_back(accreditation_id: UUID, code: str) -> Response:
    """Take the confirmation of a carried answer back."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework = get_framework(accreditation.framework_id)
    answer = find_answer(accreditation, framework.ids[code]) if code in framework.ids else None
    if answer is None:
        raise NotFound
    carried.take_back(answer, by=actor())
    flash("The confirmation is taken back.", "success")
    return redirect(url_for("answers.edit", accreditation_id=accreditation_id, code=code), code=303)


def _page(accreditation: Accreditation, refusal: str) -> str:
    """The preview; `refusal` says why nothing was carried."""
    found = find_preview(accreditation)
    framework = get_framework(accreditation.framework_id).tree
    earlier = get_framework(found.earlier.accreditation.framework_id).tree if found else None
    return render_template(
        "assessment/carried/preview.html",
        accreditation=accreditation,
        framework=framework,
        level=framework.level(accreditation.level),
        shapes={step.code: shape_of(framework, step) for step in framework.scale},
        preview=found,
        earlier=earlier,
        earlier_level=earlier.level(found.earlier.accreditation.level) if earlier and found else None,
        is_open=stages.may_edit_answers(Stage(accreditation.stage)),
        today=clock.today(),
        refusal=refusal,
    )
