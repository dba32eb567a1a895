"""The chair of the steering group confirms what is sent."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('chair_confirmations',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("about in ('plan', 'readiness')", name=op.f('ck_chair_confirmations_about')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_chair_confirmations_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_chair_confirmations_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_chair_confirmations'))
    )
    op.create_index('ix_chair_confirmations_accreditation', 'chair_confirmations', ['council_id', 'accreditation_id'], unique=False)
    op.execute("""
        alter table chair_confirmations enable row level security;
        alter table chair_confirmations force row level security;
        create policy owner_all on chair_confirmations as permissive for all to owner using (true) with check (true);
        create policy gate_select on chair_confirmations as permissive for select to gate using (true);
        create policy council_select on chair_confirmations as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on chair_confirmations as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on chair_confirmations as permissive for select to app using (region_id = (select tenancy.region()));
        grant insert on chair_confirmations to app;
        grant select on chair_confirmations to app;
        grant select on chair_confirmations to gate
        """)


def downgrade() -> None:
    op.drop_index('ix_chair_confirmations_accreditation', table_name='chair_confirmations')
    op.drop_table('chair_confirmations')
