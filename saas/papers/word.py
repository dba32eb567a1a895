"""Word files: pages with real headings, a header and a footer, the language and the title set."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC
from itertools import zip_longest
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from saas.papers.blocks import Block, Facts, Heading, Numbered, Paper, Picture, Prose, Table, sheets_of
from saas.papers.texts import clean
from saas.papers.word_tables import add_facts, add_table
from saas.papers.word_texts import LANGUAGE, add_field, add_parts, element_of, say_language, tell

FONT = "Arial"
INK, QUIET = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x50, 0x5A, 0x5F)
SMALL = Pt(8)
SIZES = {"Normal": 11, "Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Header": 9, "Footer": 9}
MARGIN, SHORT, LONG = Cm(2.2), Cm(21), Cm(29.7)
WIDTH, BREADTH = SHORT - 2 * MARGIN, LONG - 2 * MARGIN
"""How wide the text is on a standing page, and on one that lies."""
LOGO = Cm(1.6)
"""The height of a logo."""


def write_word(paper: Paper) -> bytes:
    """The whole file. Control characters are dropped from texts."""
    document = docx.Document()
    _set_styles(document)
    _set_properties(document, paper)
    for number, (landscape, blocks) in enumerate(sheets_of(paper)):
        section = document.sections[0] if number == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        _set_page(section, paper, landscape=landscape)
        if number == 0:
            _add_logos(document, paper)
            document.add_paragraph(clean(paper.title), style="Title")
        _add_blocks(document, blocks, BREADTH if landscape else WIDTH)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add_blocks(document: Any, blocks: Sequence[Block], width: int) -> None:
    for block, following in zip_longest(blocks, blocks[1:]):
        match block:
            case Heading(level, text):
                document.add_heading(clean(text), level)
            case Prose() | Numbered():
                size = SMALL if isinstance(block, Prose) and block.small else None
                add_parts(document, block.parts, keep=isinstance(following, Facts | Table | Picture), size=size)
            case Facts(pairs):
                add_facts(document, pairs, width)
            case Table():
                add_table(document, block, width)
            case Picture(_, png, words, share):
                document.add_picture(io.BytesIO(png), width=int(width * share))
                tell(document.paragraphs[-1], words)


def _add_logos(document: Any, paper: Paper) -> None:
    if not paper.logos:
        return
    paragraph = document.add_paragraph()
    for number, logo in enumerate(paper.logos):
        if number:
            paragraph.add_run("\t")
        paragraph.add_run().add_picture(io.BytesIO(logo.png), height=LOGO)
    for drawn, logo in zip(element_of(paragraph).iter(qn("wp:docPr")), paper.logos, strict=True):
        drawn.set("descr", clean(f"Logo of {logo.name}"))
    width = BREADTH if paper.landscape else WIDTH
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)


def _set_styles(document: Any) -> None:
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
    normal = document.styles["Normal"]
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(7), 1.15
    say_language(normal.element.get_or_add_rPr())
    for name, before in (("Heading 1", 18), ("Heading 2", 12)):
        spaced = document.styles[name].paragraph_format
        spaced.space_before, spaced.space_after, spaced.keep_with_next = Pt(before), Pt(5), True
        document.styles[name].font.bold = True
    for name in ("Header", "Footer"):
        edge = document.styles[name]
        edge.font.color.rgb = QUIET
        edge.paragraph_format.tab_stops.clear_all()
        edge.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    head = document.styles["Title"]
    head.font.bold, head.paragraph_format.space_after = True, Pt(12)
    for border in head.element.pPr.findall(qn("w:pBdr")):
        head.element.pPr.remove(border)


def _set_properties(document: Any, paper: Paper) -> None:
    core = document.core_properties
    core.title, core.subject, core.author = clean(paper.title), clean(paper.council or paper.region), ""
    core.language, core.comments, core.last_modified_by = LANGUAGE, "", ""
    core.created = core.modified = paper.created.astimezone(UTC).replace(tzinfo=None)
    for defaults in document.styles.element.iter(qn("w:rPrDefault")):
        for properties in defaults.iter(qn("w:rPr")):
            say_language(properties)


def _set_page(section: Any, paper: Paper, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG, SHORT) if landscape else (SHORT, LONG)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Cm(2.8 if paper.marking else 2.4), Cm(2.2)
    for edge in (section.header, section.footer):
        edge.is_linked_to_previous = False
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.add_run(f"{clean(paper.council or paper.region)}\t{clean(paper.region) if paper.council else ''}")
    if paper.marking:
        marked = section.header.add_paragraph()
        marked.add_run(clean(paper.marking)).bold = True
        marked.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    footer.add_run(f"{clean(paper.title)}\tPage ")
    add_field(footer, "PAGE")
    footer.add_run(" of ")
    add_field(footer, "NUMPAGES")
    if landscape:
        for paragraph in (header, footer):
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.CLEAR)
            stops.add_tab_stop(BREADTH, WD_TAB_ALIGNMENT.RIGHT)
