"""What is proved at the door, for tokens and operators too; a directory's role; drafts of reports that are over."""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None

# Who somebody is, as in 0030; here with whether operators need a second factor, and with the single sign-ons that the
# person must have come through: demanded, of the address's domain, in a place whose access the person does not manage.
WANTED_BEFORE = """
            'factor_wanted', exists (
                select from access a join door_rules d on d.region_id = a.region_id
                where a.user_id = u.id and a.ended_at is null and d.roles ? a.role),"""
WANTED = """
            'factor_wanted', exists (
                select from access a join door_rules d on d.region_id = a.region_id
                where a.user_id = u.id and a.ended_at is null and d.roles ? a.role) or exists (
                select from access a join platform_door_rules d on d.wanted
                where a.user_id = u.id and a.ended_at is null and a.role = 'operator'),
            'sign_on_wanted', coalesce((
                select jsonb_agg(distinct p.id)
                from access a
                join sign_in_providers p on p.council_id = a.council_id
                    or (p.council_id is null and a.council_id is null and p.region_id = a.region_id)
                left join councils c on c.id = p.council_id
                where a.user_id = u.id and a.ended_at is null and (c.id is null or c.active)
                    and p.required and p.switched_on_at is not null and p.removed_at is null
                    and p.domains ? substring(u.email from '@([^@]*)$')
                    and not exists (
                        select from access m
                        where m.user_id = u.id and m.ended_at is null and m.role in ('council_lead', 'region_officer')
                            and m.region_id = p.region_id and m.council_id is not distinct from p.council_id)), '[]'),"""
WHO = """
create or replace function tenancy.who(wanted uuid, wanted_file uuid) returns jsonb
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return (
        select jsonb_build_object(
            'id', u.id, 'name', u.name, 'email', u.email, 'epoch', u.epoch,{wanted}
            'places', coalesce((
                select jsonb_agg(jsonb_build_object(
                    'unread', coalesce((
                        select count(*) from notices n
                        where n.user_id = u.id and n.council_id = a.council_id and n.read_at is null), 0),
                    'kind', case when a.council_id is not null then 'council'
                                 when a.region_id is not null then 'region' else 'platform' end,
                    'id', coalesce(a.council_id, a.region_id), 'role', a.role,
                    'slug', coalesce(c.slug, r.slug, 'platform'), 'name', coalesce(c.name, r.name, 'Charterway'),
                    'region_id', r.id, 'region_name', r.name, 'region_slug', r.slug, 'accent', r.accent)
                    order by a.granted_at, a.id)
                from access a
                left join councils c on c.id = a.council_id
                left join regions r on r.id = a.region_id
                where a.user_id = u.id and a.ended_at is null and (c.id is null or c.active)), '[]'),
            'file', (
                select jsonb_build_object(
                    'id', s.accreditation_id, 'name', s.council_name, 'region_id', r.id, 'region_name', r.name,
                    'region_slug', r.slug, 'accent', r.accent)
                from assignments s join regions r on r.id = s.region_id
                where s.accreditation_id = wanted_file and s.user_id = u.id and s.duty = 'scorer'
                    and s.withdrawn_at is null and s.closed_at is null
                    and exists (
                        select from access a where a.user_id = u.id and a.region_id = s.region_id
                            and a.role = 'assessor' and a.ended_at is null)))
        from users u where u.id = wanted and u.disabled_at is null);
end;
$body$
"""
BEARER = """
create or replace function tenancy.token_bearer(shown text, wanted_file uuid, today date) returns jsonb
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare token tokens%rowtype;
begin
    select * into token from tokens t
        where t.key_hash = shown and t.revoked_at is null and t.expires_at > now();
    if not found then return null; end if;
    if token.last_used_on is distinct from today then
        update tokens t set last_used_on = today where t.id = token.id;
    end if;
    return jsonb_build_object(
        'id', token.id, 'purpose', token.purpose, 'read_only', token.read_only, 'region_id', token.region_id,
        'council_id', token.council_id, 'who', tenancy.who(token.user_id, wanted_file){proved});
end;
$body$
"""
PROVED = """, 'with_factor', token.with_factor,
        'provider_id', token.provider_id"""
