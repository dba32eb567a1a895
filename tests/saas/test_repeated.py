"""Repeated calls: a call that names its key acts once, whoever else uses that key and whatever else it is used for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response

from saas import clock, repeated
from saas.errors import Conflict, Invalid
from saas.repeated import KeptResponse, KeyOfAnother, once
from saas.tenancy import Scope
from saas.transaction import within
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

OF_ANOTHER = "This Idempotency-Key was sent before with another call. Use a new one for each thing to be done."
NOT_KEPT = "This was done before, but its answer was not kept. Read what it made instead."


class Act:
    """Something that can be done, and counts how often it was."""

    def __init__(self, make: Callable[[int], Response] | None = None) -> None:
        self.times = 0
        self.make = make or (lambda time: Response(f"{time}", 201, {"Location": f"/things/{time}", "X-Other": "no"}))

    def __call__(self) -> Response:
        self.times += 1
        return self.make(self.times)


def call(
    app: Flask, user: MadeUser, act: Act, *, place: str = "council", key: str | None = "k", **sent: Any
) -> Response:
    """The answer to a POST with this key."""
    sent = {"path": "/things", "method": "POST", "data": b"body", "headers": {}} | sent
    sent["headers"] |= {"Idempotency-Key": key} if key is not None else {}
    with app.test_request_context(**sent), within(Scope.person(user.id)):
        return once(user.id, place, act)


def told(answer: Response) -> tuple[int, bytes, str | None, str | None]:
    """(status, body, Location, whether it was told again)."""
    return answer.status_code, answer.data, answer.headers.get("Location"), answer.headers.get("Idempotent-Replayed")


def test_a_call_sent_again_acts_once_and_hears_the_same(app: Flask, lead: MadeUser) -> None:
    act = Act()
    assert [told(call(app, lead, act)) for _ in range(3)] == [
        (201, b"1", "/things/1", None),
        (201, b"1", "/things/1", "true"),
        (201, b"1", "/things/1", "true"),
    ]
    assert (act.times, call(app, lead, act).headers.get("X-Other")) == (1, None)


def test_without_a_key_or_where_nothing_is_made_each_call_acts(app: Flask, lead: MadeUser) -> None:
    act = Act()
    heard = [told(call(app, lead, act, key=None)) for _ in range(2)]
    heard += [told(call(app, lead, act, method="PUT")) for _ in range(2)]
    assert [each[1:] for each in heard] == [(b"%d" % time, f"/things/{time}", None) for time in (1, 2, 3, 4)]


def test_a_key_is_ones_own_and_its_places_own(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    other = make_user(app, council, "council_editor")
    act = Act()
    heard = [call(app, user, act, place=place).data for user in (lead, other) for place in ("one", "two")]
    assert heard == [b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize(
    "changed",
    [
        {"data": b"another body"},
        {"path": "/things?more=1"},
        {"path": "/others"},
        {"data": {"name": "a"}},
        {"data": {"file": (BytesIO(b"a"), "a.txt")}},
    ],
    ids=["body", "query", "address", "form", "file"],
)
def test_a_key_of_another_call_is_refused_and_nothing_is_done(
    app: Flask, lead: MadeUser, changed: dict[str, Any]
) -> None:
    act = Act()
    call(app, lead, act)
    with pytest.raises(KeyOfAnother) as refusal:
        call(app, lead, act, **changed)
    assert (refusal.value.message, act.times) == (OF_ANOTHER, 1)


def test_a_file_is_the_same_when_its_name_and_bytes_are(app: Flask, lead: MadeUser) -> None:
    act = Act()

    def send(words: bytes, name: str) -> bytes:
        return call(app, lead, act, data={"title": "T", "file": (BytesIO(words), name)}).data

    assert (send(b"words", "a.txt"), send(b"words", "a.txt")) == (b"1", b"1")
    for words, name in ((b"other", "a.txt"), (b"words", "b.txt")):
        with pytest.raises(KeyOfAnother):
            send(words, name)
    assert act.times == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda _: Response(b"a" * (repeated.LARGEST_KEPT + 1), 201),
        lambda _: Response((each for each in (b"a", b"b")), 201),
        lambda _: Response(b"secret", 201, {"Cache-Control": "no-store"}),
    ],
    ids=["large", "streamed", "secret"],
)
def test_what_is_too_large_or_told_once_is_done_once_and_not_told_again(
    app: Flask, lead: MadeUser, make: Callable[[int], Response]
) -> None:
    act = Act(make)
    assert call(app, lead, act).status_code == 201
    with pytest.raises(KeyOfAnother) as refusal:
        call(app, lead, act)
    assert (refusal.value.message, act.times) == (NOT_KEPT, 1)


def test_what_failed_may_be_sent_again(app: Flask, lead: MadeUser) -> None:
    def fail_at_first(time: int) -> Response:
        if time == 1:
            raise Conflict("Not now.")
        return Response("done", 201)

    act = Act(fail_at_first)
    with pytest.raises(Conflict):
        call(app, lead, act)
    assert [told(call(app, lead, act))[::3] for _ in range(2)] == [(201, None), (201, "true")]
    assert act.times == 2


@pytest.mark.parametrize("key", ["", "a" * 201, "clé", "a\tb"])
def test_a_key_that_is_none_is_refused(app: Flask, lead: MadeUser, key: str) -> None:
    act = Act()
    with pytest.raises(Invalid) as refusal:
        call(app, lead, act, key=key)
    assert (refusal.value.messages, act.times) == (
        {"Idempotency-Key": ["The key is 1 to 200 printable ASCII characters."]},
        0,
    )


def test_what_is_kept_is_forgotten_after_its_time(app: Flask, lead: MadeUser) -> None:
    act = Act()
    with clock.at(clock.now() - timedelta(hours=25)):
        call(app, lead, act, key="old")
    call(app, lead, act, key="new")
    with app.app_context():
        with within(Scope.operator(None)):
            assert repeated.forget(clock.now() - repeated.KEPT_FOR) == 1
        with within(Scope.person(lead.id)) as session:
            assert session.scalars(sa.select(KeptResponse.key)).all() == ["new"]
    assert (call(app, lead, act, key="old").data, call(app, lead, act, key="new").data) == (b"3", b"2")
