"""A council's self-assessment: the list of requirements, and the page of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries import answers as queries
from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.carried import find_next_to_confirm
from assessment.queries.contributions import list_contributions
from assessment.queries.earlier import previous_answers
from assessment.queries.element_owners import list_owners
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.measures import measures_of
from assessment.queries.returned import find_asked
from assessment.rules import stages
from assessment.rules.answer_order import next_open
from assessment.rules.differences import Piece, compare
from assessment.rules.framework_tree import Requirement
from assessment.rules.marks import shape_of
from assessment.rules.signings import AT_REST
from assessment.rules.stages import Stage
from assessment.services import answers, carried
from assessment.web import answer_citations, answer_lists, answer_work
from assessment.web import answer_refusals as refusals
from assessment.web.answer_forms import ACTION_FIELDS, ANSWER_FIELDS, AnswerForm, RequirementForm, form_for
from assessment.web.comments import discussion_of
from assessment.web.public_lines import lines_of, read_lines
from saas import clock, uploads
from saas.errors import Conflict, Invalid, NotFound
from saas.files import FileRefused
from saas.forms import Bound, bind
from saas.guard import actor, may, requires, viewer
from saas.policy import Permission
from saas.templating import moment, time_of_day
from tenants.models.plans import Action
from tenants.queries.evidence import list_evidence
from tenants.rules.action_words import words_that_add

blueprint = Blueprint("answers", __name__)
uploads.read_whole(blueprint, "save")
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>/"
PAGE = HOME + "requirements/<code>"
WRITING = timedelta(minutes=10)
OTHER_ACTION = "Somebody else changed this action meanwhile. It now says: “{}”. Save again to put your words there."
LINK_FIELDS = {"url": "link", "title": "evidence_title"}


@blueprint.get(HOME)
@requires(Permission.ACCREDITATION_READ)
def task_list(accreditation_id: UUID) -> str:
    """Every requirement by criterion and element, how far each is, and what is next."""
    return answer_lists.page(accreditation_id)


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def edit(accreditation_id: UUID, code: str) -> str:
    """One requirement: question, guidance, judgement, words, evidence and actions; ?action= opens one to be changed."""
    accreditation = get_accreditation(accreditation_id)
    framework, requirement = requirement_named(accreditation, code)
    answer = queries.find_answer(accreditation, framework.ids[code])
    initial: dict[str, Any] = {"version": answer.version if answer else 0}
    if answer is not None:
        initial |= {name: getattr(answer, name) for name in ANSWER_FIELDS}
    form = Bound.empty(form_for(RequirementForm, framework.tree), initial)
    return _page(accreditation, framework, requirement, answer, form)


@blueprint.post(PAGE)
@requires(Permission.ANSWER_WRITE)
def save(accreditation_id: UUID, code: str) -> BaseResponse | tuple[str, int]:
    """Save what was typed, with the evidence and the action that were given; refuse what somebody else changed."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework, requirement = requirement_named(accreditation, code)
    about_cited = answer_citations.fields_sent(request.form)
    form = uploads.bind_upload(form_for(RequirementForm.from_dict(about_cited), framework.tree))
    status = 422
    try:
        if form.valid:
            given = dict(form.values)
            values = {name: given[name] for name in ANSWER_FIELDS}
            answer = answers.save(accreditation, framework.ids[code], **values, by=actor())
            done = answer_work.carry_out(accreditation, answer, given)
            if given["do"] == "confirm":
                carried.confirm(answer, by=actor())
                done.append("The answer is confirmed.")
            flash(" ".join([*done, f"Saved at {time_of_day(clock.now())}."]), "success")
            return _after(accreditation, framework, code, given)
    except Invalid as error:
        form.add_errors({LINK_FIELDS.get(name, name): texts for name, texts in error.messages.items()})
    except FileRefused as error:
        form.add_error("file", error.message)
    except Conflict as error:
        if isinstance(error.theirs, Answer):
            draft = draft_key(accreditation, code)
            return refusals.both_texts(accreditation, framework, requirement, form, error.theirs, draft)
        if not isinstance(error.theirs, Action):
            return refusals.resting(accreditation, framework, requirement, form, error.message)
        form.add_error("action", OTHER_ACTION.format(error.theirs.action))
        form.raw["action_version"] = str(error.theirs.version)
        status = 409
    there = queries.find_answer(accreditation, framework.ids[code])
    return _page(accreditation, framework, requirement, there, form), status


