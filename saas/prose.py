"""Prose: what people write with light formatting, as safe markup. The one place that turns their words into HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import groupby

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

LIST_LINE = re.compile(r"(?P<indent>[ \t\u00a0]*)(?P<mark>[-*•·▪◦–]|\d{1,9}[.)])[ \t\u00a0]+(?P<words>\S.*)")
BULLETS = "-*•·▪◦–"
DEEPEST = 4
NO_LIST = "\ufdd0"
"""Stands before what looks like a list to CommonMark and not to us; no text holds it, and none that comes out."""
ALLOWED = {
    "p": {"class"},
    "ul": {"class"},
    "ol": {"class", "start"},
    "li": set(),
    "strong": set(),
    "em": set(),
    "br": set(),
}
OPENING = {
    "paragraph_open": '<p class="govuk-body">',
    "bullet_list_open": '<ul class="govuk-list govuk-list--bullet">',
    "list_item_open": "<li>",
}
CLOSING = {
    "paragraph_close": "</p>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_close": "</li>",
}

LETTERS = re.compile(r"[\n !-)+-^`-~\u00a1-\ufdcf\ufdf0-\ufffd]*")
"""All that is itself whatever stands beside it: no star, no underline, nothing that cannot be seen."""
MARKED_LINE = re.compile(r"^\s*[-+*•·▪◦–\d]", re.MULTILINE)

reader = MarkdownIt("zero", {"breaks": True}).enable(["list", "emphasis", "newline"])
cleaner = nh3.Cleaner(tags=set(ALLOWED), attributes=ALLOWED, link_rel=None)


def prose(text: str | None) -> Markup:
    """Plain text as paragraphs, bullets, numbered lists, **bold** and *italic*; everything else stays as typed.

    A bullet is a line that begins with -, * or •; a numbered line with 1. or 1). Line ends stay. Addresses, headings
    and HTML are text like any other. What comes out holds no element and no attribute but those of ALLOWED.
    """
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not plain.strip():
        return Markup()
    if LETTERS.fullmatch(plain) and not MARKED_LINE.search(plain):
        return _paragraphs(plain)
    written = "".join(_markup(reader.parse("\n".join(_prepared(plain)))))
    return Markup(cleaner.clean(written).strip())  # noqa: S704


def _paragraphs(plain: str) -> Markup:
    """What `prose` makes of a text without any mark, which is most of them, in a twentieth of the time."""
    written = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    lines = [line.strip() for line in written.split("\n")]
    paragraphs = ["<br>".join(group) for has_words, group in groupby(lines, key=bool) if has_words]
    return Markup("\n".join(f"{OPENING['paragraph_open']}{each}</p>" for each in paragraphs))  # noqa: S704


def _prepared(plain: str) -> Iterator[str]:
    """The lines as CommonMark reads them: one kind of bullet, lists set apart from paragraphs and nested."""
    levels: list[tuple[int, int]] = []  # the indent as typed, and the column where the words of that level begin
    in_list = blank = False
    for line in plain.split("\n"):
        found = LIST_LINE.fullmatch(line)
        if found:
            if not in_list:
                levels = []
                yield ""
            indent = len(found["indent"].expandtabs(4))
            while levels and indent < levels[-1][0]:
                levels.pop()
            if levels and (indent - levels[-1][0] < 2 or len(levels) == DEEPEST):
                levels.pop()
            column = levels[-1][1] if levels else 0
            mark = "-" if found["mark"] in BULLETS else found["mark"]
            levels.append((indent, column + len(mark) + 1))
            yield f"{' ' * column}{mark} {_guarded(found['words'])}"
            in_list, blank = True, False
        elif not line.strip():
            blank = True
            if not in_list:
                yield ""
        else:
            if in_list and not blank and line[0] in " \t\u00a0":
                yield " " * levels[-1][1] + _guarded(line.strip())
                continue
            if in_list or blank:
                yield ""
            in_list = blank = False
            yield _guarded(line.strip())


def _guarded(line: str) -> str:
    return NO_LIST + line if re.match(r"([-*+]|\d{1,9}[.)])(\s|$)", line) else line


def _markup(tokens: Sequence[Token]) -> Iterator[str]:
    """Our own elements for the few kinds of token there are."""
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type.startswith("list_item") else 0
        if token.type == "inline":
            yield "".join(_words(token.children or ()))
        elif token.type.startswith("paragraph") and inside:
            yield " " if token.type == "paragraph_open" and not token.hidden else ""
        elif token.type == "ordered_list_open":
            start = int(token.attrs.get("start", 1))
            yield f'<ol class="govuk-list govuk-list--number"{f" start={start}" if start != 1 else ""}>'
        else:
            yield OPENING.get(token.type, "") + CLOSING.get(token.type, "")


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    """Words within a line. Underlines are no marks of ours: names of files have them."""
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield "<br>"
        elif token.type.startswith(("strong", "em_")):
            if "_" in token.markup:
                yield token.markup
            else:
                yield f"<{'/' if token.nesting < 0 else ''}{token.tag}>"
        else:
            yield str(escape(token.content.replace(NO_LIST, "")))


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style within a line; `text` is "\\n" where a line ends."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph or one entry of a list, for papers. mark: "", "•" or "2."; depth: 0, or 1 and more in lists."""

    runs: tuple[Run, ...]
    mark: str = ""
    depth: int = 0


def parts_of(text: str | None) -> tuple[Part, ...]:
    """What `prose` shows, as paragraphs and entries of lists one after another, without any HTML."""
    reading = _Parts()
    reading.feed(str(prose(text)))
    reading.close()
    return tuple(reading.parts)


class _Parts(HTMLParser):
    """Collects the parts of our own few elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Part] = []
        self.runs: list[Run] = []
        self.lists: list[int | None] = []
        self.marks: list[str] = []
        self.bold = self.italic = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Elements of ALLOWED; a list or an entry ends what was before it."""
        if tag in ("ul", "ol", "li", "p"):
            self._end_part()
        if tag == "ul":
            self.lists.append(None)
        elif tag == "ol":
            self.lists.append(int(dict(attrs).get("start") or 1))
        elif tag == "li":
            number = self.lists[-1]
            self.marks.append("•" if number is None else f"{number}.")
            self.lists[-1] = None if number is None else number + 1
        elif tag == "br":
            self.runs.append(Run("\n"))
        self.bold += tag == "strong"
        self.italic += tag == "em"

    def handle_endtag(self, tag: str) -> None:
        """The end of a paragraph, an entry or a list ends its part."""
        if tag in ("ul", "ol", "li", "p"):
            self._end_part()
        if tag in ("ul", "ol"):
            self.lists.pop()
        elif tag == "li" and self.marks:
            self.marks.pop()
        self.bold -= tag == "strong"
        self.italic -= tag == "em"

    def handle_data(self, data: str) -> None:
        """Words; the line ends of the HTML itself are none."""
        words = data.replace("\n", " ") if self.runs else data.replace("\n", " ").lstrip(" ")
        if words:
            self.runs.append(Run(words, bool(self.bold), bool(self.italic)))

    def _end_part(self) -> None:
        runs, self.runs = self.runs, []
        if any(run.text.strip() for run in runs):
            self.parts.append(Part(tuple(runs), self.marks[-1] if self.marks else "", len(self.lists)))
