"""The demo's officer gives most improvements a theme, and leaves some to be given one."""

from __future__ import annotations

from uuid import UUID

from assessment.demo.themes import theme_of

OFFERED = {UUID(int=1): ["mentor"], UUID(int=2): ["induction"], UUID(int=3): ["budget"]}


def test_words_decide_else_the_themes_take_turns_and_every_fourth_waits() -> None:
    found = [theme_of(number, "Name who answers for it.", OFFERED) for number in range(1, 6)]
    assert found == [UUID(int=2), UUID(int=3), UUID(int=1), None, UUID(int=3)]
    assert theme_of(1, "Find a mentor for each.", OFFERED) == UUID(int=1)
    assert theme_of(1, "Find a mentor for each.", {}) is None
