"""A file for one person: asked for, made, mailed of, fetched by nobody else, and gone after seven days."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas import clock, files, jobs
from saas.errors import Conflict
from saas.tenancy import Actor
from saas.transaction import within
from tenants.models.data_protection import PreparedFile
from tenants.services import prepared_files
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def ask(app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser) -> str:
    """Ask for the export and let it be made; the page."""
    client.sign_in(lead)
    assert client.post(f"/councils/{council.slug}/export").location == f"/councils/{council.slug}/export"
    with app.app_context():
        jobs.run_all()
    return client.get(f"/councils/{council.slug}/export").text


def link_in(page: str) -> str:
    """Where the file is fetched."""
    found = re.search(r'href="(/councils/[^"]+/export/[^"]+)"', page)
    assert found, page
    return found[1]


def test_an_export_is_asked_for_made_mailed_and_fetched(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    client.sign_in(lead)
    client.post(f"/councils/{council.slug}/export")
    waits = client.get(f"/councils/{council.slug}/export").text
    assert "An export is being made now." in waits
    assert "Ask for an export" not in waits
    assert client.post(f"/councils/{council.slug}/export").status_code == 409
    with app.app_context():
        jobs.run_all()
    mail = postbox.empty()
    for words in (f"To: {lead.email}", f"everything about {council.name}", f"/councils/{council.slug}/export"):
        assert words in mail
    answer = client.get(link_in(client.get(f"/councils/{council.slug}/export").text))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["council"] == {"id": str(council.id), "slug": council.slug, "name": council.name}


def test_nobody_else_fetches_it(app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser) -> None:
    link = link_in(ask(app, client, council, lead))
    other = app.test_client().sign_in(make_user(app, council, "council_lead"))
    assert other.get(link).status_code == 404
    editor = app.test_client().sign_in(make_user(app, council, "council_editor"))
    assert editor.get(link).status_code == 403
    assert "What you asked for" not in other.get(f"/councils/{council.slug}/export").text
    assert client.get(link.replace(f"/councils/{council.slug}/export", "/account/my-data")).status_code == 404


def test_who_has_lost_the_role_neither_gets_nor_fetches_it(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    link = link_in(ask(app, client, council, lead))
    client.post(f"/councils/{council.slug}/export")
    with in_scope(council.scope()) as session:
        session.execute(sa.text("update access set ended_at = now() where user_id = :user"), {"user": lead.id})
    assert client.get(link).status_code == 404
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope(lead.id)) as session:
        asked = session.scalars(sa.select(PreparedFile).order_by(PreparedFile.asked_at)).all()
        assert [(each.failure, each.file is None) for each in asked] == [("", False), (prepared_files.ENDED, True)]


def test_after_seven_days_it_is_gone_from_the_storage(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser
) -> None:
    link = link_in(ask(app, client, council, lead))
    with app.app_context():
        assert len(list(files.storage().list_files(str(lead.id)))) == 1
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        with app.app_context():
            jobs.run_all()
            assert list(files.storage().list_files(str(lead.id))) == []
        again = app.test_client().sign_in(lead)
        assert again.get(link).status_code == 404
        assert "Removed when its time was over" in again.get(f"/councils/{council.slug}/export").text


def test_what_was_given_up_is_said(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    by = Actor(lead.id, lead.name)
    with app.app_context(), within(council.scope(lead.id)):
        asked = prepared_files.ask("council", council_id=council.id, region_id=council.region.id, by=by)
        with pytest.raises(Conflict, match="It is being made already"):
            prepared_files.ask("council", council_id=council.id, region_id=council.region.id, by=by)
        prepared_files.give_up(asked.id)
        assert prepared_files.state_of(asked) == "failed"
    page = app.test_client().sign_in(lead).get(f"/councils/{council.slug}/export").text
    assert prepared_files.FAILED in page
    assert "Ask for an export" in page
