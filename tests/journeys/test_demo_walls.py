"""The walls, on the loaded demo: what each scope counts in every table, against what the owner counts there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import ProgrammingError

from assessment.demo.loading import as_owner
from assessment.demo.places import ASSESSORS, HOMES, OFFICER, lead_of
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assignments import get_own
from assessment.queries.submissions import find_latest
from assessment.rules import teams
from assessment.services import assignments, interests, readiness
from assessment.services.assignments import Asked
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import Rollback, within
from tenants.services.councils import add_region
from tests.factories.databases import app_on_own_database

DENIED = "denied"
OWN = "council_id = :council"
SENT = "region_id = :region"
FILE = "accreditation_id = :file"
MINE = "user_id = :user"
HOME = "region_id = :home"
ALL = "true"
REVEALED = (
    "region_id = :region and accreditation_id in (select accreditation_id from assignments where duty = 'scorer'"
    " and withdrawn_at is null group by 1 having count(*) = 2 and bool_and(submitted_at is not null))"
)

HELD = (
    "number > 1 and exists (select from score_reopenings o where o.accreditation_id = scores.accreditation_id"
    " and o.requirement_id = scores.requirement_id and o.closed_at is null and o.reopened_at < scores.submitted_at"
    " and 2 > (select count(distinct s.assignment_id) from scores s where s.accreditation_id = o.accreditation_id"
    " and s.requirement_id = o.requirement_id and s.submitted_at > o.reopened_at))"
)
"""A new score of what is open to be scored again, while one of the two has given none."""


@dataclass(frozen=True)
class Seen:
    """The rows of one table that a scope of each kind sees; None for none at all."""

    council: str | None = None
    region: str | None = None
    file: str | None = None
    nobody: str | None = None


COUNCIL_ONLY = Seen(council=OWN)
BOTH_SIDES = Seen(council=OWN, region=SENT)
BOTH_SIDES_AND_TEAM = Seen(council=OWN, region=SENT, file=FILE)
REGION_ONLY = Seen(region=SENT)
EVERYBODY = Seen(ALL, ALL, ALL, ALL)
ONESELF = Seen(MINE, MINE, MINE)
NO_SCOPE = Seen(DENIED, DENIED, DENIED, DENIED)

LED = (
    f"{SENT} and accreditation_id in (select accreditation_id from assignments"
    " where duty = 'lead' and user_id = :user and withdrawn_at is null and closed_at is null"
    " and (closes_on is null or closes_on >= current_date))"
)
TABLES = {
    "access": Seen(f"{OWN} or {MINE}", f"({SENT} and council_id is null) or {MINE}", MINE),
    "accreditations": Seen(OWN, SENT, "id = :file"),
    "action_evidence": COUNCIL_ONLY,
    "action_notes": COUNCIL_ONLY,
    "action_owners": COUNCIL_ONLY,
    "action_priorities": COUNCIL_ONLY,
    "action_versions": COUNCIL_ONLY,
    "actions": COUNCIL_ONLY,
    "answer_actions": COUNCIL_ONLY,
    "answer_comments": COUNCIL_ONLY,
    "answer_versions": COUNCIL_ONLY,
    "answers": COUNCIL_ONLY,
    "appeal_decisions": BOTH_SIDES,
    "appeals": BOTH_SIDES,
    "assessor_absences": Seen(MINE, f"{SENT} or {MINE}", MINE),
    "assessor_councils": Seen(MINE, f"{SENT} or {MINE}", MINE),
    "assessors": Seen(MINE, f"{SENT} or {MINE}", MINE),
    "assignments": Seen(MINE, f"{SENT} or {MINE}", MINE),
    "authenticators": ONESELF,
    "awards": BOTH_SIDES,
    "board_reports": REGION_ONLY,
    "board_schedules": REGION_ONLY,
    "calendar_feeds": Seen(f"{OWN} and {MINE}"),
    "case_studies": COUNCIL_ONLY,
    "chair_confirmations": BOTH_SIDES,
    "citations": COUNCIL_ONLY,
    "clarification_answers": BOTH_SIDES_AND_TEAM,
    "clarification_drafts": COUNCIL_ONLY,
    "clarification_files": BOTH_SIDES_AND_TEAM,
    "clarifications": BOTH_SIDES_AND_TEAM,
    "clippings": Seen(
        f"{OWN} or ({HOME} and state = 'consented' and expires_on >= current_date)",
        f"{SENT} and state = 'consented' and expires_on >= current_date",
        f"{HOME} and state = 'consented' and expires_on >= current_date",
    ),
    "committee_papers": COUNCIL_ONLY,
    "contribution_requests": COUNCIL_ONLY,
    "council_imports": REGION_ONLY,
    "council_neighbours": REGION_ONLY,
    "councils": Seen("id = :council", SENT),
    "credentials": ONESELF,
    "decisions": REGION_ONLY,
    "declaration_signatures": BOTH_SIDES,
    "directories": COUNCIL_ONLY,
    "door_rules": Seen("region_id = :home", SENT, "region_id = :home"),
    "element_owners": COUNCIL_ONLY,
    "event_heads": NO_SCOPE,
    "events": Seen(
        f"{OWN} and audience in ('council', 'shared')",
        f"({SENT} and audience in ('region', 'shared')) or (audience = 'person' and actor = :user)",
        "audience = 'person' and actor = :user",
    ),
    "evidence": COUNCIL_ONLY,
    "evidence_pages": COUNCIL_ONLY,
    "evidence_versions": COUNCIL_ONLY,
    "frameworks": EVERYBODY,
    "good_practice": BOTH_SIDES,
    "imports": COUNCIL_ONLY,
    "improvement_actions": COUNCIL_ONLY,
    "improvement_progress": BOTH_SIDES,
    "improvement_themes": REGION_ONLY,
    "improvements": BOTH_SIDES,
    "interim_drafts": COUNCIL_ONLY,
    "interim_reviews": BOTH_SIDES,
    "interview_notes": Seen(region=LED, file=FILE),
    "invitations": Seen(OWN, f"{SENT} and council_id is null"),
    "issued_judgements": BOTH_SIDES,
    "kept_responses": ONESELF,
    "links": ONESELF,
    "meeting_items": COUNCIL_ONLY,
    "meetings": COUNCIL_ONLY,
    "members": COUNCIL_ONLY,
    "moderations": REGION_ONLY,
    "notices": COUNCIL_ONLY,
    "office_holders": COUNCIL_ONLY,
    "outbox": EVERYBODY,
    "passkeys": ONESELF,
    "plans": COUNCIL_ONLY,
    "political_groups": COUNCIL_ONLY,
    "platform_door_rules": Seen(),
    "prepared_files": ONESELF,
    "privacy_notices": EVERYBODY,
    "priorities": COUNCIL_ONLY,
    "process_versions": Seen(HOME, SENT, HOME),
    "provisioned_users": COUNCIL_ONLY,
    "published_case_studies": Seen(f"{OWN} or {HOME}", SENT, HOME),
    "recovery_codes": ONESELF,
    "regions": Seen("id = :home", "id = :region", "id = :home"),
    "register_entries": EVERYBODY,
    "rehearsals": EVERYBODY,
    "release_items": REGION_ONLY,
    "released_measures": COUNCIL_ONLY,
    "releases": REGION_ONLY,
    "remembered_columns": COUNCIL_ONLY,
    "reminder_settings": COUNCIL_ONLY,
    "replies": BOTH_SIDES,
    "reply_drafts": COUNCIL_ONLY,
    "report_comment_answers": BOTH_SIDES,
    "report_comments": BOTH_SIDES,
    "report_draft_versions": REGION_ONLY,
    "report_drafts": REGION_ONLY,
    "reports": BOTH_SIDES_AND_TEAM,
    "requirements": EVERYBODY,
    "retention_rules": Seen(
        f"{OWN} or (region_id = :home and council_id is null)",
        f"{SENT} and council_id is null",
        "region_id = :home and council_id is null",
    ),
    "retention_runs": Seen(OWN, f"{SENT} and council_id is null"),
    "returned_requirements": BOTH_SIDES,
    "rounds": EVERYBODY,
    "saved_filters": Seen(region=f"{SENT} and (shared or {MINE})"),
    "score_drafts": Seen(file=f"{MINE} and {FILE}"),
    "score_reopenings": Seen(region=SENT, file=f"{FILE} and {REVEALED}"),
    "scores": Seen(region=f"{REVEALED} and not ({HELD})", file=f"{MINE} and {FILE}"),
    "seal_requests": COUNCIL_ONLY,
    "shown_benchmarks": NO_SCOPE,
    "sign_in_identities": ONESELF,
    "sign_in_providers": Seen(OWN, f"{SENT} and council_id is null"),
    "signature_requests": COUNCIL_ONLY,
    "signings": COUNCIL_ONLY,
    "slugs": NO_SCOPE,
    "submission_answers": BOTH_SIDES_AND_TEAM,
    "submission_decisions": BOTH_SIDES,
    "submission_files": BOTH_SIDES_AND_TEAM,
    "submissions": BOTH_SIDES_AND_TEAM,
    "successions": Seen(f"{OWN} or successor_id = :council", SENT),
    "terms": COUNCIL_ONLY,
    "themes": REGION_ONLY,
    "tokens": Seen(f"{OWN} or {MINE}", f"({SENT} and council_id is null) or {MINE}", MINE),
    "users": Seen("id = :user", "id = :user", "id = :user"),
    "visit_people": BOTH_SIDES_AND_TEAM,
    "visits": BOTH_SIDES_AND_TEAM,
    "webhook_deliveries": Seen(OWN, f"{SENT} and council_id is null"),
    "webhooks": Seen(OWN, f"{SENT} and council_id is null"),
}
HIDDEN_FROM_COUNCILS = (
    "scores", "score_drafts", "score_reopenings", "moderations", "report_drafts", "report_draft_versions", "decisions",
    "release_items", "releases",
)  # fmt: skip
HIDDEN_FROM_REGIONS = (
    "answers",
    "citations",
    "evidence",
    "actions",
    "members",
    "reply_drafts",
    "seal_requests",
    "score_drafts",
)
INHERITED = (
    "accreditations", "awards", "improvement_progress", "improvements", "interim_reviews", "issued_judgements",
    "replies", "reports", "submission_answers", "submission_decisions", "submission_files", "submissions",
)  # fmt: skip
"""What a successor reads."""
Ids = dict[str, UUID]


@pytest.fixture(scope="module")
def walled(demo: Flask, cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A copy of the demo with the rows it lacks: invitations, a link, something to do, a region without councils."""
    db.session.remove()
    db.engine.dispose()
    with app_on_own_database(cluster, config, "walled", tmp_path_factory.mktemp("walled"), like="demo") as copied:
        _add_what_it_lacks(copied)
        yield copied


