"""How long what is kept, files made for one person, and rehearsed backups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None



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


def downgrade() -> None:
    op.drop_index('ix_retention_runs_region_id', table_name='retention_runs')
    op.drop_index('ix_retention_runs_council_id', table_name='retention_runs')
    op.drop_table('retention_runs')
    op.drop_index('uq_retention_rules_kind', table_name='retention_rules', postgresql_nulls_not_distinct=True)
    op.drop_table('retention_rules')
    op.drop_index('ix_prepared_files_user_id', table_name='prepared_files')
    op.drop_table('prepared_files')
    op.drop_table('rehearsals')
