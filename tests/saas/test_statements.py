"""Statements: slow ones are named in the log as they were written, without their values."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import present, statements
from saas.tenancy import Scope
from tests.conftest import InScope


def test_a_slow_statement_is_named_without_its_values(
    app: Flask, in_scope: InScope, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements._slow, "seconds", 0.01)
    asked = sa.text("select :words,\n  pg_sleep(:seconds)")
    caplog.set_level(logging.WARNING, "saas.statements")
    with present.doing(present.Work("asked-1")), in_scope(Scope.nobody()) as session:
        session.execute(asked, {"words": "Ola Newly", "seconds": 0.02})
    told: list[dict[str, Any]] = [vars(record) for record in caplog.records if record.name == "saas.statements"]
    assert [(record["message"], record["statement"]) for record in told] == [
        ("slow statement", "select %(words)s, pg_sleep(%(seconds)s)")
    ]
    assert told[0]["ms"] >= 20


def test_a_quick_statement_and_a_savepoint_are_not_named_and_only_the_first_is_counted(
    app: Flask, in_scope: InScope, caplog: pytest.LogCaptureFixture
) -> None:
    with present.doing(present.Work("asked-1")) as work, in_scope(Scope.nobody()) as session, session.begin_nested():
        session.execute(sa.text("select 1"))  # the first tells the scope too
        before = work.statements
        session.execute(sa.text("select 1"))
    assert work.statements - before == 1
    assert [record for record in caplog.records if record.name == "saas.statements"] == []
