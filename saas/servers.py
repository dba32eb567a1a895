"""What the embedded servers have in common: start, wait, recognise an earlier one, stop."""

import os
import random
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil

from saas import processes
from saas.errors import Refused
from saas.kept import Kept
from saas.processes import Identity

START_SECONDS = 60
LOG_BYTES = 5_000_000
PORTS = range(20000, 32000)
"""Where free ports are looked for: below those the kernel gives to outgoing connections."""


class Home(Protocol):
    """What a server needs of the cluster it belongs to."""

    base: Path
    kept: Kept
    identity: Identity | None
    durable: bool

    def keep(self, **values: object) -> None:
        """Write values into DATA_DIR's file."""

    def own_folder(self, path: Path) -> Path:
        """Make a private folder of the servers' user."""

    def program(self, package: str, *parts: str) -> Path:
        """The path of a program that the servers' user can run."""


class Server(ABC):
    """What PostgreSQL and Valkey have in common: one process, one port, one folder, one log."""

    name: str
    port_setting: str
    stop_steps: tuple[tuple[signal.Signals, float], ...]
    death_signal: signal.Signals

    def __init__(self, home: Home) -> None:
        self.home = home
        self.child: subprocess.Popen[bytes] | None = None
        self._log_begin = 0
        # Once it answered, others know the port: a restart waits for it rather than take another.
        self._port_is_known = False

    @property
    def port(self) -> int:
        """The port on 127.0.0.1; 0 before the first start."""
        return int(getattr(self.home.kept, self.port_setting))

    @property
    def folder(self) -> Path:
        """The private folder of its files."""
        return self.home.base / self.name

    @property
    def log(self) -> Path:
        """What it says about itself; not in its own folder, lest it choose where the caller writes."""
        return self.home.base / f"{self.name}.log"

    def poll(self) -> int | None:
        """None while it runs, else how it ended."""
        return self.child.poll() if self.child else -1

    def start(self) -> None:
        """Start it and wait until it answers; raises Refused with the end of its log when it does not."""
        self.home.own_folder(self.folder)
        self._prepare()
        deadline = time.monotonic() + START_SECONDS
        while not self._started(deadline):
            # While a predecessor shuts down it ends at once: wait for that, not for what will not change.
            if time.monotonic() > deadline or not (self._predecessor() or self._may_try_again()):
                self.stop()
                raise Refused(f"{self.name} did not start; {self.log} ends: {last_text(self._log_end())}")
            time.sleep(0.2)
        self._complete()

    def stop(self) -> None:
        """Stop the process this object started, if any."""
        if self.child:
            processes.stop(self.child, self.stop_steps)
            self.child = None

    def answers(self) -> bool:
        """Whether it can be used now: the one this object started, else one that another process started."""
        pid = self._pid()
        mine = pid == self.child.pid if self.child else self._predecessor()
        return mine and self._responds()

    @abstractmethod
    def _prepare(self) -> None:
        """Make what must exist before a start."""

    @abstractmethod
    def _complete(self) -> None:
        """Make what needs the running server."""

    @abstractmethod
    def _command(self) -> list[str | Path]:
        """What to run."""

    @abstractmethod
    def _said(self) -> bytes | None:
        """What it reads on its standard input."""

    @abstractmethod
    def _responds(self) -> bool:
        """Whether it takes work."""

    @abstractmethod
    def _pid_file(self) -> Path:
        """Where it writes its process id."""

    @abstractmethod
    def _may_try_again(self) -> bool:
        """Whether the log's end names a reason that passes by itself."""

    def _environ(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)}

    def _started(self, deadline: float) -> bool:
        if not self._predecessor():
            if (pid := self._pid()) and psutil.pid_exists(pid):
                # The number belongs to a stranger now, whom the server would take for itself.
                self._pid_file().unlink(missing_ok=True)
            if not self.port or not (self._port_is_known or _is_free(self.port)):
                self.home.keep(**{self.port_setting: _free_port()})
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab", opener=_privately) as log:
            self._log_begin = log.tell()
            self.child = processes.start(
                self._command(),
                environ=self._environ(),
                folder=self.folder,
                output=log,
                said=self._said(),
                identity=self.home.identity,
                death_signal=self.death_signal,
            )
        while self.child.poll() is None and time.monotonic() < deadline:
            if self.answers():
                self._port_is_known = True
                return True
            time.sleep(0.01)
        return False

    def _log_end(self) -> str:
        """The end of what the last try said."""
        with suppress(OSError), self.log.open("rb") as file:
            file.seek(max(self._log_begin, self.log.stat().st_size - 2000))
            return file.read().decode(errors="replace")
        return ""

    def _pid(self) -> int | None:
        try:
            return int(self._pid_file().read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _predecessor(self) -> bool:
        """Whether the process that the pid file names is alive and one of ours."""
        pid = self._pid()
        if pid is None or pid < 1:
            return False
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and str(self.folder) in " ".join(process.cmdline())
        except psutil.Error:
            return False


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    for port in random.sample(PORTS, 200):
        if _is_free(port):
            return port
    raise Refused(f"no free port from {PORTS.start} to {PORTS.stop - 1} on 127.0.0.1")


def last_text(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "(nothing)"
