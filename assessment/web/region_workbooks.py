"""The region's tables as Excel files: the same headings and rows as their CSV, with what the figures mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response

from assessment.services.region_tables import paper_of
from saas.downloads import EXCEL, file_response
from saas.guard import place
from saas.papers.blocks import Cell
from saas.papers.excel import write_excel


def excel_response(
    filename: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], about: str
) -> Response:
    """One table under its headings. title: names the sheet too; about: what its figures mean."""
    paper = paper_of(title, headings, rows, about, region=place().name)
    return file_response(write_excel(paper), filename, EXCEL)
