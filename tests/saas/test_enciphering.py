"""Secrets at rest: read again for their own purpose and under their own key only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from saas.enciphering import Unreadable, decipher, encipher


def test_what_is_enciphered_is_read_again_and_looks_like_nothing(app: Flask) -> None:
    with app.app_context():
        kept = encipher("webhook", "whsec_é" * 10)
        assert "whsec" not in kept
        assert kept != encipher("webhook", "whsec_é" * 10)
        assert decipher("webhook", kept) == "whsec_é" * 10


def test_what_was_changed_is_refused(app: Flask) -> None:
    with app.app_context():
        kept = encipher("webhook", "secret")
        for changed in (kept[:-4] + "AAA=", "é", ""):
            with pytest.raises(Unreadable):
                decipher("webhook", changed)


def test_another_purpose_and_another_secret_key_read_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        kept = encipher("webhook", "secret")
        with pytest.raises(Unreadable, match="The secret of the provider cannot be read"):
            decipher("provider", kept)
        monkeypatch.setitem(
            app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], secret_key="another key of enough length ....")
        )
        with pytest.raises(Unreadable):
            decipher("webhook", kept)
