"""The file about one person: everything about him or her, nothing about anybody else, no secret."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import orjson
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Uuid
from sqlalchemy.exc import ProgrammingError

from saas import jobs
from saas.db import Base, db
from saas.files import storage
from saas.tenancy import CONSOLE, Actor, Scope
from tenants.queries.access import Target, list_access
from tenants.queries.personal_data import ROWS, list_parts
from tenants.rules.personal_data import LEFT_OUT, sources
from tenants.services import access, prepared_files, tokens
from tenants.services.members import MemberDetails, add_member
from tenants.services.notices import tell
from tests.conftest import InScope
from tests.factories.evidence import make_file
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

PEOPLE = ("user_id", "actor", "assessor_id")


def target_of(council: MadeCouncil) -> Target:
    return Target("council", council.region.id, council.id, council.name)


def test_every_column_that_names_a_person_is_handed_over_or_left_out_with_a_reason(app: Flask) -> None:
    naming = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if (isinstance(column.type, Uuid) and (column.name.endswith("_by") or column.name in PEOPLE))
        or "email" in column.name
        or column.name == "mentions"
    }
    known = set(sources()) | set(LEFT_OUT)
    assert naming - {"users.email"} == known - {"users.id"}


def test_every_source_is_one_the_database_gives_and_no_other(in_scope: InScope, lead: MadeUser) -> None:
    with in_scope(Scope.person(lead.id)):
        for source in sources():
            db.session.execute(ROWS, {"source": source}).all()
    for source in ("credentials.password_hash", "answers.narrative", "users.email"):
        with pytest.raises(ProgrammingError, match="names nobody"), in_scope(Scope.person(lead.id)):
            db.session.execute(ROWS, {"source": source})


def test_the_file_holds_the_person_alone(app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    other = make_user(app, council, "council_editor", name="Olive Other")
    by = Actor(lead.id, lead.name)
    with in_scope(council.scope(lead.id)):
        for user in (lead, other):
            tell(council.id, user.id, key="a", kind="mention", words=f"For {user.name}", path="/councils/a/x")
        add_member(
            council.id, details=MemberDetails("Lee", "Lead", email=lead.email, started_on=date(2023, 5, 4)), by=by
        )
        tokens.make(target_of(council), name="Figures", read_only=True, by=by)
    with in_scope(Scope.person(lead.id)):
        asked = prepared_files.ask("person", by=by)
        file_id = asked.id
    with app.app_context():
        jobs.run_all()
    with in_scope(Scope.person(lead.id)):
        made = db.session.get_one(type(asked), file_id)
        with storage().open(prepared_files.namespace_of(lead.id), made.sha256) as opened:
            archive = zipfile.ZipFile(io.BytesIO(b"".join(opened)))
    assert archive.namelist() == ["my-data.html", "my-data.json"]
    page, data = archive.read("my-data.html").decode(), orjson.loads(archive.read("my-data.json"))
    parts = {part["source"]: part["rows"] for part in data["parts"]}
    assert {"users.id", "credentials.user_id", "access.user_id", "notices.user_id", "members.email", "tokens.user_id",
            "prepared_files.user_id", "events.actor"} == set(parts)  # fmt: skip
    assert [row["words"] for row in parts["notices.user_id"]] == [f"For {lead.name}"]
    assert [row["family_name"] for row in parts["members.email"]] == ["Lead"]
    assert (set(parts["credentials.user_id"][0]), "key_hash" in parts["tokens.user_id"][0]) == (
        {"user_id", "changed_at"},
        False,
    )
    assert ("Olive Other" in page, lead.name in page, council.name in page) == (False, True, True)


def test_where_access_ended_only_what_and_when(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    editor = make_user(app, council, "council_editor")
    make_file(app, council)
    with in_scope(council.scope(editor.id)) as session:
        session.execute(sa.text("update evidence set added_by = :user, title = 'Secret plans'"), {"user": editor.id})
    with in_scope(Scope.person(editor.id)):
        (evidence,) = (part for part in list_parts() if part.source == "evidence.added_by")
        assert (evidence.rows[0]["title"], evidence.shortened) == ("Secret plans", 0)
    with in_scope(council.scope()):
        (row,) = (row for row in list_access(target_of(council)) if row.user_id == editor.id)
        access.end(target_of(council), row, by=CONSOLE)
    with in_scope(Scope.person(editor.id)):
        (evidence,) = (part for part in list_parts() if part.source == "evidence.added_by")
        assert (set(evidence.rows[0]), evidence.shortened) == ({"id", "council_id", "added_at"}, 1)
    with in_scope(Scope.nobody()):
        assert db.session.execute(ROWS, {"source": "evidence.added_by"}).all() == []
