"""Two clicks on “Share” at once: one figure is shared, and the other is told so in words."""

from __future__ import annotations

import threading

import sqlalchemy as sa
from flask import Flask

from assessment.models.sharing import ReleasedMeasure
from saas.errors import Conflict
from saas.transaction import within
from tests.factories.sharing import share_figure
from tests.factories.tenants import make_council, make_region

PATIENCE_SECONDS = 30.0


def test_a_figure_shared_twice_at_once_is_shared_once(built_app: Flask, owner: sa.Engine) -> None:
    council = make_council(built_app, make_region(built_app))
    start, told = threading.Barrier(2), list[str]()

    def share() -> None:
        start.wait(PATIENCE_SECONDS)
        try:
            share_figure(built_app, council)
            told.append("shared")
        except Conflict as refusal:
            told.append(refusal.message[-50:])

    threads = [threading.Thread(target=share) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert sorted(told) == ["already. Take it back first to share a newer figure."[-50:], "shared"]
    with built_app.app_context(), within(council.scope(), read_only=True) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReleasedMeasure)) == 1
