"""What is open after the region returned something."""

import pytest

from assessment.rules.returning import is_open, only_words


@pytest.mark.parametrize(
    ("code", "reopened", "expected"),
    [("1.1.1", None, True), ("1.1.1", ["1.1.1"], True), ("1.1.1", ["1.1.2"], False), ("1.1.1", [], False)],
)
def test_what_was_named_is_open_and_all_of_it_where_nothing_was(
    code: str, reopened: list[str] | None, expected: bool
) -> None:
    assert is_open(code, reopened) is expected


@pytest.mark.parametrize(
    ("reopened", "named"),
    [(["1.1.1"], "1.1.1"), (["1.1.1", "2.1"], "1.1.1 and 2.1"), (["1", "2", "3"], "1, 2 and 3")],
)
def test_the_words_name_all_of_it(reopened: list[str], named: str) -> None:
    assert only_words(reopened) == f"The region asked only for {named} to be changed."
