"""When a council is reminded of its dates, and in which words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reminder_settings',
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('after', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('digest_words', sa.Text(), nullable=False),
    sa.Column('contributor_words', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_reminder_settings')),
    sa.UniqueConstraint('council_id', name=op.f('uq_reminder_settings_council_id'))
    )
    op.execute("""
        alter table reminder_settings enable row level security;
        alter table reminder_settings force row level security;
        create policy owner_all on reminder_settings as permissive for all to owner using (true) with check (true);
        create policy gate_select on reminder_settings as permissive for select to gate using (true);
        create policy council_select on reminder_settings as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on reminder_settings as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on reminder_settings as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        grant insert on reminder_settings to app;
        grant select on reminder_settings to app;
        grant update on reminder_settings to app;
        grant select on reminder_settings to gate
        """)


def downgrade() -> None:
    op.drop_table('reminder_settings')
