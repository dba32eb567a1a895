"""Notices, calendar feeds, and the rounds of daily jobs."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# Who somebody is, as in 0001; here with what each council has to tell that person, in the one statement every request
# makes anyway.
UNREAD = """
                    'unread', coalesce((
                        select count(*) from notices n
                        where n.user_id = u.id and n.council_id = a.council_id and n.read_at is null), 0),"""
WHO = """
create or replace function tenancy.who(wanted uuid, wanted_file uuid) returns jsonb
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return (
        select jsonb_build_object(
            'id', u.id, 'name', u.name, 'email', u.email, 'epoch', u.epoch,
            'places', coalesce((
                select jsonb_agg(jsonb_build_object({unread}
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
# The console's alone, which starts what runs in every council once a day: ids and nothing else.
ACTIVE = """
create function tenancy.active_councils() returns table (id uuid, region_id uuid)
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    if tenancy.user_id() is not null or not tenancy.is_operator() then return; end if;
    return query select c.id, c.region_id from councils c where c.active order by c.id;
end;
$body$
"""


def upgrade() -> None:
    op.create_table('notices',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_notices')),
    sa.UniqueConstraint('council_id', 'user_id', 'key', name=op.f('uq_notices_council_id_user_id_key'))
    )
    op.create_index('ix_notices_council_id_user_id_at', 'notices', ['council_id', 'user_id', 'at'], unique=False)
    op.create_index('ix_notices_unread', 'notices', ['council_id', 'user_id'], unique=False, postgresql_where='read_at is null')
    op.create_table('rounds',
    sa.Column('job', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('job', 'day', name=op.f('pk_rounds'))
    )
    op.create_table('calendar_feeds',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('key_hash', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_calendar_feeds_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_calendar_feeds'))
    )
    op.create_index('ix_calendar_feeds_key_hash', 'calendar_feeds', ['key_hash'], unique=False)
    op.create_index('ix_calendar_feeds_user_id', 'calendar_feeds', ['user_id'], unique=False)
    op.execute("""
        alter table notices enable row level security;
        alter table notices force row level security;
        create policy owner_all on notices as permissive for all to owner using (true) with check (true);
        create policy gate_select on notices as permissive for select to gate using (true);
        create policy council_select on notices as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on notices as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on notices as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        grant insert on notices to app;
        grant select on notices to app;
        grant update on notices to app;
        grant select on notices to gate
        """)
    op.execute("""
        alter table rounds enable row level security;
        alter table rounds force row level security;
        create policy owner_all on rounds as permissive for all to owner using (true) with check (true);
        create policy gate_select on rounds as permissive for select to gate using (true);
        create policy everyone_select on rounds as permissive for select to app using (true);
        create policy operator_insert on rounds as permissive for insert to app with check ((select tenancy.is_operator()));
        grant insert on rounds to app;
        grant select on rounds to app;
        grant select on rounds to gate
        """)
    op.execute("""
        alter table calendar_feeds enable row level security;
        alter table calendar_feeds force row level security;
        create policy owner_all on calendar_feeds as permissive for all to owner using (true) with check (true);
        create policy gate_select on calendar_feeds as permissive for select to gate using (true);
        create policy bearer_select on calendar_feeds as permissive for select to app using (key_hash = (select tenancy.key_hash()));
        create policy own_select on calendar_feeds as permissive for select to app using (user_id = (select tenancy.user_id()) and council_id = (select tenancy.council()));
        create policy own_insert on calendar_feeds as permissive for insert to app with check (user_id = (select tenancy.user_id()) and council_id = (select tenancy.council()));
        create policy own_update on calendar_feeds as permissive for update to app using (user_id = (select tenancy.user_id()) and council_id = (select tenancy.council())) with check (user_id = (select tenancy.user_id()) and council_id = (select tenancy.council()));
        grant insert on calendar_feeds to app;
        grant select on calendar_feeds to app;
        grant update on calendar_feeds to app;
        grant select on calendar_feeds to gate
        """)
    op.execute("grant create on schema tenancy to gate")
    op.execute(ACTIVE)
    op.execute("revoke all on function tenancy.active_councils() from public")
    op.execute("alter function tenancy.active_councils() owner to gate")
    op.execute("set local role gate")
    op.execute(WHO.replace("{unread}", UNREAD))
    op.execute("grant execute on function tenancy.active_councils() to app, owner")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")


def downgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(WHO.replace("{unread}", ""))
    op.execute("drop function tenancy.active_councils()")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
    op.drop_index('ix_calendar_feeds_user_id', table_name='calendar_feeds')
    op.drop_index('ix_calendar_feeds_key_hash', table_name='calendar_feeds')
    op.drop_table('calendar_feeds')
    op.drop_table('rounds')
    op.drop_index('ix_notices_unread', table_name='notices')
    op.drop_index('ix_notices_council_id_user_id_at', table_name='notices')
    op.drop_table('notices')