def _add_what_it_lacks(demo: Flask) -> None:
    region, council = _region(demo), _council(demo, "harrowfen")
    rows = (
        "insert into invitations (id, region_id, council_id, scope_name, role, email, name, invited_by_name,"
        " invited_at, expires_at)"
        " values (:id, :region, null, '', 'assessor', 'new@example.org', 'New', '', now(), now()),"
        " (:user, :region, :council, '', 'member', 'new@example.org', 'New', '', now(), now())",
        "insert into links (id, user_id, purpose, asked_at, expires_at)"
        " values (:id, :user, 'password_reset', now(), now())",
        "insert into outbox (id, event_id, job, args, scope, due_at, attempts)"
        " values (:id, :id, 'seal_submission', '{}', '{}', now() + interval '1 year', 0)",
        "insert into tokens (id, user_id, region_id, council_id, purpose, name, user_name, key_hash, read_only,"
        " made_at, expires_at, revoked_by_name)"
        " values (:id, :user, :region, :council, 'api', 'Figures', 'O', 'h', true, now(), now(), '')",
        "insert into kept_responses (user_id, place, key, fingerprint, made_at) values (:user, 'p', 'k', 'f', now())",
        "insert into webhooks (id, region_id, council_id, url, verbs, secret, made_at, made_by_name, pause_reason)"
        " values (:id, :region, :council, 'https://example.org/', '[]', '', now(), '', '')",
        "insert into webhook_deliveries (id, webhook_id, region_id, council_id, event_id, verb, document, made_at,"
        " state, attempts, failure) values (:id, :id, :region, :council, :id, 'v', '{}', now(), 'waiting', 0, '')",
        "insert into authenticators (user_id, secret, made_at, last_step) values (:user, '', now(), 0)",
        "insert into passkeys (id, user_id, credential_id, public_key, sign_count, transports, name, made_at)"
        " values (:id, :user, 'c', '', 0, '[]', '', now())",
        "insert into recovery_codes (id, user_id, code_hash, made_at) values (:id, :user, '', now())",
        "insert into directories (council_id, role, version, set_at, set_by_name)"
        " values (:council, 'member', 1, now(), '')",
        "insert into platform_door_rules (id, of_whom, wanted, version, set_at, set_by_name)"
        " values (:id, 'operators', false, 1, now(), '')",
        "insert into door_rules (region_id, roles, version, set_at, set_by_name) values (:region, '[]', 1, now(), '')",
        "insert into sign_in_providers (id, region_id, council_id, name, issuer, client_id, client_secret, domains,"
        " required, version, made_at, made_by_name)"
        " values (:id, :region, :council, '', '', '', '', '[]', false, 1, now(), '')",
        "insert into sign_in_identities (id, user_id, provider_id, issuer, subject, linked_at)"
        " values (:id, :user, :id, '', '', now())",
        "insert into provisioned_users (council_id, id, user_name, given_name, family_name, display_name, email, role,"
        " active, version, made_at, changed_at)"
        " values (:council, :id, 'new', '', '', '', '', 'member', true, 1, now(), now())",
        "insert into retention_rules (id, region_id, kind, months, version, set_at, set_by_name)"
        " values (:id, :region, 'events', 84, 1, now(), '')",
        "insert into retention_runs (id, region_id, council_id, ran_at, counts)"
        " values (:id, :region, :council, now(), '{}')",
        "insert into prepared_files (id, user_id, region_id, council_id, kind, asked_at, expires_at, failure)"
        " values (:id, :user, :region, :council, 'council', now(), now(), '')",
        "insert into rehearsals (id, at, holds, seconds, document) values (:id, now(), true, 1, '{}')",
    )
    values = {"id": uuid4(), "region": region, "council": council, "user": _user(demo, OFFICER.email)}
    with as_owner(demo.config["CHARTERWAY"]) as owner:
        for statement in map(sa.text, rows):
            owner.execute(statement, {name: values[name] for name in statement._bindparams})
    with within(Scope.operator(None)):
        add_region(slug="empty-region", name="A Region Without Councils", by=CONSOLE)


