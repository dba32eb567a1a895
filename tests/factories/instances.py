"""Processes of the product beside each other, as on several machines with one database, one queue and one storage."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from saas.config import Config
from saas.supervisor import usual_plan
from tests.soak.service import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS, STOP_SECONDS = 120, 30


@dataclass
class Part:
    """One process of the product; a web process answers at `url`."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str = ""

    def stop(self) -> int:
        """Ask it to stop, as an operator does; how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def status(self, path: str) -> int:
        """How it answers somebody without a session."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code


@contextmanager
def running_parts(config: Config, folder: Path, *, webs: int) -> Iterator[tuple[list[Part], list[Part]]]:
    """So many web processes, and beside them a worker and a scheduler; what still runs afterwards is killed."""
    plan = usual_plan(config, demo=False)
    with ExitStack() as ends:

        def started(name: str, command: Sequence[str] | None, port: int) -> Part:
            there = replace(config, port=port, base_url=f"http://localhost:{port}", web_workers=1, web_threads=2)
            environ = {**os.environ, **there.environ(), "PYTHONPATH": str(ROOT)}
            log = folder / f"{name}.log"
            with log.open("wb") as told:
                process = subprocess.Popen(list(command or ()), cwd=ROOT, env=environ, stdout=told, stderr=told)
            ends.callback(process.wait)
            ends.callback(process.kill)
            return Part(process, log, there.base_url)

        ports = [free_port() for _ in range(webs)]
        web = [started(f"web-{number}", plan.web, port) for number, port in enumerate(ports)]
        beside = {"worker": plan.worker, "scheduler": plan.scheduler}
        others = [started(name, command, ports[0]) for name, command in beside.items()]
        until = time.monotonic() + START_SECONDS
        for part in web:
            while not _is_alive(part):
                if part.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"an instance did not start: {part.log.read_text()[-2000:]}")
                time.sleep(0.1)
        yield web, others


def _is_alive(part: Part) -> bool:
    with suppress(OSError):
        return part.status("/healthz") == 200
    return False
