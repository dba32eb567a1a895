"""Cursors: read again as they were given, and nothing else."""

from __future__ import annotations

from uuid import UUID

import pytest

from saas.cursors import cursor_of, read_cursor, read_id_cursor, read_number_cursor
from saas.errors import Invalid

NO_CURSOR = {"/cursor": ["This is no cursor: send `next` as it was given."]}


@pytest.mark.parametrize("last", ["1", "Åsa / 1", "", "a" * 300])
def test_a_cursor_is_read_again(last: str) -> None:
    assert read_cursor(cursor_of(last)) == last


def test_a_cursor_of_an_id_holds_an_id() -> None:
    row = UUID(int=7)
    assert read_id_cursor(cursor_of(str(row))) == row
    with pytest.raises(Invalid) as refusal:
        read_id_cursor(cursor_of("seven"))
    assert refusal.value.messages == NO_CURSOR


def test_a_cursor_of_a_number_holds_a_number() -> None:
    assert read_number_cursor(cursor_of("12")) == 12
    with pytest.raises(Invalid) as refusal:
        read_number_cursor(cursor_of("twelve"))
    assert refusal.value.messages == NO_CURSOR


@pytest.mark.parametrize("sent", ["%", "a", "_w"])
def test_what_nobody_gave_is_no_cursor(sent: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_cursor(sent)
    assert refusal.value.messages == NO_CURSOR
