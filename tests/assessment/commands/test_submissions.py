"""`submission verify`: offline, without database or settings."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assessment.commands.submissions import submission
from assessment.rules.packing import archive_of
from assessment.rules.sealing import canonical_json, seal
from saas.cli import create_cli
from saas.config import Config

CONTENT = b"what was cited"
PAGE = b"<!DOCTYPE html>"
DOCUMENT = {"answers": [{"requirement_code": "1.1", "narrative": "We do."}]}


class Commands:
    """A feature with this one group."""

    commands = (submission,)


def no_app(_config: Config) -> None:
    raise AssertionError("the command needs no app")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(create_cli([Commands()], no_app), ["submission", "verify", *arguments])  # type: ignore[arg-type, list-item]


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, str]:
    """A sealed archive, and its hash."""
    facts = [("1", "policy.pdf", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))]
    sealed = seal(DOCUMENT, facts, PAGE)
    files = [(entry, zlib.crc32(CONTENT), lambda: [CONTENT]) for entry in sealed.manifest.files]
    path = tmp_path / "submission.zip"
    path.write_bytes(b"".join(archive_of(sealed, canonical_json(DOCUMENT), PAGE, b"%PDF-1.7", files).pieces()))
    return path, sealed.hash


def test_an_archive_as_it_was_sealed_is_ok(archive: tuple[Path, str]) -> None:
    path, its_hash = archive
    done = run(str(path), "--hash", its_hash)
    assert (done.exit_code, done.stdout.splitlines()[0], done.stderr) == (0, f"OK {its_hash}", "")


def test_what_was_changed_is_named(archive: tuple[Path, str], tmp_path: Path) -> None:
    path, _ = archive
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(b"cited", b"added") if name.startswith("files/") else content)
    done = run(str(changed))
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "File 1, “policy.pdf”, does not match: it was changed.\n",
        f"charterway: {changed} is not as it was sealed\n",
    )


def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    done = run(str(tmp_path / "none.zip"))
    assert (done.exit_code, done.stderr) == (1, f"charterway: {tmp_path / 'none.zip'}: No such file or directory\n")
