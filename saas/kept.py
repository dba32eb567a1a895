"""What one machine keeps between starts: passwords, ports and the secret key, in DATA_DIR/secrets.json."""

import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Self

from saas.errors import Refused

FILE_NAME = "secrets.json"


def _password() -> str:
    return secrets.token_hex(24)


@dataclass(frozen=True)
class Kept:
    """The contents of the file. Passwords are made once; ports change only when somebody else took them."""

    admin_password: str = field(default_factory=_password, repr=False)
    owner_password: str = field(default_factory=_password, repr=False)
    app_password: str = field(default_factory=_password, repr=False)
    queue_password: str = field(default_factory=_password, repr=False)
    secret_key: str = field(default_factory=_password, repr=False)
    database_port: int = 0
    """Port of the embedded PostgreSQL on 127.0.0.1; 0 until it has started once."""
    queue_port: int = 0
    """Port of the embedded Valkey on 127.0.0.1; 0 until it has started once."""
    place: str = ""
    """Folder of the servers' files where DATA_DIR cannot be reached by the user who runs them; else empty."""
    prepared: bool = False
    """Whether roles and database were made in the present cluster."""

    @classmethod
    def read(cls, data_dir: Path) -> Self:
        """Read the file of that folder, making folder and file (mode 0600) when they are missing.

        Raises Refused when the file cannot be read or is not what was written.
        """
        path = data_dir / FILE_NAME
        make_folder(data_dir)
        try:
            if not path.exists():
                _write(cls(), path, replacing=False)
            values = json.loads(path.read_text())
            return cls(**{known.name: values[known.name] for known in fields(cls)})
        except OSError as error:
            raise Refused(f"DATA_DIR: {path} cannot be read or made: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                f"DATA_DIR: {path} is damaged; put back a copy of it, or start with another DATA_DIR"
            ) from error

    def changed(self, data_dir: Path, **values: object) -> Self:
        """Write the file anew with these values and return what it now holds."""
        new = replace(self, **values)  # type: ignore[arg-type]
        _write(new, data_dir / FILE_NAME, replacing=True)
        return new


def make_folder(path: Path) -> None:
    """Make a folder and its missing parents, which others can pass but not list; no other is touched."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir()
            folder.chmod(0o711)
        except FileExistsError:
            continue
        except OSError as error:
            raise Refused(f"DATA_DIR: {folder} cannot be made: {error.strerror}") from error


def _write(kept: Kept, path: Path, *, replacing: bool) -> None:
    """Put the whole file in its place at once: a killed process never leaves half of it."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE_NAME}.")
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(kept), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        state = path.stat()
        if (state.st_uid, state.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(draft, state.st_uid, state.st_gid)
    if replacing:
        os.replace(draft, path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process made it first: its passwords count
    finally:
        Path(draft).unlink()
