"""The command that checks a sealed archive, offline."""

from __future__ import annotations

from pathlib import Path

import click

from assessment.rules.seal_checks import verify_archive
from saas.errors import Refused


@click.group()
def submission() -> None:
    """What was sealed and sent."""


@submission.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--hash", "expected", help="The hash on the receipt, to be compared with the archive's.")
def verify(file: Path, expected: str | None) -> None:
    """Check that nothing in a sealed archive was changed; needs neither database nor network."""
    try:
        found = verify_archive(file, expected)
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
    if found.ok:
        click.echo(f"OK {found.hash}")
    for line in found.lines:
        click.echo(line)
    if not found.ok:
        raise Refused(f"{file} is not as it was sealed")
