"""What a PDF may hold, found out before its reader does the work: how much it unpacks to, and what is on a page."""

import re
import zlib
from typing import Any

from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFPageInterpreter

from tenants.rules.grids import UnreadableDocument

MAXIMUM_UNPACKED = 200 * 1024 * 1024
MAXIMUM_CHARACTERS = 50_000  # of one page
MAXIMUM_STROKES = 5_000  # of one page; each may be the edge of a cell
MAXIMUM_STEPS = 4 * MAXIMUM_STROKES  # of the paths of one page; a rectangle takes five
_STREAM = re.compile(rb"stream[ \t]*(?:\r\n?|\n)")
_PACKED_TWICE = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b")
_HIDDEN_LETTER = re.compile(rb"#([2-7][0-9A-Fa-f])")
_CHUNK = 1024 * 1024
_BITE = 64 * 1024


def check_streams(data: bytes) -> None:
    """Refuses a PDF that unpacks to more than memory should hold: the reader unpacks each part as a whole.

    A packed part ends where its packing says so; a word in it is no end.
    """
    spelt_out = _HIDDEN_LETTER.sub(lambda found: bytes([int(found[1], 16)]), data)
    if _PACKED_TWICE.search(spelt_out):
        raise UnreadableDocument("The PDF packs its pages twice; it is refused as unsafe.")
    whole, worked = memoryview(data), 0
    for found in _STREAM.finditer(data):
        unpacker, at = zlib.decompressobj(), found.end()
        try:
            while at < len(data) and not unpacker.eof:
                rest: bytes | memoryview = whole[at : at + _BITE]
                at += len(rest)
                # What is read counts as well: parts may overlap, and be read again and again.
                worked += len(rest) if at - found.end() > _BITE else 0
                while rest and not unpacker.eof:
                    worked += len(unpacker.decompress(rest, _CHUNK))
                    rest = unpacker.unconsumed_tail
                    if worked > MAXIMUM_UNPACKED:
                        limit = MAXIMUM_UNPACKED // 1024**2
                        raise UnreadableDocument(
                            f"Unpacked, the PDF takes more than {limit} MB; it is refused as unsafe."
                        )
        except zlib.error:
            continue  # not packed in this way, or damaged: the reader says so


def check_page(page: Any) -> None:
    """Refuses a page (of pdfplumber) with more text or lines than can be read; it stops counting where that is sure."""
    interpreter = PDFPageInterpreter(page.pdf.rsrcmgr, _Counting(page.pdf.rsrcmgr, page.page_number))
    interpreter.process_page(page.page_obj)


class _Counting(PDFDevice):
    """Draws nothing and counts what would be drawn."""

    def __init__(self, resources: Any, number: int) -> None:
        super().__init__(resources)
        self.number, self.characters, self.steps = number, 0, 0

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:  # noqa: ARG002
        self.characters += sum(len(each) if isinstance(each, bytes | str) else 1 for each in seq)
        self._judge()

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:  # noqa: ARG002
        self.steps += len(path)
        self._judge()

    def _judge(self) -> None:
        # A letter may take two bytes; the exact number is checked once the page is read.
        if self.characters > 2 * MAXIMUM_CHARACTERS or self.steps > MAXIMUM_STEPS:
            raise too_full(self.number)


def too_full(number: int) -> UnreadableDocument:
    """The refusal of a page by its number from 1."""
    return UnreadableDocument(f"Page {number} of the PDF has more text or lines than can be read.")
