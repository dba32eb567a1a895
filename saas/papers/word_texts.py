"""What a Word file says: paragraphs, lists, runs, links, and what stands behind them in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from saas.papers.blocks import Link
from saas.papers.texts import clean
from saas.prose import Part

LANGUAGE = "en-GB"


def tell(paragraph: Any, words: str) -> None:
    """What a picture says, for who has the document read aloud."""
    for drawn in element_of(paragraph).iter(qn("wp:docPr")):
        drawn.set("descr", clean(words))


def say_language(properties: Any) -> None:
    """The language of what has these properties of runs."""
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), LANGUAGE)


def add_field(paragraph: Any, name: str) -> None:
    """What Word counts by itself: PAGE, NUMPAGES."""
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("result", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "result":
            run.add_text(text)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            element_of(run).append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.text = text
            element_of(run).append(code)


def add_parts(holder: Any, parts: Sequence[Part], *, first: Any = None, keep: bool = False, size: Any = None) -> None:
    """Written words under each other. first: a paragraph that is there already, as in every cell.

    keep: whether they stay on the page of what follows. size: of their type, None for the usual one.
    """
    for number, part in enumerate(parts):
        paragraph = first if first is not None and number == 0 else holder.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep or None
        _fill(paragraph, part)
        for run in paragraph.runs if size else ():
            run.font.size = size


def _fill(paragraph: Any, part: Part) -> None:
    if part.mark == "•":
        paragraph.style = "List Bullet" if part.depth < 2 else f"List Bullet {min(part.depth, 3)}"
    elif part.mark:
        paragraph.paragraph_format.left_indent = Cm(0.7 * part.depth)
        paragraph.paragraph_format.first_line_indent = Cm(-0.7)
        paragraph.add_run(f"{part.mark}\t")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.7 * part.depth))
    for run in part.runs:
        written = paragraph.add_run()
        if run.text == "\n":
            written.add_break()
        else:
            written.add_text(clean(run.text))
            written.bold, written.italic = run.bold or None, run.italic or None


def add_link(paragraph: Any, link: Link) -> None:
    held = OxmlElement("w:hyperlink")
    held.set(qn("r:id"), paragraph.part.relate_to(link.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(clean(link.words))
    run.font.underline = True
    held.append(element_of(run))
    element_of(paragraph).append(held)


def runs_of(paragraph: Any) -> Iterator[Any]:
    """The runs of a paragraph, those inside links too."""
    yield from paragraph.runs
    for link in paragraph.hyperlinks:
        yield from link.runs


def element_of(proxy: Any) -> Any:
    """What stands in the file behind a run, row, cell or table: python-docx has no words of its own for all of it."""
    return proxy._element  # noqa: SLF001
