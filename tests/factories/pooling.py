"""PgBouncer before the tests' database, with the settings that docs/deploy gives to administrators."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from saas import processes
from saas.embedded import Cluster
from tests.factories.buckets import free_ports

SETTINGS = Path(__file__).parents[2] / "docs" / "deploy" / "pgbouncer.ini"
START_SECONDS = 20.0


@contextmanager
def running_pool(cluster: Cluster, program: str, *, connections: int) -> Iterator[str]:
    """PgBouncer over so many connections to the database; gives the address of role `app` through it."""
    address = sa.make_url(cluster.urls().app)
    folder = cluster.own_folder(cluster.base / "pool")
    port = free_ports(1)[0]
    settings = ConfigParser(interpolation=None, comment_prefixes=(";",))
    settings.read(SETTINGS)
    settings["databases"]["charterway"] = f"host=127.0.0.1 port={address.port} dbname={address.database}"
    settings["pgbouncer"].update(
        listen_port=str(port),
        auth_file=str(folder / "userlist.txt"),
        default_pool_size=str(connections),
        logfile=str(folder / "log"),
    )
    (folder / "userlist.txt").write_text(f'"app" "{address.password}"\n')
    with (folder / "pgbouncer.ini").open("w") as file:
        settings.write(file)
    command = [program, "--quiet", folder / "pgbouncer.ini"]
    pool = processes.start(
        command, environ={"PATH": os.defpath}, folder=folder, output=subprocess.DEVNULL, identity=cluster.identity
    )
    try:
        _wait_for(port, pool, folder / "log")
        yield address.set(port=port, database="charterway").render_as_string(hide_password=False)
    finally:
        pool.terminate()
        pool.wait()


def _wait_for(port: int, pool: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while pool.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError(f"PgBouncer did not start: {log.read_text() if log.exists() else pool.returncode}")
