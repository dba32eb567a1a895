"""Notices, calendar feeds, and the rounds of daily jobs."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


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
        create policy everyone_insert on rounds as permissive for insert to app with check (true);
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


def downgrade() -> None:
    op.drop_index('ix_calendar_feeds_user_id', table_name='calendar_feeds')
    op.drop_index('ix_calendar_feeds_key_hash', table_name='calendar_feeds')
    op.drop_table('calendar_feeds')
    op.drop_table('rounds')
    op.drop_index('ix_notices_council_id_user_id_at', table_name='notices')
    op.drop_table('notices')
