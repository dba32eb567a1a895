"""Loading the demo: only where nothing is, or in place of an earlier demo; marked from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from assessment.demo import asking, assessors, board_reports, crowd, plays
from assessment.demo.places import COUNCILS, OFFICER, PASSWORD, REGION, MadeUpCouncil, SignIn, Step, sign_ins
from assessment.demo.scene import Ids, Scene, opened
from assessment.rules import processes
from assessment.services.frameworks import publish_framework, publish_starters, starter
from assessment.services.processes import save_process
from saas import clock, files, jobs, mail
from saas.config import Config
from saas.db import ids_from
from saas.errors import Invalid, Refused
from saas.security import hash_password
from saas.tenancy import CONSOLE, Scope
from saas.transaction import not_at_once
from tenants.services import councils as places
from tenants.services.privacy_notices import save_privacy_notice

UNFINISHED, MARK = "demo, unfinished", "demo"
"""What the comment on the schema `tenancy` says: it goes with every dump, and no page can write it."""
USUAL_FRAMEWORK = "charter-2008"
REPLY_DAYS = 45
"""Working days, where the product's own default is 40: the region has thought about its process."""
FRAMEWORKS = (USUAL_FRAMEWORK, "charter-2017", "fixture-45")

NOTICE = {
    "controller": "Larkmere Employers",
    "contact": "The Charter officer, Larkmere Employers, Weir House, Larkmere\nprivacy@larkmere.example.org",
    "protection_officer": "The data protection officer of Larkshire County Council",
    "processor": "",
    "words": "We keep names of assessors and officers so that an award can be explained later. "
    "You can ask us for what we keep about you, and to have it put right.",
}
FIND_MARK = sa.text("select obj_description('tenancy'::regnamespace, 'pg_namespace')")
LIST_TABLES = sa.text("select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'")
LIST_FILES = sa.text(
    "select council_id, sha256 from evidence_versions"
    " union select council_id, sha256 from submission_files"
    " union select council_id, archive_sha256 from submissions where archive_sha256 is not null"
)
AGE = (
    "update regions set created_at = :at",
    "update councils set created_at = :at",
    "update users set created_at = :at",
    "update access set granted_at = :at",
    "update credentials set changed_at = :at",
)
"""Gate functions write the day of the load; the demo's people have been there from its beginning."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What came of a load."""

    councils: int
    today: date


def load(
    app: Flask, *, councils: int, seed: int, year: int | None, framework: str | None, if_empty: bool, tell: Tell
) -> Loaded | None:
    """Load the demo; None where `if_empty` left things as they are. In the app's context.

    councils: 1 to places.MOST_COUNCILS; beyond the usual, generated ones. year: the year that today's day and month are
    moved to. framework: the code every council uses; None for the usual mixture. tell: called with what is done of
    how much. Raises Refused unless the database is empty or marked as a demo, Invalid for a framework there is not.
    """
    if framework is not None and framework not in FRAMEWORKS:
        raise Invalid({"framework": [f"must be one of {', '.join(FRAMEWORKS)}"]})
    config: Config = app.config["CHARTERWAY"]
    with as_owner(config) as owner:
        mark = owner.scalar(FIND_MARK)
        empty = not owner.scalar(sa.text("select exists (select from regions) or exists (select from users)"))
    if if_empty and not empty and mark != UNFINISHED:
        return None
    if not empty and mark not in (MARK, UNFINISHED):
        raise Refused("this database holds a region and is not marked as a demo: the demo loads into an empty one only")
    set_mark(config, UNFINISHED)
    _clear(config)
    scene = Scene(_today(year), f"{seed}:{framework}", framework or USUAL_FRAMEWORK)
    with _by_hand(app), mail.unsent(), not_at_once(), ids_from(Ids(scene.chance("ids", _today(year), councils))):
        _build(config, scene, councils, framework, tell)
    with as_owner(config) as owner:
        for statement in AGE:
            owner.execute(sa.text(statement), {"at": _beginning(scene)})
    with as_owner(config) as owner:
        owner.execute(sa.text("analyze"))
    set_mark(config, MARK)
    return Loaded(councils, scene.today)


