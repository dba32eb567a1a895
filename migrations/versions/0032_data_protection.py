"""How long what is kept, files made for one person, and rehearsed backups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


ERASE = """
create function tenancy.erase_payloads(before timestamptz, about uuid[], really boolean) returns bigint
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare of_council uuid := tenancy.council(); of_region uuid := tenancy.region(); wanted uuid[];
begin
    if of_council is null and of_region is null and not exists (
        select from users u where u.id = tenancy.user_id() and u.disabled_at is not null) then return 0; end if;
    -- the log of the own scope alone, a person's once the account is emptied; the words of an accreditation stay
    -- until it, or the award it led to, is over
    select coalesce(array_agg(e.id), '{}') into wanted from events e
        where e.payload is not null
            and case when of_council is not null then e.scope = 'council:' || of_council
                when of_region is not null
                    then e.scope = 'region:' || of_region or (e.scope like 'file:%' and e.region_id = of_region)
                else e.scope = 'user:' || tenancy.user_id() end
            and (e.at < before or e.subject_id = any (about))
            and (e.accreditation_id is null or exists (
                select from accreditations a
                left join awards w on w.council_id = a.council_id and w.accreditation_id = a.id
                where a.id = e.accreditation_id
                    and (a.stage in ('withdrawn', 'lapsed', 'ended', 'not_yet') or w.ending is not null)));
    if really then
        update events set payload = null, salt = null where id = any (wanted);
    end if;
    return cardinality(wanted);
end;
$body$
"""
"""What the log says in words, older than `before` or about these rows; the chain runs over digests and still holds."""

FORGET_SCORE_DRAFTS = """
create function tenancy.forget_score_drafts(before timestamptz, really boolean) returns bigint
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare found bigint;
begin
    if tenancy.region() is null then return 0; end if;
    select count(*) into found from score_drafts d
        join assignments s on s.council_id = d.council_id and s.id = d.assignment_id
        where d.region_id = tenancy.region() and s.closed_at < before;
    if really then
        delete from score_drafts d using assignments s
            where s.council_id = d.council_id and s.id = d.assignment_id
                and d.region_id = tenancy.region() and s.closed_at < before;
    end if;
    return found;
end;
$body$
"""

IDLE = """
create function tenancy.idle_users(before timestamptz) returns uuid[]
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    if tenancy.user_id() is not null or not tenancy.is_operator() then return '{}'; end if;
    return coalesce((
        select array_agg(u.id order by u.id) from users u
        where u.disabled_at is null and u.created_at < before
            and not exists (select from access a
                where a.user_id = u.id and coalesce(a.ended_at, 'infinity') >= before)
            and not exists (select from invitations i
                where i.email = u.email and i.used_at is null and i.withdrawn_at is null and i.expires_at > now())),
        '{}');
end;
$body$
"""

READINGS = """
create function tenancy.own_readings() returns table (at timestamptz, reader text, council text)
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
declare who uuid := tenancy.user_id();
begin
    if who is null then return; end if;
    return query
        select e.at, coalesce(e.payload ->> 'by', ''), s.council_name
        from (select distinct t.accreditation_id, t.council_name from assignments t where t.user_id = who) as s
        join events e on e.accreditation_id = s.accreditation_id and e.verb = 'interview.read'
        where e.actor is distinct from who and exists (
            select from events n where n.accreditation_id = s.accreditation_id
                and n.verb = 'interview.noted' and n.actor = who and n.at <= e.at)
        order by 1 desc;
end;
$body$
"""
"""Who read notes of interviews among which the asker's own stood."""

