"""The heat map of a matrix: how cells are drawn, as markup and as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from assessment.queries.matrix import Matrix, MatrixRow
from assessment.rules import matrix as rules
from assessment.rules.framework_tree import Framework, Step
from assessment.rules.marks import shape_of
from assessment.rules.matrix import DIFFERENCE_WORDS, NONE, By, Column, Difference, Show

SHORT = {"met": "Met", "partly": "Partly", "not": "Not met", "inapplicable": "n/a"}
"""The word of a shape, where a scale has one step of it."""
DIFFERENCE_SHAPES = {
    Difference.SAME: "met",
    Difference.HIGHER: "not",
    Difference.LOWER: "partly",
    Difference.OTHERWISE: "inapplicable",
    Difference.UNKNOWN: "none",
}


class Heat:
    """How a matrix is drawn: its columns, and the cells of a row."""

    def __init__(self, found: Matrix, show: Show, by: By) -> None:
        if found.framework is None:
            raise ValueError("a matrix without a framework has no cells")
        self.tree = found.framework.tree
        self.show, self.by = show, by
        self.columns = rules.columns_of(self.tree, by)
        self._met, self._judged = rules.met_letters(self.tree), rules.judged_letters(self.tree)
        self._differences = rules.differences(self.tree)
        self._words = {NONE: "–"} | _short(self.tree)
        shapes = {NONE: "none"} | {_letter(self.tree, step): shape_of(self.tree, step) for step in self.tree.scale}
        if show is Show.DIFFERENCE:
            self._words = {each.value: words for each, words in DIFFERENCE_WORDS.items()}
            shapes = {each.value: shape for each, shape in DIFFERENCE_SHAPES.items()}
        self.key = [
            (shapes[letter], _label(self.tree, letter) if show is not Show.DIFFERENCE else words, words)
            for letter, words in self._words.items()
        ]
        self._cells = {
            letter: f'<td class="{shapes[letter]}">{escape(words)}</td>' for letter, words in self._words.items()
        }

    def marks(self, row: MatrixRow) -> str:
        """The letters of what is shown."""
        if self.show is Show.DIFFERENCE:
            return rules.compare(row.own, row.issued, self._differences)
        return row.own if self.show is Show.OWN else row.issued

    def cells(self, row: MatrixRow, opening: str | None = None) -> Markup:
        """The row's cells as markup. opening: counts open their lines; this begins the query that finds them."""
        marks = self.marks(row)
        if self.by is By.REQUIREMENT:
            return Markup("".join(map(self._cells.__getitem__, marks)))  # noqa: S704 - words are escaped above
        lead = f"matrix/lines?{opening}council={row.slug}&{self.opens}&at="
        return Markup().join(
            Markup('<td class="{}">{}</td>').format(
                shape,
                Markup('<a href="{}">{}</a>').format(lead + column.code, words)
                if opening is not None and count
                else words,
            )
            for column, (shape, words, count) in zip(self.columns, self._gathered(marks), strict=True)
        )

    def words(self, row: MatrixRow) -> list[str]:
        """The row's cells as text."""
        marks = self.marks(row)
        if self.by is By.REQUIREMENT:
            return [self._words[letter] for letter in marks]
        return [words for _, words, _ in self._gathered(marks)]

    def totals(self, rows: Sequence[MatrixRow]) -> list[tuple[Column, str]]:
        """Each column with how much of it is met (or differs) in all these councils."""
        every = [self.marks(row) for row in rows]
        if self.show is not Show.DIFFERENCE:
            shares = rules.shares_of(every, self.columns, self.tree)
            words = [f"{share.met} of {share.judged}" if share.judged else "–" for share in shares]
        else:
            stacked = rules.stacked(every, self.tree)
            gathered = ("".join([stacked[place] for place in column.places]) for column in self.columns)
            words = [self._differing(marks)[1] for marks in gathered]
        return list(zip(self.columns, words, strict=True))

    @property
    def opens(self) -> str:
        """The filter of lines that a count stands for."""
        return "difference=known" if self.show is Show.DIFFERENCE else f"{self.show}=judged"

    def _gathered(self, marks: str) -> Iterator[tuple[str, str, int]]:
        """Shape, words and how many requirements stand behind them, for each column."""
        for column in self.columns:
            if self.show is Show.DIFFERENCE:
                yield self._differing("".join([marks[place] for place in column.places]))
                continue
            share = rules.share(marks, column.places, self._met, self._judged)
            words = f"{share.met} of {share.judged}" if share.judged else "–"
            yield share.shape, words, share.judged

    def _differing(self, marks: str) -> tuple[str, str, int]:
        known = len(marks) - marks.count(NONE)
        differing = known - marks.count(Difference.SAME)
        if not known:
            return "none", "–", 0
        return ("partly" if differing else "met"), f"{differing} of {known}", known


def _short(tree: Framework) -> dict[str, str]:
    """The letter of each step → its word in a cell: short where its shape is its own, else its label."""
    shapes = [shape_of(tree, step) for step in tree.scale]
    return {
        _letter(tree, step): SHORT[shape] if shapes.count(shape) == 1 else step.label
        for step, shape in zip(tree.scale, shapes, strict=True)
    }


def _letter(tree: Framework, step: Step) -> str:
    return rules.letter_of(tree, step.code)


def _label(tree: Framework, letter: str) -> str:
    return next((step.label for step in tree.scale if _letter(tree, step) == letter), "No judgement")
