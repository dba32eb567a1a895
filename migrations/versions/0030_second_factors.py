"""Second factors of sign-in, and for whom a region demands one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

# Who somebody is, as in 0005; here with whether a region demands a second factor of one of the roles.
WANTED = """
            'factor_wanted', exists (
                select from access a join door_rules d on d.region_id = a.region_id
                where a.user_id = u.id and a.ended_at is null and d.roles ? a.role),"""
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


def upgrade() -> None:
    op.add_column('users', sa.Column('mail_new_browser', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_table('authenticators',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_authenticators_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_authenticators'))
    )
    op.create_table('door_rules',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('roles', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_door_rules_region_id')),
    sa.PrimaryKeyConstraint('region_id', name=op.f('pk_door_rules'))
    )
    op.create_table('passkeys',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('credential_id', sa.Text(), nullable=False),
    sa.Column('public_key', sa.Text(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('transports', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_passkeys_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkeys_credential_id'))
    )
    op.create_index('ix_passkeys_user_id', 'passkeys', ['user_id'], unique=False)
    op.create_table('recovery_codes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes'))
    )
    op.create_index('ix_recovery_codes_user_id', 'recovery_codes', ['user_id'], unique=False)
    op.execute("""
        alter table authenticators enable row level security;
        alter table authenticators force row level security;
        create policy owner_all on authenticators as permissive for all to owner using (true) with check (true);
        create policy gate_select on authenticators as permissive for select to gate using (true);
        create policy user_select on authenticators as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on authenticators as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on authenticators as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy user_delete on authenticators as permissive for delete to app using (user_id = (select tenancy.user_id()));
        grant delete on authenticators to app;
        grant insert on authenticators to app;
        grant select on authenticators to app;
        grant update on authenticators to app;
        grant select on authenticators to gate
        """)
    op.execute("""
        alter table door_rules enable row level security;
        alter table door_rules force row level security;
        create policy owner_all on door_rules as permissive for all to owner using (true) with check (true);
        create policy gate_select on door_rules as permissive for select to gate using (true);
        create policy region_select on door_rules as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on door_rules as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on door_rules as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy home_select on door_rules as permissive for select to app using (region_id = (select tenancy.home_region()));
        grant insert on door_rules to app;
        grant select on door_rules to app;
        grant update on door_rules to app;
        grant select on door_rules to gate
        """)
    op.execute("""
        alter table passkeys enable row level security;
        alter table passkeys force row level security;
        create policy owner_all on passkeys as permissive for all to owner using (true) with check (true);
        create policy gate_select on passkeys as permissive for select to gate using (true);
        create policy user_select on passkeys as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on passkeys as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on passkeys as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy user_delete on passkeys as permissive for delete to app using (user_id = (select tenancy.user_id()));
        grant delete on passkeys to app;
        grant insert on passkeys to app;
        grant select on passkeys to app;
        grant update on passkeys to app;
        grant select on passkeys to gate
        """)
    op.execute("""
        alter table recovery_codes enable row level security;
        alter table recovery_codes force row level security;
        create policy owner_all on recovery_codes as permissive for all to owner using (true) with check (true);
        create policy gate_select on recovery_codes as permissive for select to gate using (true);
        create policy user_select on recovery_codes as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on recovery_codes as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on recovery_codes as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy user_delete on recovery_codes as permissive for delete to app using (user_id = (select tenancy.user_id()));
        grant delete on recovery_codes to app;
        grant insert on recovery_codes to app;
        grant select on recovery_codes to app;
        grant update on recovery_codes to app;
        grant select on recovery_codes to gate
        """)
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(WHO.replace("{wanted}", WANTED))
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")


def downgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(WHO.replace("{wanted}", ""))
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
    op.drop_index('ix_recovery_codes_user_id', table_name='recovery_codes')
    op.drop_table('recovery_codes')
    op.drop_index('ix_passkeys_user_id', table_name='passkeys')
    op.drop_table('passkeys')
    op.drop_table('door_rules')
    op.drop_table('authenticators')
    op.drop_column('users', 'mail_new_browser')
