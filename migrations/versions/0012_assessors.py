"""The pool of assessors, and which councils are neighbours."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

OPEN_FILE = """
create or replace function tenancy.open_file() returns uuid language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.accreditation() is null then return null; end if;
    return (
        select s.accreditation_id from assignments s
        join accreditations a on a.council_id = s.council_id and a.id = s.accreditation_id
        where s.accreditation_id = tenancy.accreditation() and s.user_id = tenancy.user_id()
            and s.interest = 'none' and s.withdrawn_at is null and s.closed_at is null
            and (s.closes_on is null or s.closes_on >= (now() at time zone 'Europe/London')::date){guests}
            and a.stage not in ('withdrawn', 'lapsed', 'ended'));
end;
$body$
"""
# A guest of the pool sees a file until the last day he or she is asked, and nothing after it.
GUESTS = """
            and not exists (
                select from assessors p where p.region_id = s.region_id and p.user_id = s.user_id
                    and p.left_on < (now() at time zone 'Europe/London')::date)"""
LED = """
create or replace function tenancy.led() returns uuid[] language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.region() is null then return '{{}}'; end if;
    return coalesce((
        select array_agg(s.accreditation_id) from assignments s
        where s.region_id = tenancy.region() and s.user_id = tenancy.user_id() and s.duty = 'lead'
            and s.withdrawn_at is null and s.closed_at is null
            and (s.closes_on is null or s.closes_on >= (now() at time zone 'Europe/London')::date){guests}), '{{}}');
end;
$body$
"""
# Only for people the region can ask: it learns nothing of anybody else's places.
ACCESS_OF_POOL = """
create function tenancy.access_of_pool() returns table (user_id uuid, council_id uuid)
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    if tenancy.region() is null then return; end if;
    return query
        select distinct a.user_id, a.council_id from access a
        join councils c on c.id = a.council_id and c.region_id = tenancy.region()
        where a.ended_at is null and exists (
            select from access p where p.user_id = a.user_id and p.region_id = tenancy.region()
                and p.council_id is null and p.ended_at is null);
end;
$body$
"""
# The region cannot read what it lets be forgotten: private notes of scores and notes of interviews, of a closed file.
FORGET = """
create function tenancy.forget(of_file uuid) returns bigint language plpgsql security definer
    set search_path = public, pg_temp as $body$
declare blanked bigint; deleted bigint;
begin
    if tenancy.region() is null or not exists (
        select from accreditations a where a.id = of_file and a.region_id = tenancy.region()
            and (a.stage in ('withdrawn', 'lapsed', 'ended') or a.stage in ('awarded', 'not_yet') and not exists (
                select from assignments s where s.accreditation_id = a.id
                    and s.withdrawn_at is null and s.closed_at is null))) then return 0;
    end if;
    update score_drafts set note = '' where accreditation_id = of_file and note <> '';
    get diagnostics blanked = row_count;
    delete from interview_notes where accreditation_id = of_file;
    get diagnostics deleted = row_count;
    return blanked + deleted;