def test_every_table_is_listed_and_none_is_empty(walled: Flask) -> None:
    with as_owner(walled.config["CHARTERWAY"]) as owner:
        listed = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
        tables = sorted(owner.scalars(sa.text(listed)))
        counts = {table: owner.scalar(sa.text(f"select count(*) from {table}")) for table in tables}
    assert tables == sorted(TABLES)
    assert [table for table, count in counts.items() if not count] == []


@pytest.mark.parametrize("slug", ["larkshire", "caddowell"])
def test_a_council_sees_itself_alone_and_no_score(walled: Flask, slug: str) -> None:
    ids = {"council": _council(walled, slug), "home": _region(walled), "user": _user(walled, lead_of(slug).email)}
    counted = _counted(Scope.council(ids["council"], ids["home"], ids["user"]))
    assert counted == _expected(walled, "council", ids)
    assert [table for table in HIDDEN_FROM_COUNCILS if counted[table]] == []
    assert counted["answers"] > 0
    assert counted["submission_answers"] > 0


def test_a_successor_reads_the_record_of_the_council_it_succeeds_and_no_draft_of_it(walled: Flask) -> None:
    heir, ended = _council(walled, "tessen-bay"), _council(walled, "tessen-vale")
    ids = {"council": heir, "home": _region(walled), "user": _user(walled, lead_of("tessen-bay").email)}
    counted = _counted(Scope.council(heir, ids["home"], ids["user"]))
    own, of_ended = _expected(walled, "council", ids), _expected(walled, "council", ids | {"council": ended})
    read = {table: count for table, count in counted.items() if count != own[table]}
    assert read == {table: int(own[table]) + int(of_ended[table]) for table in INHERITED if of_ended[table]}