@blueprint.post(PAGE + "/autosave")
@requires(Permission.ANSWER_WRITE)
def autosave(accreditation_id: UUID, code: str) -> Response:
    """Save judgement and words while they are typed; evidence and actions wait for a button."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework, _ = requirement_named(accreditation, code)
    typed = MultiDict((name, request.form[name]) for name in ANSWER_FIELDS if name in request.form)
    form = bind(form_for(AnswerForm, framework.tree), typed)
    if not form.valid:
        answer = jsonify(words="Not saved. " + " ".join(problem.message for problem in form))
        answer.status_code = 422
        return answer
    try:
        saved = answers.save(accreditation, framework.ids[code], **form.values, while_typing=True, by=actor())
    except Conflict as error:
        return refusals.while_typing(error)
    return jsonify(version=saved.version, words=f"Saved at {time_of_day(saved.updated_at)}")


def _after(
    accreditation: Accreditation, framework: PublishedFramework, code: str, given: Mapping[str, Any]
) -> BaseResponse:
    """Back to the page, or on: to the next, the next unanswered, the next to confirm; after the last, to the list."""
    if given["change"]:
        there = url_for("answers.edit", accreditation_id=accreditation.id, code=code, action=given["change"])
        return redirect(f"{there}#action", code=303)
    following: str | None = code
    codes = [each.code for each in framework.tree.requirements_of(accreditation.level)]
    if given["do"] == "next_open":
        following = next_open(codes, code, _open_codes(accreditation, framework))
    elif given["do"] != "save":
        waiting = find_next_to_confirm(accreditation, code) if given["do"] == "confirm" else None
        following = waiting or next(iter(codes[codes.index(code) + 1 :]), None)
    if following is None:
        return redirect(url_for("answers.task_list", accreditation_id=accreditation.id), code=303)
    return redirect(url_for("answers.edit", accreditation_id=accreditation.id, code=following), code=303)


def _open_codes(accreditation: Accreditation, framework: PublishedFramework) -> set[str]:
    judged = queries.list_judged(accreditation)
    return {code for code, requirement_id in framework.ids.items() if requirement_id not in judged}


def draft_key(accreditation: Accreditation, code: str) -> str:
    """Under which name the device keeps what was typed and not saved: of one person, at one answer."""
    return f"{viewer().id}/{accreditation.council_id}/{accreditation.id}/{code}"


def _page(
    accreditation: Accreditation,
    framework: PublishedFramework,
    requirement: Requirement,
    answer: Answer | None,
    form: Bound,
) -> str:
    stage = Stage(accreditation.stage)
    resting = AT_REST.get(submissions.find_rest(accreditation.id), "")
    asked = find_asked(accreditation, requirement.code)
    editable = (
        stages.may_edit_answers(stage) and not resting and not asked.closed_words and may(Permission.ANSWER_WRITE)
    )
    earlier = previous_answers(accreditation)
    cited = queries.list_citations(accreditation, answer.id).get(answer.id, []) if answer else []
    offered = answer_citations.offer(form, cited) if editable else {}
    rows = queries.list_planned_actions(accreditation, answer.id).get(answer.id, []) if answer else []
    planned = [row.Action for row in rows]
    lines, left_out = lines_of(read_lines(accreditation.council_id, planned), planned)
    changed = _to_be_changed(form, planned) if editable else None
    codes = [each.code for each in framework.tree.requirements_of(accreditation.level)]
    at = codes.index(requirement.code)
    last_time = earlier.get(framework.ids[requirement.code])
    criterion, element = framework.tree.place_of(requirement.code)
    return render_template(
        "assessment/answers/edit.html",
        accreditation=accreditation,
        requirement=requirement,
        criterion=criterion,
        element=element,
        me=viewer().id,
        owner=list_owners(accreditation, [element.code]).get(element.code),
        framework=framework.tree,
        number=at + 1,
        total=len(codes),
        before=codes[at - 1] if at else None,
        following=codes[at + 1] if at + 1 < len(codes) else None,
        next_open=next_open(codes, requirement.code, _open_codes(accreditation, framework)),
        writing=is_writing(answer) if answer else False,
        draft=draft_key(accreditation, requirement.code),
        changed=changed,
        taken_out=answer_work.taken_out_of(answer) if editable else "",
        shapes={step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        answer=answer,
        asked=asked,
        carried_on=date.fromisoformat(answer.carried["sealed_on"]) if answer and answer.carried else None,
        form=form,
        editable=editable,
        resting=resting,
        stage=stage,
        citations=cited,
        offered=offered,
        measured=measures_of(accreditation, cited, clock.now()),
        actions=[(line, _reading(line)) for line in lines],
        left_out=left_out,
        library=_options(accreditation.council_id, cited) if editable else [],
        earlier=last_time,
        since=_since(last_time, answer),
        discussion=discussion_of(accreditation, framework.ids[requirement.code]),
        contributions=list_contributions(accreditation, framework.ids[requirement.code]),
        today=clock.today(),
        largest=uploads.limit_words(),
    )


def _reading(action: Any) -> str:
    return words_that_add(action.timescale, action.timescale_kind, action.earliest_on, action.latest_on)


def _since(last_time: dict[str, Any] | None, answer: Answer | None) -> list[tuple[Piece, ...]]:
    """What changed since each of last cycle's texts; nothing before there is a new one."""
    now = answer.narrative if answer else ""
    return [compare(line["narrative"], now) if now else () for line in (last_time or {}).get("answers", ())]


