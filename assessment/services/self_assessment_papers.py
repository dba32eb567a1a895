"""A self-assessment on paper: in the order of the template or by action, public or restricted, or under a cover."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries.answers import list_answers, list_citations, list_planned_actions
from assessment.queries.coverage import coverage_of
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules.framework_tree import Framework, Requirement
from assessment.rules.marks import shape_of
from assessment.rules.stages import LABELS, Stage
from saas import clock
from saas.errors import Forbidden
from saas.papers import Block, Facts, Heading, Paper, Prose, Row, Table
from saas.templating import moment, plural
from saas.tenancy import Actor
from tenants.models.committee_papers import CommitteePaper
from tenants.queries.action_details import load_details
from tenants.queries.logos import NamedPlace
from tenants.rules import plan_papers as rules
from tenants.rules.plan_papers import ELEMENTS, LAYOUTS, RESTRICTED, WIDTHS, Line
from tenants.services import committee_papers
from tenants.services.committee_papers import covered_paper, versioned_paper
from tenants.services.evidence_papers import Entry, index_table
from tenants.services.plan_papers import details_blocks, line_of, reasons_of, titled

SUBJECT = "self_assessment"
CITED = "Evidence cited: "
"""Begins the last line of the Evidence column: what the answer cites, each with where in it."""
NO_JUDGEMENT = "No judgement yet"


@dataclass(frozen=True, slots=True)
class Answered:
    """A requirement with its answer, what that cites, and the lines of the plan that it needs."""

    requirement: Requirement
    element: str
    answer: Answer | None
    cited: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Code and title."""
        return f"{self.requirement.code} {self.requirement.title}"


@dataclass(frozen=True, slots=True)
class SelfAssessmentOnPaper:
    """A self-assessment as it stands, ready to be written in any version and layout."""

    accreditation: Accreditation
    framework: Framework
    council: NamedPlace
    region: NamedPlace
    answered: tuple[Answered, ...]
    evidence: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """What its papers are called, but for a committee's."""
        return f"Self-assessment: {self.framework.level(self.accreditation.level).title}"

    @property
    def names(self) -> tuple[NamedPlace, NamedPlace]:
        """The council and its region."""
        return self.council, self.region

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line of the plan that an answer needs, once."""
        return tuple(dict.fromkeys(line for each in self.answered for line in each.lines))

    @property
    def restricted(self) -> int:
        """How many actions the public version leaves out."""
        return sum(line.restricted for line in self.lines)


def refuse_restricted(version: str, *, reads_plan: bool) -> None:
    """Raise Forbidden for the restricted version, with its owners of lines, where somebody may not read the plan."""
    if version == RESTRICTED and not reads_plan:
        raise Forbidden


def begin_cover(accreditation: Accreditation, *, by: Actor) -> CommitteePaper:
    """The cover of a self-assessment, with words to begin from where there was none."""
    level = get_framework(accreditation.framework_id).tree.level(accreditation.level)
    title = f"Self-assessment: {level.title}"
    return committee_papers.begin_cover(
        accreditation.council_id, subject=SUBJECT, subject_id=accreditation.id, title=title, by=by
    )


def read_self_assessment(accreditation: Accreditation, names: tuple[NamedPlace, NamedPlace]) -> SelfAssessmentOnPaper:
    """Everything that papers of a self-assessment say, in a fixed number of statements."""
    framework = get_framework(accreditation.framework_id)
    answers, citations = list_answers(accreditation), list_citations(accreditation)
    planned = list_planned_actions(accreditation)
    actions = {row.Action.id: row.Action for rows in planned.values() for row in rows}
    details = load_details(accreditation.council_id, list(actions))
    reasons = reasons_of(accreditation.council_id, actions.values())
    lines: dict[UUID, Line] = {each: line_of(actions[each], details[each], reasons.get(each)) for each in actions}
    answered = []
    for requirement in framework.tree.requirements_of(accreditation.level):
        answer = answers.get(framework.ids[requirement.code])
        element = framework.tree.place_of(requirement.code)[1]
        cited = citations.get(answer.id, ()) if answer else ()
        needed = planned.get(answer.id, ()) if answer else ()
        answered.append(
            Answered(
                requirement,
                f"{element.code} {element.title}",
                answer,
                tuple(titled(row.Evidence.title, row.pinpoint) for row in cited),
                tuple(lines[row.Action.id] for row in needed),
            )
        )
    return SelfAssessmentOnPaper(
        accreditation, framework.tree, *names, tuple(answered), tuple(_entries(accreditation, framework))
    )


def self_assessment_paper(on_paper: SelfAssessmentOnPaper, *, version: str, layout: str) -> Paper:
    """The self-assessment alone, on pages that lie."""
    blocks = _blocks(on_paper, version, layout)
    return versioned_paper(on_paper.title, blocks, on_paper.names, version=version, landscape=True)


def evidence_paper(on_paper: SelfAssessmentOnPaper, *, version: str, library: str) -> Paper:
    """The index of the evidence that answers cite. library: the web address of the council's library."""
    index = _index(on_paper, version, library) or Prose("No answer cites any evidence.")
    blocks = (Prose(f"What the answers cite, as it stood on {moment(clock.now())}."), index)
    title = f"Evidence index: {on_paper.title}"
    return versioned_paper(title, blocks, on_paper.names, version=version, landscape=True)


