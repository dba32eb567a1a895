"""Prose: what people write with light formatting, as safe markup. The one place that turns their words into HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    written = "".join(_markup(reader.parse("\n".join(_prepared(plain)))))
    return Markup(cleaner.clean(written).strip())  # noqa: S704


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
