"""Every address that names a row, asked with rows that exist: of others, of another parent, and one's own.

A council, a region or an assessor names in its own place a row of somebody else's, alone and under a parent of its
own; and a row of its own under another parent of its own. Each is answered as if there were nothing of that name. That
the same addresses are answered with rows that belong together shows that the refusals were not an accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from assessment.demo.loading import as_owner
from assessment.demo.places import ASSESSORS
from saas.config import Config
from saas.db import Base, db
from saas.embedded import Cluster
from saas.policy import COUNCIL_ROLES, GRANTS, REGION_ROLES, Role
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services.councils import add_region
from tests.factories.databases import app_on_own_database
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user
from tests.house.asking import TABLES, Asker, address, examples, guarded_routes, methods_of, wrong_headers
from tests.house.matrix import kind_of

Row = Mapping[str, Any]
Rows = Mapping[str, list[Row]]
OF_EVERYBODY = {"framework_id": "frameworks are published", "published_id": "shared with every council of the region"}
"""Arguments whose rows are meant to be read by others, and why."""

FORGETS_TWICE = "POST /councils/<council>/plans/import/headings/<uuid:column_id>/forget of others, by council_lead"
"""To forget what is not there is no error, and says nothing."""
CODES: dict[str, object] = {"code": "1.1.1", "number": 1}
AT_OTHER_TIMES = {
    "/api/v1/councils/<council>/accreditations/<uuid:accreditation_id>/element-owners/<code>",
    "/api/v1/councils/<council>/exports/<uuid:file_id>/file",
    "/api/v1/regions/<region>/accreditations/<uuid:accreditation_id>/visit/notes",
    "/councils/<council>/accreditations/<uuid:accreditation_id>/confirm/<any(plan, readiness):about>",
    "/councils/<council>/accreditations/<uuid:accreditation_id>/criteria/<code>/owner",
    "/councils/<council>/accreditations/<uuid:accreditation_id>/elements/<code>/owner",
    "/councils/<council>/accreditations/<uuid:accreditation_id>/signing/<any(commitment, readiness):about>/call-off",
    "/councils/<council>/accreditations/<uuid:accreditation_id>/signing/<any(commitment, readiness):about>"
    "/paper/<int:number>",
    "/councils/<council>/accreditations/<uuid:accreditation_id>/visit/people/<key>",
    "/councils/<council>/accreditations/<uuid:accreditation_id>/visit/people/<key>/remove",
    "/councils/<council>/export/<uuid:file_id>",
    "/councils/<council>/leavers/members/<uuid:member_id>",
    "/councils/<council>/leavers/people/<uuid:user_id>",
    "/regions/<region>/leavers/people/<uuid:user_id>",
    "/councils/<council>/members/imports/<uuid:import_id>",
    "/councils/<council>/records/<uuid:succession_id>/letters/<uuid:accreditation_id>",
    "/councils/<council>/signatures/<uuid:request_id>",
    "/regions/<region>/access/councils/<uuid:unclaimed>/invite",
    "/regions/<region>/cases/<uuid:accreditation_id>/lapse",
    "/regions/<region>/cases/<uuid:accreditation_id>/report/document/preview",
    "/regions/<region>/cases/<uuid:accreditation_id>/visit/notes",
    "/regions/<region>/cases/<uuid:accreditation_id>/visit/notes/<uuid:note_id>",
    "/regions/<region>/cases/<uuid:accreditation_id>/visit/timetable/<key>",
}
"""Shown to one person alone, by another name, or at a moment in which the demo has no row."""


@dataclass(frozen=True)
class World:
    """The demo: its application, its rows as the owner reads them, and its people."""

    app: Flask
    rows: Rows
    region: MadeRegion
    elsewhere: MadeRegion
    councils: Mapping[UUID, MadeCouncil]
    bodies: Mapping[str, Any]

    def council(self, slug: str) -> MadeCouncil:
        """One of its councils."""
        return next(each for each in self.councils.values() if each.slug == slug)


@pytest.fixture(scope="module")
def world(demo: Flask, cluster: Cluster, config: Config) -> Iterator[World]:
    """A copy of the demo, with a region beside it that has people and nothing else."""
    db.session.remove()
    db.engine.dispose()
    files = Path(str(demo.config["CHARTERWAY"].storage_url).removeprefix("file://"))
    with app_on_own_database(cluster, config, "elsewhere", files, like="demo") as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield world_of(app)


def world_of(app: Flask) -> World:
    """What stands in a loaded demo."""
    with within(Scope.operator(None)):
        elsewhere = MadeRegion(add_region(slug="elsewhere", name="Elsewhere", by=CONSOLE), "elsewhere", "Elsewhere")
    with as_owner(app.config["CHARTERWAY"]) as owner:
        _add_what_it_lacks(owner)
        rows = {
            name: [dict(row) for row in owner.execute(sa.select(*_keys(name))).mappings()]
            for name in {table for tables in TABLES.values() for table in tables}
        }
        home = owner.execute(sa.text("select id, slug, name from regions where slug <> 'elsewhere'")).one()
        region = MadeRegion(*home)
        found = owner.execute(sa.text("select id, slug, name from councils where region_id = :id"), {"id": region.id})
        councils = {row.id: MadeCouncil(row.id, row.slug, row.name, region) for row in found}
    return World(app, rows, region, elsewhere, councils, examples(app))


def _add_what_it_lacks(owner: sa.Connection) -> None:
    """Invitations, tokens, webhooks and files made for somebody, in two councils and both regions."""
    named = " (id, region_id, council_id,"
    statements = (
        f"insert into invitations{named} scope_name, role, email, name, invited_by_name, invited_at, expires_at)"
        " values (:id, :region, :council, '', :role, cast(:id as text) || '@example.org', 'New', '', now(),"
        " now() + '1 day')",
        f"insert into tokens{named} user_id, purpose, name, user_name, key_hash, read_only, made_at, expires_at,"
        " revoked_by_name) values (:id, :region, :council, :user, 'api', 'Figures', 'O', cast(:id as text), true,"
        " now(), now() + '1 day', '')",
        f"insert into webhooks{named} url, verbs, secret, made_at, made_by_name, pause_reason)"
        " values (:id, :region, :council, 'https://example.org/', '[]', '', now(), '', '')",
        f"insert into webhook_deliveries{named} webhook_id, event_id, verb, document, made_at, state, attempts,"
        " failure) values (:id, :region, :council, :id, :id, 'v', '{}', now(), 'waiting', 0, '')",
        f"insert into prepared_files{named} user_id, kind, asked_at, expires_at, failure)"
        " values (:id, :region, :council, :user, 'council', now(), now() + '1 day', '')",
    )
    provisioned = (
        "insert into provisioned_users (council_id, id, user_name, given_name, family_name, display_name, email, role,"
        " active, version, made_at, changed_at)"
        " values (:council, :id, 'new', '', '', '', 'new@example.org', 'member', true, 1, now(), now())"
    )
    places = sa.text(
        "select region_id, id as council_id, (select id from users order by email limit 1) as user_id from councils"
        " where slug in ('caddowell', 'ostermoor')"
        " union all select id, null, (select id from users order by email limit 1) from regions"
    )
    for at, place in enumerate(owner.execute(places).all()):
        values = {"id": UUID(int=0x01900000000070008000000000001000 + at), "region": place.region_id}
        values |= {"council": place.council_id, "user": place.user_id}
        values["role"] = "member" if place.council_id else "region_viewer"
        for statement in map(sa.text, (*statements, provisioned) if place.council_id else statements):
            owner.execute(statement, {name: values[name] for name in statement._bindparams})


def _keys(table: str) -> list[sa.Column[Any]]:
    return [each for each in Base.metadata.tables[table].columns if each.name == "id" or each.name.endswith("_id")]


# Rows for the arguments of an address


def named_rows(rule: Rule) -> list[str]:
    """The arguments that name rows, in the order of the address."""
    return re.findall(r"<uuid:(\w+)>", rule.rule)


def sets_of(world: World, names: list[str], wanted: Any) -> list[dict[str, Any]]:
    """Values for all these arguments, from rows of each table that the last can name and that `wanted` takes."""
    return [
        values_of(world, names, row)
        for table in TABLES[names[-1]]
        for row in [each for each in world.rows[table] if wanted(each)][:16]
    ]


def values_of(world: World, names: list[str], row: Row) -> dict[str, Any]:
    """The row, and what it lies under: what it names itself, else a row of the same council."""
    values = {names[-1]: row["user_id"] if names[-1] == "user_id" and row.get("user_id") else row["id"]}
    values["of_council"] = row.get("council_id")
    for name in names[:-1]:
        key = "accreditation_id" if name == "file" else name
        same = (each["id"] for each in world.rows[TABLES[name][0]] if each.get("council_id") == row.get("council_id"))
        values[name] = row.get(key) or next(same, row["id"])
    if "succession_id" in values:
        for each in [each for each in world.rows["successions"] if each["council_id"] == row["council_id"]]:
            values |= {"succession_id": each["id"], "of_council": each["successor_id"]}
    return values


class People:
    """Somebody of each role in each place, ready to ask; made when first wanted."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[UUID, Role], Asker] = {}

    def of(self, place: MadeCouncil | MadeRegion, passing: tuple[Role, ...]) -> tuple[Role, Asker] | None:
        """The first of these roles that can be held there, and somebody who holds it."""
        possible = COUNCIL_ROLES if isinstance(place, MadeCouncil) else REGION_ROLES
        role = next((each for each in passing if each in possible), None)
        if role is None:
            return None
        if (place.id, role) not in self._known:
            asker = Asker(self._world.app, self._world.app.response_class)
            asker.become(make_user(self._world.app, place, role), place)
            self._known[place.id, role] = asker
        return role, self._known[place.id, role]


