"""The embedded servers: private, unprivileged, walled roles, and nothing lost when they are killed."""

import os
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from saas.config import load
from saas.embedded import Cluster
from saas.errors import Refused
from saas.kept import Kept
from saas.locks import Lock, database_up, only_supervisor


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that the servers' user can reach."""
    with tempfile.TemporaryDirectory(prefix="charterway-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def own_cluster(data_dir: Path) -> Iterator[Cluster]:
    """A cluster of this test alone, not started."""
    cluster = Cluster(data_dir, durable=False)
    yield cluster
    cluster.stop()


def ask(url: str, question: str) -> tuple[object, ...] | None:
    """The first row of an answer, if there is one."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone() if cursor.description else None


def test_the_roles_are_the_walls_that_tenancy_needs(cluster: Cluster) -> None:
    roles = """select array_agg(rolname || case when rolsuper or rolbypassrls or rolcreaterole or rolcreatedb
        then ' strong' else '' end || case when rolcanlogin then ' login' else '' end
        || case when rolinherit then '' else ' noinherit' end order by rolname)
        from pg_roles where rolname in ('owner', 'app', 'gate')"""
    rights = """select has_database_privilege('charterway', 'create'),
        has_database_privilege('charterway', 'temporary'), has_schema_privilege('public', 'create'),
        pg_has_role('gate', 'member'), pg_has_role('owner', 'member')"""
    urls = cluster.urls()

    assert ask(urls.admin, roles) == (["app login", "gate", "owner login noinherit"],)
    assert ask(urls.app, rights) == (False, False, False, False, False)
    assert ask(urls.owner, "select pg_has_role('gate', 'usage'), pg_has_role('gate', 'set')") == (False, True)
    assert ask(urls.app, "show server_encoding") == ("UTF8",)


def test_nobody_gets_in_without_the_password(cluster: Cluster) -> None:
    urls = cluster.urls()
    password = cluster.kept.app_password

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(urls.app.replace(password, "guess"))
    with (
        redis.Redis.from_url(urls.redis.replace(cluster.kept.queue_password, "guess")) as guest,
        pytest.raises(redis.AuthenticationError),
    ):
        guest.ping()


def test_the_servers_listen_on_this_machine_only_and_show_no_password(cluster: Cluster) -> None:
    processes = [psutil.Process(server.child.pid) for server in cluster.servers if server.child]
    listening = {
        connection.laddr.ip
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    spoken = " ".join(part for process in processes for part in process.cmdline())

    assert listening == {"127.0.0.1"}
    assert [secret for secret in (cluster.kept.admin_password, cluster.kept.queue_password) if secret in spoken] == []


def test_the_servers_of_root_run_as_somebody_else(cluster: Cluster) -> None:
    users = {psutil.Process(server.child.pid).uids().real for server in cluster.servers if server.child}

    assert len(users) == 1
    assert users != {0}
    assert (users == {os.getuid()}) == (os.getuid() != 0)


def test_a_folder_that_the_servers_user_cannot_reach_keeps_its_mode() -> None:
    with tempfile.TemporaryDirectory(prefix="charterway-") as private:
        data_dir = Path(private) / "var"
        data_dir.mkdir(0o700)
        cluster = Cluster(data_dir, durable=False)
        try:
            cluster.start()
            again = Cluster(data_dir, durable=False)

            assert ask(cluster.urls().app, "select current_user") == ("app",)
            assert (cluster.base == data_dir) == (os.getuid() != 0)
            assert again.base == cluster.base
            assert [stat.S_IMODE(folder.stat().st_mode) for folder in (Path(private), data_dir)] == [
                0o700,
                0o700,
            ]
        finally:
            cluster.stop()
            shutil.rmtree(cluster.base)


def test_killed_servers_come_back_with_everything_acknowledged(own_cluster: Cluster) -> None:
    own_cluster.durable = True
    own_cluster.start()
    urls = own_cluster.urls()
    ask(urls.owner, "create table kept (answer) as values (42)")
    with redis.Redis.from_url(urls.redis) as client:
        client.set("kept", "42")
    for server in own_cluster.servers:
        assert server.child
        server.child.send_signal(signal.SIGKILL)
        server.child.wait()

    for server in own_cluster.servers:
        server.start()

    assert own_cluster.urls() == urls
    assert ask(urls.owner, "select answer from kept") == (42,)
    with redis.Redis.from_url(urls.redis, decode_responses=True) as client:
        assert client.get("kept") == "42"


def test_a_taken_port_is_left_to_whoever_has_it(own_cluster: Cluster) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        own_cluster.keep(database_port=port)

        own_cluster.start()

        assert own_cluster.database.port != port
        assert ask(own_cluster.urls().app, "select current_user") == ("app",)


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(own_cluster: Cluster) -> None:
    own_cluster.start()
    own_cluster.stop()
    (own_cluster.base / "postgres" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n")

    own_cluster.start()

    assert own_cluster.running()


def test_a_command_starts_the_servers_and_stops_them_after_itself(data_dir: Path) -> None:
    config = load({"DATA_DIR": str(data_dir)})

    with database_up(config) as first:
        with database_up(config) as second:
            assert second == first
        assert ask(first.dsn(), "select current_user") == ("app",)

    assert not Cluster(data_dir).running()


def test_only_one_supervisor_has_a_folder(tmp_path: Path) -> None:
    refusal = f"in use by the service that runs as process {os.getpid()}"
    with only_supervisor(tmp_path), pytest.raises(Refused, match=refusal), only_supervisor(tmp_path):
        pytest.fail("two supervisors had one folder")

    with Lock(tmp_path, "servers") as lock:
        assert lock.take(wait=False)


def test_passwords_are_made_once(tmp_path: Path) -> None:
    first = Kept.read(tmp_path)

    changed = first.changed(tmp_path, queue_port=20001)

    assert Kept.read(tmp_path) == changed
    assert (changed.app_password, changed.queue_port) == (first.app_password, 20001)
