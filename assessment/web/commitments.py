"""Committing to a level of a framework: what is offered, who signs for it, and on paper or when asked."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.frameworks import Framework
from assessment.queries.accreditations import find_process, list_under_way
from assessment.queries.carried import find_ways
from assessment.queries.frameworks import list_published
from assessment.rules import carrying, processes
from assessment.rules.process_words import day_words, period_words
from assessment.rules.stages import Stage
from assessment.services import accreditations
from assessment.services.accreditations import Signature, askable_holders
from assessment.services.signings import LONGEST_NAME
from saas import clock
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, place_id, region_id, requires
from saas.policy import Permission

blueprint = Blueprint("commitments", __name__)
ASK, PAPER = "ask", "paper"
"""How an office signs: it is asked by a message, or has signed on paper."""


@blueprint.get("/councils/<council>/accreditations/new")
@requires(Permission.ACCREDITATION_COMMIT)
def new() -> str:
    """The form to commit to a level."""
    offered, process = _offered()
    holders = askable_holders(place_id())
    how = {
        f"office_{number}_how": ASK if office.casefold() in holders else PAPER
        for number, office in enumerate(process.signatories, 1)
    }
    return _commit_page(Bound.empty(_schema(offered, process), how), offered, process)


@blueprint.post("/councils/<council>/accreditations/new")
@requires(Permission.ACCREDITATION_COMMIT)
def commit() -> Response | tuple[str, int]:
    """Commit; the self-assessment opens when everybody has signed, at once where all did on paper."""
    offered, process = _offered()
    form = bind(_schema(offered, process), request.form)
    typed = dict(form.values)
    if form.valid:
        _ask_for_paper(form, process)
    if not form.valid:
        return _commit_page(form, offered, process), 422
    framework_id, _, level = typed["choice"].partition(":")
    signatures = [
        Signature(office, typed[f"office_{number}_name"], typed[f"office_{number}_signed_on"])
        for number, office in enumerate(process.signatories, 1)
        if typed[f"office_{number}_how"] == PAPER
    ]
    try:
        made = accreditations.commit(
            place_id(),
            region_id(),
            place().name,
            framework_id=UUID(framework_id),
            level=level,
            target_on=typed["target_on"],
            signatures=signatures,
            by=actor(),
        )
    except Invalid as refusal:
        form.add_errors(_beside(refusal.messages, process))
        return _commit_page(form, offered, process), 422
    except Conflict as refusal:
        form.add_error(None, refusal.message)
        return _commit_page(form, offered, process), 409
    if made.stage == Stage.COMMITTED:
        flash("Your council has committed. The self-assessment opens when everybody has signed.", "success")
        return redirect(url_for("signings.show", accreditation_id=made.id, about="commitment"), code=303)
    flash("Your council is committed. The self-assessment is open.", "success")
    return redirect(url_for("accreditations.show", accreditation_id=made.id), code=303)


def _offered() -> tuple[list[Framework], processes.Process]:
    row = find_process(region_id())
    return list_published(region_id()), processes.parse(row.document) if row else processes.DEFAULT


def _schema(offered: list[Framework], process: processes.Process) -> Schema:
    choices = [f"{row.id}:{level['code']}" for row in offered for level in row.document["levels"]]
    wanted: dict[str, fields.Field] = {
        "choice": fields.String(
            required=True,
            validate=validate.OneOf(choices, error="Select what your council commits to"),
            metadata={"label": "What your council commits to", "required": "Select what your council commits to"},
        ),
        "target_on": fields.Date(
            metadata={"label": "When you want to be assessed", "subject": "The day you want to be assessed"}
        ),
    }
    for number, office in enumerate(process.signatories, 1):
        wanted[f"office_{number}_how"] = fields.String(
            load_default=PAPER,
            validate=validate.OneOf((ASK, PAPER)),
            metadata={"label": f"How the {office} signs", "quiet": True},
        )
        wanted[f"office_{number}_name"] = fields.String(
            validate=validate.Length(max=LONGEST_NAME),
            metadata={"label": f"Name of the {office}", "subject": f"The name of the {office}", "quiet": True},
        )
        wanted[f"office_{number}_signed_on"] = fields.Date(
            metadata={
                "label": f"Day on which the {office} signed",
                "subject": f"The day the {office} signed",
                "quiet": True,
            },
        )
    return type("CommitForm", (Schema,), wanted)()


def _ask_for_paper(form: Bound, process: processes.Process) -> None:
    """A signature on paper has a name and a day."""
    typed = dict(form.values)
    for number, office in enumerate(process.signatories, 1):
        if typed[f"office_{number}_how"] != PAPER:
            continue
        if not typed[f"office_{number}_name"]:
            form.add_error(f"office_{number}_name", f"Enter the name of the {office}")
        if not typed[f"office_{number}_signed_on"]:
            form.add_error(f"office_{number}_signed_on", f"Enter the day the {office} signed")


def _beside(messages: dict[str, list[str]], process: processes.Process) -> dict[str, list[str]]:
    """The service's messages under the names of this form."""
    names = {"framework_id": "choice", "level": "choice"}
    for number, office in enumerate(process.signatories, 1):
        missing = messages.get(f"signatures.{office}", [""])[0].startswith("Enter the name")
        names[f"signatures.{office}"] = f"office_{number}_{'name' if missing else 'signed_on'}"
    return {names.get(name, name): texts for name, texts in messages.items()}


def _commit_page(form: Bound, offered: list[Framework], process: processes.Process) -> str:
    today = clock.today()
    holders = askable_holders(place_id())
    levels = [(row, level) for row in offered for level in row.document["levels"]]
    earlier, ways = find_ways(place_id(), [(row.id, level["code"]) for row, level in levels])
    begun = {
        f"{each.framework_id}:{each.level}": each.committed_at.astimezone(clock.LONDON).date()
        for each in list_under_way(place_id())
    }
    carried = [carrying.words_of(each) for each in ways] or [""] * len(levels)
    choices = [
        _choice(row, level, words, begun.get(f"{row.id}:{level['code']}"))
        for (row, level), words in zip(levels, carried, strict=True)
    ]
    return render_template(
        "assessment/commitments/new.html",
        form=form,
        choices=choices,
        earlier=earlier,
        offices=[
            (number, office, holders.get(office.casefold())) for number, office in enumerate(process.signatories, 1)
        ],
        latest=processes.assess_by(today, process),
        pre_election=_pre_election(today, process),
    )


def _choice(
    row: Framework, level: dict[str, Any], words: str, begun_on: date | None
) -> tuple[str, str, str, None, bool]:
    """A level as one choice of the form, by the day on which it was committed to where it is under way already."""
    about = f"Under way since {day_words(begun_on)}." if begun_on else f"{_about(row, level)} {words}".strip()
    title = f"{level['title']}: {row.title} ({row.version})"
    return f"{row.id}:{level['code']}", title, about, None, begun_on is not None


def _about(row: Framework, level: dict[str, Any]) -> str:
    titles = {each["code"]: each["title"] for each in row.document["levels"]}
    words = []
    if row.starter:
        words.append("A starter set in words of our own; your region may offer its own text.")
    if level.get("requires"):
        words.append(f"{titles[level['requires']]} comes before it.")
    return " ".join(words)


def _pre_election(today: date, process: processes.Process) -> str:
    """The period that today lies in, in words; "" when it lies in none."""
    return next(
        (period_words(each) for each in process.pre_election_periods if each.from_on <= today <= each.to_on), ""
    )
