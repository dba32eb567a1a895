"""The supervisor: starts all in order, says what is up, starts again what died, stops all in reverse."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from saas import processes
from saas.config import Config, resolve
from saas.embedded import Cluster
from saas.errors import Refused
from saas.locks import only_supervisor
from saas.parts import Child, EmbeddedServer, Part, Watch

READY_SECONDS = 60
LONGEST_BACKOFF = 20.0
GOOD_RUN_SECONDS = 60
"""A child that lived this long starts again at once; one that keeps dying waits twice as long each time."""
TICK_SECONDS = 0.1

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """The commands of the children. None leaves that one out."""

    migrate: Sequence[str] | None
    demo: Sequence[str] | None
    accounts: Sequence[str] | None
    web: Sequence[str]
    worker: Sequence[str] | None
    scheduler: Sequence[str] | None
    probe: str = "/healthz"


def usual_plan(config: Config, *, demo: bool) -> Plan:
    """What `charterway up` runs. Without an owner's address the schema is left alone."""
    charterway = [sys.executable, "-c", "import sys; from charterway import main; sys.exit(main())"]
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:saas.webserver",
        "charterway:create_wsgi()",
    ]
    return Plan(
        migrate=[*charterway, "migrate"] if config.embedded or config.database_owner_url else None,
        demo=[*charterway, "demo", "load", "--if-empty"] if demo else None,
        accounts=[*charterway, "demo", "accounts"] if demo else None,
        web=gunicorn,
        worker=[*charterway, "worker"],
        scheduler=[*charterway, "scheduler"],
    )


class Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


