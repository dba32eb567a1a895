"""Single sign-on, who came through it, and whom a directory provisioned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

# Before anybody is known: where the people of a mail domain sign in, and who came from there before.
FOR_DOMAIN = """
create function tenancy.providers_of_domain(wanted text) returns jsonb
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', p.id, 'name', p.name, 'required', p.required, 'place_id', coalesce(p.council_id, p.region_id),
            'place_name', coalesce(c.name, r.name)) order by p.made_at, p.id)
        from sign_in_providers p join regions r on r.id = p.region_id left join councils c on c.id = p.council_id
        where p.removed_at is null and p.switched_on_at is not null and p.domains ? wanted
            and (c.id is null or c.active)), '[]');
end;
$body$
"""
PROVIDER = """
create function tenancy.sign_in_provider(wanted uuid) returns jsonb
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return (
        select to_jsonb(p) from sign_in_providers p where p.id = wanted and p.removed_at is null);
end;
$body$
"""
IDENTITY = """
create function tenancy.identity(wanted_provider uuid, wanted_issuer text, wanted_subject text) returns uuid
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return (
        select i.user_id from sign_in_identities i
        where i.provider_id = wanted_provider and i.issuer = wanted_issuer and i.subject = wanted_subject);
end;
$body$
"""
FUNCTIONS = (
    ("providers_of_domain(text)", FOR_DOMAIN),
    ("sign_in_provider(uuid)", PROVIDER),
    ("identity(uuid, text, text)", IDENTITY),
)


def upgrade() -> None:
    op.create_table('provisioned_users',
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('user_name', sa.Text(), nullable=False),
    sa.Column('given_name', sa.Text(), nullable=False),
    sa.Column('family_name', sa.Text(), nullable=False),
    sa.Column('display_name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_provisioned_users')),
    sa.UniqueConstraint('council_id', 'external_id', name=op.f('uq_provisioned_users_council_id_external_id')),
    sa.UniqueConstraint('council_id', 'user_name', name=op.f('uq_provisioned_users_council_id_user_name'))
    )
    op.create_table('sign_in_providers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('client_secret', sa.Text(), nullable=False),
    sa.Column('domains', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_name', sa.Text(), nullable=False),
    sa.Column('switched_on_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_sign_in_providers_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_sign_in_providers_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_providers'))
    )
    op.create_index('ix_sign_in_providers_council_id', 'sign_in_providers', ['council_id'], unique=False)
    op.create_index('ix_sign_in_providers_region_id', 'sign_in_providers', ['region_id'], unique=False)
    op.create_index('uq_sign_in_providers_current', 'sign_in_providers', ['region_id', 'council_id'], unique=True, postgresql_where=sa.text('removed_at is null'), postgresql_nulls_not_distinct=True)
    op.create_table('sign_in_identities',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('provider_id', sa.Uuid(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['provider_id'], ['sign_in_providers.id'], name=op.f('fk_sign_in_identities_provider_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sign_in_identities_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_identities')),
    sa.UniqueConstraint('provider_id', 'issuer', 'subject', name=op.f('uq_sign_in_identities_provider_id_issuer_subject'))
    )
    op.create_index('ix_sign_in_identities_user_id', 'sign_in_identities', ['user_id'], unique=False)
    op.execute("""
        alter table provisioned_users enable row level security;
        alter table provisioned_users force row level security;
        create policy owner_all on provisioned_users as permissive for all to owner using (true) with check (true);
        create policy gate_select on provisioned_users as permissive for select to gate using (true);
        create policy council_select on provisioned_users as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on provisioned_users as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on provisioned_users as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on provisioned_users as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on provisioned_users to app;
        grant insert on provisioned_users to app;
        grant select on provisioned_users to app;
        grant update on provisioned_users to app;
        grant select on provisioned_users to gate
        """)
    op.execute("""
        alter table sign_in_providers enable row level security;
        alter table sign_in_providers force row level security;
        create policy owner_all on sign_in_providers as permissive for all to owner using (true) with check (true);
        create policy gate_select on sign_in_providers as permissive for select to gate using (true);
        create policy council_select on sign_in_providers as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on sign_in_providers as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on sign_in_providers as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on sign_in_providers as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_insert on sign_in_providers as permissive for insert to app with check (region_id = (select tenancy.region()) and council_id is null);
        create policy region_update on sign_in_providers as permissive for update to app using (region_id = (select tenancy.region()) and council_id is null) with check (region_id = (select tenancy.region()) and council_id is null);
        grant insert on sign_in_providers to app;
        grant select on sign_in_providers to app;
        grant update on sign_in_providers to app;
        grant select on sign_in_providers to gate
        """)
    op.execute("""
        alter table sign_in_identities enable row level security;
        alter table sign_in_identities force row level security;
        create policy owner_all on sign_in_identities as permissive for all to owner using (true) with check (true);
        create policy gate_select on sign_in_identities as permissive for select to gate using (true);
        create policy user_select on sign_in_identities as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on sign_in_identities as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on sign_in_identities as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy user_delete on sign_in_identities as permissive for delete to app using (user_id = (select tenancy.user_id()));
        grant delete on sign_in_identities to app;
        grant insert on sign_in_identities to app;
        grant select on sign_in_identities to app;
        grant update on sign_in_identities to app;
        grant select on sign_in_identities to gate
        """)
    op.drop_constraint(op.f('ck_links_purpose'), 'links', type_='check')
    op.create_check_constraint(op.f('ck_links_purpose'), 'links', "purpose in ('password_reset', 'identity_link')")
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
    op.execute("delete from links where purpose = 'identity_link'")
    op.drop_constraint(op.f('ck_links_purpose'), 'links', type_='check')
    op.create_check_constraint(op.f('ck_links_purpose'), 'links', "purpose in ('password_reset')")
    op.drop_index('ix_sign_in_identities_user_id', table_name='sign_in_identities')
    op.drop_table('sign_in_identities')
    op.drop_index('uq_sign_in_providers_current', table_name='sign_in_providers')
    op.drop_index('ix_sign_in_providers_region_id', table_name='sign_in_providers')
    op.drop_index('ix_sign_in_providers_council_id', table_name='sign_in_providers')
    op.drop_table('sign_in_providers')
    op.drop_table('provisioned_users')
