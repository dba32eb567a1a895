"""PostgreSQL and Valkey for one machine: real servers from their wheels, private and unprivileged."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from saas.config import database_address, queue_address
from saas.errors import Refused
from saas.kept import Kept, make_folder
from saas.postgres import Postgres
from saas.processes import Identity
from saas.servers import Server
from saas.valkey import Valkey

PERSISTENT_PLACES = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - a private folder is made there
"""Where a lasting cluster goes when the servers' user cannot reach DATA_DIR: the first writable one."""


@dataclass(frozen=True)
class Urls:
    """The addresses of a cluster: the database for three roles, and the queue."""

    app: str
    owner: str
    admin: str
    redis: str


class Cluster:
    """One PostgreSQL and one Valkey whose files and passwords lie in (or are named in) one folder."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """durable: False gives up fsync, for tests and other throwaway work."""
        self.data_dir = data_dir.absolute()
        self.durable = durable
        self.kept = Kept.read(self.data_dir)
        self.identity = self._identity()
        self.base = self._base()
        self.queue = Valkey(self)
        self.database = Postgres(self)

    @property
    def servers(self) -> tuple[Server, Server]:
        """In the order in which they start."""
        return (self.database, self.queue)

    def start(self) -> None:
        """Start both and wait until they answer; what a killed start left behind is recovered."""
        try:
            for server in self.servers:
                server.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop what this object started, in reverse order."""
        for server in reversed(self.servers):
            server.stop()

    def running(self) -> bool:
        """Whether both answer, whoever started them."""
        self.kept = Kept.read(self.data_dir)
        return all(server.answers() for server in self.servers)

    def urls(self) -> Urls:
        """The addresses as kept in the folder; ports are known once the cluster has started."""
        kept = self.kept = Kept.read(self.data_dir)
        return Urls(
            app=database_address("app", kept.app_password, kept.database_port),
            owner=database_address("owner", kept.owner_password, kept.database_port),
            admin=database_address("postgres", kept.admin_password, kept.database_port, "postgres"),
            redis=queue_address(kept.queue_password, kept.queue_port),
        )

    def keep(self, **values: object) -> None:
        """Write values into the folder's file."""
        self.kept = self.kept.changed(self.data_dir, **values)

    def own_folder(self, path: Path) -> Path:
        """Make a private folder that belongs to the servers' user; its parents stay as they are."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.identity:
            os.chown(path, self.identity.user, self.identity.group)
        return path

    def program(self, package: str, *parts: str) -> Path:
        """The path of a program inside an installed wheel, or of a copy that the servers' user can run."""
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise Refused(f"the package {package} is not installed: run make again, or give DATABASE_URL and REDIS_URL")
        home = Path(spec.submodule_search_locations[0])
        path = home.joinpath(*parts)
        if not path.exists():
            raise Refused(f"{package} has no {path.name} for {sys.platform} {platform.machine()}")
        if self.identity is None or self.identity.reaches(path, 5):
            return path
        version = importlib.metadata.version(package.replace("_", "-"))
        copy = self.base / "programs" / f"{package}-{version}"
        if not copy.exists():
            _copy_programs(home, copy)
        return copy / package / path.relative_to(home)

    def _identity(self) -> Identity | None:
        for base in (self.data_dir, Path(self.kept.place)) if self.kept.place else (self.data_dir,):
            if os.geteuid() == 0 and (base / "postgres").exists():
                return Identity.owner_of(base / "postgres") or Identity.unprivileged()
        return Identity.unprivileged()

    def _base(self) -> Path:
        """DATA_DIR where the servers' user can reach it, else a folder elsewhere that it remembers."""
        if self.identity is None or self.identity.reaches(self.data_dir):
            return self.data_dir
        if self.kept.place and Path(self.kept.place).is_dir():
            return Path(self.kept.place)
        candidates = (
            (*PERSISTENT_PLACES, Path(tempfile.gettempdir())) if self.durable else (Path(tempfile.gettempdir()),)
        )
        for parent in candidates:
            if os.access(parent, os.W_OK) and self.identity.reaches(parent):
                place = Path(tempfile.mkdtemp(prefix="charterway-", dir=parent))
                place.chmod(0o711)
                self.keep(place=str(place), prepared=False)
                return place
        raise Refused(f"DATA_DIR: {self.data_dir} cannot be reached by an unprivileged user: choose another DATA_DIR")


@contextmanager
def throwaway() -> Iterator[Cluster]:
    """A private cluster without fsync in a temporary folder, started; stopped and removed after the block."""
    with tempfile.TemporaryDirectory(prefix="charterway-") as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o711)
        cluster = Cluster(data_dir, durable=False)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
            if cluster.base != data_dir:
                shutil.rmtree(cluster.base)


def _copy_programs(home: Path, copy: Path) -> None:
    """Copy a wheel's programs and the libraries beside it, readable for all; all of it or nothing."""
    make_folder(copy.parent)
    draft = Path(tempfile.mkdtemp(prefix=f".{copy.name}.", dir=copy.parent))
    for source in (home, home.with_name(f"{home.name}.libs")):
        if source.is_dir():
            ignored = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
            shutil.copytree(source, draft / source.name, ignore=ignored)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    draft.rename(copy)
