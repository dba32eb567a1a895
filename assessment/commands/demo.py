"""`charterway demo`: load the fictional region, and list who can sign in to it."""

from __future__ import annotations

import json
import sys
import time

import click
from flask import Flask

from assessment.demo.places import COUNCILS, MOST_COUNCILS, PASSWORD
from saas.cli import with_app
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.councils import list_scopes

USUAL_SEED = 2008


@click.group()
def demo() -> None:
    """The demo: a fictional region with fictional councils, in every stage of the journey."""


@demo.command()
@click.option(
    "--councils",
    type=click.IntRange(1, MOST_COUNCILS),
    default=len(COUNCILS),
    show_default=True,
    help="How many; beyond the usual ones they are generated.",
)
@click.option("--seed", type=int, default=USUAL_SEED, show_default=True, help="Another seed, other content.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Let today's day and month be of this year.")
@click.option("--framework", metavar="CODE", help="Let every council use this one; else a mixture.")
@click.option("--if-empty", is_flag=True, help="Do nothing where the database holds a region already.")
@with_app
def load(app: Flask, councils: int, seed: int, year: int | None, framework: str | None, if_empty: bool) -> None:
    """Load the demo into an empty database, or in place of the demo that is there."""
    # A play with its papers, for this command and for no web process.
    from assessment.demo import loading

    began = time.monotonic()
    shown = sys.stderr.isatty()
    with click.progressbar(length=1, label="Playing", file=sys.stderr, hidden=not shown) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        loaded = loading.load(
            app, councils=councils, seed=seed, year=year, framework=framework, if_empty=if_empty, tell=tell
        )
    if loaded is None:
        click.echo("The database holds a region already: nothing to do.")
        return
    seconds = time.monotonic() - began
    number = f"{loaded.councils:,} council{'' if loaded.councils == 1 else 's'}"
    click.echo(f"The demo is there: {number}, today is {loaded.today.isoformat()}; it took {seconds:.0f} s.")


@demo.command()
@with_app
def accounts(_app: Flask) -> None:
    """Print who can sign in, as JSON: e-mail, password, role and scope."""
    from assessment.demo import loading

    with within(Scope.operator(None), read_only=True):
        known = {each.slug for each in list_scopes()}
    people = loading.accounts(known)
    rows = [
        {"email": each.email, "password": PASSWORD, "role": each.role.value, "scope": each.scope} for each in people
    ]
    click.echo(json.dumps(rows, indent=2))
