"""Whatever is written here and kept as a file is sent alike: its bytes, its kind and a name that survives."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, Response

from saas import clock
from saas.downloads import CALENDAR, PDF, file_response, paper_response, picture_response
from saas.papers import Paper, Prose, write_pdf

PAPER = Paper("Register", "Oakford", "Mid Employers", datetime(2026, 11, 22, 9, tzinfo=UTC), (Prose("One."),))


def sent(answer: Response) -> tuple[bytes, str | None, str | None]:
    """Content, kind and name as they go out."""
    return answer.get_data(), answer.content_type, answer.headers["Content-Disposition"]


def test_content_goes_out_whole_under_its_name(app: Flask) -> None:
    assert sent(file_response(b"BEGIN:VCALENDAR", "visit.ics", CALENDAR)) == (
        b"BEGIN:VCALENDAR",
        "text/calendar; charset=utf-8",
        'attachment; filename="visit.ics"',
    )


def test_pieces_go_out_one_after_the_other(app: Flask) -> None:
    answer = file_response(iter([b"one", b"two"]), "both.csv", "text/csv; charset=utf-8")
    assert answer.is_streamed
    assert answer.get_data() == b"onetwo"


def test_a_paper_is_written_as_its_kind_and_named_with_its_ending(app: Flask) -> None:
    assert sent(paper_response(PAPER, "Oakford: “register”", "pdf")) == (
        write_pdf(PAPER),
        PDF,
        "attachment; filename=\"Oakford: register.pdf\"; filename*=UTF-8''Oakford%3A%20%E2%80%9Cregister%E2%80%9D.pdf",
    )


def test_what_changes_from_day_to_day_has_the_day_in_its_name(app: Flask) -> None:
    answer = paper_response(PAPER, "Register", "pdf", dated=True)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="Register, {clock.today().isoformat()}.pdf"'


def test_a_picture_is_drawn_only_for_who_has_not_got_it(app: Flask) -> None:
    drawn: list[int] = []

    def draw() -> tuple[bytes, str]:
        drawn.append(1)
        return b"picture", "image/png"

    with app.test_request_context():
        first = picture_response("ab-1", draw)
    with app.test_request_context(headers={"If-None-Match": '"ab-1"'}):
        again = picture_response("ab-1", draw)
    with app.test_request_context(headers={"If-None-Match": '"ab-1"'}):
        other = picture_response("ab-2", draw)
    assert [(each.status_code, each.get_data(), each.headers["Cache-Control"]) for each in (first, again, other)] == [
        (200, b"picture", "private, no-cache"),
        (304, b"", "private, no-cache"),
        (200, b"picture", "private, no-cache"),
    ]
    assert (first.content_type, len(drawn)) == ("image/png", 2)