def _to_be_changed(form: Bound, actions: list[Action]) -> Action | None:
    """The action that the address or the form names; what it says fills the form, unless something was typed there."""
    named = form.typed("action_id") or (request.args.get("action", "") if request.method == "GET" else "")
    action = next((each for each in actions if str(each.id) == named), None)
    if action is not None and not form.typed("action_id"):
        values = {"action_id": action.id, "action_version": action.version}
        values |= {name: getattr(action, name) for name in ACTION_FIELDS}
        form.raw.update({name: str(value) for name, value in values.items() if value is not None})
    return action


def is_writing(answer: Answer) -> bool:
    """Whether somebody else types at this answer, as far as can be told: saved by the page itself, minutes ago."""
    recent = clock.now() - answer.updated_at < WRITING
    return answer.sitting is not None and recent and answer.updated_by != viewer().id


def _options(council_id: UUID, cited: list[Any]) -> list[tuple[UUID, str]]:
    """The council's library for the select; what is cited already says so, choosing it again changes the words."""
    there = {row.Evidence.id for row in cited}
    today = clock.today()
    items = list_evidence(council_id, sort="title")
    titles = Counter(item.title for item in items)
    return [
        (
            item.id,
            item.title
            + (f", added {moment(item.added_at)}" if titles[item.title] > 1 else "")
            + (" (cited already)" if item.id in there else _expiry(item.valid_until_on, today)),
        )
        for item in items
    ]


def _expiry(valid_until_on: date | None, today: date) -> str:
    return " (no longer in force)" if valid_until_on is not None and valid_until_on < today else ""


def requirement_named(accreditation: Accreditation, code: str) -> tuple[PublishedFramework, Requirement]:
    """The requirement of this code, when the accreditation's level asks for it; raises NotFound."""
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids:
        raise NotFound
    return framework, answers.requirement_of(accreditation, framework.ids[code])
