"""The wall between us and a document: each is read by a child process with limits, and its answer is judged as data."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from saas.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 30
LONGEST_WAIT = 5
AT_ONCE = 2
LARGEST_FILE = 128 * 1024 * 1024
TOO_MUCH = "takes more time or memory to open than there is, so it is not opened."

_slots = threading.BoundedSemaphore(AT_ONCE)
COMPLAINT = re.compile(r"\b([A-Za-z_]\w*(?:Error|Exception|Warning))\b")
_log = logging.getLogger(__name__)


class Unreadable(Refused):
    """A document that was not opened; the message is the second half of a sentence whose subject is the file."""


@dataclass(frozen=True)
class Answer:
    """What the child made of a document: a few plain values, and the bytes it was asked for."""

    values: dict[str, Any]
    body: bytes


def read_apart(task: str, path: Path, **arguments: int | str) -> Answer:
    """Let a child process do a task on a file: one of `saas.documents.child`, or "module:function" of a floor above.

    The child has no environment of ours, 20 seconds of processor, 30 of patience and a limit of memory. Raises
    Unreadable with the child's reason, or with ours when it ended before it could give one.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise Unreadable(f"is larger than {LARGEST_FILE // (1024 * 1024)} MB, so it is not opened.")
    command = [sys.executable, "-E", "-s", "-m", "saas.documents.child", task, str(path), json.dumps(arguments)]
    with _slot(), tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        ended_well = _run(command, output, complaints)
        complaints.seek(0)
        if said := complaints.read(2_000).decode(errors="replace").strip():
            # What it says may quote the document: only the kinds of its complaints are told.
            kinds = ", ".join(sorted(set(COMPLAINT.findall(said)))) or f"{len(said)} characters"
            _log.warning("reading a document apart (%s) complained: %s", task, kinds)
        if not ended_well:
            raise Unreadable(TOO_MUCH)
        output.seek(0)
        values = json.loads(output.readline())
        if "refused" in values:
            raise Unreadable(values["refused"])
        return Answer(values, output.read())


@contextmanager
def _slot() -> Iterator[None]:
    """A turn: no more than a few documents are open in one process of ours, whoever asks."""
    if not _slots.acquire(timeout=LONGEST_WAIT):
        raise Unreadable("cannot be opened just now, since many others are being opened. Try again in a minute.")
    try:
        yield
    finally:
        _slots.release()


def _run(command: list[str], output: IO[bytes], complaints: IO[bytes]) -> bool:
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=complaints,
        cwd=ROOT,
        env={"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
    ) as process:
        try:
            return process.wait(LONGEST_SECONDS) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            process.kill()
