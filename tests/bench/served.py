"""Servers of the bench: gunicorn with the product's own settings, before the product and before the floors."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from saas import processes
from tests.bench.visitor import Call, Visitor

START_SECONDS = 60
STOPPING = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers on this port."""

    port: int
    process: subprocess.Popen[bytes]

    def worker_bytes(self) -> int:
        """The memory of its worker processes: what each has alone and its share of what they share (PSS)."""
        workers = psutil.Process(self.process.pid).children()
        return sum(_share_of(worker.pid) for worker in workers)


@contextmanager
def served(application: str, environment: Mapping[str, str], probe: str) -> Iterator[Served]:
    """Serve a WSGI application until the block ends. probe: an address that answers 200 once it is up."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:saas.webserver", application]
    # No shell's settings of the product, and no proxy's: what is measured is what is given here.
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "CHROMIUM") if name in os.environ}
    values = inherited | {"PYTHONDONTWRITEBYTECODE": "1"} | dict(environment) | {"PORT": str(port)}
    log = Path(environment["DATA_DIR"]) / f"{application.partition(':')[0]}.log"
    with log.open("ab") as said:
        process = subprocess.Popen(command, env=values, cwd=Path(__file__).parents[2], stdout=said, stderr=said)
    try:
        _wait(process, port, probe)
        yield Served(port, process)
    finally:
        processes.stop(process, STOPPING)


def _wait(process: subprocess.Popen[bytes], port: int, probe: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with Visitor(port) as visitor:
                if visitor.send(Call("GET", probe)).status == 200:
                    return
        except (OSError, RuntimeError):
            time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _share_of(pid: int) -> int:
    """Bytes; the proportional share where the kernel tells it, else all it holds."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if rollup.exists():
        return next(int(line.split()[1]) * 1024 for line in rollup.read_text().splitlines() if line.startswith("Pss:"))
    return int(psutil.Process(pid).memory_info().rss)