def committee_paper(
    on_paper: SelfAssessmentOnPaper, cover: CommitteePaper, *, version: str, layout: str, library: str
) -> Paper:
    """The cover, and behind it the self-assessment and the evidence index, as one document."""
    counted = plural(len(on_paper.answered), "requirement")
    whole = (on_paper.title, counted, _blocks(on_paper, version, layout))
    return covered_paper(cover, whole, _index(on_paper, version, library), on_paper.names, version=version)


def _blocks(on_paper: SelfAssessmentOnPaper, version: str, layout: str) -> list[Block]:
    framework, lines = on_paper.framework, on_paper.lines
    facts = (
        ("Framework", f"{framework.title} ({framework.version})"),
        ("Level", framework.level(on_paper.accreditation.level).title),
        ("Stage", LABELS[Stage(on_paper.accreditation.stage)]),
        ("As it stood on", moment(clock.now())),
        ("Own judgements", _counted(on_paper)),
    )
    blocks: list[Block] = [Prose(rules.version_words(lines, version)), Facts(facts)]
    if layout == ELEMENTS:
        rows = [row for each in on_paper.answered for row in _rows(each, version)]
        blocks.append(Table("Self-assessment", LAYOUTS[ELEMENTS], tuple(rows), WIDTHS[ELEMENTS]))
    else:
        blocks += _by_action(on_paper, version)
    return [*blocks, Heading(1, "Own judgements"), _judgements(on_paper)]


def _rows(each: Answered, version: str) -> list[Row]:
    """A row for every action, or one without; the words of the answer stand in the first."""
    shown: list[Line | None] = [*rules.shown(each.lines, version)]
    rows = []
    for number, line in enumerate(shown or [None]):
        planned = (line.action, line.timescale, rules.responsibility(line, version)) if line else ("", "", "")
        rows.append(Row((each.element, each.name, "" if number else _evidence(each), *planned)))
    return rows


def _evidence(each: Answered) -> str:
    if each.answer is None:
        return ""
    reason = each.answer.not_applicable_reason.strip()
    texts = (
        each.answer.narrative,
        f"Not applicable: {reason}" if reason else "",
        f"{CITED}{'; '.join(each.cited)}" if each.cited else "",
    )
    return "\n".join(filter(None, texts))


def _by_action(on_paper: SelfAssessmentOnPaper, version: str) -> list[Block]:
    asked: dict[Line, list[str]] = {}
    for each in on_paper.answered:
        for line in each.lines:
            asked.setdefault(line, []).append(each.name)
    rows, shown = [], rules.shown(asked, version)
    for line in shown:
        ref, action, timescale, why, who, done = rules.cells(line, rules.TIMESCALES, version)
        why = "\n".join([*asked[line], *([why] if line.reason else [])])
        rows.append(Row((ref, action, timescale, why, who, done)))
    if not rows:
        return [Prose("No answer needs an action that can be shown.")]
    table = Table("Action plan", LAYOUTS[rules.TIMESCALES], tuple(rows), WIDTHS[rules.TIMESCALES])
    return [table, *details_blocks(shown, version)]


def _judgements(on_paper: SelfAssessmentOnPaper) -> Table:
    rows = []
    for each in on_paper.answered:
        code = each.answer.judgement if each.answer else None
        if code is None or not on_paper.framework.has_step(code):
            rows.append(Row((each.name, NO_JUDGEMENT)))
        else:
            step = on_paper.framework.step(code)
            rows.append(Row((each.name, step.label), shape=shape_of(on_paper.framework, step)))
    return Table("Own judgements", ("Requirement", "Judgement"), tuple(rows))


def _counted(on_paper: SelfAssessmentOnPaper) -> str:
    found = Counter(each.answer.judgement if each.answer else None for each in on_paper.answered)
    parts = [f"{found[step.code]} {step.label.lower()}" for step in on_paper.framework.scale if found[step.code]]
    open_ones = len(on_paper.answered) - sum(found[step.code] for step in on_paper.framework.scale)
    parts += [f"{open_ones} not judged yet"] if open_ones else []
    return f"{len(on_paper.answered)} requirements: {', '.join(parts)}."


def _entries(accreditation: Accreditation, framework: PublishedFramework) -> list[Entry]:
    coverage = coverage_of(accreditation, framework, clock.today())
    return [
        Entry(line.evidence, tuple(titled(cited.code, cited.pinpoint) for cited in line.cited))
        for line in coverage.cited
    ]


def _index(on_paper: SelfAssessmentOnPaper, version: str, library: str) -> Table | None:
    return index_table(on_paper.evidence, version=version, library=library) if on_paper.evidence else None
