"""Word files: real headings, tables with heading rows, the language and the title set."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from saas.papers.blocks import (
    Block,
    Cell,
    Facts,
    Heading,
    Link,
    Numbered,
    Paper,
    Picture,
    Prose,
    Table,
    sheets_of,
    text_of,
)
from saas.papers.texts import clean
from saas.prose import Part

FONT = "Arial"
INK, QUIET, RULE = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x50, 0x5A, 0x5F), "B1B4B6"
LANGUAGE = "en-GB"
SMALL = Pt(8)
SIZES = {"Normal": 11, "Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Header": 9, "Footer": 9}
MARGIN, SHORT, LONG = Cm(2.2), Cm(21), Cm(29.7)
WIDTH, BREADTH = SHORT - 2 * MARGIN, LONG - 2 * MARGIN
"""How wide the text is on a standing page, and on one that lies."""
NAMES = 0.28
"""The share of the names in a list of facts."""
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
                _add_parts(document, block.parts, keep=isinstance(following, Facts | Table | Picture), size=size)
            case Facts(pairs):
                _add_facts(document, pairs, width)
            case Table():
                _add_table(document, block, width)
            case Picture(_, png, words, share):
                document.add_picture(io.BytesIO(png), width=int(width * share))
                _tell(document.paragraphs[-1], words)


def _add_logos(document: Any, paper: Paper) -> None:
    if not paper.logos:
        return
    paragraph = document.add_paragraph()
    for number, logo in enumerate(paper.logos):
        if number:
            paragraph.add_run("\t")
        paragraph.add_run().add_picture(io.BytesIO(logo.png), height=LOGO)
    for drawn, logo in zip(_element_of(paragraph).iter(qn("wp:docPr")), paper.logos, strict=True):
        drawn.set("descr", clean(f"Logo of {logo.name}"))
    width = BREADTH if paper.landscape else WIDTH
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)


def _tell(paragraph: Any, words: str) -> None:
    """What a picture says, for who has the document read aloud."""
    for drawn in _element_of(paragraph).iter(qn("wp:docPr")):
        drawn.set("descr", clean(words))


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
    _say_language(normal.element.get_or_add_rPr())
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


def _say_language(properties: Any) -> None:
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), LANGUAGE)


def _set_properties(document: Any, paper: Paper) -> None:
    core = document.core_properties
    core.title, core.subject, core.author = clean(paper.title), clean(paper.council or paper.region), ""
    core.language, core.comments, core.last_modified_by = LANGUAGE, "", ""
    core.created = core.modified = paper.created.astimezone(UTC).replace(tzinfo=None)
    for defaults in document.styles.element.iter(qn("w:rPrDefault")):
        for properties in defaults.iter(qn("w:rPr")):
            _say_language(properties)


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
    _add_field(footer, "PAGE")
    footer.add_run(" of ")
    _add_field(footer, "NUMPAGES")
    if landscape:
        for paragraph in (header, footer):
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.CLEAR)
            stops.add_tab_stop(BREADTH, WD_TAB_ALIGNMENT.RIGHT)


def _add_field(paragraph: Any, name: str) -> None:
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("result", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "result":
            run.add_text(text)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            _element_of(run).append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.text = text
            _element_of(run).append(code)


def _add_parts(holder: Any, parts: Sequence[Part], *, first: Any = None, keep: bool = False, size: Any = None) -> None:
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


def _add_facts(document: Any, pairs: Sequence[tuple[str, str]], width: int) -> None:
    """Names and values in two columns without lines, the names as headings of their rows."""
    table = _new_table(document, len(pairs), (NAMES, 1 - NAMES), width)
    for row, (name, value) in zip(table.rows, pairs, strict=True):
        _write_cell(row.cells[0], name, bold=True)
        _add_parts(row.cells[1], Prose(value).parts, first=row.cells[1].paragraphs[0])
        _tighten(row)
    _look(table, first_row=False)
    _space_after(document)


def _add_table(document: Any, block: Table, width: int) -> None:
    table = _new_table(document, len(block.rows) + 1, block.shares, width)
    _describe(table, block.caption)
    head = table.rows[0]
    for cell, words, is_number in zip(head.cells, block.headings, block.numbers, strict=True):
        _write_cell(cell, words, bold=True)
        if is_number:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    _element_of(head).get_or_add_trPr().append(repeated)
    for row, line in zip(table.rows[1:], block.rows, strict=True):
        for cell, said in zip(row.cells, line.marked, strict=True):
            _fill_cell(cell, said)
    for number, row in enumerate(table.rows):
        _tighten(row)
        for cell in row.cells:
            _line_under(cell, strong=number == 0)
    _look(table, first_row=True)
    _space_after(document)


def _new_table(document: Any, rows: int, shares: Sequence[float], width: int) -> Any:
    table = document.add_table(rows, len(shares))
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(width * share)
        for cell in column.cells:
            cell.width = int(width * share)
    return table


def _write_cell(cell: Any, words: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    for number, line in enumerate(clean(words).split("\n")):
        if number:
            paragraph.add_run().add_break()
        paragraph.add_run(line).bold = bold or None


def _fill_cell(cell: Any, said: Cell) -> None:
    paragraph = cell.paragraphs[0]
    if isinstance(said, Link) and said.is_open:
        _add_link(paragraph, said)
    else:
        _write_cell(cell, text_of(said))
    if isinstance(said, int | Decimal):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_link(paragraph: Any, link: Link) -> None:
    held = OxmlElement("w:hyperlink")
    held.set(qn("r:id"), paragraph.part.relate_to(link.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(clean(link.words))
    run.font.underline = True
    held.append(_element_of(run))
    _element_of(paragraph).append(held)


def _tighten(row: Any) -> None:
    """Cells are read closely, and a row stays on one page."""
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(3)
            paragraph.paragraph_format.space_before = Pt(2)
            for run in _runs_of(paragraph):
                run.font.size = Pt(10)
    whole = OxmlElement("w:cantSplit")
    _element_of(row).get_or_add_trPr().append(whole)


def _runs_of(paragraph: Any) -> Iterator[Any]:
    """The runs of a paragraph, those inside links too."""
    yield from paragraph.runs
    for link in paragraph.hyperlinks:
        yield from link.runs


def _line_under(cell: Any, *, strong: bool) -> None:
    borders = OxmlElement("w:tcBorders")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8" if strong else "4"), ("color", "0B0C0C" if strong else RULE)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    _element_of(cell).get_or_add_tcPr().append(borders)


def _look(table: Any, *, first_row: bool) -> None:
    """Which cells head others, for who has the table read aloud."""
    properties = _element_of(table).tblPr
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    look = OxmlElement("w:tblLook")
    for name, value in (("val", "04A0" if first_row else "0480"), ("firstRow", str(int(first_row)))):
        look.set(qn(f"w:{name}"), value)
    for name, value in (
        ("lastRow", "0"),
        ("firstColumn", "1"),
        ("lastColumn", "0"),
        ("noHBand", "1"),
        ("noVBand", "1"),
    ):
        look.set(qn(f"w:{name}"), value)
    caption = properties.find(qn("w:tblCaption"))
    if caption is not None:
        caption.addprevious(look)
    else:
        properties.append(look)


def _describe(table: Any, words: str) -> None:
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), clean(words))
    _element_of(table).tblPr.append(caption)


def _space_after(document: Any) -> None:
    """Word joins tables that nothing stands between."""
    gap = document.add_paragraph()
    gap.paragraph_format.space_after, gap.paragraph_format.line_spacing = Pt(0), Pt(6)


def _element_of(proxy: Any) -> Any:
    """What stands in the file behind a run, row, cell or table: python-docx has no words of its own for all of it."""
    return proxy._element  # noqa: SLF001