def test_the_region_sees_what_was_sent_and_no_draft(walled: Flask) -> None:
    ids = {"region": _region(walled), "user": _user(walled, OFFICER.email)}
    counted = _counted(Scope.region(ids["region"], ids["user"]))
    assert counted == _expected(walled, "region", ids)
    assert [table for table in HIDDEN_FROM_REGIONS if counted[table]] == []
    assert 0 < int(counted["scores"]) < int(_find(walled, "select count(*) from scores"))


def test_another_region_sees_what_is_public_and_itself(walled: Flask) -> None:
    other = _find(walled, "select id from regions where slug = 'empty-region'")
    counted = _counted(Scope.region(other))
    public = {table for table, seen in TABLES.items() if seen == EVERYBODY}
    seen = {table: count for table, count in counted.items() if table not in public and count not in (0, DENIED)}
    assert seen == {"regions": 1}


def test_nobody_sees_only_what_is_public(walled: Flask) -> None:
    assert _counted(Scope.nobody()) == _expected(walled, "nobody", {})


def test_an_assessor_sees_the_open_file_and_only_own_scores(walled: Flask) -> None:
    second = _user(walled, ASSESSORS[1].email)
    file = _find(walled, "select id from accreditations where council_name like 'Ostermoor%'")
    ids = {"file": file, "home": _region(walled), "user": second}
    counted = _counted(Scope.file(file, ids["home"], second))
    assert counted == _expected(walled, "file", ids)
    assert (counted["scores"], counted["score_drafts"]) == (0, 14)
    assert _find(walled, f"select count(*) from scores where accreditation_id = '{file}'") == 28


