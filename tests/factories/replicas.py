"""A streaming replica of the tests' database, made by pg_basebackup from the same programs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from saas import processes
from saas.embedded import Cluster
from saas.postgres import Postgres
from saas.servers import Home

WAIT_SECONDS = 20.0


class Copy(Postgres):
    """The replica as a server beside the one it copies."""

    name = "replica"

    def __init__(self, home: Home, port: int) -> None:
        super().__init__(home)
        self._own_port = port
        self._port_is_known = True

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._own_port

    def _prepare(self) -> None:
        """Copy the running primary, once."""
        if self.data.exists():
            return
        kept = self.home.kept
        primary = sa.make_url(f"postgresql://postgres@127.0.0.1:{kept.database_port}/")
        command = [str(self.program("pg_basebackup")), f"--pgdata={self.data}", "--write-recovery-conf", "--no-sync"]
        command += ["--checkpoint=fast", "--wal-method=stream", f"--dbname={primary.render_as_string()}"]
        environ = self._environ() | {"PGPASSWORD": kept.admin_password}
        processes.run_quietly(command, environ=environ, folder=self.folder, identity=self.home.identity)

    def _command(self) -> list[str | Path]:
        # A reader in the way of what it replays is put out soon.
        return [*super()._command(), "-c", "max_standby_streaming_delay=500ms"]

    def _complete(self) -> None:
        """Its roles are those of the primary."""


@dataclass(frozen=True)
class Following:
    """A replica that runs, and the primary it follows."""

    server: Copy
    primary_admin_url: str

    @property
    def admin_url(self) -> str:
        """Its address for the administrator."""
        return sa.make_url(self.primary_admin_url).set(port=self.server.port).render_as_string(hide_password=False)

    def url(self, address: str) -> str:
        """An address of the primary, as one of the replica."""
        return sa.make_url(address).set(port=self.server.port).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run a statement as its administrator."""
        with closing(psycopg.connect(self.admin_url, autocommit=True)) as connection:
            connection.execute(statement)

    def pause(self) -> None:
        """Let it take no more of what it gets, and wait until it does not."""
        self.run("select pg_wal_replay_pause()")
        self._wait("select pg_get_wal_replay_pause_state() = 'paused'")

    def resume(self) -> None:
        """Let it go on."""
        self.run("select pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until it has all that was written to the primary up to now."""
        with closing(psycopg.connect(self.primary_admin_url, autocommit=True)) as primary:
            primary.execute("select pg_switch_wal()")  # what was written without a wait lies on the disk now
            row = primary.execute("select pg_current_wal_flush_lsn()").fetchone()
        self._wait(f"select pg_last_wal_replay_lsn() >= '{row[0] if row else '0/0'}'")

    def _wait(self, question: str) -> None:
        with closing(psycopg.connect(self.admin_url, autocommit=True)) as connection:
            until = time.monotonic() + WAIT_SECONDS
            while time.monotonic() < until:
                if connection.execute(question).fetchone() == (True,):
                    return
                time.sleep(0.02)
        raise AssertionError(f"the replica never said yes to: {question}")


@contextmanager
def running_replica(cluster: Cluster, port: int) -> Iterator[Following]:
    """A replica of the cluster's database on this port while the block runs."""
    server = Copy(cluster, port)
    try:
        server.start()
        yield Following(server, cluster.urls().admin)
    finally:
        server.stop()
