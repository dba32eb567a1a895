"""Documents that would explode, or that are damaged, are refused by limits before anything reads them."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from saas.files import FileRefused, Received

Take = Callable[..., Received]
WithPart = Callable[[bytes, str, bytes], bytes]
EXPLODES = "unpacks to far more than its size, or to over 256 MB, so it is not opened."


def refusal_of(take: Take, content: bytes) -> str:
    with pytest.raises(FileRefused) as refusal:
        take(content, "a.docx")
    return refusal.value.message.removeprefix("“a.docx” ")


def test_a_part_that_unpacks_to_a_thousand_times_its_size(received: Take, word: bytes, with_part: WithPart) -> None:
    assert refusal_of(received, with_part(word, "word/media/image1.png", bytes(40_000_000))) == EXPLODES


def test_a_part_that_lies_about_its_size(received: Take, word: bytes, with_part: WithPart) -> None:
    lying = bytearray(with_part(word, "word/media/image1.png", bytes(20_000_000)))
    place = lying.rfind(b"PK\x01\x02")
    struct.pack_into("<L", lying, place + 24, 1000)
    assert refusal_of(received, bytes(lying)) == "is damaged and cannot be read."


def test_more_parts_than_any_document_has(received: Take) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"{number}", b"")
    assert refusal_of(received, buffer.getvalue()) == "has more parts than a document has (5,000), so it is not opened."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_xml_that_declares_entities(received: Take, word: bytes, with_part: WithPart, encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'.encode(encoding)
    assert refusal_of(received, with_part(word, "word/footer9.xml", bomb)) == (
        "contains entity declarations, which can make it explode, so it is not opened."
    )


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/passwd", "C:\\windows", "word\\..\\..\\x"])
def test_parts_that_point_outside(received: Take, word: bytes, with_part: WithPart, name: str) -> None:
    assert refusal_of(received, with_part(word, name, b"x")) == "is damaged and cannot be read."


def test_a_document_cut_short_or_changed_on_the_way(received: Take, word: bytes) -> None:
    changed = bytearray(word)
    changed[200] ^= 0xFF
    assert refusal_of(received, word[: len(word) // 2]) == "is damaged and cannot be read."
    assert refusal_of(received, bytes(changed)) == "is damaged and cannot be read."


def test_active_controls_and_passwords(received: Take, word: bytes, with_part: WithPart) -> None:
    locked = bytearray(word)
    place = locked.find(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert refusal_of(received, with_part(word, "word/activeX/activeX1.bin", b"x")) == (
        "contains active controls. Save it without them and send it again."
    )
    assert refusal_of(received, bytes(locked)) == "is protected by a password. Save it without one and send it again."


def test_an_archive_that_is_no_document(received: Take) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("program.exe", b"MZ")
    assert refusal_of(received, buffer.getvalue()) == "is not a Word document: its content is a zip archive."
