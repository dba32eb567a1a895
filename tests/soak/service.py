"""The product as it runs in life, in a folder of its own, and the way to kill any of its processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

import psutil

ROOT = Path(__file__).parents[2]
START_SECONDS, STOP_SECONDS = 300, 90
COMMAND = [sys.executable, "-c", "import sys; from charterway import main; sys.exit(main())"]
KINDS = ("web", "web process", "worker", "scheduler", "queue", "database", "database process")
"""What can be killed; a `process` is one of the several that a server keeps."""


class Service:
    """Database, queue, web, worker and scheduler under the supervisor; up inside the block."""

    def __init__(self, folder: Path, *, mail_port: int, demo: bool, settings: dict[str, str] | None = None) -> None:
        self.data_dir = folder / "var"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder / "service.log"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "BASE_URL": self.url,
            "MAIL_URL": f"smtp://127.0.0.1:{mail_port}?from=soak@example.org&starttls=never",
            "PYTHONPATH": str(ROOT),
            **(settings or {}),
        }
        self._up = [*COMMAND, "up", "--demo" if demo else "--no-demo"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._up, env=self.environ, cwd=ROOT, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                self._stop()
                raise RuntimeError(f"the service did not come up: {self.log.read_text()[-2000:]}")
            time.sleep(0.2)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def is_ready(self) -> bool:
        """Whether people can be sent there."""
        with suppress(OSError, ValueError), urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ok")
        return False

    def kill(self, kind: str, random: Random) -> bool:
        """Kill one process of this kind, as the kernel does; False where none runs just now."""
        with suppress(psutil.Error):
            there = self._processes(kind)
            if there:
                random.choice(there).kill()
                return True
        return False

    def memory_mb(self) -> float:
        """What the web processes hold together, shared pages divided among those that share them (PSS)."""
        held = 0
        for process in [*self._processes("web"), *self._processes("web process")]:
            with suppress(psutil.Error):
                held += process.memory_full_info().pss
        return held / 1_000_000

    def _processes(self, kind: str) -> list[psutil.Process]:
        if self._process is None:
            return []
        parts = {_part_of(process): process for process in psutil.Process(self._process.pid).children()}
        whole = parts.get(kind.removesuffix(" process"))
        if whole is None:
            return []
        if not kind.endswith(" process"):
            return [whole]
        wanted = ": app " if kind == "database process" else ""
        return [child for child in whole.children() if wanted in " ".join(child.cmdline())]

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _part_of(process: psutil.Process) -> str:
    """Which part of the product a child of the supervisor is."""
    with suppress(psutil.Error):
        words = process.cmdline()
        if "gunicorn" in words:
            return "web"
        program = Path(words[0]).name if words else ""
        names = {"postgres": "database", "valkey-server": "queue"}
        return names.get(program, words[-1] if words else "")
    return ""


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
