"""Invitations for tests, and the mails that were sent."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from saas import jobs
from saas.tenancy import CONSOLE, Actor
from saas.transaction import within
from tenants.models.access import Invitation
from tenants.queries.access import PLATFORM, Target
from tenants.services import invitations
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil, MadeRegion

LINK = re.compile(r"http://localhost(/(?:invitations|reset-password|contribute|sign|sign-in/link)/[\w-]{43})")


def target_of(place: MadeRegion | MadeCouncil | None) -> Target:
    """A made council or region, or the platform, as a place where people get roles."""
    if place is None:
        return PLATFORM
    if isinstance(place, MadeCouncil):
        return Target("council", place.region.id, place.id, place.name)
    return Target("region", place.id, None, place.name)


@remembered
def make_invitation(
    app: Flask,
    place: MadeRegion | MadeCouncil,
    role: str,
    *,
    email: str = "new@example.org",
    name: str = "Nia New",
    by: Actor = CONSOLE,
) -> UUID:
    """An invitation into a council or region, its mail not sent yet."""
    with app.app_context(), within(place.scope()):
        return invitations.invite(target_of(place), name=name, email=email, role=role, by=by).id


def read_invitation(app: Flask, place: MadeRegion | MadeCouncil, invitation_id: UUID) -> Invitation:
    """How an invitation stands now."""
    with app.app_context(), within(place.scope(), read_only=True) as session:
        return session.get_one(Invitation, invitation_id)


class Postbox:
    """What was mailed while a test ran, as `console:` prints it."""

    def __init__(self, app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
        self._app = app
        self._capsys = capsys

    def empty(self) -> str:
        """Run every job that is due; the text of the mails they sent."""
        with self._app.app_context():
            jobs.run_all()
        return self._capsys.readouterr().out

    def link(self) -> str:
        """Run every job that is due; the path of the link in the one mail they sent."""
        text = self.empty()
        paths = [match[1] for match in LINK.finditer(text)]
        assert len(paths) == 1, f"{len(paths)} links in {text!r}"
        return paths[0]