def accounts(known: set[str]) -> list[SignIn]:
    """Everybody who can sign in, with councils known by slug; raises Refused where there is no demo."""
    with opened(Scope.nobody()) as session:
        if session.scalar(FIND_MARK) != MARK:
            raise Refused("this database is not marked as a demo: there are no demo sign-ins")
    return sign_ins(known - {council.slug for council in COUNCILS if council.until is Step.MERGED})


@contextmanager
def as_owner(config: Config) -> Iterator[Session]:
    """A transaction as role owner. Raises ConfigError without DATABASE_OWNER_URL."""
    engine = sa.create_engine(config.sqlalchemy_owner_url, poolclass=sa.NullPool)
    with Session(engine) as session, session.begin():
        yield session


def set_mark(config: Config, words: str) -> None:
    """Say on the database itself what it holds."""
    with as_owner(config) as owner:
        owner.execute(sa.text(f"comment on schema tenancy is '{words}'"))


def _today(year: int | None) -> date:
    today = clock.today()
    if year is None:
        return today
    return today.replace(year=year, day=28 if (today.month, today.day) == (2, 29) else today.day)


def _beginning(scene: Scene) -> datetime:
    return datetime.combine(plays.begun_on(scene), time(8), UTC)


def _clear(config: Config) -> None:
    """Remove the files and rows of the demo that was there."""
    with as_owner(config) as owner:
        for row in owner.execute(LIST_FILES).all():
            files.storage().delete(str(row[0]), row[1])
        tables = ", ".join(owner.scalars(LIST_TABLES))
        owner.execute(sa.text(f"truncate {tables}"))


@contextmanager
def _by_hand(app: Flask) -> Iterator[None]:
    """Jobs are run here, in the demo's own time, and not by a worker that may be up."""
    before = app.config["JOBS_BY_HAND"]
    app.config["JOBS_BY_HAND"] = True
    try:
        yield
    finally:
        app.config["JOBS_BY_HAND"] = before


def _build(config: Config, scene: Scene, councils: int, framework: str | None, tell: Tell) -> None:
    played = COUNCILS[:councils]
    with clock.at(_beginning(scene)):
        _found(scene, played, sign_ins({council.slug for council in played}), framework)
    many = councils - len(played)
    acts = plays.count_acts(scene, played)
    total = acts + crowd.WEIGHT * many
    plays.play_all(scene, played, lambda done: tell(done, total))
    asking.look_at_the_dates(scene, played)
    if many:
        crowd.add(scene, many, lambda: as_owner(config), lambda done: tell(acts + crowd.WEIGHT * done, total))
    board_reports.tell_the_board(scene)
    jobs.run_all()


def _found(scene: Scene, played: tuple[MadeUpCouncil, ...], people: list[SignIn], framework: str | None) -> None:
    """The region, its frameworks, its councils and everybody who signs in."""
    hashed = hash_password(PASSWORD)
    with opened(Scope.operator(None)):
        scene.region_id = places.add_region(slug=REGION.slug, name=REGION.name, by=CONSOLE)
        rows = publish_starters(by=CONSOLE)
        if framework is not None:
            rows.append(publish_framework(starter(framework), by=CONSOLE)[0])
        scene.frameworks = {row.code: row.id for row in rows if framework in (None, row.code)}
        for council in played:
            scene.councils[council.slug] = places.add_council(
                scene.region_id,
                slug=council.slug,
                name=council.name,
                kind=council.kind,
                county=council.county,
                by=CONSOLE,
            )
        for person in people:
            scene.users[person.email] = places.add_user(
                email=person.email,
                name=person.name,
                scope_slug=person.scope,
                role=person.role,
                hashed=hashed,
                by=CONSOLE,
            )
    jobs.run_all()
    with opened(scene.in_region()):
        process = replace(processes.DEFAULT, reply_days=REPLY_DAYS)
        save_process(scene.region_id, process, version=0, by=scene.actor(OFFICER))
        save_privacy_notice(scene.region_id, NOTICE, version=0, by=scene.actor(OFFICER))
    assessors.enter(scene, played)
