"""Telling: once per key and person, in one statement, and only of pages of ours."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask

from saas import clock
from tenants.queries.notices import list_notices, list_unmailed
from tenants.services.notices import LONGEST_WORDS, Told, mark_all_read, mark_read, tell, tell_all
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
ABOUT = {"kind": "mention", "words": "Ann mentioned you", "path": "/councils/a/x"}


def test_a_key_tells_a_person_once(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    with in_scope(council.scope()):
        first = tell(council.id, lead.id, key="mention:1", **ABOUT)
        again = tell(council.id, lead.id, key="mention:1", **(ABOUT | {"words": "Other words"}))
        other = tell(council.id, lead.id, key="mention:2", **ABOUT)
        told = [(notice.key, notice.words) for notice in list_notices(council.id, lead.id)]
    assert (first, again, other) == (True, False, True)
    assert sorted(told) == [("mention:1", "Ann mentioned you"), ("mention:2", "Ann mentioned you")]


def test_several_people_are_told_in_one_statement(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser, statements: Statements
) -> None:
    editor = make_user(app, council, "council_editor")
    lines = [Told(who.id, "date:1", "reminder", "Due soon", "/councils/a/y") for who in (lead, editor, lead)]
    with in_scope(council.scope()):
        list_notices(council.id, lead.id)
        with statements() as sql:
            new = tell_all(council.id, lines)
        assert {line.user_id for line in new} == {lead.id, editor.id}
        assert (len(new), tell_all(council.id, lines), tell_all(council.id, [])) == (2, [], [])
        assert len(sql) == 1
        assert [len(list_notices(council.id, who.id)) for who in (lead, editor)] == [1, 1]


def test_what_is_read_keeps_its_moment_and_is_not_mailed(
    in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    early, late = datetime(2031, 5, 4, 9, tzinfo=UTC), datetime(2031, 5, 4, 10, tzinfo=UTC)
    with in_scope(council.scope()), clock.at(early):
        tell(council.id, lead.id, key="a", **ABOUT)
        tell(council.id, lead.id, key="b", **ABOUT)
        mark_read([notice for notice in list_notices(council.id, lead.id) if notice.key == "a"])
    with in_scope(council.scope()), clock.at(late):
        assert [notice.key for notice in list_unmailed(council.id, lead.id)] == ["b"]
        mark_all_read(council.id, lead.id)
    with in_scope(council.scope()):
        assert {notice.key: notice.read_at for notice in list_notices(council.id, lead.id)} == {"a": early, "b": late}


def test_long_words_are_cut_to_a_line_and_another_council_sees_nothing(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    with in_scope(council.scope()):
        tell(council.id, lead.id, key="a", kind="mention", words="word\n " * 100, path="/councils/a")
        notice = list_notices(council.id, lead.id)[0]
        assert (len(notice.words) <= LONGEST_WORDS, notice.words[-6:]) == (True, " word…")
    with in_scope(make_council(app, council.region).scope()):
        assert list_notices(council.id, lead.id) == []


@pytest.mark.parametrize("path", ["https://elsewhere.example.org", "//elsewhere.example.org", "councils/a", ""])
def test_a_notice_leads_to_a_page_of_ours(in_scope: InScope, council: MadeCouncil, lead: MadeUser, path: str) -> None:
    with in_scope(council.scope()), pytest.raises(ValueError, match="a notice leads to a page of ours"):
        tell(council.id, lead.id, key="a", kind="mention", words="Words", path=path)
