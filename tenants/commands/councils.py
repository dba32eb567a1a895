"""Commands that add regions and councils from the server's console."""

from __future__ import annotations

import click
from flask import Flask

from saas.cli import with_app
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.queries.access import get_scope
from tenants.rules.slugs import SLUG_WORDS
from tenants.services import councils


@click.group()
def region() -> None:
    """Regions: the employers' bodies that run the Charter."""


@region.command("add")
@click.option("--slug", required=True, help=f"Its name in addresses: {SLUG_WORDS}.")
@click.option("--name", required=True, help="Its name on pages and in mails.")
@with_app
def add_region(_app: Flask, slug: str, name: str) -> None:
    """Add a region."""
    with within(Scope.operator(None)):
        councils.add_region(slug=slug, name=name, by=CONSOLE)
    click.echo(f"Added the region {name} ({slug}).")


@click.group()
def council() -> None:
    """Councils: the authorities that work towards the Charter."""


@council.command("add")
@click.option("--region", "region_slug", required=True, metavar="SLUG", help="The region it belongs to.")
@click.option("--slug", required=True, help=f"Its name in addresses: {SLUG_WORDS}.")
@click.option("--name", required=True, help="Its name on pages and in mails.")
@with_app
def add_council(_app: Flask, region_slug: str, slug: str, name: str) -> None:
    """Add a council to a region."""
    with within(Scope.operator(None)):
        found = get_scope(region_slug, kind="region")
        councils.add_council(found.id, slug=slug, name=name, by=CONSOLE)
    click.echo(f"Added {name} ({slug}) to {found.name}.")
