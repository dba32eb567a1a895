"""The supervisor, as its operator sees it: what is up, what comes back, and that nothing stays behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest

from saas.config import load, resolve
from saas.embedded import Cluster

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30


@dataclass
class Service:
    """One supervisor in a process of its own."""

    data_dir: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def read_until(self, text: str) -> list[str]:
        """The lines up to the one that begins with the text."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith(text):
                return self.said
        pytest.fail(f"it ended without saying {text!r}: {self.said}")

    def rest(self) -> list[str]:
        """What it says until it ends."""
        assert self.process.stdout
        lines = [line.rstrip() for line in self.process.stdout]
        self.process.wait(PATIENCE_SECONDS)
        return lines

    def family(self) -> list[psutil.Process]:
        """Itself and everything below it."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def fetch(self) -> str:
        """What the web process answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
            return str(answer.read().decode())


Start = Callable[..., Service]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a supervisor in a folder of this test; ended, with all it started, when the test is over."""
    services: list[Service] = []
    with tempfile.TemporaryDirectory(prefix="charterway-") as folder:
        Path(folder).chmod(0o711)

        def begin(changes: dict[str, str] | None = None, **environ: str) -> Service:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = int(environ.get("PORT", probe.getsockname()[1]))
            settings = {
                "PATH": os.defpath,
                "DATA_DIR": folder,
                "PYTHONPATH": str(ROOT),
                **environ,
                "PORT": str(port),
            }
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.saas.stand_in", json.dumps(changes or {})],
                cwd=ROOT,
                env=settings,
                stdout=subprocess.PIPE,
                text=True,
            )
            services.append(Service(Path(folder), port, process))
            return services[-1]

        yield begin
        for service in services:
            service.process.kill()
            service.process.wait()
            if service.process.stdout:
                service.process.stdout.close()
        wait_for(lambda: not any(folder in " ".join(words(process)) for process in psutil.process_iter()))


def words(process: psutil.Process) -> list[str]:
    """A process's command, empty when it has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until it holds; fail when it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def first_words(lines: list[str]) -> list[str]:
    """What each line is about, in its first two words."""
    return [" ".join(line.split()[:2]) for line in lines]


def test_everything_starts_in_order_and_stops_in_reverse_leaving_nothing(start: Start) -> None:
    service = start()
    begun = service.read_until("Charterway is up")
    family = service.family()

    service.process.send_signal(signal.SIGTERM)
    ended = service.rest()

    assert first_words(begun) == [
        "database up",
        "queue up",
        "schema up",
        "demo there",
        "web up",
        "worker up",
        "scheduler up",
        "Demo sign-ins",
        "ada@example.org a",
        "Charterway is",
    ]
    assert begun[-1] == f"Charterway is up: http://localhost:{service.port}  (Ctrl-C stops it)"
    assert ended == [f"{name:<10} stopped" for name in ("scheduler", "worker", "web", "queue", "database")]
    assert service.process.returncode == 0
    assert [process.pid for process in psutil.wait_procs(family, timeout=5)[1]] == []


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_recovers(start: Start) -> None:
    service = start()
    service.read_until("Charterway is up")
    owner = Cluster(service.data_dir).urls().owner
    with psycopg.connect(owner) as connection:
        connection.execute("create table kept (answer) as values (42)")
    family = service.family()
    assert len(family) > 6

    service.process.kill()

    assert [process.pid for process in psutil.wait_procs(family, timeout=10)[1]] == []
    again = start()
    again.read_until("Charterway is up")
    with psycopg.connect(owner) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_what_dies_comes_back(start: Start) -> None:
    service = start()
    service.read_until("Charterway is up")
    before = {process.pid for process in service.family()[1:]}
    answer = service.fetch()

    for process in psutil.Process(service.process.pid).children():
        process.kill()
        process.wait(PATIENCE_SECONDS)
    seen = [
        service.read_until(f"{name:<10} up again")[-1] for name in ("database", "queue", "web", "worker", "scheduler")
    ]

    assert len(seen) == 5
    assert before.isdisjoint(process.pid for process in service.family()[1:])
    wait_for(lambda: is_listening(service.port))
    assert service.fetch() == answer


def is_listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_given_servers_are_used_and_none_is_started(start: Start) -> None:
    given = {
        "DATABASE_URL": "postgresql://app:pass@127.0.0.1:1/charterway",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATABASE_OWNER_URL": "postgresql://owner:pass@127.0.0.1:1/charterway",
        "SECRET_KEY": "k" * 32,
    }
    service = start(**given)
    begun = service.read_until("Charterway is up")

    assert first_words(begun)[:3] == ["schema up", "demo there", "web up"]
    assert {Path(process.exe()).name.rstrip("0123456789.") for process in service.family()} == {"python"}
    assert service.fetch() == f"{given['DATABASE_URL']}  {given['REDIS_URL']}"


def test_web_and_worker_never_see_the_owners_address(start: Start) -> None:
    service = start()
    service.read_until("Charterway is up")
    config = resolve(load({"DATA_DIR": str(service.data_dir)}))

    assert service.fetch() == f"{config.database_url}  {config.redis_url}"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (
            {"migrate": "raise SystemExit(3)"},
            "schema: the command ended with exit 3; what it said stands above",
        ),
        ({"web": "raise SystemExit(4)"}, "the web process ended as it started (exit 4); see above"),
    ],
)
def test_what_does_not_start_is_named_and_everything_else_stops(
    start: Start, changes: dict[str, str], refusal: str
) -> None:
    service = start(changes)

    lines = service.rest()

    assert lines[-3:] == ["queue      stopped", "database   stopped", f"refused: {refusal}"]
    assert service.process.returncode == 1


def test_a_taken_port_and_a_taken_folder_are_refused(start: Start) -> None:
    service = start()
    service.read_until("Charterway is up")

    assert start().rest() == [
        f"refused: DATA_DIR: {service.data_dir} is already in use by the service"
        f" that runs as process {service.process.pid}"
    ]
    taken = f"{service.port} on 127.0.0.1"
    with tempfile.TemporaryDirectory() as other:
        assert start(DATA_DIR=other, PORT=str(service.port)).rest() == [
            f"refused: PORT {taken} is taken: stop what listens there or give another PORT"
        ]
