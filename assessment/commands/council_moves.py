"""Commands that take a council away and take one in."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from assessment.services.council_exports import write_export
from saas.cli import bar, with_app
from saas.errors import Refused
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.access import get_scope


@click.group("export")
def export_group() -> None:
    """Take away what is kept here."""


@export_group.command("council")
@click.argument("slug")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path, dir_okay=False))
@with_app
def export_council(_app: Flask, slug: str, file: Path) -> None:
    """Write everything a council can read of itself into a new ZIP file."""
    with within(Scope.operator(None), read_only=True):
        found = get_scope(slug, kind="council")
    if found.region_id is None:
        raise Refused(f"{slug} belongs to no region.")
    if file.exists():
        raise Refused(f"{file} is there already: give the name of a new file")
    draft = file.with_name(f".{file.name}.part")
    try:
        with (
            within(Scope.council(found.id, found.region_id), read_only=True, isolation="REPEATABLE READ"),
            bar("Exporting") as tell,
            draft.open("wb") as stream,
        ):
            manifest = write_export(found.id, found.region_id, stream, tell=tell)
        draft.rename(file)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    rows = sum(record["rows"] for record in manifest["tables"].values())
    click.echo(f"{found.name}: {rows:,} rows of {len(manifest['tables'])} tables and {len(manifest['files']):,} files.")


@click.group("import")
def import_group() -> None:
    """Take in what was kept elsewhere."""


@import_group.command("council")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_app
def import_council(app: Flask, file: Path) -> None:
    """Take an exported council into an empty service; refuses any other."""
    from alembic import command

    from assessment.services.council_arrivals import take_in
    from saas.health import alembic_settings

    config = app.config["CHARTERWAY"]
    config.dsn("owner")
    command.upgrade(alembic_settings(), "head")
    with bar("Taking in") as tell:
        arrived = take_in(config, file, tell=tell)
    click.echo(
        f"{arrived.name} is here: {arrived.rows:,} rows and {arrived.files:,} files, each counted and hashed;"
        f" {arrived.events:,} events, now in a log of their own."
    )
    click.echo(f"{arrived.people} people can set a new password with “I forgot my password”.")
