"""The parts that a supervisor keeps up: the product's own processes and the embedded servers."""

import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from saas import processes
from saas.servers import Server


class Part(Protocol):
    """One thing that is kept up."""

    name: str

    def start(self) -> None:
        """Start it; return when it does its work."""

    def poll(self) -> int | None:
        """None while it runs, else how it ended."""

    def stop(self) -> None:
        """Stop it and wait."""


class Child:
    """A process of the product: web, worker or scheduler."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        patience: float = 15.0,
        folder: Path | None = None,
    ) -> None:
        """patience: seconds it gets to finish what it does when it is asked to stop.

        folder: where its temporary files lie; what a killed one left there is gone when the next begins.
        """
        self.name = name
        self._command = command
        self._environ = environ if folder is None else {**environ, "TMPDIR": str(folder)}
        self._patience = patience
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; that it works is asked elsewhere."""
        if self._folder is not None:
            _empty(self._folder)
        # A worker asked to stop finishes its job first: when we were killed there is nobody to wait for that.
        self._process = processes.start(self._command, environ=self._environ, death_signal=signal.SIGKILL)

    def poll(self) -> int | None:
        """None while it runs, else how it ended."""
        return self._process.poll() if self._process else -1

    def stop(self) -> None:
        """Ask it to finish, then make it."""
        if self._process:
            processes.stop(self._process, [(signal.SIGTERM, self._patience)])


def _empty(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


class EmbeddedServer:
    """PostgreSQL or Valkey as a part."""

    def __init__(self, name: str, server: Server) -> None:
        self.name = name
        self.server = server

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.server.start()

    def poll(self) -> int | None:
        """None while it runs, else how it ended."""
        return self.server.poll()

    def stop(self) -> None:
        """Stop it in good order."""
        self.server.stop()


@dataclass
class Watch:
    """What is known about a part between two looks."""

    part: Part
    since: float
    backoff: float = 0.0
    due: float | None = None
