"""Codes: which are right when, and how they are typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from tenants.rules.second_factors import is_app_code, is_recovery_code, matching_step, tidy_code, written

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = datetime(2026, 5, 4, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(
    ("seconds", "last_step", "found"),
    [
        (0, 0, STEP),
        (-30, 0, STEP - 1),
        (30, 0, STEP + 1),
        (-60, 0, None),
        (60, 0, None),
        (0, STEP - 1, STEP),
        (0, STEP, None),
        (-30, STEP, None),
        (30, STEP, STEP + 1),
    ],
)
def test_a_code_is_taken_in_its_half_minute_and_beside_it_and_never_after_a_later_one(
    seconds: int, last_step: int, found: int | None
) -> None:
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds))
    assert matching_step(SECRET, code, NOW, last_step) == found


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B: the last six digits of its table for SHA-1.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert matching_step(secret, code, datetime.fromtimestamp(seconds, UTC), 0) == seconds // 30


@pytest.mark.parametrize(
    ("typed", "of_app", "recovery"),
    [
        ("123456", True, False),
        (" 123 456 ", True, False),
        ("12345", False, False),
        ("١٢٣٤٥٦", False, False),
        ("ABCD-efgh jkmn", False, True),
        ("abcd-efgh-jkm1", False, False),
        ("abcdefghjkm", False, False),
        ("", False, False),
    ],
)
def test_codes_are_told_by_their_shape(typed: str, of_app: bool, recovery: bool) -> None:
    tidied = tidy_code(typed)
    assert (is_app_code(tidied), is_recovery_code(tidied)) == (of_app, recovery)


def test_a_recovery_code_is_written_in_fours() -> None:
    assert written("abcdefghjkmn") == "abcd-efgh-jkmn"
