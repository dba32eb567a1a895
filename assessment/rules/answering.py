"""Answering: how far one answer is, in few words, and the one number that says how far all of them are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessment.rules.framework_tree import Framework, Requirement

LONGEST_TEXT = 20_000
"""Characters of one text of an answer."""
LONGEST_PINPOINT, LONGEST_WHY = 200, 1_000
"""Characters of where in a piece of evidence, and of what it shows."""
LONGEST_ACTION, LONGEST_LINE = 2_000, 500
"""Characters of what will be done, and of by when and by whom."""


class Status(StrEnum):
    """How far the answer to one requirement is. Untouched is not in progress."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    CARRIED = "carried"
    JUDGED = "judged"
    NOT_NEEDED = "not_needed"
    CHANGES_ASKED = "changes_asked"
    CHANGED_SINCE = "changed_since"


LABELS: Mapping[Status, str] = {
    Status.NOT_STARTED: "Not started",
    Status.IN_PROGRESS: "In progress",
    Status.CARRIED: "To be confirmed",
    Status.JUDGED: "Judged",
    Status.NOT_NEEDED: "Not applicable",
    Status.CHANGES_ASKED: "Changes asked for",
    Status.CHANGED_SINCE: "Changed since",
}

COUNTED = (
    "A requirement counts once it is judged, also while you change what the region asked for;"
    " one that is not applicable counts once its reason is given."
)
NOT_COUNTED = (
    "Words or evidence without a judgement do not count,"
    " nor does an answer carried from the last cycle, or taken from a document, before somebody confirms it."
)
DEFINITION = f"{COUNTED} {NOT_COUNTED}"
"""What `counts` says, to be printed beside every number that comes of it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one answer.

    judgement: the code of a step, None while open. reasoned: the reason for "not applicable" is given. touched: words,
    evidence or actions are there. carried, confirmed: it came from the last cycle or from a document, and somebody
    said that it holds. asked: the region named it when it returned what was sent last. changed: after that.
    """

    judgement: str | None = None
    reasoned: bool = False
    touched: bool = False
    carried: bool = False
    confirmed: bool = False
    asked: bool = False
    changed: bool = False


UNTOUCHED = Standing()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many requirements count as judged, of how many."""

    done: int
    total: int

    @property
    def words(self) -> str:
        """The number as every page says it."""
        return f"{self.done} of {self.total} requirement{'' if self.total == 1 else 's'} judged"

    @property
    def definition(self) -> str:
        """What counts and what does not, for the line below the number."""
        return DEFINITION

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to judge."""
        return self.done >= self.total > 0


def counts(framework: Framework, standing: Standing) -> bool:
    """Whether a requirement counts as judged: the one definition behind every progress number; see DEFINITION."""
    if standing.judgement is None or not framework.has_step(standing.judgement):
        return False
    if framework.step(standing.judgement).not_applicable and not standing.reasoned:
        return False
    return standing.confirmed or not standing.carried


def progress_of(framework: Framework, level: str, standings: Mapping[str, Standing]) -> Progress:
    """How far the answers to the requirements of a level are; `standings` goes by requirement code."""
    return progress_among(framework, framework.requirements_of(level), standings)


def progress_among(
    framework: Framework, requirements: tuple[Requirement, ...], standings: Mapping[str, Standing]
) -> Progress:
    """How far the answers to some requirements are, such as those of one criterion."""
    done = sum(counts(framework, standings.get(each.code, UNTOUCHED)) for each in requirements)
    return Progress(done, len(requirements))


def status_of(framework: Framework, standing: Standing) -> Status:
    """The status of one answer; what the region asked for comes before everything else."""
    if standing.asked:
        return Status.CHANGED_SINCE if standing.changed else Status.CHANGES_ASKED
    if standing.carried and not standing.confirmed:
        return Status.CARRIED
    if counts(framework, standing):
        step = framework.step(standing.judgement or "")
        return Status.NOT_NEEDED if step.not_applicable else Status.JUDGED
    if standing.touched or standing.judgement is not None:
        return Status.IN_PROGRESS
    return Status.NOT_STARTED