def with_rows(world: World, kind: str) -> list[tuple[Rule, list[str], tuple[Role, ...]]]:
    """Routes in a kind of place that name rows, those rows' arguments, and the roles that pass."""
    return [
        (rule, [name for name in named_rows(rule) if name != "file"],
         tuple(role for role in GRANTS if declaration.permission in GRANTS[role]))
        for rule, declaration in guarded_routes(world.app)
        if kind_of(rule.arguments) == kind and set(named_rows(rule)) - {"file"} - set(OF_EVERYBODY)
    ]  # fmt: skip


def cases(world: World, names: list[str], own: UUID, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is named that must not be there, for somebody whose council or region (key) is `own`."""
    others = sets_of(world, names, lambda row: row.get(key) not in (None, own))[:1]
    mine = sets_of(world, names, lambda row: row.get(key) == own)
    for values in others:
        yield "of others", values
    if len(names) > 1:
        parents = [{name: each[name] for name in names[:-1]} for each in mine] or [
            values_of(world, names, {"id": None, key: own}) | {names[-1]: None}
        ]
        for values in others:
            yield "of others under one's own", parents[0] | {names[-1]: values[names[-1]]}
        for values, parent in [(row, each) for row in mine for each in parents]:
            if any(values[name] != parent[name] for name in parent):
                yield "own under another of one's own", values | parent
                break


def body_of(world: World, rule: Rule) -> dict[str, Any]:
    """What is sent to an operation, so that it comes to look for the row."""
    body = world.bodies.get(rule.endpoint.rpartition(".")[2])
    return {"headers": {"If-Match": '"1"'}} | ({} if body is None else {"json": body})


def heard_elsewhere(
    world: World, place: MadeCouncil | MadeRegion, rows_of: UUID, key: str
) -> tuple[dict[str, int], set[str]]:
    """What each role of the place hears, where it is not 404, and the kinds of cases asked."""
    kind = "council" if isinstance(place, MadeCouncil) else "region"
    people = People(world)
    wrong: dict[str, int] = {}
    asked: set[str] = set()
    for rule, names, passing in with_rows(world, kind):
        for words, values in cases(world, names, rows_of, key):
            asked.add(words)
            path = address(world.app, rule, values | {kind: place.slug})
            role, asker = people.of(place, passing) or (None, None)
            for method in methods_of(rule) if role and asker else []:
                status = asker.ask(rule, path, method, **body_of(world, rule)).status_code
                if status != 404 and not _refused_before(world, asker, rule, method, {kind: place.slug}, status):
                    wrong[f"{method} {rule.rule} {words}, by {role.value}"] = status
    return wrong, asked


def _refused_before(world: World, asker: Asker, rule: Rule, method: str, place: dict[str, str], status: int) -> bool:
    """Whether what is sent is refused in the same way before any row is looked for."""
    nothing = asker.ask(rule, address(world.app, rule, place), method, **body_of(world, rule)).status_code
    return status == nothing and status in (400, 413, 415, 422)


def test_every_argument_that_names_a_row_is_known(world: World) -> None:
    named = {
        name
        for rule, _ in guarded_routes(world.app)
        for name in named_rows(rule)
        if kind_of(rule.arguments) != "platform"
    }
    assert named - set(TABLES) == set()
    assert [table for name in sorted(named) for table in TABLES[name] if not world.rows[table]] == []


def test_a_council_meets_nothing_of_others_at_any_address(world: World) -> None:
    council = world.council("caddowell")
    wrong, asked = heard_elsewhere(world, council, council.id, "council_id")
    assert wrong == {FORGETS_TWICE: 303}
    assert len(asked) == 3


def test_a_region_meets_nothing_of_others_at_any_address(world: World) -> None:
    wrong, asked = heard_elsewhere(world, world.elsewhere, world.elsewhere.id, "region_id")
    assert wrong == {}
    assert asked == {"of others", "of others under one's own"}


def test_a_region_meets_a_row_only_under_its_own_parent(world: World) -> None:
    wrong, asked = heard_elsewhere(world, world.region, world.region.id, "region_id")
    assert wrong == {}
    assert "own under another of one's own" in asked


def test_an_assessor_meets_only_rows_of_the_open_file(world: World) -> None:
    """Ostermoor's scorer, in whose file nothing else can be named."""
    with as_owner(world.app.config["CHARTERWAY"]) as owner:
        found = sa.text("select id, name from users where email = :email")
        user = owner.execute(found, {"email": ASSESSORS[1].email}).one()
    asker = Asker(world.app, world.app.response_class)
    asker.become(MadeUser(user.id, ASSESSORS[1].email, user.name), world.region)
    ostermoor = world.council("ostermoor").id
    file = next(each["id"] for each in world.rows["accreditations"] if each["council_id"] == ostermoor)
    wrong = {}
    for rule, names, _roles in with_rows(world, "file"):
        for values in sets_of(world, names, lambda row: row.get("accreditation_id") not in (None, file)):
            path = address(world.app, rule, values | {"file": file})
            for method in methods_of(rule):
                status = asker.ask(rule, path, method, **body_of(world, rule)).status_code
                if status != 404:
                    wrong[f"{method} {rule.rule}"] = status
    assert wrong == {}


def test_the_same_addresses_answer_with_rows_that_belong_together(world: World) -> None:
    """Each page and operation that reads shows at least one row of the demo to somebody of its place."""
    people = People(world)
    own = {*world.councils, world.region.id}
    unseen = set()
    for kind in ("council", "region"):
        for rule, names, passing in with_rows(world, kind):
            if "GET" in methods_of(rule) and "kind" not in rule.arguments:
                rows = sets_of(world, names, lambda row: row.get(f"{kind}_id") in own)  # noqa: B023  called at once
                if not any(_is_shown(world, people, rule, passing, values) for values in rows):
                    unseen.add(rule.rule)
    assert unseen - AT_OTHER_TIMES == set()


def _is_shown(world: World, people: People, rule: Rule, passing: tuple[Role, ...], values: dict[str, Any]) -> bool:
    """Whether somebody who passes is shown these rows in the place that they are of."""
    place: MadeCouncil | MadeRegion = world.region
    if "council" in rule.arguments:
        place = world.councils[values["of_council"]]
    found = people.of(place, passing)
    path = address(world.app, rule, CODES | values | {kind_of(rule.arguments): place.slug})
    if found is None:
        return False
    answer = found[1].ask(rule, path)
    assert wrong_headers(answer, signed_in=True) == [], path
    return answer.status_code < 400
