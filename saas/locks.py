"""Who runs the servers of a DATA_DIR: one process at a time, while any number use them."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from saas.config import Config, resolve
from saas.embedded import Cluster
from saas.errors import Refused
from saas.kept import make_folder

SUPERVISOR = "up"
COMMAND = "command"
WAIT_SECONDS = 90


class Lock:
    """A lock on a file of DATA_DIR that the kernel releases when its holder ends, however it ends."""

    def __init__(self, data_dir: Path, name: str) -> None:
        make_folder(data_dir)
        path = data_dir / f"{name}.lock"
        try:
            self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Refused(f"DATA_DIR: {path} cannot be opened: {error.strerror}") from error

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take it; False when somebody else holds it and `wait` is false."""
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._open(), kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def sign(self, what: str) -> None:
        """Write into the file who holds it."""
        text = f"{what} {os.getpid()}\n".encode()
        os.ftruncate(self._open(), 0)
        os.pwrite(self._open(), text, 0)

    def holder(self) -> tuple[str, str]:
        """Who signed last: what it is and its process id; two empty texts when nobody did."""
        words = os.pread(self._open(), 100, 0).decode(errors="replace").split()
        return (words[0], words[1]) if len(words) == 2 else ("", "")

    def release(self) -> None:
        """Give it back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _open(self) -> int:
        if self._handle is None:
            raise ValueError("the lock was released")
        return self._handle

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


@contextmanager
def only_supervisor(data_dir: Path) -> Iterator[None]:
    """Be the one supervisor of this folder; raises Refused when another one is. Waits for short commands."""
    with Lock(data_dir, "servers") as servers:
        deadline = time.monotonic() + WAIT_SECONDS
        while not servers.take(wait=False):
            what, pid = servers.holder()
            if what == SUPERVISOR:
                raise Refused(f"DATA_DIR: {data_dir} is already in use by the service that runs as process {pid}")
            if time.monotonic() > deadline:
                raise Refused(f"DATA_DIR: {data_dir} is still in use by the command that runs as process {pid}")
            time.sleep(0.1)
        servers.sign(SUPERVISOR)
        yield


@contextmanager
def database_up(config: Config) -> Iterator[Config]:
    """The settings with every address, and the servers up for as long as the block runs.

    Given addresses pass as they are. Embedded servers that run already are used; else this process starts
    them, and stops them when the last command that uses them is done.
    """
    if not config.embedded:
        yield config
        return
    with Lock(config.data_dir, "users") as users, Lock(config.data_dir, "servers") as servers:
        users.take(shared=True)
        cluster = Cluster(config.data_dir)
        mine = _up(cluster, servers)
        try:
            yield resolve(config)
        finally:
            if mine:
                users.take()  # waits for the others, and keeps new ones out until the servers have stopped
                cluster.stop()


def _up(cluster: Cluster, servers: Lock) -> bool:
    """Wait until the servers answer; True when this process had to start them."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if servers.take(wait=False):
            servers.sign(COMMAND)
            cluster.start()
            return True
        with suppress(Refused):
            if cluster.running():
                return False
        time.sleep(0.05)
    raise Refused(f"the database in {cluster.data_dir} did not answer within {WAIT_SECONDS} seconds")
