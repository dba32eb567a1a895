"""What a document says of each requirement beside what is answered already, and what a person decides between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessment.rules.framework_tree import Requirement
from assessment.rules.template_rows import TemplateRow, is_action, united


class Choice(StrEnum):
    """Which words stand where both have some. Ours stay unless a person says otherwise."""

    OURS = "ours"
    DOCUMENT = "document"
    BOTH = "both"


CHOICES = {
    Choice.OURS: "Keep what is answered here",
    Choice.DOCUMENT: "Take the document’s words instead",
    Choice.BOTH: "Put the document’s words below ours",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One requirement that the document speaks of.

    words: what would stand in the answer; ours: what stands there now. open: answers to it may be changed now.
    """

    requirement: Requirement
    words: str
    ours: str
    actions: tuple[TemplateRow, ...]
    places: tuple[str, ...]
    open: bool

    @property
    def differs(self) -> bool:
        """Both have words, and not the same: a person chooses."""
        return bool(self.words and self.ours.strip() and self.words.split() != self.ours.split())

    @property
    def is_same(self) -> bool:
        """The answer says it already."""
        return bool(self.words) and self.words.split() == self.ours.split()

    def text(self, choice: Choice) -> str | None:
        """The answer's words with this choice; None where they stay as they are."""
        if not self.open or not self.words or self.is_same:
            return None
        if not self.differs or choice is Choice.DOCUMENT:
            return self.words
        return f"{self.ours}\n\n{self.words}" if choice is Choice.BOTH else None


def proposals(
    rows: Sequence[TemplateRow],
    requirements: Sequence[Requirement],
    answered: Mapping[str, str],
    is_open: Mapping[str, bool],
) -> list[Proposal]:
    """What the matched rows say, requirement by requirement in the framework's order.

    answered: code → what the answer says now. is_open: code → whether it may be changed.
    """
    found: dict[str, list[TemplateRow]] = {}
    for row in rows:
        if row.code:
            found.setdefault(row.code, []).append(row)
    return [
        Proposal(
            requirement,
            united(found[requirement.code]),
            answered.get(requirement.code, ""),
            tuple(row for row in found[requirement.code] if is_action(row.action)),
            tuple(row.place for row in found[requirement.code]),
            is_open.get(requirement.code, True),
        )
        for requirement in requirements
        if requirement.code in found
    ]
