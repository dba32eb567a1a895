"""The log lines of the running processes: JSON, one object a line, without personal data.

What somebody wrote never enters: an exception gives its kind and the places in our code, not its text; a message of a
library gives its pattern, not the values put into it. Only our own messages are filled in, with ids and kinds.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from saas import present

OURS = ("saas.", "tenants.", "assessment.")
HOUSE = Path(__file__).resolve().parent.parent
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
LONGEST_TRACE = 30


class JsonLines(logging.Formatter):
    """A record as one line: at, level, logger, message, request_id and the record's `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        ours = record.name.startswith(OURS)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if ours else str(record.msg).partition("\n")[0],
        }
        if (now := present.work()) is not None:
            line["request_id"] = now.request_id
            if now.name:
                line["doing"] = now.name
        if ours:
            line.update({name: value for name, value in vars(record).items() if name not in STANDARD})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = present.reason(record.exc_info[1])
            line["trace"] = places(record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


def places(trace: TracebackType | None) -> list[str]:
    """Where an error passed through, outermost first, as `saas/jobs.py:170 run`; files outside the house by name."""
    found = []
    for frame in traceback.extract_tb(trace)[-LONGEST_TRACE:]:
        path = Path(frame.filename)
        short = path.relative_to(HOUSE) if path.is_relative_to(HOUSE) and ".venv" not in path.parts else path.name
        found.append(f"{short}:{frame.lineno} {frame.name}")
    return found


def settings(level: str) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes: everything on standard error as JSON lines, from this level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{__name__}.JsonLines"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "lines"}},
        "root": {"level": "WARNING", "handlers": ["lines"]},
        "loggers": {
            **{name.rstrip("."): {"level": level.upper(), "handlers": [], "propagate": True} for name in OURS},
            "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def begin(level: str) -> None:
    """Let this process log so from now on."""
    import logging.config

    logging.config.dictConfig(settings(level))
