"""The parts that a supervisor keeps up: what a killed one leaves behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from saas.parts import Child

LEAVING = "import tempfile, time; tempfile.mkstemp(prefix='half'); tempfile.mkdtemp(prefix='whole'); time.sleep(60)"


def left_in(folder: Path, number: int) -> set[str]:
    """The names in the folder, once there are so many."""
    until = time.monotonic() + 20
    while len(found := {path.name for path in folder.glob("*")}) < number and time.monotonic() < until:
        time.sleep(0.02)
    return found


def test_what_a_killed_child_left_half_is_gone_when_the_next_begins(tmp_path: Path) -> None:
    child = Child("web", [sys.executable, "-c", LEAVING], os.environ, patience=0.0, folder=tmp_path / "tmp" / "web")
    try:
        child.start()
        first = left_in(tmp_path / "tmp" / "web", 2)
        child.stop()
        child.start()
        second = left_in(tmp_path / "tmp" / "web", 2)
    finally:
        child.stop()
    assert (len(first), len(second), first & second) == (2, 2, set())
