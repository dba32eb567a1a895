"""The parts that a supervisor keeps up: the product's own processes and the embedded servers."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], patience: float = 15.0) -> None:
        """patience: seconds it gets to finish what it does when it is asked to stop."""
        self.name = name
        self._command = command
        self._environ = environ
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; that it works is asked elsewhere."""
        # A worker asked to stop finishes its job first: when we were killed there is nobody to wait for that.
        self._process = processes.start(self._command, environ=self._environ, death_signal=signal.SIGKILL)

    def poll(self) -> int | None:
        """None while it runs, else how it ended."""
        return self._process.poll() if self._process else -1

    def stop(self) -> None:
        """Ask it to finish, then make it."""
        if self._process:
            processes.stop(self._process, [(signal.SIGTERM, self._patience)])


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
