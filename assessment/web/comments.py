"""Comments on a requirement: their own page, posting, settling and reopening; and what other pages show of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.models.answers import AnswerComment
from assessment.queries.accreditations import get_accreditation
from assessment.queries.comments import get_comment, get_discussion
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import stages
from assessment.rules.framework_tree import Requirement
from assessment.rules.stages import Stage
from assessment.services import comments as services
from assessment.services.answers import requirement_of
from saas.errors import Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, may, requires, viewer
from saas.policy import Permission
from tenants.queries.access import list_colleagues

blueprint = Blueprint("comments", __name__)
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>"
PAGE = HOME + "/requirements/<code>/comments"
ONE = PAGE + "/<uuid:comment_id>"
WHO = "people of your council; never sent to the region."
FIELDS = {"words": "comment", "mentions": "tell"}
"""What a service refuses, under the name the form has for it: other forms of the same page have words of their own."""


class CommentForm(Schema):
    """Something to say, and who is to be told."""

    comment = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST),
        metadata={
            "label": "Your comment",
            "subject": "Your comment",
            "required": "Enter your comment.",
            "hint": "Tick who is to be told, or write @ and a name.",
            "who": WHO,
        },
    )
    tell = fields.List(fields.UUID(), metadata={"label": "Tell", "subject": "Who is to be told", "quiet": True})


@blueprint.get(PAGE)
@requires(Permission.ANSWER_COMMENT)
def show(accreditation_id: UUID, code: str) -> str:
    """Everything said about one requirement."""
    accreditation, framework, requirement = _subject(accreditation_id, code)
    return _page(accreditation, framework, requirement)


@blueprint.post(PAGE)
@requires(Permission.ANSWER_COMMENT)
def write(accreditation_id: UUID, code: str) -> ResponseReturnValue:
    """Say something, and tell who is mentioned."""
    accreditation, framework, requirement = _subject(accreditation_id, code)
    form = bind(CommentForm, request.form)
    if form.valid:
        try:
            comment = services.write(
                accreditation,
                framework.ids[code],
                form.values["comment"],
                mentions=form.values["tell"],
                by=actor(),
            )
        except Invalid as error:
            form.add_errors({FIELDS.get(name, name): texts for name, texts in error.messages.items()})
        else:
            flash(f"Your comment is there for your colleagues. {_told(comment)}", "success")
            return redirect(_back(accreditation, code), code=303)
    return _page(accreditation, framework, requirement, form), 422


@blueprint.post(ONE + "/settle")
@requires(Permission.ANSWER_COMMENT)
def settle(accreditation_id: UUID, code: str, comment_id: UUID) -> ResponseReturnValue:
    """Say that a comment is dealt with."""
    accreditation, framework, _ = _subject(accreditation_id, code)
    comment = get_comment(accreditation, comment_id)
    if comment.requirement_id != framework.ids[code]:
        raise NotFound
    services.settle(comment, by=actor())
    return redirect(_back(accreditation, code), code=303)


@blueprint.post(ONE + "/reopen")
@requires(Permission.ANSWER_COMMENT)
def reopen(accreditation_id: UUID, code: str, comment_id: UUID) -> ResponseReturnValue:
    """Say that a comment is not dealt with after all."""
    accreditation, framework, _ = _subject(accreditation_id, code)
    comment = get_comment(accreditation, comment_id)
    if comment.requirement_id != framework.ids[code]:
        raise NotFound
    services.reopen(comment, by=actor())
    return redirect(_back(accreditation, code), code=303)


def discussion_of(accreditation: Accreditation, requirement_id: UUID, form: Bound | None = None) -> dict[str, Any]:
    """What the panel of comments shows of one requirement, in one statement: the arguments of its macro."""
    found = get_discussion(accreditation, requirement_id)
    return {
        "comments": found.comments,
        "colleagues": [(each.user_id, each.name) for each in found.colleagues if each.user_id != viewer().id],
        "may_write": may(Permission.ANSWER_COMMENT) and Stage(accreditation.stage) in stages.BEFORE_DECISION,
        "comment_form": form or Bound.empty(CommentForm),
    }


def _told(comment: AnswerComment) -> str:
    """Who was told of it, in words; whoever wrote it is not."""
    colleagues = list_colleagues(comment.council_id, Permission.ANSWER_COMMENT)
    told = [each.name for each in colleagues if str(each.user_id) in comment.mentions and each.user_id != viewer().id]
    return f"Told: {', '.join(told)}." if told else "Nobody was told."


def _page(
    accreditation: Accreditation, framework: PublishedFramework, requirement: Requirement, form: Bound | None = None
) -> str:
    return render_template(
        "assessment/comments/show.html",
        accreditation=accreditation,
        requirement=requirement,
        discussion=discussion_of(accreditation, framework.ids[requirement.code], form),
        form=form,
    )


def _back(accreditation: Accreditation, code: str) -> str:
    return url_for("answers.edit", accreditation_id=accreditation.id, code=code, _anchor="comments")


def _subject(accreditation_id: UUID, code: str) -> tuple[Accreditation, PublishedFramework, Requirement]:
    """The accreditation with a requirement its level asks for; raises NotFound."""
    accreditation = get_accreditation(accreditation_id)
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids:
        raise NotFound
    return accreditation, framework, requirement_of(accreditation, framework.ids[code])
