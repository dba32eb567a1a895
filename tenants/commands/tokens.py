"""Commands about the tokens of programs."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask

from saas.cli import with_app
from saas.errors import Refused
from saas.policy import Viewer, scope_of
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.access import Target, find_user_of_email, find_viewer
from tenants.services import tokens


@click.group()
def token() -> None:
    """Tokens: with them programs act for one person in one place."""


@token.command("create")
@click.option("--email", required=True, help="The person's address.")
@click.option("--scope", "slug", required=True, metavar="SLUG", help="A council, a region, or platform.")
@click.option("--name", default="Made on the command line", show_default=True, help="What it is for.")
@click.option("--days", default=tokens.USUAL_DAYS, show_default=True, help="How long it lives.")
@click.option("--read-only", is_flag=True, help="It changes nothing.")
@with_app
def create_token(_app: Flask, email: str, slug: str, name: str, days: int, read_only: bool) -> None:
    """Make a token and print it, alone; it cannot be shown again. Whoever holds the server vouches for the person."""
    viewer = _viewer(email.strip().lower())
    place = next((each for each in viewer.places if each.slug == slug), None)
    if place is None:
        raise Refused(f"{viewer.email} has no access to {slug}.")
    vouched: dict[str, Any] = {"with_factor": True, "provider_id": min(viewer.sign_on_wanted, default=None)}
    with within(scope_of(viewer, place)):
        _, secret = tokens.make(Target.of(place), name=name, days=days, read_only=read_only, **vouched, by=viewer.actor)
    click.echo(secret)


def _viewer(email: str) -> Viewer:
    with within(Scope.bearer(email_key=email), read_only=True):
        user_id = find_user_of_email()
    if user_id is not None:
        with within(Scope.nobody()):
            found = find_viewer(user_id)
        if found is not None:
            return found
    raise Refused(f"Nobody signs in as {email}.")
