"""Papers: documents for people to keep, as Word, tagged PDF and Excel, from one list of blocks.

    paper = Paper("Action plan", "Oakford Borough Council", "Mid Employers", created, (
        Heading(1, "Where it stands"),
        Prose("Three of eight actions are closed."),
        Table("Actions", ("No.", "Action"), (Row(("1", "Write a policy")),), widths=(1, 9)),
    ), marking="Public version", landscape=True)
    data = write(paper, "docx")  # or "pdf", "xlsx"; KINDS has the content types

Import from here only.
"""

from saas.papers.blocks import (
    MARKS,
    Block,
    Cell,
    Facts,
    Heading,
    Link,
    Logo,
    NewPage,
    Numbered,
    Paper,
    Picture,
    Prose,
    Row,
    Table,
    text_of,
)
from saas.papers.charts import Point, bar_chart, line_chart
from saas.papers.excel import write_excel
from saas.papers.pdf import TEMPLATES, render_pdf, write_pdf
from saas.papers.texts import clean
from saas.papers.word import write_word

__all__ = [
    "KINDS",
    "MARKS",
    "TEMPLATES",
    "Block",
    "Cell",
    "Facts",
    "Heading",
    "Link",
    "Logo",
    "NewPage",
    "Numbered",
    "Paper",
    "Picture",
    "Point",
    "Prose",
    "Row",
    "Table",
    "bar_chart",
    "clean",
    "line_chart",
    "render_pdf",
    "text_of",
    "write",
    "write_excel",
    "write_pdf",
    "write_word",
]

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "docx": f"{OFFICE}wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
}
"""The kinds of file that a paper is written as, with their content types."""
WRITERS = {"docx": write_word, "pdf": write_pdf, "xlsx": write_excel}


def write(paper: Paper, kind: str) -> bytes:
    """The whole file; the same bytes for the same PDF. kind: one of KINDS, else KeyError."""
    return WRITERS[kind](paper)
