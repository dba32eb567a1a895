"""The tables of the tenants, and the log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('event_heads',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('scope', name=op.f('pk_event_heads'))
    )
    op.create_table('events',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.Uuid(), nullable=True),
    sa.Column('verb', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('audience', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('region_id', sa.Uuid(), nullable=True),
    sa.Column('accreditation_id', sa.Uuid(), nullable=True),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('salt', sa.Text(), nullable=True),
    sa.Column('payload_digest', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.CheckConstraint("audience in ('council', 'region', 'shared', 'person', 'platform')", name=op.f('ck_events_audience')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sa.UniqueConstraint('scope', 'seq', name=op.f('uq_events_scope_seq'))
    )
    op.create_index('ix_events_accreditation_id_at', 'events', ['accreditation_id', 'at'], unique=False)
    op.create_index('ix_events_council_id_at', 'events', ['council_id', 'at'], unique=False)
    op.create_table('evidence',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('content_type', sa.Text(), nullable=True),
    sa.Column('filename', sa.Text(), nullable=True),
    sa.Column('speaks_for_on', sa.Date(), nullable=True),
    sa.Column('valid_until_on', sa.Date(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Uuid(), nullable=True),
    sa.Column('added_by_name', sa.Text(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(kind = 'file') = (sha256 is not null)", name=op.f('ck_evidence_file_has_hash')),
    sa.CheckConstraint("(kind = 'link') = (url is not null)", name=op.f('ck_evidence_link_has_url')),
    sa.CheckConstraint("kind in ('file', 'link')", name=op.f('ck_evidence_kind')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_evidence'))
    )
    op.create_index('ix_evidence_council_id_sha256', 'evidence', ['council_id', 'sha256'], unique=False)
    op.create_table('imports',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=True),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('rows', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('leftovers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('warnings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_by', sa.Uuid(), nullable=True),
    sa.Column('taken_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind in ('action_plan', 'members')", name=op.f('ck_imports_kind')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_imports'))
    )
    op.create_index('ix_imports_council_id_sha256', 'imports', ['council_id', 'sha256'], unique=False)
    op.create_table('outbox',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('job', sa.Text(), nullable=False),
    sa.Column('args', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('scope', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    op.create_index('ix_outbox_due_at', 'outbox', ['due_at'], unique=False)
    op.create_table('plans',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('monitor', sa.Text(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind in ('gap', 'improvements', 'own')", name=op.f('ck_plans_kind')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_plans'))
    )
    op.create_table('political_groups',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_political_groups')),
    sa.UniqueConstraint('council_id', 'name', name=op.f('uq_political_groups_council_id_name'))
    )
    op.create_table('regions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('accent', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regions')),
    sa.UniqueConstraint('slug', name=op.f('uq_regions_slug'))
    )
    op.create_table('slugs',
    sa.Column('slug', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_slugs'))
    )
    op.create_table('users',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('epoch', sa.BigInteger(), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email'))
    )
    op.create_table('actions',
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('ref', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('responsibility', sa.Text(), nullable=False),
    sa.Column('timescale', sa.Text(), nullable=False),
    sa.Column('earliest_on', sa.Date(), nullable=True),
    sa.Column('latest_on', sa.Date(), nullable=True),
    sa.Column('timescale_kind', sa.Text(), nullable=False),
    sa.Column('timescale_confidence', sa.Text(), nullable=False),
    sa.Column('timescale_reason', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=True),
    sa.Column('status_text', sa.Text(), nullable=False),
    sa.Column('status_proposed', sa.Text(), nullable=True),
    sa.Column('status_confirmed_by', sa.Text(), nullable=True),
    sa.Column('officer_days', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('cost', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("status is null or status in ('not_started', 'in_progress', 'completed', 'decided_against', 'blocked', 'transferred', 'recurring')", name=op.f('ck_actions_status')),
    sa.ForeignKeyConstraint(['council_id', 'plan_id'], ['plans.council_id', 'plans.id'], name=op.f('fk_actions_council_id_plan_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_actions'))
    )
    op.create_index('ix_actions_council_id_plan_id_position', 'actions', ['council_id', 'plan_id', 'position'], unique=False)
    op.create_table('councils',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('county', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('county', 'district', 'unitary', 'metropolitan', 'london_borough', 'fire', 'police', 'national_park')", name=op.f('ck_councils_kind')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_councils_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_councils')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_councils_id_region_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_councils_slug'))
    )
    op.create_index('ix_councils_region_id_name', 'councils', ['region_id', 'name'], unique=False)
    op.create_table('credentials',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_credentials_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_credentials'))
    )
    op.create_table('links',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose in ('password_reset')", name=op.f('ck_links_purpose')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_links_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_links')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_links_key_hash'))
    )
    op.create_table('members',
    sa.Column('given_name', sa.Text(), nullable=False),
    sa.Column('family_name', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('ward', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('group_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind in ('elected', 'co_opted', 'independent')", name=op.f('ck_members_kind')),
    sa.ForeignKeyConstraint(['council_id', 'group_id'], ['political_groups.council_id', 'political_groups.id'], name=op.f('fk_members_council_id_group_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_members')),
    sa.UniqueConstraint('council_id', 'reference', name=op.f('uq_members_council_id_reference'))
    )
    op.create_index('ix_members_council_id_family_name', 'members', ['council_id', 'family_name'], unique=False)
    op.create_table('access',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('display_name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('granted_by', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("case when council_id is not null then role in ('council_lead', 'council_editor', 'signatory', 'development_officer', 'steering_chair', 'group_leader', 'member', 'council_viewer') when region_id is not null then role in ('region_officer', 'region_decider', 'region_viewer', 'assessor') else role in ('operator') end", name=op.f('ck_access_role_fits_scope')),
    sa.CheckConstraint('council_id is null or region_id is not null', name=op.f('ck_access_council_has_region')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_access_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_access_region_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_access_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access'))
    )
    op.create_index('ix_access_council_id', 'access', ['council_id'], unique=False)
    op.create_index('ix_access_region_id', 'access', ['region_id'], unique=False)
    op.create_index('ix_access_user_id', 'access', ['user_id'], unique=False)
    op.create_index('uq_access_current', 'access', ['user_id', 'role', 'region_id', 'council_id'], unique=True, postgresql_where='ended_at is null', postgresql_nulls_not_distinct=True)
    op.create_table('invitations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('scope_name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.Text(), nullable=True),
    sa.Column('invited_by', sa.Uuid(), nullable=True),
    sa.Column('invited_by_name', sa.Text(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("case when council_id is not null then role in ('council_lead', 'council_editor', 'signatory', 'development_officer', 'steering_chair', 'group_leader', 'member', 'council_viewer') when region_id is not null then role in ('region_officer', 'region_decider', 'region_viewer', 'assessor') else role in ('operator') end", name=op.f('ck_invitations_role_fits_scope')),
    sa.CheckConstraint('council_id is null or region_id is not null', name=op.f('ck_invitations_council_has_region')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_invitations_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_invitations_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_invitations_key_hash'))
    )
    op.create_index('ix_invitations_council_id', 'invitations', ['council_id'], unique=False)
    op.create_index('ix_invitations_region_id', 'invitations', ['region_id'], unique=False)
    op.create_table('terms',
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('due_to_end_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('ended_on is null or ended_on >= started_on', name=op.f('ck_terms_ends_after_start')),
    sa.ForeignKeyConstraint(['council_id', 'member_id'], ['members.council_id', 'members.id'], name=op.f('fk_terms_council_id_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_terms'))
    )
    op.create_index('ix_terms_council_id_member_id', 'terms', ['council_id', 'member_id'], unique=False)
    op.execute("""
        alter table event_heads enable row level security;
        alter table event_heads force row level security;
        create policy owner_all on event_heads as permissive for all to owner using (true) with check (true);
        create policy gate_select on event_heads as permissive for select to gate using (true);
        create policy gate_insert on event_heads as permissive for insert to gate with check (true);
        create policy gate_update on event_heads as permissive for update to gate using (true) with check (true);
        grant insert on event_heads to gate;
        grant select on event_heads to gate;
        grant update on event_heads to gate
        """)
    op.execute("""
        alter table events enable row level security;
        alter table events force row level security;
        create policy owner_all on events as permissive for all to owner using (true) with check (true);
        create policy gate_select on events as permissive for select to gate using (true);
        create policy gate_insert on events as permissive for insert to gate with check (true);
        create policy council_select on events as permissive for select to app using (audience in ('council', 'shared') and council_id = (select tenancy.council()));
        create policy region_select on events as permissive for select to app using (audience in ('region', 'shared') and region_id = (select tenancy.region()));
        create policy person_select on events as permissive for select to app using (audience = 'person' and actor = (select tenancy.user_id()));
        create policy platform_select on events as permissive for select to app using (audience = 'platform' and (select tenancy.is_operator()));
        grant select on events to app;
        grant insert on events to gate;
        grant select on events to gate
        """)
    op.execute("""
        alter table evidence enable row level security;
        alter table evidence force row level security;
        create policy owner_all on evidence as permissive for all to owner using (true) with check (true);
        create policy gate_select on evidence as permissive for select to gate using (true);
        create policy council_select on evidence as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on evidence as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on evidence as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on evidence as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on evidence to app;
        grant insert on evidence to app;
        grant select on evidence to app;
        grant update on evidence to app;
        grant select on evidence to gate
        """)
    op.execute("""
        alter table imports enable row level security;
        alter table imports force row level security;
        create policy owner_all on imports as permissive for all to owner using (true) with check (true);
        create policy gate_select on imports as permissive for select to gate using (true);
        create policy council_select on imports as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on imports as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on imports as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on imports as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on imports to app;
        grant insert on imports to app;
        grant select on imports to app;
        grant update on imports to app;
        grant select on imports to gate
        """)
    op.execute("""
        alter table outbox enable row level security;
        alter table outbox force row level security;
        create policy owner_all on outbox as permissive for all to owner using (true) with check (true);
        create policy gate_select on outbox as permissive for select to gate using (true);
        create policy gate_insert on outbox as permissive for insert to gate with check (true);
        create policy everyone_select on outbox as permissive for select to app using (true);
        create policy everyone_insert on outbox as permissive for insert to app with check (true);
        create policy everyone_update on outbox as permissive for update to app using (true) with check (true);
        create policy everyone_delete on outbox as permissive for delete to app using (true);
        grant delete on outbox to app;
        grant insert on outbox to app;
        grant select on outbox to app;
        grant update on outbox to app;
        grant insert on outbox to gate;
        grant select on outbox to gate
        """)
    op.execute("""
        alter table plans enable row level security;
        alter table plans force row level security;
        create policy owner_all on plans as permissive for all to owner using (true) with check (true);
        create policy gate_select on plans as permissive for select to gate using (true);
        create policy council_select on plans as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on plans as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on plans as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on plans as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on plans to app;
        grant insert on plans to app;
        grant select on plans to app;
        grant update on plans to app;
        grant select on plans to gate
        """)
    op.execute("""
        alter table political_groups enable row level security;
        alter table political_groups force row level security;
        create policy owner_all on political_groups as permissive for all to owner using (true) with check (true);
        create policy gate_select on political_groups as permissive for select to gate using (true);
        create policy council_select on political_groups as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on political_groups as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on political_groups as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on political_groups as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on political_groups to app;
        grant insert on political_groups to app;
        grant select on political_groups to app;
        grant update on political_groups to app;
        grant select on political_groups to gate
        """)
    op.execute("""
        alter table regions enable row level security;
        alter table regions force row level security;
        create policy owner_all on regions as permissive for all to owner using (true) with check (true);
        create policy gate_select on regions as permissive for select to gate using (true);
        create policy gate_insert on regions as permissive for insert to gate with check (true);
        create policy gate_update on regions as permissive for update to gate using (true) with check (true);
        create policy region_select on regions as permissive for select to app using (id = (select tenancy.region()));
        create policy home_select on regions as permissive for select to app using (id = (select tenancy.home_region()));
        grant select on regions to app;
        grant insert on regions to gate;
        grant select on regions to gate;
        grant update on regions to gate
        """)
    op.execute("""
        alter table slugs enable row level security;
        alter table slugs force row level security;
        create policy owner_all on slugs as permissive for all to owner using (true) with check (true);
        create policy gate_select on slugs as permissive for select to gate using (true);
        create policy gate_insert on slugs as permissive for insert to gate with check (true);
        grant insert on slugs to gate;
        grant select on slugs to gate
        """)
    op.execute("""
        alter table users enable row level security;
        alter table users force row level security;
        create policy owner_all on users as permissive for all to owner using (true) with check (true);
        create policy gate_select on users as permissive for select to gate using (true);
        create policy gate_insert on users as permissive for insert to gate with check (true);
        create policy gate_update on users as permissive for update to gate using (true) with check (true);
        create policy user_select on users as permissive for select to app using (id = (select tenancy.user_id()));
        create policy user_update on users as permissive for update to app using (id = (select tenancy.user_id())) with check (id = (select tenancy.user_id()));
        create policy email_select on users as permissive for select to app using (email = (select tenancy.email_key()));
        grant select on users to app;
        grant update on users to app;
        grant insert on users to gate;
        grant select on users to gate;
        grant update on users to gate
        """)
    op.execute("""
        alter table actions enable row level security;
        alter table actions force row level security;
        create policy owner_all on actions as permissive for all to owner using (true) with check (true);
        create policy gate_select on actions as permissive for select to gate using (true);
        create policy council_select on actions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on actions as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on actions as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on actions as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on actions to app;
        grant insert on actions to app;
        grant select on actions to app;
        grant update on actions to app;
        grant select on actions to gate
        """)
    op.execute("""
        alter table councils enable row level security;
        alter table councils force row level security;
        create policy owner_all on councils as permissive for all to owner using (true) with check (true);
        create policy gate_select on councils as permissive for select to gate using (true);
        create policy gate_insert on councils as permissive for insert to gate with check (true);
        create policy gate_update on councils as permissive for update to gate using (true) with check (true);
        create policy region_select on councils as permissive for select to app using (region_id = (select tenancy.region()));
        create policy council_select on councils as permissive for select to app using (id = (select tenancy.council()));
        grant select on councils to app;
        grant insert on councils to gate;
        grant select on councils to gate;
        grant update on councils to gate
        """)
    op.execute("""
        alter table credentials enable row level security;
        alter table credentials force row level security;
        create policy owner_all on credentials as permissive for all to owner using (true) with check (true);
        create policy gate_select on credentials as permissive for select to gate using (true);
        create policy gate_insert on credentials as permissive for insert to gate with check (true);
        create policy gate_update on credentials as permissive for update to gate using (true) with check (true);
        create policy user_select on credentials as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on credentials as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on credentials as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        grant insert on credentials to app;
        grant select on credentials to app;
        grant update on credentials to app;
        grant insert on credentials to gate;
        grant select on credentials to gate;
        grant update on credentials to gate
        """)
    op.execute("""
        alter table links enable row level security;
        alter table links force row level security;
        create policy owner_all on links as permissive for all to owner using (true) with check (true);
        create policy gate_select on links as permissive for select to gate using (true);
        create policy gate_update on links as permissive for update to gate using (true) with check (true);
        create policy user_select on links as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on links as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on links as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy bearer_select on links as permissive for select to app using (key_hash = (select tenancy.key_hash()));
        grant insert on links to app;
        grant select on links to app;
        grant update on links to app;
        grant select on links to gate;
        grant update on links to gate
        """)
    op.execute("""
        alter table members enable row level security;
        alter table members force row level security;
        create policy owner_all on members as permissive for all to owner using (true) with check (true);
        create policy gate_select on members as permissive for select to gate using (true);
        create policy council_select on members as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on members as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on members as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on members as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on members to app;
        grant insert on members to app;
        grant select on members to app;
        grant update on members to app;
        grant select on members to gate
        """)
    op.execute("""
        alter table access enable row level security;
        alter table access force row level security;
        create policy owner_all on access as permissive for all to owner using (true) with check (true);
        create policy gate_select on access as permissive for select to gate using (true);
        create policy gate_insert on access as permissive for insert to gate with check (true);
        create policy gate_update on access as permissive for update to gate using (true) with check (true);
        create policy user_select on access as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy council_select on access as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_update on access as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on access as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_update on access as permissive for update to app using (region_id = (select tenancy.region()) and council_id is null) with check (region_id = (select tenancy.region()) and council_id is null);
        create policy platform_select on access as permissive for select to app using (region_id is null and (select tenancy.is_operator()));
        create policy platform_update on access as permissive for update to app using (region_id is null and (select tenancy.is_operator())) with check (region_id is null and (select tenancy.is_operator()));
        grant select on access to app;
        grant update (display_name, ended_at) on access to app;
        grant insert on access to gate;
        grant select on access to gate;
        grant update on access to gate
        """)
    op.execute("""
        alter table invitations enable row level security;
        alter table invitations force row level security;
        create policy owner_all on invitations as permissive for all to owner using (true) with check (true);
        create policy gate_select on invitations as permissive for select to gate using (true);
        create policy gate_update on invitations as permissive for update to gate using (true) with check (true);
        create policy bearer_select on invitations as permissive for select to app using (key_hash = (select tenancy.key_hash()));
        create policy council_select on invitations as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on invitations as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on invitations as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on invitations as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_insert on invitations as permissive for insert to app with check (region_id = (select tenancy.region()) and council_id is null);
        create policy region_update on invitations as permissive for update to app using (region_id = (select tenancy.region()) and council_id is null) with check (region_id = (select tenancy.region()) and council_id is null);
        create policy platform_select on invitations as permissive for select to app using (region_id is null and (select tenancy.is_operator()));
        create policy platform_insert on invitations as permissive for insert to app with check (region_id is null and (select tenancy.is_operator()));
        create policy platform_update on invitations as permissive for update to app using (region_id is null and (select tenancy.is_operator())) with check (region_id is null and (select tenancy.is_operator()));
        create policy first_select on invitations as permissive for select to app using (coalesce(council_id, region_id) = any ((select tenancy.unclaimed())::uuid[]) and role in ('council_lead', 'region_officer'));
        create policy first_insert on invitations as permissive for insert to app with check (coalesce(council_id, region_id) = any ((select tenancy.unclaimed())::uuid[]) and role in ('council_lead', 'region_officer'));
        create policy first_update on invitations as permissive for update to app using (coalesce(council_id, region_id) = any ((select tenancy.unclaimed())::uuid[]) and role in ('council_lead', 'region_officer')) with check (coalesce(council_id, region_id) = any ((select tenancy.unclaimed())::uuid[]) and role in ('council_lead', 'region_officer'));
        grant insert on invitations to app;
        grant select on invitations to app;
        grant update on invitations to app;
        grant select on invitations to gate;
        grant update on invitations to gate
        """)
    op.execute("""
        alter table terms enable row level security;
        alter table terms force row level security;
        create policy owner_all on terms as permissive for all to owner using (true) with check (true);
        create policy gate_select on terms as permissive for select to gate using (true);
        create policy council_select on terms as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on terms as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on terms as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on terms as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on terms to app;
        grant insert on terms to app;
        grant select on terms to app;
        grant update on terms to app;
        grant select on terms to gate
        """)


def downgrade() -> None:
    op.drop_index('ix_terms_council_id_member_id', table_name='terms')
    op.drop_table('terms')
    op.drop_index('ix_invitations_region_id', table_name='invitations')
    op.drop_index('ix_invitations_council_id', table_name='invitations')
    op.drop_table('invitations')
    op.drop_index('uq_access_current', table_name='access', postgresql_where='ended_at is null', postgresql_nulls_not_distinct=True)
    op.drop_index('ix_access_user_id', table_name='access')
    op.drop_index('ix_access_region_id', table_name='access')
    op.drop_index('ix_access_council_id', table_name='access')
    op.drop_table('access')
    op.drop_index('ix_members_council_id_family_name', table_name='members')
    op.drop_table('members')
    op.drop_table('links')
    op.drop_table('credentials')
    op.drop_index('ix_councils_region_id_name', table_name='councils')
    op.drop_table('councils')
    op.drop_index('ix_actions_council_id_plan_id_position', table_name='actions')
    op.drop_table('actions')
    op.drop_table('users')
    op.drop_table('slugs')
    op.drop_table('regions')
    op.drop_table('political_groups')
    op.drop_table('plans')
    op.drop_index('ix_outbox_due_at', table_name='outbox')
    op.drop_table('outbox')
    op.drop_index('ix_imports_council_id_sha256', table_name='imports')
    op.drop_table('imports')
    op.drop_index('ix_evidence_council_id_sha256', table_name='evidence')
    op.drop_table('evidence')
    op.drop_index('ix_events_council_id_at', table_name='events')
    op.drop_index('ix_events_accreditation_id_at', table_name='events')
    op.drop_table('events')
    op.drop_table('event_heads')
