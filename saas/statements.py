"""SQL statements as they are sent: counted for what is being done now, and named in the log when they are slow."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from saas import present

LONGEST_SHOWN = 2_000
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Watch every engine of this process; `SLOW_QUERY_MS` of the last app made here counts."""
    _slow.seconds = app.config["CHARTERWAY"].slow_query_ms / 1000
    if not event.contains(Engine, "before_cursor_execute", _begin):
        event.listen(Engine, "before_cursor_execute", _begin)
        event.listen(Engine, "after_cursor_execute", _end)


class _Slow:
    seconds = 0.0


_slow = _Slow()


def _begin(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
    if context is not None:
        context.charterway_begun = perf_counter()


def _end(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
    if statement.upper().startswith(NOT_COUNTED):
        return
    seconds = perf_counter() - getattr(context, "charterway_begun", perf_counter())
    if (now := present.work()) is None:
        return  # somebody at the console, whose statements may take their time
    now.statements += 1
    now.database_seconds += seconds
    if _slow.seconds and seconds >= _slow.seconds:
        # The statement as it was written: its values are beside it, and never here.
        shown = " ".join(statement.split())[:LONGEST_SHOWN]
        log.warning("slow statement", extra={"ms": round(seconds * 1000), "statement": shown})
