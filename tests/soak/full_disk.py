"""A disk that is full for a while: a small one of its own under the whole of DATA_DIR. Needs root and Linux."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.soak.run import AFTERMATH_SECONDS, Field, Trouble, through

DISK_MB = 600
CHUNK = b"\0" * 65_536
BEGIN_SECONDS, FULL_SECONDS = 5.0, 25.0


def can_mount() -> bool:
    """Whether this process may have a disk of its own."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """An empty disk in memory; gone after the block."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=711", "soak", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def fill_for_a_while(field: Field) -> Trouble:
    """Let people work, fill the disk to its last byte while they go on, make room, and see when all goes on again."""
    time.sleep(BEGIN_SECONDS)
    ballast = field.service.data_dir.parent / "ballast"
    begun = time.monotonic()
    field.say("the disk is full")
    with ballast.open("wb", buffering=0) as file:
        while time.monotonic() - begun < FULL_SECONDS:
            with suppress(OSError):
                while True:
                    file.write(CHUNK)
            time.sleep(0.2)
    ballast.unlink()
    at = time.monotonic()
    through(field)
    field.say(f"there is room again; on again after {time.monotonic() - at:.1f} s")
    lasted = time.monotonic() - at
    time.sleep(BEGIN_SECONDS)
    return Trouble([(begun, at + lasted + AFTERMATH_SECONDS)], [("full disk", lasted)])