FORGET_SCORE_DRAFTS_BEFORE = """
create or replace function tenancy.forget_score_drafts(before timestamptz, really boolean) returns bigint
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
OVER = """
            select from accreditations a
            left join awards w on w.council_id = a.council_id and w.accreditation_id = a.id
            where a.council_id = d.council_id and a.id = d.accreditation_id
                and ((a.stage in ('withdrawn', 'lapsed', 'ended', 'not_yet') and a.stage_since < before)
                    or (w.ending is not null and w.ended_on < before::date))"""
FORGET_SCORE_DRAFTS = f"""
create or replace function tenancy.forget_score_drafts(before timestamptz, really boolean) returns bigint
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare old uuid[];
begin
    if tenancy.region() is null then return 0; end if;
    select coalesce(array_agg(d.id), '{{}}') into old from score_drafts d
        join assignments s on s.council_id = d.council_id and s.id = d.assignment_id
        where d.region_id = tenancy.region()
            and (s.closed_at < before or s.withdrawn_at < before or exists ({OVER}));
    if really then
        delete from score_drafts where region_id = tenancy.region() and id = any (old);
    end if;
    return cardinality(old);
end;
$body$
"""
"""Working scores of a file that was closed, that its assessor left, or whose award or self-assessment is over."""
FORGET_REPORT_DRAFTS = f"""
create function tenancy.forget_report_drafts(before timestamptz, really boolean) returns bigint
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare old uuid[];
begin
    if tenancy.region() is null then return 0; end if;
    select coalesce(array_agg(d.id), '{{}}') into old from report_drafts d
        where d.region_id = tenancy.region() and exists ({OVER});
    if really then
        delete from report_drafts where region_id = tenancy.region() and id = any (old);
    end if;
    return cardinality(old);
end;
$body$
"""
"""Drafts of reports whose award or self-assessment is over, with the versions of each; what was issued stays."""
MORE = """
create policy gate_delete on report_drafts as permissive for delete to gate using (true);
grant delete on report_drafts to gate;
grant update (user_name) on tokens to app;
"""
LESS = """
revoke update (user_name) on tokens from app;
revoke delete on report_drafts from gate;
drop policy gate_delete on report_drafts;
"""


def upgrade() -> None:
    op.add_column('tokens', sa.Column('with_factor', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('tokens', sa.Column('provider_id', sa.Uuid(), nullable=True))
    op.create_table('directories',
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_name', sa.Text(), nullable=False),
    sa.CheckConstraint("role in ('council_viewer', 'council_editor', 'group_leader', 'member')", name=op.f('ck_directories_role')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_directories_council_id')),
    sa.PrimaryKeyConstraint('council_id', name=op.f('pk_directories'))
    )
    op.create_table('platform_door_rules',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('of_whom', sa.Text(), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_name', sa.Text(), nullable=False),
    sa.CheckConstraint("of_whom = 'operators'", name=op.f('ck_platform_door_rules_of_whom')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_door_rules')),
    sa.UniqueConstraint('of_whom', name=op.f('uq_platform_door_rules_of_whom'))
    )
    op.execute("""
        alter table directories enable row level security;
        alter table directories force row level security;
        create policy owner_all on directories as permissive for all to owner using (true) with check (true);
        create policy gate_select on directories as permissive for select to gate using (true);
        create policy council_select on directories as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on directories as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on directories as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        grant insert on directories to app;
        grant select on directories to app;
        grant update on directories to app;
        grant select on directories to gate
        """)
    op.execute("""
        alter table platform_door_rules enable row level security;
        alter table platform_door_rules force row level security;
        create policy owner_all on platform_door_rules as permissive for all to owner using (true) with check (true);
        create policy gate_select on platform_door_rules as permissive for select to gate using (true);
        create policy operator_select on platform_door_rules as permissive for select to app using ((select tenancy.is_operator()));
        create policy operator_insert on platform_door_rules as permissive for insert to app with check ((select tenancy.is_operator()));
        create policy operator_update on platform_door_rules as permissive for update to app using ((select tenancy.is_operator())) with check ((select tenancy.is_operator()));
        grant insert on platform_door_rules to app;
        grant select on platform_door_rules to app;
        grant update on platform_door_rules to app;
        grant select on platform_door_rules to gate
        """)
    op.execute(MORE)
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(WHO.replace("{wanted}", WANTED))
    op.execute(BEARER.replace("{proved}", PROVED))
    op.execute(FORGET_SCORE_DRAFTS)
    op.execute(FORGET_REPORT_DRAFTS)
    op.execute("revoke all on function tenancy.forget_report_drafts(timestamptz, boolean) from public")
    op.execute("grant execute on function tenancy.forget_report_drafts(timestamptz, boolean) to app, owner")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")


def downgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute("drop function tenancy.forget_report_drafts(timestamptz, boolean)")
    op.execute(FORGET_SCORE_DRAFTS_BEFORE)
    op.execute(BEARER.replace("{proved}", ""))
    op.execute(WHO.replace("{wanted}", WANTED_BEFORE))
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
    op.execute(LESS)
    op.drop_table('platform_door_rules')
    op.drop_table('directories')
    op.drop_column('tokens', 'provider_id')
    op.drop_column('tokens', 'with_factor')
