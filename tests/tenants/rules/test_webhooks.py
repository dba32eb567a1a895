"""How a message is signed, and when it is tried again."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from tenants.rules.webhooks import next_attempt, signature

MADE = datetime(2031, 5, 5, 9, 0, tzinfo=UTC)


def test_a_signature_names_its_moment_and_can_be_made_again() -> None:
    expected = hmac.new(b"whsec_x", b'1935738000.{"a":1}', hashlib.sha256).hexdigest()
    assert signature("whsec_x", MADE + timedelta(milliseconds=900), b'{"a":1}') == f"t=1935738000,v1={expected}"
    assert signature("whsec_y", MADE, b'{"a":1}') != signature("whsec_x", MADE, b'{"a":1}')
    assert signature("whsec_x", MADE, b'{"a":2}') != signature("whsec_x", MADE, b'{"a":1}')


def test_each_attempt_waits_longer_than_the_one_before_up_to_twelve_hours_and_three_days_in_all() -> None:
    tried, present = [], MADE
    while (again := next_attempt(MADE, len(tried) + 1, present)) is not None:
        tried.append((again - present) // timedelta(minutes=1))
        present = again
    assert tried == [1, 5, 15, 60, 180, 360, *[720] * 5]
    assert present - MADE <= timedelta(days=3)
