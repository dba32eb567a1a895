"""Log lines: JSON that names no person, whatever an error or a library says."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from saas import present
from saas.logs import JsonLines, settings


def line(record: logging.LogRecord) -> dict[str, Any]:
    """What is written for a record, without its moment."""
    written: dict[str, Any] = json.loads(JsonLines().format(record))
    assert written.pop("at").endswith("+00:00")
    return written


def record(
    logger: str, message: str, *values: object, error: BaseException | None = None, **extra: Any
) -> logging.LogRecord:
    """A record as a logger makes it."""
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord(logger, logging.WARNING, __file__, 1, message, values, info)
    vars(made).update(extra)
    return made


def test_our_own_message_is_filled_in_and_carries_its_figures_and_the_request() -> None:
    with present.doing(present.Work("asked-1", "answers.save")):
        written = line(record("saas.jobs", "job %s", "done", attempt=2))
    assert written == {
        "level": "warning", "logger": "saas.jobs", "message": "job done",
        "request_id": "asked-1", "doing": "answers.save", "attempt": 2,
    }  # fmt: skip


def test_a_librarys_message_gives_its_pattern_alone() -> None:
    written = line(record("gunicorn.error", "Error handling request %s\nand more", "/people?name=Ola", person="Ola"))
    assert written == {"level": "warning", "logger": "gunicorn.error", "message": "Error handling request %s"}


def test_an_error_gives_its_kind_and_where_it_passed_and_not_its_text() -> None:
    try:
        raise ValueError("Ola Newly <ola@example.org>")
    except ValueError as error:
        written = line(record("charterway", "Exception on %s", "/people", error=error))
    here = sys._getframe().f_code.co_name
    (place,) = written.pop("trace")
    assert (place.partition(":")[0], place.rpartition(" ")[2]) == ("tests/saas/test_logs.py", here)
    assert written == {
        "level": "warning", "logger": "charterway", "message": "Exception on %s", "error": "ValueError",
    }  # fmt: skip


class Refusal(Exception):
    """As the driver gives it, with what the person typed in its text."""

    sqlstate = "23505"

    class diag:  # noqa: N801 - the driver's own name
        """What the server said beside."""

        constraint_name = "uq_users_email"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (IntegrityError("insert into users", {"email": "ola@example.org"}, Refusal("ola@example.org")),
         "IntegrityError 23505 uq_users_email"),
        (OSError(28, "No space left on device", "/files/ola.pdf"), "OSError No space left on device"),
        (KeyError("ola@example.org"), "KeyError"),
    ],
)  # fmt: skip
def test_a_reason_is_a_kind_and_a_code(error: Exception, words: str) -> None:
    assert present.reason(error) == words


@pytest.mark.parametrize(
    ("given", "taken"),
    [("3f2a-7.B_c", True), ("a" * 64, True), ("a" * 65, False), ("two words", False), ("a\nb", False), ("", False),
     ("ünï", False), ("a;b", False)],
)  # fmt: skip
def test_an_id_is_taken_where_it_is_plain(given: str, taken: bool) -> None:
    assert (present.request_id_from(given) == given) is taken
    assert present.GOOD_ID.fullmatch(present.request_id_from(given))


def test_the_settings_are_ones_that_logging_takes(capsys: pytest.CaptureFixture[str]) -> None:
    import logging.config

    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logging.config.dictConfig(settings("info"))
        logging.getLogger("saas.requests").info("request", extra={"status": 200})
        logging.getLogger("assessment.web").debug("too small to be said")
        written = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    finally:
        logging.getLogger().handlers[:], logging.getLogger().level = before
        for name in ("saas", "tenants", "assessment", "gunicorn.error", "gunicorn.access"):
            logging.getLogger(name).setLevel(logging.NOTSET)
            logging.getLogger(name).propagate = True
    assert [(item["logger"], item["message"], item["status"]) for item in written] == [
        ("saas.requests", "request", 200)
    ]
