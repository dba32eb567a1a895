"""A short soak: each kind of process is killed once while people work, and nothing is lost, half done or done twice."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.soak.run import Outcome, Settings, run

EACH_ONCE = ("database", "queue", "worker", "web", "scheduler")


def test_nothing_is_lost_half_done_or_done_twice_when_processes_are_killed() -> None:
    settings = Settings(
        minutes=2, users=6, seed=6, kills=EACH_ONCE, once=True, demo=False, pause_seconds=0.5, rest_seconds=0.5
    )
    with tempfile.TemporaryDirectory(prefix="charterway-soak-") as folder:
        Path(folder).chmod(0o711)
        outcome = run(settings, Path(folder), print)
    assert {name: count for name, count in outcome.counts.items() if count} == {}, outcome.details()
    assert [kind for kind, _ in outcome.killed] == list(EACH_ONCE)
    assert written(outcome) >= {"answer", "mail", "seal"}


def written(outcome: Outcome) -> set[str]:
    """The kinds of write that were acknowledged."""
    return {kind for kind, count in outcome.proof.acknowledged.items() if count}