class Supervisor:
    """One run of everything. To be made and run in the main thread."""

    def __init__(self, config: Config, plan: Plan, say: Say) -> None:
        self.config = config
        self.plan = plan
        self.say = say
        self._stop = threading.Event()
        self._watches: list[Watch] = []

    def run(self) -> None:
        """Start, keep up and stop; returns after SIGTERM or SIGINT. Raises Refused when a start fails."""
        signals = [signal.SIGTERM, signal.SIGINT]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup leaves it
            signals.append(signal.SIGHUP)
        before = {sent: signal.signal(sent, self._asked) for sent in signals}
        try:
            self._start()
            while not self._stop.wait(TICK_SECONDS):
                self._look()
        except Stopped:
            pass
        finally:
            self._stop_all()
            for sent, handler in before.items():
                signal.signal(sent, handler)

    def _asked(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _start(self) -> None:
        if not _is_free(self.config.bind, self.config.port):
            where = f"{self.config.port} on {self.config.bind}"
            raise Refused(f"PORT {where} is taken: stop what listens there or give another PORT")
        if self.config.embedded:
            cluster = Cluster(self.config.data_dir)
            for name, server in zip(("database", "queue"), cluster.servers, strict=True):
                self._up(EmbeddedServer(name, server))
            self.config = resolve(self.config)
        # Only what makes tables or replaces the demo gets the owner's address.
        owner = {**os.environ, **self.config.environ(owner=True)}
        app = {**os.environ, **self.config.environ()}
        self._once("schema", self.plan.migrate, owner, "up to date")
        self._once("demo", self.plan.demo, owner, "there")
        where = f"on {self.config.bind}:{self.config.port}"
        self._up(self._child("web", self.plan.web, app), where, self._wait_for_web)
        if self.plan.worker:
            self._up(self._child("worker", self.plan.worker, app, patience=30.0))
        if self.plan.scheduler:
            self._up(self._child("scheduler", self.plan.scheduler, app))
        self._tell_accounts(app)
        self.say(f"Charterway is up: {self.config.base_url}  (Ctrl-C stops it)")

    def _child(self, name: str, command: Sequence[str], environ: Mapping[str, str], patience: float = 15.0) -> Child:
        return Child(name, command, environ, patience, self.config.data_dir / "tmp" / name)

    def _up(self, part: Part, where: str = "", wait: Callable[[Part], None] | None = None) -> None:
        self._go_on()
        self._watches.append(Watch(part, time.monotonic()))
        part.start()
        if wait:
            wait(part)
        if isinstance(part, EmbeddedServer):
            where = f"on 127.0.0.1:{part.server.port}, files in {part.server.folder}"
        self.say(f"{part.name:<10} up {where}".rstrip())

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _wait_for_web(self, part: Part) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.config.bind, self.config.bind)  # noqa: S104 - compared only
        url = f"http://{host}:{self.config.port}{self.plan.probe}"
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if part.poll() is not None:
                raise Refused(f"the web process ended as it started (exit {part.poll()}); see above")
            with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
            if self._stop.wait(TICK_SECONDS):
                raise Stopped
        raise Refused(f"the web process did not answer at {url} within {READY_SECONDS} seconds")

    def _once(self, name: str, command: Sequence[str] | None, environ: Mapping[str, str], done: str) -> None:
        if command is None:
            return
        code = self._finish(processes.start(command, environ=environ))
        if code != 0:
            raise Refused(f"{name}: the command ended with exit {code}; what it said stands above")
        self.say(f"{name:<10} {done}")

    def _finish(self, child: subprocess.Popen[bytes]) -> int:
        """Wait for a short command's end, stopping it when we are asked to stop."""
        while (code := child.poll()) is None:
            if self._stop.wait(0.02):
                processes.stop(child, [(signal.SIGTERM, 10.0)])
                raise Stopped
        return code

    def _tell_accounts(self, environ: Mapping[str, str]) -> None:
        if self.plan.accounts is None:
            return
        with tempfile.TemporaryFile() as said:
            child = processes.start(self.plan.accounts, environ=environ, output=said, errors=subprocess.DEVNULL)
            code = self._finish(child)
            said.seek(0)
            text = said.read()
        try:
            accounts = json.loads(text) if code == 0 else []
            rows = [(a["email"], a["password"], a["role"], a["scope"]) for a in accounts]
        except (ValueError, KeyError, TypeError):
            rows = []
        if rows:
            widths = [max(len(str(row[column])) for row in rows) for column in range(4)]
            self.say("Demo sign-ins (e-mail, password, role, scope):")
            for row in rows:
                cells = (f"{cell!s:<{width}}" for cell, width in zip(row, widths, strict=True))
                self.say(f"  {'  '.join(cells)}".rstrip())

    def _look(self) -> None:
        """Start again what ended; a part that keeps ending waits longer each time."""
        moment = time.monotonic()
        for watch in self._watches:
            if watch.due is None and (code := watch.part.poll()) is not None:
                if moment - watch.since > GOOD_RUN_SECONDS:
                    watch.backoff = 0.0
                watch.due = moment + watch.backoff
                self.say(f"{watch.part.name:<10} ended (exit {code}); starting it again in {watch.backoff:.1f} s")
                watch.backoff = min(LONGEST_BACKOFF, max(0.5, watch.backoff * 2))
            if watch.due is not None and moment >= watch.due:
                watch.due = None
                watch.since = moment
                try:
                    watch.part.start()
                except (Refused, OSError) as error:
                    self.say(f"{watch.part.name:<10} not up: {error}")
                else:
                    self.say(f"{watch.part.name:<10} up again")

    def _stop_all(self) -> None:
        while self._watches:
            part = self._watches.pop().part
            part.stop()
            self.say(f"{part.name:<10} stopped")


def run(config: Config, *, demo: bool = False, plan: Plan | None = None, say: Say | None = None) -> None:
    """Run everything until asked to stop; one supervisor per DATA_DIR.

    demo: whether to load the demo into an empty database;
    plan: other commands than the usual ones, for tests. Raises Refused when something does not start.
    """
    chosen = plan or usual_plan(config, demo=demo)
    with only_supervisor(config.data_dir):
        Supervisor(replace(config, data_dir=Path(config.data_dir).absolute()), chosen, say or _print).run()


def _print(line: str) -> None:
    with suppress(OSError):
        print(line, flush=True)


def _is_free(bind: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
        return True
