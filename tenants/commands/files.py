"""The commands for stored files."""

from __future__ import annotations

import click
from flask import Flask

from saas import clock
from saas.cli import with_app
from saas.templating import filesize, plural
from saas.tenancy import Scope
from saas.transaction import within
from tenants.services import unnamed_files


@click.group("files")
def files() -> None:
    """Look after stored files."""


@files.command("sweep")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@with_app
def sweep(_: Flask, *, dry_run: bool) -> None:
    """Remove stored files that no row of the database names and that are older than a day."""
    before = clock.now() - unnamed_files.RESTS
    with within(Scope.operator(None), read_only=True):
        found = unnamed_files.list_unnamed(before)
    if dry_run:
        for each in found:
            click.echo(f"{each.namespace}/{each.sha256} {each.size} bytes")
    else:
        gone = []
        for namespace in sorted({each.namespace for each in found}):
            with within(Scope.operator(None)):
                gone += unnamed_files.remove_unnamed(namespace, before)
        unnamed_files.clear_arriving(before)
        found = gone
    size = filesize(sum(each.size for each in found))
    end = "would be" if dry_run else "was" if len(found) == 1 else "were"
    click.echo(f"{plural(len(found), 'stored file')} ({size}) that no row names {end} removed.")
