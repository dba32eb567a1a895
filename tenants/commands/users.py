"""Commands about the people who sign in."""

from __future__ import annotations

import sys
from uuid import UUID

import click
from flask import Flask

from saas import security
from saas.cli import with_app
from saas.errors import Invalid, NotFound, Refused
from saas.policy import ROLE_LABELS, ROLES_BY_KIND, Role
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import within
from tenants.queries.access import PLATFORM, Target, find_credential, find_user_of_email, get_scope
from tenants.services import councils, door_rules, invitations, leavers, second_factors


@click.group()
def user() -> None:
    """Users: the people who sign in."""


@user.command("add")
@click.option("--email", required=True, help="The address they sign in with.")
@click.option("--name", required=True, help="Their name as colleagues see it.")
@click.option("--scope", "scope_slug", required=True, metavar="SLUG", help="A council, a region, or platform.")
@click.option("--role", required=True, help=f"One of {', '.join(Role)}.")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input; else an invitation is sent by mail.",
)
@with_app
def add_user(_app: Flask, email: str, name: str, scope_slug: str, role: str, password_stdin: bool) -> None:
    """Give somebody a role in a council, a region or on the platform."""
    address = invitations.checked_email(email)
    target, scope = _target(scope_slug)
    if role not in ROLES_BY_KIND[target.kind]:
        raise Invalid(
            {"role": [f"{role} is no role in {scope_slug}: use one of {', '.join(ROLES_BY_KIND[target.kind])}."]}
        )
    if not password_stdin:
        with within(scope):
            invitations.invite(target, name=name, email=address, role=role, by=CONSOLE)
        click.echo(f"An invitation goes to {address}: {ROLE_LABELS[Role(role)].lower()} in {target.name}.")
        return
    with within(Scope.bearer(email_key=address), read_only=True):
        has_password = find_credential() is not None
    hashed = _hashed_password(address, name)
    with within(Scope.operator(None)):
        councils.add_user(email=address, name=name, scope_slug=scope_slug, role=role, hashed=hashed, by=CONSOLE)
    kept = " The password from before was kept." if has_password else ""
    click.echo(f"{address} is {ROLE_LABELS[Role(role)].lower()} in {target.name}.{kept}")


@user.command("clear-second-step")
@click.option("--email", required=True, help="The address they sign in with.")
@with_app
def clear_second_step(_app: Flask, email: str) -> None:
    """Take away somebody's lost app, passkeys and recovery codes; make sure who asks. A mail tells the person."""
    address, user_id = _known(email)
    with within(Scope.person(user_id)):
        had = second_factors.clear(user_id, by=Actor(user_id, CONSOLE.name))
    if not had:
        raise Refused(f"{address} has no second step.")
    click.echo(f"{address} signs in with the password alone, is signed out everywhere, and gets a mail about it.")


@user.command("operators-second-step")
@click.argument("word", metavar="on|off", type=click.Choice(["on", "off"]))
@with_app
def demand_of_operators(_app: Flask, word: str) -> None:
    """Say whether operators need a second step at sign-in."""
    with within(Scope.operator(None)):
        door_rules.set_operators_rule(word == "on", version=None, by=CONSOLE)
    need = "a second step from the next page they open" if word == "on" else "no second step"
    click.echo(f"Operators need {need}.")


@user.command("empty")
@click.option("--email", required=True, help="The address they sign in with.")
@with_app
def empty(_app: Flask, email: str) -> None:
    """Empty the account of somebody without a role anywhere: name, address, password, second steps. For good."""
    address, user_id = _known(email)
    with within(Scope.person(user_id)):
        leavers.empty_account(user_id, by=CONSOLE)
    click.echo(f"The account of {address} is emptied. The name goes from every place where it stood as a colleague's.")


def _known(email: str) -> tuple[str, UUID]:
    """The address as it is kept, and whose it is; raises Invalid and NotFound."""
    address = invitations.checked_email(email)
    with within(Scope.bearer(email_key=address), read_only=True):
        user_id = find_user_of_email()
    if user_id is None:
        raise NotFound(f"Nobody signs in as {address}.")
    return address, user_id


def _target(scope_slug: str) -> tuple[Target, Scope]:
    if scope_slug == "platform":
        return PLATFORM, Scope.operator(None)
    with within(Scope.operator(None), read_only=True):
        found = get_scope(scope_slug)
    return found.as_target(), found.as_scope()


def _hashed_password(email: str, name: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    problems = security.password_problems(password, email=email, words=name.split())
    if problems:
        raise Invalid({"password": problems})
    return security.hash_password(password)
