"""The assessor's pages as they are shown: the screen, the list, the last step, and both texts of a lost update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.scores import ScoreDraft
from assessment.models.submissions import SubmissionAnswer
from assessment.models.visits import Visit
from assessment.queries import clarifications
from assessment.queries import scores as queries
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.score_lines import Line, list_lines
from assessment.queries.visits import find_visit
from assessment.rules import stages
from assessment.rules.clarifications import may_ask
from assessment.rules.differences import Piece, compare
from assessment.rules.file_queue import FileFacts, dates_of
from assessment.rules.framework_tree import Framework, Requirement
from assessment.rules.marks import shape_of
from assessment.rules.pinpoints import page_of
from assessment.rules.scoring import Standing, next_to_score
from assessment.rules.stages import Stage
from assessment.web.both_texts import pair_of
from assessment.web.score_forms import CANNOT, TEXTS, TICKS
from saas import clock, guard
from saas.errors import NotFound
from saas.forms import Bound
from saas.policy import Permission

SHOWS = {
    "": "All",
    "open": "Not scored",
    "flagged": "Flagged",
    "no-evidence": "No evidence",
    "changed": "Changed since last time",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """The file as this scorer has it open."""

    accreditation: Accreditation
    assignment: Assignment
    framework: PublishedFramework

    @property
    def tree(self) -> Framework:
        """The standard that is scored."""
        return self.framework.tree

    @property
    def wanted(self) -> tuple[Requirement, ...]:
        """What is to be scored, in order."""
        return self.tree.requirements_of(self.accreditation.level)

    @property
    def scoring(self) -> bool:
        """Whether this scorer may still change anything."""
        return self.assignment.submitted_at is None and stages.may_score(Stage(self.accreditation.stage))

    def lines(self) -> dict[str, Line]:
        """How far the scorer is, by code, in the order of the standard."""
        return {self.framework.codes[line.requirement_id]: line for line in list_lines(self.assignment)}

    def id_of(self, code: str) -> UUID:
        """The requirement of this code; raises NotFound."""
        if code not in self.framework.ids:
            raise NotFound
        return self.framework.ids[code]


def file_id() -> UUID:
    """The file of this address."""
    found = guard.place().id
    if found is None:
        raise NotFound
    return found


def opened() -> Opened:
    """The open file; raises NotFound while interests are not declared, or when an interest was."""
    accreditation, assignment = queries.get_file(file_id(), guard.viewer().id)
    return Opened(accreditation, assignment, get_framework(accreditation.framework_id))


def shown() -> str:
    """Which requirements are looked at, by the address."""
    wanted = request.args.get("show", "")
    return wanted if wanted in SHOWS else ""


def common(there: Opened, lines: Mapping[str, Line], visit: Visit | None = None) -> dict[str, Any]:
    """What every page of the file says. visit: of this file, for a page that says when it is."""
    return {
        "framework": there.tree,
        "lines": lines,
        "codes": [each.code for each in there.wanted if each.code in lines],
        "done": sum(line.done for line in lines.values()),
        "standings": Standing,
        "shapes": {step.code: shape_of(there.tree, step) for step in there.tree.scale},
        "assignment": there.assignment,
        "dates": _dates(there, visit),
        "scoring": there.scoring,
        "show": shown(),
        "shows": [(key, words, sum(line.matches(key) for line in lines.values())) for key, words in SHOWS.items()],
    }


def _dates(there: Opened, visit: Visit | None) -> tuple[tuple[date, str], ...]:
    """What is to come in this file, by day, as the list of files says it."""
    facts = FileFacts(
        submitted=there.assignment.submitted_at is not None,
        stage=Stage(there.accreditation.stage),
        visit_on=visit.held_on if visit is not None and visit.state in ("planned", "invited") else None,
        closes_on=there.assignment.closes_on,
        due_on=there.accreditation.next_due_on,
    )
    return dates_of(facts, clock.today())


def screen(there: Opened, code: str, answer: SubmissionAnswer, draft: ScoreDraft | None, form: Bound) -> str:
    """One requirement: what is asked, what the council sent, and the score."""
    lines, show = there.lines(), shown()
    order = [each for each, line in lines.items() if each == code or line.matches(show)]
    here = order.index(code)
    ids = [UUID(item["file_id"]) for item in answer.evidence if item.get("file_id")]
    submitted = there.assignment.submitted_at
    return render_template(
        "assessment/scores/edit.html",
        **common(there, lines),
        requirement=there.tree.requirement(code),
        criterion=there.tree.place_of(code)[0],
        element=there.tree.place_of(code)[1],
        answer=answer,
        draft=draft,
        form=form,
        cannot=CANNOT,
        visible=set(order),
        before=order[here - 1] if here else None,
        after=order[here + 1] if here + 1 < len(order) else None,
        following=next_to_score(order, code, {each for each in order if lines[each].done}),
        files={str(key): file for key, file in queries.list_sealed_files(there.assignment, ids).items()},
        pages=[page_of(item.get("pinpoint") or "") for item in answer.evidence],
        since=_since(answer),
        asked=clarifications.list_for(there.accreditation.id, answer.requirement_id),
        may_ask=guard.may(Permission.QUESTION_ASK) and may_ask(Stage(there.accreditation.stage)),
        submitted=submitted,
        others=queries.list_others(there.assignment, answer.requirement_id) if submitted else [],
        draft_key=draft_key(there.assignment, code),
    )


def _since(answer: SubmissionAnswer) -> list[tuple[Piece, ...]]:
    """What changed in the words since each of last cycle's; () where they are the same."""
    found = []
    for line in (answer.previous or {}).get("answers", ()):
        pieces = compare(line["narrative"], answer.narrative)
        found.append(pieces if any(piece.kind != "same" for piece in pieces) else ())
    return found