PERSON = """
create function tenancy.person_rows(source text) returns table (document jsonb, whole boolean)
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
declare
    who uuid := tenancy.user_id();
    own_councils uuid[];
    own_regions uuid[];
    about text[] := array[
        'users.id', 'credentials.user_id', 'access.user_id', 'invitations.email', 'links.user_id',
        'tokens.user_id', 'authenticators.user_id', 'passkeys.user_id', 'recovery_codes.user_id',
        'sign_in_identities.user_id', 'provisioned_users.email', 'notices.user_id',
        'calendar_feeds.user_id', 'saved_filters.user_id', 'prepared_files.user_id', 'members.email',
        'office_holders.email', 'office_holders.user_id', 'element_owners.user_id',
        'signature_requests.email', 'signature_requests.user_id', 'contribution_requests.email',
        'assessors.user_id', 'assessor_absences.user_id', 'assessor_councils.user_id',
        'assignments.user_id'];
    of_council text[] := array[
        'action_notes.written_by', 'answer_comments.written_by', 'answer_versions.written_by',
        'answers.confirmed_by', 'answers.updated_by', 'appeals.lodged_by',
        'chair_confirmations.confirmed_by', 'clarification_answers.answered_by',
        'contribution_requests.asked_by', 'declaration_signatures.recorded_by', 'evidence.added_by',
        'evidence_versions.added_by', 'improvement_progress.reported_by', 'imports.read_by',
        'replies.replied_by', 'report_comments.commented_by', 'seal_requests.asked_by',
        'signature_requests.recorded_by', 'signings.opened_by', 'submissions.sent_by'];
    of_region text[] := array[
        'access.granted_by', 'appeal_decisions.decided_by', 'assignments.assigned_by',
        'clarifications.asked_by', 'council_imports.read_by', 'decisions.decided_by',
        'interim_reviews.reviewed_by', 'interview_notes.user_id', 'invitations.invited_by',
        'moderations.moderated_by', 'process_versions.changed_by', 'releases.set_by',
        'score_drafts.user_id', 'score_reopenings.reopened_by', 'scores.user_id',
        'submission_decisions.decided_by', 'successions.recorded_by'];
    left_out text[] := array['key_hash', 'password_hash', 'secret', 'code_hash', 'public_key', 'credential_id', 'salt',
        'client_secret', 'payload_digest', 'previous_hash', 'hash',
        'document', 'manifest', 'page', 'grid', 'rows', 'leftovers'];
    kept text := '^(id|at|verb|subject|subject_id|council_id|region_id|accreditation_id|number|.*_at|.*_on)$';
    named text := split_part(source, '.', 1);
    field text := split_part(source, '.', 2);
begin
    if who is null then return; end if;
    if source <> 'events.actor' and source <> all (about || of_council || of_region) then
        raise exception using errcode = 'insufficient_privilege', message = 'this column names nobody';
    end if;
    select coalesce(array_agg(distinct a.council_id), '{}') into own_councils from access a
        where a.user_id = who and a.council_id is not null and a.ended_at is null;
    select coalesce(array_agg(distinct a.region_id), '{}') into own_regions from access a
        where a.user_id = who and a.council_id is null and a.ended_at is null and a.role <> 'assessor';
    return query execute format($query$
        select case when found.whole then found.row - $1 else (
            select coalesce(jsonb_object_agg(each.key, each.value), '{}') from jsonb_each(found.row - $1) as each
            where each.key ~ $2) end, found.whole
        from (
            select to_jsonb(t) as row, case
                when $3 = 'about' then true
                when $3 = 'council' then (to_jsonb(t) ->> 'council_id')::uuid = any ($4)
                when $3 = 'region' then coalesce((to_jsonb(t) ->> 'region_id')::uuid = any ($5), false)
                else coalesce(to_jsonb(t) ->> 'scope' = 'user:' || $6, false)
                    or coalesce(substring(to_jsonb(t) ->> 'scope' from '^council:(.*)$')::uuid = any ($4), false)
                    or coalesce(substring(to_jsonb(t) ->> 'scope' from '^region:(.*)$')::uuid = any ($5), false)
            end as whole
            from %I t where %s) as found$query$,
        named, case when field = 'email'
            then 't.email = (select u.email from users u where u.id = $6)' else format('t.%I = $6', field) end)
        using left_out, kept, case
            when source = any (about) then 'about' when source = any (of_council) then 'council'
            when source = any (of_region) then 'region' else 'log' end,
            own_councils, own_regions, who;
end;
$body$
"""
"""The asker's own rows of one column; of what was done where he or she has no access any more, only what and when."""

FUNCTIONS = (
    ("erase_payloads(timestamptz, uuid[], boolean)", ERASE),
    ("forget_score_drafts(timestamptz, boolean)", FORGET_SCORE_DRAFTS),
    ("idle_users(timestamptz)", IDLE),
    ("own_readings()", READINGS),
    ("person_rows(text)", PERSON),
)
MORE = """
create policy gate_update on events as permissive for update to gate using (true) with check (true);
grant update on events to gate;
create policy gate_delete on score_drafts as permissive for delete to gate using (true);
grant delete on score_drafts to gate;
create policy council_delete on notices as permissive for delete to app using (council_id = (select tenancy.council()));
grant delete on notices to app;
create policy council_delete on answer_comments as permissive for delete to app using (council_id = (select tenancy.council()));
grant delete on answer_comments to app;
grant update (email) on access to app;
"""
LESS = """
revoke update (email) on access from app;
drop policy council_delete on answer_comments;
revoke delete on answer_comments from app;
drop policy council_delete on notices;
revoke delete on notices from app;
drop policy gate_delete on score_drafts;
revoke delete on score_drafts from gate;
drop policy gate_update on events;
revoke update on events from gate;
"""


