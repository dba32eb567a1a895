"""The command that rehearses a backup."""

from __future__ import annotations

import click
from flask import Flask

from saas import backups
from saas.cli import with_app
from saas.errors import Refused
from saas.tenancy import Scope
from saas.transaction import within
from tenants.services.rehearsals import note


@click.command("rehearse")
@with_app
def rehearse(app: Flask) -> None:
    """Make a backup, restore it into an instance of its own, compare, and note the result."""
    config = app.config["CHARTERWAY"]
    config.dsn("owner")
    outcome = backups.rehearse(config)
    with within(Scope.operator(None)):
        note(outcome)
    if not outcome.holds or outcome.manifest is None:
        raise Refused(f"the backup could not be restored: {outcome.reason}")
    made = outcome.manifest
    click.echo(
        f"Backed up, restored and compared in {outcome.seconds} s: {made.rows:,} rows of {len(made.tables)} tables"
        f" and {made.file_count:,} files."
    )