def test_a_file_is_shut_until_its_assessor_has_declared(walled: Flask) -> None:
    """Wyrrow has sent: its team is asked here, and the same counts are taken before and after declaring."""
    councillor, officer = ASSESSORS[2:]
    region, officer_id = _region(walled), _user(walled, OFFICER.email)
    file = _find(walled, "select id from accreditations where council_name like 'Wyrrow City%' and stage = 'submitted'")
    by = Actor(officer_id, OFFICER.name)
    with within(Scope.region(region, officer_id)):
        accreditation = get_accreditation(file, lock=True)
        submission = find_latest(file, "readiness")
        assert submission is not None
        readiness.decide(accreditation, submission, outcome="accepted", reason="", by=by)
        people = {"councillor": councillor, "officer": officer, "regional": OFFICER}
        asked = {
            place.key: Asked(_user(walled, people[place.capacity].email), HOMES.get(people[place.capacity], ""))
            for place in teams.places(process_of(accreditation))
        }
        assignments.assign(accreditation, asked, by=by)
    ids = {"file": file, "home": region, "user": _user(walled, councillor.email)}
    scope = Scope.file(file, region, ids["user"])
    sealed = ("accreditations", "submissions", "submission_answers", "submission_files")
    before = _counted(scope)
    assert [before[table] for table in sealed] == [0, 0, 0, 0]
    with within(scope):
        own = get_own(file, ids["user"], lock=True)
        interests.declare(own, interest="none", words="", by=Actor(ids["user"], councillor.name))
    after = _counted(scope)
    assert after == _expected(walled, "file", ids)
    assert after["submission_answers"] == 2 * 28  # plan and submission
    assert _counted(Scope.file(file, region, _user(walled, officer.email)))["submission_answers"] == 0


def _counted(scope: Scope) -> dict[str, int | str]:
    """Table → rows this scope counts, or DENIED."""
    found: dict[str, int | str] = {}
    with within(scope) as session:
        for table in TABLES:
            try:
                with session.begin_nested():
                    found[table] = session.scalar(sa.text(f"select count(*) from {table}")) or 0
            except ProgrammingError as error:
                if not isinstance(error.orig, InsufficientPrivilege):
                    raise
                found[table] = DENIED
        raise Rollback
    return found


def _expected(app: Flask, kind: str, ids: Ids) -> dict[str, int | str]:
    """Table → rows the owner counts under the condition of this kind of scope."""
    nothing = dict.fromkeys(("council", "region", "file", "home", "user"))
    found: dict[str, int | str] = {}
    with as_owner(app.config["CHARTERWAY"]) as owner:
        for table, seen in TABLES.items():
            condition = getattr(seen, kind)
            if condition in (None, DENIED):
                found[table] = DENIED if condition else 0
                continue
            names = sa.text(f"select count(*) from {table} where {condition}")
            used = {name: value for name, value in (nothing | ids).items() if name in names._bindparams}
            found[table] = owner.scalar(names, used) or 0
    return found


def _find(app: Flask, statement: str) -> UUID:
    with as_owner(app.config["CHARTERWAY"]) as owner:
        return owner.scalar(sa.text(statement))  # type: ignore[return-value]


def _region(app: Flask) -> UUID:
    return _find(app, "select id from regions where slug = 'larkmere'")


def _council(app: Flask, slug: str) -> UUID:
    return _find(app, f"select id from councils where slug = '{slug}'")


def _user(app: Flask, email: str) -> UUID:
    return _find(app, f"select id from users where email = '{email}'")