def draft_key(assignment: Assignment, code: str) -> str:
    """Under which name the device keeps what was typed and not saved."""
    return f"{guard.viewer().id}/{assignment.council_id}/{assignment.accreditation_id}/{code}"


def listed(there: Opened) -> str:
    """Every requirement in one list, narrowed by the address."""
    said = common(there, there.lines(), find_visit(there.accreditation.id))
    return render_template("assessment/scores/list.html", **said, wanted=there.wanted)


def submitting(there: Opened) -> str:
    """What is missing, or what will happen; afterwards what was submitted."""
    lines = there.lines()
    missing = [each for each in there.wanted if each.code not in lines or not lines[each.code].done]
    said = common(there, lines, find_visit(there.accreditation.id))
    return render_template("assessment/scores/submit.html", **said, wanted=there.wanted, missing=missing)


def both_texts(code: str, form: Bound, theirs: ScoreDraft) -> str:
    """What was typed here beside what was saved in another window."""
    accreditation, assignment = queries.get_file(file_id(), guard.viewer().id)
    tree = get_framework(accreditation.framework_id).tree
    same = {name: form.typed(name) for name in TEXTS[1:] if form.typed(name) == getattr(theirs, name)}
    kept = {name: form.typed(name) for name in TICKS if form.typed(name)}
    chosen = CANNOT if form.typed("do") == "cannot" else form.typed("judgement")
    return render_template(
        "assessment/scores/conflict.html",
        code=code,
        pairs=[pair_of(form, name, theirs) for name in TEXTS if name not in same],
        kept=same | kept | ({"judgement": chosen} if chosen else {}) | {"do": "save"},
        mine=_words(tree, chosen),
        saved=_words(tree, CANNOT if theirs.cannot_assess else theirs.judgement or ""),
        theirs=theirs,
        by=guard.viewer().name,
        draft_key=draft_key(assignment, code),
    )


def _words(tree: Framework, chosen: str) -> str:
    if chosen == CANNOT:
        return "cannot assess"
    return tree.step(chosen).label if tree.has_step(chosen) else "none"
