"""PDFs that ask for more work than a document is worth: refused before the work is done."""

import struct
import tracemalloc
import zlib

import pytest

from tenants.rules import pdf_limits
from tenants.rules.documents import open_document
from tenants.rules.grids import UnreadableDocument
from tests.factories.documents import drawn_pdf

TOO_FULL = "plan.pdf: Page 1 of the PDF has more text or lines than can be read."


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        open_document(data, "plan.pdf")
    return str(refused.value)


@pytest.mark.parametrize("drawing", [b"(aaaaaaaaaa)Tj ", b"1 1 m 5 5 l S "], ids=["letters", "lines"])
def test_a_page_too_full_is_refused_before_it_is_laid_out(drawing: bytes) -> None:
    data = drawn_pdf(zlib.compress(b"BT /F 1 Tf " + drawing * 20_000 + b"ET"))
    tracemalloc.start()
    try:
        assert (len(data) < 3_000, refusal(data)) == (True, TOO_FULL)
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_the_word_that_ends_a_part_does_not_hide_what_is_packed_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    word, body = b"% endstream \n", bytes(5_000_000)
    stored = b"\x00" + struct.pack("<HH", len(word), len(word) ^ 0xFFFF) + word
    packed = b"\x78\xda" + stored + zlib.compress(body)[2:-4] + struct.pack(">I", zlib.adler32(word + body))
    assert zlib.decompress(packed) == word + body
    monkeypatch.setattr(pdf_limits, "MAXIMUM_UNPACKED", 2 * 1024 * 1024)
    assert refusal(drawn_pdf(packed)) == "plan.pdf: Unpacked, the PDF takes more than 2 MB; it is refused as unsafe."


def test_a_packing_spelt_in_numbers_is_known_as_well() -> None:
    data = drawn_pdf(zlib.compress(b"BT ET"), packing=b"[/#46lateDecode /F#6C]")
    assert refusal(data) == "plan.pdf: The PDF packs its pages twice; it is refused as unsafe."


def test_overlapping_parts_are_not_read_over_and_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_limits, "MAXIMUM_UNPACKED", 2 * 1024 * 1024)
    nothing = b"\x00" + struct.pack("<HH", 0, 0xFFFF)
    begin = b"stream\n"
    stored = b"\x00" + struct.pack("<HH", len(begin) + 2, (len(begin) + 2) ^ 0xFFFF) + begin + b"\x78\xda"
    data = drawn_pdf(b"\x78\xda" + stored * 100 + nothing * 40_000)
    assert refusal(data) == "plan.pdf: Unpacked, the PDF takes more than 2 MB; it is refused as unsafe."
