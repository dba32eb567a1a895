"""Board reports, and the register by county and level."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

PLACES = """
update register_entries e set county = c.county, council_kind = c.kind, level = a.level
from awards a join councils c on c.id = a.council_id
where a.certificate_number = e.certificate_number
"""
# The console's alone, which starts what runs in every region once a day: ids and nothing else.
REGIONS = """
create function tenancy.all_regions() returns table (id uuid)
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    if tenancy.user_id() is not null or not tenancy.is_operator() then return; end if;
    return query select r.id from regions r order by r.id;
end;
$body$
"""


def upgrade() -> None:
    op.create_table('board_reports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_to', sa.Date(), nullable=False),
    sa.Column('document', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_board_reports_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_board_reports')),
    sa.UniqueConstraint('region_id', 'number', name=op.f('uq_board_reports_region_id_number'))
    )
    op.create_table('board_schedules',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('quarterly', sa.Boolean(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_board_schedules_region_id')),
    sa.PrimaryKeyConstraint('region_id', name=op.f('pk_board_schedules'))
    )
    op.add_column('register_entries', sa.Column('county', sa.Text(), server_default='', nullable=False))
    op.alter_column('register_entries', 'county', server_default=None)
    op.add_column('register_entries', sa.Column('council_kind', sa.Text(), server_default='', nullable=False))
    op.alter_column('register_entries', 'council_kind', server_default=None)
    op.add_column('register_entries', sa.Column('level', sa.Text(), server_default='', nullable=False))
    op.alter_column('register_entries', 'level', server_default=None)
    op.execute("""
        alter table board_reports enable row level security;
        alter table board_reports force row level security;
        create policy owner_all on board_reports as permissive for all to owner using (true) with check (true);
        create policy gate_select on board_reports as permissive for select to gate using (true);
        create policy region_select on board_reports as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on board_reports as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on board_reports to app;
        grant select on board_reports to app;
        grant select on board_reports to gate
        """)
    op.execute("""
        alter table board_schedules enable row level security;
        alter table board_schedules force row level security;
        create policy owner_all on board_schedules as permissive for all to owner using (true) with check (true);
        create policy gate_select on board_schedules as permissive for select to gate using (true);
        create policy region_select on board_schedules as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on board_schedules as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on board_schedules as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on board_schedules to app;
        grant select on board_schedules to app;
        grant update on board_schedules to app;
        grant select on board_schedules to gate
        """)
    op.execute(PLACES)
    op.execute("grant create on schema tenancy to gate")
    op.execute(REGIONS)
    op.execute("revoke all on function tenancy.all_regions() from public")
    op.execute("alter function tenancy.all_regions() owner to gate")
    op.execute("set local role gate")
    op.execute("grant execute on function tenancy.all_regions() to app, owner")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")


def downgrade() -> None:
    op.execute("set local role gate")
    op.execute("drop function tenancy.all_regions()")
    op.execute("reset role")
    op.drop_column('register_entries', 'level')
    op.drop_column('register_entries', 'council_kind')
    op.drop_column('register_entries', 'county')
    op.drop_table('board_schedules')
    op.drop_table('board_reports')
