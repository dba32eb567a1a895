"""Commands that check the log: that no event was changed, taken away or slipped in."""

from __future__ import annotations

import click
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from saas.cli import with_app
from saas.errors import Refused
from tenants.queries.audit import broken_chains, count_events, scope_name_of


@click.group()
def audit() -> None:
    """The log of everything that happened."""


@audit.command("verify")
@click.option("--scope", "scope_slug", metavar="SLUG", help="Only a council's, a region's or the platform's log.")
@with_app
def verify(app: Flask, scope_slug: str | None) -> None:
    """Check that every event follows the one before it, unchanged; needs DATABASE_OWNER_URL."""
    engine = create_engine(app.config["CHARTERWAY"].sqlalchemy_owner_url)
    try:
        with Session(engine) as session:
            wanted = scope_name_of(session, scope_slug) if scope_slug else None
            broken = broken_chains(session, wanted)
            chains, events = count_events(session, wanted)
    finally:
        engine.dispose()
    if broken:
        raise Refused("; ".join(broken))
    click.echo(f"{events} events in {chains} {'log' if chains == 1 else 'logs'}: every one follows the one before it.")
