"""The page that gives an element, or every element of a criterion, an owner and a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.models.answers import ElementOwner
from assessment.queries.accreditations import get_accreditation
from assessment.queries.element_owners import list_owners
from assessment.queries.frameworks import get_framework
from assessment.rules import stages
from assessment.rules.framework_tree import Element
from assessment.rules.stages import Stage
from assessment.services import element_owners as services
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.queries.access import list_colleagues

blueprint = Blueprint("element_owners", __name__)
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>"
ELEMENT = HOME + "/elements/<code>/owner"
CRITERION = HOME + "/criteria/<code>/owner"


class OwnerForm(Schema):
    """Who and by when. `version` holds one number for each element, in order, with dashes between."""

    version = fields.String(required=True, validate=validate.Regexp(r"\d{1,9}(-\d{1,9})*\Z"))
    user_id = fields.UUID(
        allow_none=True,
        metadata={"label": "Owner", "subject": "The owner", "hint": "Colleagues who may write answers.", "quiet": True},
    )
    due_on = fields.Date(
        metadata={
            "label": "Due",
            "subject": "The due date",
            "who": "people of your council; never sent to the region. The owner is told.",
        }
    )
    do = fields.String(load_default="save", validate=validate.OneOf(("save", "clear")))


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page is about: an element, or a criterion with all of its elements."""

    accreditation: Accreditation
    code: str
    title: str
    elements: list[Element]
    is_criterion: bool

    @property
    def codes(self) -> list[str]:
        """The codes of the elements, in the order of the framework."""
        return [each.code for each in self.elements]

    @property
    def words(self) -> str:
        """What is given an owner, for the line that says it was done."""
        return f"every element of {self.code}. {self.title}" if self.is_criterion else f"{self.code} {self.title}"


@blueprint.get(ELEMENT)
@requires(Permission.ANSWER_WRITE)
def edit_element(accreditation_id: UUID, code: str) -> str:
    """Ask who answers this element, and by when."""
    return _ask(_element(accreditation_id, code))


@blueprint.post(ELEMENT)
@requires(Permission.ANSWER_WRITE)
def save_element(accreditation_id: UUID, code: str) -> ResponseReturnValue:
    """Give this element its owner, change or clear it."""
    return _save(_element(accreditation_id, code))


@blueprint.get(CRITERION)
@requires(Permission.ANSWER_WRITE)
def edit_criterion(accreditation_id: UUID, code: str) -> str:
    """Ask who answers all elements of this criterion, and by when."""
    return _ask(_criterion(accreditation_id, code))


@blueprint.post(CRITERION)
@requires(Permission.ANSWER_WRITE)
def save_criterion(accreditation_id: UUID, code: str) -> ResponseReturnValue:
    """Give all elements of this criterion one owner, change or clear them."""
    return _save(_criterion(accreditation_id, code))


def _element(accreditation_id: UUID, code: str) -> Subject:
    accreditation = get_accreditation(accreditation_id)
    element = services.elements_of(accreditation).get(code)
    if element is None:
        raise NotFound
    return Subject(accreditation, code, element.title, [element], is_criterion=False)


def _criterion(accreditation_id: UUID, code: str) -> Subject:
    accreditation = get_accreditation(accreditation_id)
    asked = services.elements_of(accreditation)
    for criterion in get_framework(accreditation.framework_id).tree.criteria:
        elements = [each for each in criterion.elements if each.code in asked]
        if criterion.code == code and elements:
            return Subject(accreditation, code, criterion.title, elements, is_criterion=True)
    raise NotFound


def _ask(subject: Subject) -> str:
    """The form with what is saved: where the elements differ, nothing is chosen for them."""
    stage = Stage(subject.accreditation.stage)
    if stage not in stages.BEFORE_DECISION:
        raise Conflict(f"Nobody answers any more at the stage “{stages.LABELS[stage]}”.")
    there = list_owners(subject.accreditation, subject.codes)
    initial: dict[str, Any] = {"version": _versions(subject, there)}
    for name in ("user_id", "due_on"):
        found = {getattr(there.get(code), name, None) for code in subject.codes}
        initial[name] = found.pop() if len(found) == 1 else None
    return _page(subject, Bound.empty(OwnerForm, initial), there)


def _save(subject: Subject) -> ResponseReturnValue:
    form = bind(OwnerForm, request.form)
    try:
        if form.valid:
            given = form.values
            clears = given["do"] == "clear"
            services.name_owner(
                subject.accreditation,
                subject.codes,
                user_id=None if clears else given["user_id"],
                due_on=None if clears else given["due_on"],
                versions=[int(number) for number in given["version"].split("-")],
                by=actor(),
            )
            flash(f"Saved for {subject.words}.", "success")
            return redirect(url_for("answers.task_list", accreditation_id=subject.accreditation.id), code=303)
    except Invalid as error:
        form.add_errors(error.messages)
    except Conflict:
        if Stage(subject.accreditation.stage) not in stages.BEFORE_DECISION:
            raise
        there = list_owners(subject.accreditation, subject.codes)
        form.raw["version"] = _versions(subject, there)
        return _page(subject, form, there, stale=True), 409
    return _page(subject, form, list_owners(subject.accreditation, subject.codes)), 422


def _versions(subject: Subject, there: dict[str, ElementOwner]) -> str:
    return "-".join(str(there[code].version if code in there else 0) for code in subject.codes)


def _page(subject: Subject, form: Bound, there: dict[str, ElementOwner], *, stale: bool = False) -> str:
    colleagues = list_colleagues(place_id(), Permission.ANSWER_WRITE)
    here = {each.user_id for each in colleagues}
    return render_template(
        "assessment/element_owners/edit.html",
        accreditation=subject.accreditation,
        subject=subject,
        form=form,
        colleagues=[(each.user_id, each.name) for each in colleagues],
        saved=[(each, there.get(each.code)) for each in subject.elements],
        gone=sorted({row.name for row in there.values() if row.user_id and row.user_id not in here}),
        stale=stale,
    )
