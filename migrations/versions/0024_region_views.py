"""Saved filters, and councils with their history of awards from one file."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

RECORD = """
create policy region_record on accreditations as permissive for insert to app
    with check (region_id = (select tenancy.region()) and recorded_from <> '')
"""

NOTE_SEATS = """
create function tenancy.note_seats(of_council uuid, number bigint) returns void language plpgsql security definer
    set search_path = public, pg_temp as $body$
begin
    if number not between 1 and 500 then
        raise exception using errcode = 'check_violation', message = 'a council has 1 to 500 seats';
    end if;
    update councils set seats = number
        where id = of_council and (region_id = tenancy.region() or tenancy.is_operator());
    if not found then
        raise exception using errcode = 'insufficient_privilege', message = 'only its region or an operator notes the seats of a council';
    end if;
end;
$body$
"""
"""Councils are written by gate functions alone."""


def upgrade() -> None:
    op.create_table('council_imports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('rows', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('leftovers', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('warnings', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_by', sa.Uuid(), nullable=True),
    sa.Column('read_by_name', sa.Text(), nullable=False),
    sa.Column('taken_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_council_imports_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_council_imports'))
    )
    op.create_index('ix_council_imports_region_id_sha256', 'council_imports', ['region_id', 'sha256'], unique=False)
    op.create_table('saved_filters',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('page', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_name', sa.Text(), nullable=False),
    sa.CheckConstraint("page in ('pipeline', 'improvements', 'matrix')", name=op.f('ck_saved_filters_page')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_saved_filters_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filters')),
    sa.UniqueConstraint('region_id', 'user_id', 'page', 'name', name=op.f('uq_saved_filters_region_id_user_id_page_name'))
    )
    op.add_column('accreditations', sa.Column('recorded_from', sa.Text(), server_default='', nullable=False))
    op.alter_column('accreditations', 'recorded_from', server_default=None)
    op.add_column('councils', sa.Column('seats', sa.BigInteger(), nullable=True))
    op.execute("""
        alter table council_imports enable row level security;
        alter table council_imports force row level security;
        create policy owner_all on council_imports as permissive for all to owner using (true) with check (true);
        create policy gate_select on council_imports as permissive for select to gate using (true);
        create policy region_select on council_imports as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on council_imports as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on council_imports as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on council_imports to app;
        grant select on council_imports to app;
        grant update on council_imports to app;
        grant select on council_imports to gate
        """)
    op.execute("""
        alter table saved_filters enable row level security;
        alter table saved_filters force row level security;
        create policy owner_all on saved_filters as permissive for all to owner using (true) with check (true);
        create policy gate_select on saved_filters as permissive for select to gate using (true);
        create policy kept_select on saved_filters as permissive for select to app using (region_id = (select tenancy.region()) and (shared or user_id = (select tenancy.user_id())));
        create policy own_insert on saved_filters as permissive for insert to app with check (region_id = (select tenancy.region()) and user_id = (select tenancy.user_id()));
        create policy own_delete on saved_filters as permissive for delete to app using (region_id = (select tenancy.region()) and user_id = (select tenancy.user_id()));
        grant delete on saved_filters to app;
        grant insert on saved_filters to app;
        grant select on saved_filters to app;
        grant select on saved_filters to gate
        """)
    op.execute(RECORD)
    op.execute(NOTE_SEATS)
    op.execute("revoke all on function tenancy.note_seats(uuid, bigint) from public")
    op.execute("grant create on schema tenancy to gate")
    op.execute("alter function tenancy.note_seats(uuid, bigint) owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    op.execute("grant execute on function tenancy.note_seats(uuid, bigint) to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    op.execute("drop function tenancy.note_seats(uuid, bigint)")
    op.execute("reset role")
    op.execute("drop policy region_record on accreditations")
    op.drop_column('councils', 'seats')
    op.drop_column('accreditations', 'recorded_from')
    op.drop_table('saved_filters')
    op.drop_index('ix_council_imports_region_id_sha256', table_name='council_imports')
    op.drop_table('council_imports')
