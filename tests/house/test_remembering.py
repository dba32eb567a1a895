"""What factories made is put back as the services wrote it, and only where nothing else had a hand in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories import remembering
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award, partly
from tests.factories.remembering import CannotBeNamed, Memory, named
from tests.factories.submissions import make_submission
from tests.factories.tenants import make_council, make_region

Statements = Callable[[], AbstractContextManager[list[str]]]
Rows = dict[str, list[tuple[Any, ...]]]


def make(app: Flask) -> UUID:
    """A sealed submission of a new council."""
    council = make_council(app, make_region(app))
    return make_submission(app, council, make_accreditation(app, council))


def everything(memory: Memory) -> tuple[Rows, dict[str, bytes]]:
    """Every row as an administrator reads it, and every file."""
    run = memory._driver().execute
    run("reset session authorization")
    rows = {name: run(f"select t::text from {name} t order by 1").fetchall() for name in memory.tables}
    run("set session authorization app")
    return rows, {str(path): path.read_bytes() for path in memory._files()}


def test_rows_and_files_come_back_as_the_services_wrote_them(
    app: Flask, memory: Memory, statements: Statements
) -> None:
    memory.begin_again()  # without the files of whatever test came before
    made = make(app)
    memory._put_back()
    written = everything(memory)
    assert len(written[0]["public.events"]) > 20
    assert written[1] != {}
    memory.begin_again()
    assert {each: rows for each, rows in everything(memory)[0].items() if rows} == {}
    with statements() as sent:
        assert make(app) == made
    assert sent == []
    memory._put_back()
    assert everything(memory) == written


def test_what_is_put_back_is_seen_through_the_same_walls(app: Flask, memory: Memory, in_scope: InScope) -> None:
    for _ in range(2):
        memory.begin_again()
        one, other = (make_council(app, make_region(app)) for _ in range(2))
        with in_scope(one.scope()) as session:
            assert session.scalar(sa.text("select current_user || ' ' || session_user")) == "app app"
            assert session.scalars(sa.text("select id from councils")).all() == [one.id]
        with in_scope(Scope.nobody()) as session:
            assert session.scalars(sa.text("select id from events")).all() == []
        assert other.id != one.id


def test_mails_that_went_out_are_printed_again(app: Flask, memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    memory.begin_again()
    make_award(app, make_council(app, make_region(app)))
    mailed = capsys.readouterr().out
    assert "Subject: " in mailed
    memory.begin_again()
    make_award(app, make_council(app, make_region(app)))
    assert capsys.readouterr().out == mailed


def test_after_a_write_by_anything_else_the_services_are_asked(
    app: Flask, memory: Memory, in_scope: InScope, statements: Statements
) -> None:
    made = [make_council(app, make_region(app)).id]
    memory.begin_again()
    region = make_region(app)
    with in_scope(Scope.nobody()) as session:
        session.execute(sa.text("delete from outbox"))
    with statements() as sent:
        made.append(make_council(app, region).id)
    assert made[0] != made[1]
    assert sent != []


def test_values_are_told_apart_by_what_they_are() -> None:
    assert named(partly("1.1.1")) == named(partly("1.1.1"))
    assert named(partly("1.1.1")) != named(partly("1.1.2"))
    assert named((1, {"a": True})) != named((1, {"a": 1}))
    with pytest.raises(CannotBeNamed):
        named(object())


def test_what_is_made_anew_takes_what_was_made_after_it_along(app: Flask, memory: Memory, in_scope: InScope) -> None:
    memory.begin_again()
    region = make_region(app)
    first = memory.history
    assert first is not None
    make_council(app, region)
    assert [key for key in memory.states if key[:1] == first] != [first]
    memory.begin_again()
    memory.states[first] = replace(memory.states[first], made_at=memory.states[first].made_at - remembering.LONGEST)
    region = make_region(app)
    assert [key for key in memory.states if key[:1] == first] == [first]
    council = make_council(app, region)
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.text("select slug from regions")).all() == [region.slug]
