"""Releases at a set time, and appeals."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('releases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('release_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.Uuid(), nullable=True),
    sa.Column('set_by_name', sa.Text(), nullable=False),
    sa.Column('called_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_releases_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_releases')),
    sa.UniqueConstraint('region_id', 'id', name=op.f('uq_releases_region_id_id'))
    )
    op.create_table('appeals',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('lodged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lodged_by', sa.Uuid(), nullable=True),
    sa.Column('lodged_by_name', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_reason', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("grounds <> ''", name=op.f('ck_appeals_has_grounds')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_appeals_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_appeals_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_appeals')),
    sa.UniqueConstraint('council_id', 'accreditation_id', name=op.f('uq_appeals_council_id_accreditation_id'))
    )
    op.create_index('ix_appeals_region_id', 'appeals', ['region_id'], unique=False)
    op.create_table('release_items',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('release_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('decision_id', sa.Uuid(), nullable=False),
    sa.Column('draft_version', sa.BigInteger(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_release_items_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'decision_id'], ['decisions.council_id', 'decisions.id'], name=op.f('fk_release_items_council_id_decision_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_release_items_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id', 'release_id'], ['releases.region_id', 'releases.id'], name=op.f('fk_release_items_region_id_release_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_release_items')),
    sa.UniqueConstraint('council_id', 'release_id', 'accreditation_id', name=op.f('uq_release_items_council_id_release_id_accreditation_id'))
    )
    op.create_index('ix_release_items_release', 'release_items', ['region_id', 'release_id'], unique=False)
    op.create_table('appeal_decisions',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('appeal_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("outcome in ('upheld', 'dismissed')", name=op.f('ck_appeal_decisions_outcome')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_appeal_decisions_has_reason')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_appeal_decisions_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'appeal_id'], ['appeals.council_id', 'appeals.id'], name=op.f('fk_appeal_decisions_council_id_appeal_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_appeal_decisions_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_appeal_decisions')),
    sa.UniqueConstraint('council_id', 'appeal_id', name=op.f('uq_appeal_decisions_council_id_appeal_id'))
    )
    op.add_column('decisions', sa.Column('number', sa.BigInteger(), server_default='1', nullable=False))
    op.alter_column('decisions', 'number', server_default=None)
    op.add_column('decisions', sa.Column('words', sa.Text(), server_default='', nullable=False))
    op.alter_column('decisions', 'words', server_default=None)
    op.drop_constraint(op.f('uq_decisions_council_id_accreditation_id'), 'decisions', type_='unique')
    op.create_unique_constraint(op.f('uq_decisions_council_id_accreditation_id_number'), 'decisions', ['council_id', 'accreditation_id', 'number'])
    op.add_column('register_entries', sa.Column('with_conditions', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('register_entries', 'with_conditions', server_default=None)
    op.add_column('register_entries', sa.Column('accent', sa.Text(), server_default='harbour', nullable=False))
    op.alter_column('register_entries', 'accent', server_default=None)
    op.execute("""
        update register_entries set with_conditions = true from awards
        where awards.certificate_number = register_entries.certificate_number and awards.conditions <> ''
        """)
    op.execute("update register_entries set accent = regions.accent from regions where regions.id = region_id")
    op.execute("""
        alter table releases enable row level security;
        alter table releases force row level security;
        create policy owner_all on releases as permissive for all to owner using (true) with check (true);
        create policy gate_select on releases as permissive for select to gate using (true);
        create policy region_select on releases as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on releases as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on releases as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on releases to app;
        grant select on releases to app;
        grant update on releases to app;
        grant select on releases to gate
        """)
    op.execute("""
        alter table appeals enable row level security;
        alter table appeals force row level security;
        create policy owner_all on appeals as permissive for all to owner using (true) with check (true);
        create policy gate_select on appeals as permissive for select to gate using (true);
        create policy council_select on appeals as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on appeals as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on appeals as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_update on appeals as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on appeals to app;
        grant select on appeals to app;
        grant update (ended_at, ended_reason) on appeals to app;
        grant select on appeals to gate
        """)
    op.execute("""
        alter table release_items enable row level security;
        alter table release_items force row level security;
        create policy owner_all on release_items as permissive for all to owner using (true) with check (true);
        create policy gate_select on release_items as permissive for select to gate using (true);
        create policy region_select on release_items as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on release_items as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on release_items as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on release_items to app;
        grant select on release_items to app;
        grant update on release_items to app;
        grant select on release_items to gate
        """)
    op.execute("""
        alter table appeal_decisions enable row level security;
        alter table appeal_decisions force row level security;
        create policy owner_all on appeal_decisions as permissive for all to owner using (true) with check (true);
        create policy gate_select on appeal_decisions as permissive for select to gate using (true);
        create policy council_select on appeal_decisions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on appeal_decisions as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on appeal_decisions as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on appeal_decisions to app;
        grant select on appeal_decisions to app;
        grant select on appeal_decisions to gate
        """)


def downgrade() -> None:
    op.drop_column('register_entries', 'accent')
    op.drop_column('register_entries', 'with_conditions')
    op.drop_index('ix_release_items_release', table_name='release_items')
    op.drop_table('release_items')
    # An earlier version knows one decision for each accreditation: the last one stands.
    op.execute("""
        delete from decisions using decisions as later
        where later.council_id = decisions.council_id and later.accreditation_id = decisions.accreditation_id
            and later.number > decisions.number
        """)
    op.drop_constraint(op.f('uq_decisions_council_id_accreditation_id_number'), 'decisions', type_='unique')
    op.create_unique_constraint(op.f('uq_decisions_council_id_accreditation_id'), 'decisions', ['council_id', 'accreditation_id'], postgresql_nulls_not_distinct=False)
    op.drop_column('decisions', 'words')
    op.drop_column('decisions', 'number')
    op.drop_table('appeal_decisions')
    op.drop_index('ix_appeals_region_id', table_name='appeals')
    op.drop_table('appeals')
    op.drop_table('releases')