def upgrade() -> None:
    op.create_table('rehearsals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('seconds', sa.BigInteger(), nullable=False),
    sa.Column('document', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rehearsals'))
    )
    op.create_table('prepared_files',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('file', sa.Text(), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failure', sa.Text(), nullable=False),
    sa.CheckConstraint("kind in ('person', 'council')", name=op.f('ck_prepared_files_kind')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_prepared_files_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_prepared_files_region_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_prepared_files_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prepared_files'))
    )
    op.create_index('ix_prepared_files_user_id', 'prepared_files', ['user_id'], unique=False)
    op.create_table('retention_rules',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('months', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_retention_rules_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_retention_rules_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_rules'))
    )
    op.create_index('uq_retention_rules_kind', 'retention_rules', ['region_id', 'council_id', 'kind'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('retention_runs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('ran_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counts', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_retention_runs_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_retention_runs_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_runs'))
    )
    op.create_index('ix_retention_runs_council_id', 'retention_runs', ['council_id'], unique=False)
    op.create_index('ix_retention_runs_region_id', 'retention_runs', ['region_id'], unique=False)
    op.execute("""
        alter table rehearsals enable row level security;
        alter table rehearsals force row level security;
        create policy owner_all on rehearsals as permissive for all to owner using (true) with check (true);
        create policy gate_select on rehearsals as permissive for select to gate using (true);
        create policy everyone_select on rehearsals as permissive for select to app using (true);
        create policy operator_insert on rehearsals as permissive for insert to app with check ((select tenancy.is_operator()));
        grant insert on rehearsals to app;
        grant select on rehearsals to app;
        grant select on rehearsals to gate
        """)
    op.execute("""
        alter table prepared_files enable row level security;
        alter table prepared_files force row level security;
        create policy owner_all on prepared_files as permissive for all to owner using (true) with check (true);
        create policy gate_select on prepared_files as permissive for select to gate using (true);
        create policy user_select on prepared_files as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on prepared_files as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on prepared_files as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        grant insert on prepared_files to app;
        grant select on prepared_files to app;
        grant update on prepared_files to app;
        grant select on prepared_files to gate
        """)
    op.execute("""
        alter table retention_rules enable row level security;
        alter table retention_rules force row level security;
        create policy owner_all on retention_rules as permissive for all to owner using (true) with check (true);
        create policy gate_select on retention_rules as permissive for select to gate using (true);
        create policy council_select on retention_rules as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on retention_rules as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on retention_rules as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on retention_rules as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_insert on retention_rules as permissive for insert to app with check (region_id = (select tenancy.region()) and council_id is null);
        create policy region_update on retention_rules as permissive for update to app using (region_id = (select tenancy.region()) and council_id is null) with check (region_id = (select tenancy.region()) and council_id is null);
        create policy home_select on retention_rules as permissive for select to app using (region_id = (select tenancy.home_region()) and council_id is null);
        grant insert on retention_rules to app;
        grant select on retention_rules to app;
        grant update on retention_rules to app;
        grant select on retention_rules to gate
        """)
    op.execute("""
        alter table retention_runs enable row level security;
        alter table retention_runs force row level security;
        create policy owner_all on retention_runs as permissive for all to owner using (true) with check (true);
        create policy gate_select on retention_runs as permissive for select to gate using (true);
        create policy council_select on retention_runs as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on retention_runs as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on retention_runs as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_insert on retention_runs as permissive for insert to app with check (region_id = (select tenancy.region()) and council_id is null);
        grant insert on retention_runs to app;
        grant select on retention_runs to app;
        grant select on retention_runs to gate
        """)
    op.create_table('privacy_notices',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('controller', sa.Text(), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('protection_officer', sa.Text(), nullable=False),
    sa.Column('processor', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_privacy_notices_region_id')),
    sa.PrimaryKeyConstraint('region_id', name=op.f('pk_privacy_notices'))
    )
    op.execute("""
        alter table privacy_notices enable row level security;
        alter table privacy_notices force row level security;
        create policy owner_all on privacy_notices as permissive for all to owner using (true) with check (true);
        create policy gate_select on privacy_notices as permissive for select to gate using (true);
        create policy everyone_select on privacy_notices as permissive for select to app using (true);
        create policy region_insert on privacy_notices as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on privacy_notices as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on privacy_notices to app;
        grant select on privacy_notices to app;
        grant update on privacy_notices to app;
        grant select on privacy_notices to gate
        """)
    op.execute(MORE)
    op.execute("grant create on schema tenancy to gate")
    for function, body in FUNCTIONS:
        op.execute(body)
        op.execute(f"revoke all on function tenancy.{function} from public")
        op.execute(f"alter function tenancy.{function} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    for function, _ in FUNCTIONS:
        op.execute(f"grant execute on function tenancy.{function} to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    for function, _ in FUNCTIONS:
        op.execute(f"drop function tenancy.{function}")
    op.execute("reset role")
    op.execute(LESS)
    op.drop_table('privacy_notices')
    op.drop_index('ix_retention_runs_region_id', table_name='retention_runs')
    op.drop_index('ix_retention_runs_council_id', table_name='retention_runs')
    op.drop_table('retention_runs')
    op.drop_index('uq_retention_rules_kind', table_name='retention_rules', postgresql_nulls_not_distinct=True)
    op.drop_table('retention_rules')
    op.drop_index('ix_prepared_files_user_id', table_name='prepared_files')
    op.drop_table('prepared_files')
    op.drop_table('rehearsals')
