"""Documents that were torn, cut or tampered with: opened or refused in words, and nothing else."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter

import pytest

from tenants.rules import documents
from tenants.rules.grids import UnreadableDocument
from tests.factories import documents as made

TIMES = 30


def mutated(data: bytes, random_: random.Random) -> bytes:
    """Some bytes changed, taken out, doubled, or the end torn off."""
    changed = bytearray(data)
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(changed))
        how = random_.randrange(4)
        if how == 0:
            changed[at] = random_.randrange(256)
        elif how == 1:
            del changed[at : at + random_.randint(1, 40)]
        elif how == 2:
            changed[at:at] = changed[at : at + random_.randint(1, 400)]
        else:
            del changed[max(1, len(changed) - random_.randint(1, 60)) :]
    return bytes(changed)


def tampered(data: bytes, random_: random.Random) -> bytes:
    """The document mutated; where it is an archive, mostly inside, so that its sums are right."""
    if not data.startswith(b"PK") or random_.random() < 0.3:
        return mutated(data, random_)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random_.choice([each for each, part in sorted(parts.items()) if part])
    return made.archive(parts | {name: mutated(parts[name], random_)})


@pytest.mark.parametrize(
    ("name", "data"),
    [("plan.docx", made.word_plan()), ("plan.xlsx", made.excel_plan()), ("plan.pdf", made.pdf_plan())],
    ids=["word", "excel", "pdf"],
)
def test_a_tampered_document_is_opened_or_refused(name: str, data: bytes) -> None:
    heard: Counter[str] = Counter()
    for seed in range(TIMES):
        try:
            documents.open_document(tampered(data, random.Random(seed)), name)
            heard["opened"] += 1
        except UnreadableDocument:
            heard["refused"] += 1
    assert heard.total() == TIMES
    assert heard["refused"] > 0
