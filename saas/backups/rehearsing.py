"""Rehearsing: a backup is made and put back into an instance of its own, which is thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from saas.backups.making import backup
from saas.backups.manifest import KEY, Manifest
from saas.config import Config, database_address
from saas.errors import Refused
from saas.kept import FILE_NAME, Kept

COMMAND = [sys.executable, "-c", "import sys; from charterway import main; sys.exit(main())", "restore"]
LONGEST_SECONDS = 3 * 60 * 60
ROOM = 4
"""How many times the size of the files must be free: the backup, the restored copy, and the databases beside them."""


@dataclass(frozen=True)
class Outcome:
    """How a rehearsal went. `reason` is empty when everything came back; no outcome names content."""

    holds: bool
    seconds: int
    reason: str
    manifest: Manifest | None

    def document(self) -> dict[str, object]:
        """What is kept of it: counts alone."""
        made = self.manifest
        counts = {"tables": len(made.tables), "rows": made.rows, "files": made.file_count} if made else {}
        return {"reason": self.reason, **counts}


def owner_known(config: Config) -> Config | None:
    """The settings with the owner's address where this process may know it: given, or kept by the embedded servers.

    Web and worker run without it; beside the embedded servers the file of their passwords lies in DATA_DIR.
    """
    if config.database_owner_url:
        return config
    if not (config.data_dir / FILE_NAME).exists():
        return None
    kept = Kept.read(config.data_dir)
    if config.database_url != database_address("app", kept.app_password, kept.database_port):
        return None
    return replace(config, database_owner_url=database_address("owner", kept.owner_password, kept.database_port))


def rehearse(config: Config) -> Outcome:
    """Make a backup, restore it into embedded servers of its own with the real command, and remove all of it again.

    config: resolved, with the owner's address. Never raises for what a backup or a restore refuses: that is the result.
    """
    began = time.monotonic()
    manifest: Manifest | None = None
    reason = ""
    try:
        with _scratch(config) as folder:
            manifest = backup(config, folder / "backup").manifest
            if manifest.damaged:
                raise Refused(f"{len(manifest.damaged)} files of the storage are damaged")
            _restore(config, folder)
    except Refused as refusal:
        reason = refusal.message
    except (OSError, subprocess.SubprocessError) as error:
        reason = f"it could not be done: {type(error).__name__}"
    return Outcome(not reason, round(time.monotonic() - began), reason, manifest)


@contextmanager
def _scratch(config: Config) -> Iterator[Path]:
    """A folder beside the data, gone afterwards with everything that the instance in it put elsewhere."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    _refuse_without_room(config)
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=config.data_dir) as place:
        folder = Path(place)
        folder.chmod(0o711)
        try:
            yield folder
        finally:
            kept = folder / "instance" / FILE_NAME
            elsewhere = Kept.read(kept.parent).place if kept.exists() else ""
            if elsewhere:
                shutil.rmtree(elsewhere, ignore_errors=True)


def _restore(config: Config, folder: Path) -> None:
    """Run the command as somebody would who has lost everything but the backup."""
    keep = {"PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV"}
    environ = {name: value for name, value in os.environ.items() if name in keep}
    environ |= {"DATA_DIR": str(folder / "instance")}
    if not (folder / "backup" / KEY).exists():
        environ["SECRET_KEY"] = config.secret_key or ""
    done = subprocess.run(
        [*COMMAND, str(folder / "backup")],
        env=environ,
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if done.returncode:
        words = done.stderr.strip().splitlines()
        raise Refused(words[-1].removeprefix("charterway: ") if words else f"restore ended with {done.returncode}")


def _refuse_without_room(config: Config) -> None:
    parts = urlsplit(config.storage_url)
    if parts.scheme != "file":
        return
    files = (path.stat().st_size for path in Path(unquote(parts.path)).rglob("*") if path.is_file())
    wanted = ROOM * sum(files)
    free = shutil.disk_usage(config.data_dir).free
    if wanted > free:
        raise Refused(f"there is not enough room beside the data: {wanted >> 20} MB wanted, {free >> 20} MB free")
