"""Documents of councils are opened in a process of its own, to the same result; what asks for too much is ended."""

import zlib
from datetime import date

import pytest

from saas.documents import apart
from saas.errors import Invalid
from tenants.rules import action_plans, documents
from tenants.rules.action_plans import NoActions
from tenants.rules.grids import UnreadableDocument
from tenants.services import documents_apart
from tenants.services.import_readings import read_action_plan
from tests.factories import documents as made


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (made.word_plan(), "plan.docx"),
        (made.excel_plan(), "plan.xlsx"),
        (made.pdf_plan(), "plan.pdf"),
        ("Action,When\nTrain “all”,May 2017\n".encode(), "plan.csv"),
    ],
    ids=["word", "excel", "pdf", "csv"],
)
def test_what_is_opened_apart_is_what_is_opened_here(data: bytes, name: str) -> None:
    assert documents_apart.open_document(data, name) == documents.open_document(data, name)


@pytest.mark.parametrize(
    "data", [b"", b"no document", bytes(documents.MAXIMUM_BYTES + 1)], ids=["empty", "no", "large"]
)
def test_a_refusal_is_in_the_same_words(data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as here:
        documents.open_document(data, "plan.docx")
    with pytest.raises(UnreadableDocument) as apart:
        documents_apart.open_document(data, "plan.docx")
    assert str(apart.value) == str(here.value)


def test_a_document_that_needs_too_much_memory_is_refused_and_its_process_ended() -> None:
    packer, chunk = zlib.compressobj(1), bytes(1024 * 1024)
    packed = b"".join(packer.compress(chunk) for _ in range(700)) + packer.flush()
    data = made.drawn_pdf(packed.hex().encode() + b">", packing=b"[/ASCIIHexDecode /FlateDecode]")
    with pytest.raises(UnreadableDocument) as refused:
        documents_apart.open_document(data, "plan.pdf")
    assert str(refused.value) == (
        "plan.pdf: This document needs too much to be read. Save it as Excel or Word and try again."
    )


def test_an_action_plan_is_opened_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read_action_plan(made.word_plan(), "plan.docx").rows) > 1
    monkeypatch.setattr(apart, "LARGEST_FILE", 4)
    with pytest.raises(Invalid) as refused:
        read_action_plan(made.word_plan(), "plan.docx")
    assert refused.value.messages == {"file": ["plan.docx is larger than 0 MB, so it is not opened."]}


GRID = {
    "blocks": ["Our plan", {"name": "table 1", "rows": [["row 1", ["Was", "Wann"]], ["row 2", ["Train", "5 May"]]]}]
}


def test_what_is_read_apart_is_what_is_read_here() -> None:
    day = date(2027, 5, 4)
    text = "Was\tWhen\nTrain all\t5 May\n"
    grid = GRID | {"warnings": []}
    meanings, said = {"was": "action"}, {(1, 0): "action", (1, 1): "timescale"}
    plan = documents_apart.read_plan(made.word_plan(), "plan.docx", day)
    assert plan == action_plans.read_document(made.word_plan(), "plan.docx", day)
    pasted = documents_apart.read_pasted(text, "Pasted", day, meanings)
    assert (pasted, pasted.rows[0].latest) == (action_plans.read_pasted(text, day, meanings), date(2027, 5, 5))
    again = documents_apart.read_grid(grid, "plan.docx", day, {}, said)
    assert (again, again.rows[0].action) == (action_plans.read_grid(grid, day, {}, said), "Train")


def test_a_document_without_actions_comes_back_with_all_its_words() -> None:
    with pytest.raises(NoActions) as apart_from_us:
        documents_apart.read_grid(GRID | {"warnings": []}, "plan.docx", None, {}, {})
    with pytest.raises(NoActions) as here:
        action_plans.read_grid(GRID | {"warnings": []})
    assert (str(apart_from_us.value), apart_from_us.value.reading) == (str(here.value), here.value.reading)


def test_what_is_pasted_and_what_is_read_again_is_read_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGEST_FILE", 4)
    with pytest.raises(UnreadableDocument) as pasted:
        documents_apart.read_pasted("Action\tWhen\nTrain\tMay\n", "Pasted table")
    with pytest.raises(UnreadableDocument) as again:
        documents_apart.read_grid(GRID, "plan.docx", None, {}, {})
    assert (str(pasted.value), str(again.value)) == (
        "Pasted table is larger than 0 MB, so it is not opened.",
        "plan.docx is larger than 0 MB, so it is not opened.",
    )