end;
$body$
"""
GATES = {"tenancy.access_of_pool()": ACCESS_OF_POOL, "tenancy.forget(uuid)": FORGET}


def upgrade() -> None:
    op.create_table('assessors',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('capacity', sa.Text(), nullable=False),
    sa.Column('trained_until_on', sa.Date(), nullable=True),
    sa.Column('most_at_once', sa.BigInteger(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("capacity in ('officer', 'councillor', 'regional')", name=op.f('ck_assessors_capacity')),
    sa.CheckConstraint('most_at_once between 1 and 20', name=op.f('ck_assessors_most_at_once')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_assessors_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessors')),
    sa.UniqueConstraint('region_id', 'id', name=op.f('uq_assessors_region_id_id')),
    sa.UniqueConstraint('region_id', 'user_id', name=op.f('uq_assessors_region_id_user_id'))
    )
    op.create_index('ix_assessors_user_id', 'assessors', ['user_id'], unique=False)
    op.create_table('assessor_absences',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_name', sa.Text(), nullable=False),
    sa.CheckConstraint('to_on >= from_on', name=op.f('ck_assessor_absences_ends_after_start')),
    sa.ForeignKeyConstraint(['region_id', 'user_id'], ['assessors.region_id', 'assessors.user_id'], name=op.f('fk_assessor_absences_region_id_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessor_absences'))
    )
    op.create_index('ix_assessor_absences_user', 'assessor_absences', ['region_id', 'user_id'], unique=False)
    op.create_table('assessor_councils',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('assessor_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint("relation in ('member', 'officer')", name=op.f('ck_assessor_councils_relation')),
    sa.CheckConstraint('ended_on is null or from_on is null or ended_on >= from_on', name=op.f('ck_assessor_councils_ends_after_start')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_assessor_councils_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id', 'assessor_id'], ['assessors.region_id', 'assessors.id'], name=op.f('fk_assessor_councils_region_id_assessor_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessor_councils'))
    )
    op.create_index('ix_assessor_councils_assessor', 'assessor_councils', ['region_id', 'assessor_id'], unique=False)
    op.create_index('ix_assessor_councils_user_id', 'assessor_councils', ['user_id'], unique=False)
    op.create_table('council_neighbours',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('neighbour_id', sa.Uuid(), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declared_by_name', sa.Text(), nullable=False),
    sa.CheckConstraint('council_id < neighbour_id', name=op.f('ck_council_neighbours_once_for_the_pair')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_council_neighbours_council_id_region_id')),
    sa.ForeignKeyConstraint(['neighbour_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_council_neighbours_neighbour_id_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_council_neighbours')),
    sa.UniqueConstraint('region_id', 'council_id', 'neighbour_id', name=op.f('uq_council_neighbours_region_id_council_id_neighbour_id'))
    )
    op.execute("""
        alter table assessors enable row level security;
        alter table assessors force row level security;
        create policy owner_all on assessors as permissive for all to owner using (true) with check (true);
        create policy gate_select on assessors as permissive for select to gate using (true);
        create policy region_select on assessors as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on assessors as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on assessors as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy user_select on assessors as permissive for select to app using (user_id = (select tenancy.user_id()));
        grant insert on assessors to app;
        grant select on assessors to app;
        grant update on assessors to app;
        grant select on assessors to gate
        """)
    op.execute("""
        alter table assessor_absences enable row level security;
        alter table assessor_absences force row level security;
        create policy owner_all on assessor_absences as permissive for all to owner using (true) with check (true);
        create policy gate_select on assessor_absences as permissive for select to gate using (true);
        create policy region_select on assessor_absences as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on assessor_absences as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on assessor_absences as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy region_delete on assessor_absences as permissive for delete to app using (region_id = (select tenancy.region()));
        create policy user_select on assessor_absences as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on assessor_absences as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on assessor_absences as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy user_delete on assessor_absences as permissive for delete to app using (user_id = (select tenancy.user_id()));
        grant delete on assessor_absences to app;
        grant insert on assessor_absences to app;
        grant select on assessor_absences to app;
        grant update on assessor_absences to app;
        grant select on assessor_absences to gate
        """)
    op.execute("""
        alter table assessor_councils enable row level security;
        alter table assessor_councils force row level security;
        create policy owner_all on assessor_councils as permissive for all to owner using (true) with check (true);
        create policy gate_select on assessor_councils as permissive for select to gate using (true);
        create policy region_select on assessor_councils as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on assessor_councils as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on assessor_councils as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy region_delete on assessor_councils as permissive for delete to app using (region_id = (select tenancy.region()));
        create policy user_select on assessor_councils as permissive for select to app using (user_id = (select tenancy.user_id()));
        grant delete on assessor_councils to app;
        grant insert on assessor_councils to app;
        grant select on assessor_councils to app;
        grant update on assessor_councils to app;
        grant select on assessor_councils to gate
        """)
    op.execute("""
        alter table council_neighbours enable row level security;
        alter table council_neighbours force row level security;
        create policy owner_all on council_neighbours as permissive for all to owner using (true) with check (true);
        create policy gate_select on council_neighbours as permissive for select to gate using (true);
        create policy region_select on council_neighbours as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on council_neighbours as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_delete on council_neighbours as permissive for delete to app using (region_id = (select tenancy.region()));
        grant delete on council_neighbours to app;
        grant insert on council_neighbours to app;
        grant select on council_neighbours to app;
        grant select on council_neighbours to gate
        """)
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(OPEN_FILE.format(guests=GUESTS))
    op.execute(LED.format(guests=GUESTS))
    op.execute("reset role")
    for name, body in GATES.items():
        op.execute(body)
        op.execute(f"revoke all on function {name} from public")
        op.execute(f"alter function {name} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    for name in GATES:
        op.execute(f"grant execute on function {name} to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(OPEN_FILE.format(guests=""))
    op.execute(LED.format(guests=""))
    for name in GATES:
        op.execute(f"drop function {name}")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
    op.drop_table('council_neighbours')
    op.drop_index('ix_assessor_councils_user_id', table_name='assessor_councils')
    op.drop_index('ix_assessor_councils_assessor', table_name='assessor_councils')
    op.drop_table('assessor_councils')
    op.drop_index('ix_assessor_absences_user', table_name='assessor_absences')
    op.drop_table('assessor_absences')
    op.drop_index('ix_assessors_user_id', table_name='assessors')
    op.drop_table('assessors')
