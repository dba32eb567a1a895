"""The interim review, and what a successor reads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

INHERITED = (
    "accreditations", "awards", "improvement_progress", "improvements", "interim_reviews", "replies", "reports",
    "submission_answers", "submission_decisions", "submission_files", "submissions",
)  # fmt: skip
"""What a council's successor reads."""
LINKED = ("calendar_feeds", "contribution_requests", "signature_requests")
"""Where a link opens something of a council, until it ends."""
CLOSE = """
create function tenancy.close_council(ended uuid) returns void language plpgsql security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.region() is null
        or not exists (select from successions s where s.council_id = ended and s.region_id = tenancy.region()) then
        raise exception using errcode = 'insufficient_privilege', message = 'only its region closes a council';
    end if;
    update councils set active = false where id = ended;
    update access set ended_at = now() where council_id = ended and ended_at is null;
    update invitations set withdrawn_at = now() where council_id = ended and used_at is null and withdrawn_at is null;
    update contribution_requests set withdrawn_at = now(), settled_by_name = 'Charterway'
        where council_id = ended and sent_at is null and declined_at is null and withdrawn_at is null;
    update signature_requests set ended_at = now(), ended_reason = (
            select 'The council merged into ' || s.successor_name || '.' from successions s where s.council_id = ended)
        where council_id = ended and signed_at is null and declined_at is null and paper_signed_on is null
            and ended_at is null;
    update calendar_feeds set revoked_at = now() where council_id = ended and revoked_at is null;
end;
$body$
"""
"""Only after its succession is recorded: the council rests, nobody gets in any more, and no link writes to it."""
PREDECESSORS = """
create or replace function tenancy.predecessors() returns uuid[] language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.council() is null then return '{}'; end if;
    return coalesce((%s), '{}');
end;
$body$
"""
DIRECT = "select array_agg(council_id) from successions where successor_id = tenancy.council()"
WHOLE_LINE = """
        with recursive line(council_id) as (
            select s.council_id from successions s where s.successor_id = tenancy.council()
            union
            select s.council_id from successions s join line on s.successor_id = line.council_id)
        select array_agg(council_id) from line"""
"""A council that merged twice leaves its record to the last one standing."""

UNCLAIMED = """
create or replace function tenancy.unclaimed() returns uuid[] language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.region() is null and not tenancy.is_operator() then return '{}'; end if;
    return coalesce((
        select array_agg(place.id) from (
            select c.id from councils c
            where (tenancy.region() is null or c.region_id = tenancy.region())%s
                and not exists (select from access a where a.council_id = c.id and a.ended_at is null)
            union all
            select r.id from regions r
            where tenancy.region() is null and not exists (
                select from access a where a.region_id = r.id and a.council_id is null and a.ended_at is null)
        ) as place), '{}');
end;
$body$
"""
SUCCEEDED = " and not exists (select from successions s where s.council_id = c.id)"
"""A council that ended waits for nobody, though nobody has access to it."""


def upgrade() -> None:
    op.create_table('successions',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('successor_id', sa.Uuid(), nullable=False),
    sa.Column('council_name', sa.Text(), nullable=False),
    sa.Column('successor_name', sa.Text(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('council_id <> successor_id', name=op.f('ck_successions_two_councils')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_successions_council_id_region_id')),
    sa.ForeignKeyConstraint(['successor_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_successions_successor_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_successions')),
    sa.UniqueConstraint('council_id', name=op.f('uq_successions_council_id'))
    )
    op.create_table('interim_drafts',
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_interim_drafts_council_id_accreditation_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_interim_drafts')),
    sa.UniqueConstraint('council_id', 'accreditation_id', 'number', name=op.f('uq_interim_drafts_council_id_accreditation_id_number')),
    sa.CheckConstraint("state = '' or state in ('not_begun', 'in_progress', 'claimed_complete')", name=op.f('ck_interim_drafts_state'))
    )
    op.create_table('interim_reviews',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('verified', sa.BigInteger(), nullable=False),
    sa.Column('reviewed_on', sa.Date(), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reviewed_by', sa.Uuid(), nullable=True),
    sa.Column('reviewed_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_interim_reviews_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_interim_reviews_council_id_region_id')),
    sa.ForeignKeyConstraint(['council_id', 'submission_id'], ['submissions.council_id', 'submissions.id'], name=op.f('fk_interim_reviews_council_id_submission_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_interim_reviews')),
    sa.UniqueConstraint('council_id', 'submission_id', name=op.f('uq_interim_reviews_council_id_submission_id'))
    )
    op.add_column('awards', sa.Column('interim_reviewed_on', sa.Date(), nullable=True))
    op.execute("""
        alter table successions enable row level security;
        alter table successions force row level security;
        create policy owner_all on successions as permissive for all to owner using (true) with check (true);
        create policy gate_select on successions as permissive for select to gate using (true);
        create policy council_select on successions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on successions as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on successions as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on successions to app;
        grant select on successions to app;
        grant select on successions to gate
        """)
    op.execute("""
        alter table interim_drafts enable row level security;
        alter table interim_drafts force row level security;
        create policy owner_all on interim_drafts as permissive for all to owner using (true) with check (true);
        create policy gate_select on interim_drafts as permissive for select to gate using (true);
        create policy council_select on interim_drafts as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on interim_drafts as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on interim_drafts as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on interim_drafts as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on interim_drafts to app;
        grant insert on interim_drafts to app;
        grant select on interim_drafts to app;
        grant update on interim_drafts to app;
        grant select on interim_drafts to gate
        """)
    op.execute("""
        alter table interim_reviews enable row level security;
        alter table interim_reviews force row level security;
        create policy owner_all on interim_reviews as permissive for all to owner using (true) with check (true);
        create policy gate_select on interim_reviews as permissive for select to gate using (true);
        create policy council_select on interim_reviews as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on interim_reviews as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on interim_reviews as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on interim_reviews to app;
        grant select on interim_reviews to app;
        grant select on interim_reviews to gate
        """)
    for table in INHERITED:
        op.execute(
            f"create policy successor_select on {table} as permissive for select to app"
            " using (council_id = any((select tenancy.predecessors())::uuid[]))"
        )
    op.execute(
        "create policy heir_select on successions as permissive for select to app"
        " using (council_id = any((select tenancy.predecessors())::uuid[]))"
    )
    for table in LINKED:
        op.execute(f"create policy gate_update on {table} as permissive for update to gate using (true) with check (true)")
        op.execute(f"grant update on {table} to gate")
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(PREDECESSORS % WHOLE_LINE)
    op.execute(UNCLAIMED % SUCCEEDED)
    op.execute("reset role")
    op.execute(CLOSE)
    op.execute("revoke all on function tenancy.close_council(uuid) from public")
    op.execute("alter function tenancy.close_council(uuid) owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    op.execute("grant execute on function tenancy.close_council(uuid) to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(PREDECESSORS % DIRECT)
    op.execute(UNCLAIMED % "")
    op.execute("drop function tenancy.close_council(uuid)")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
    for table in LINKED:
        op.execute(f"drop policy gate_update on {table}")
        op.execute(f"revoke update on {table} from gate")
    for table in INHERITED:
        op.execute(f"drop policy successor_select on {table}")
    op.drop_column('awards', 'interim_reviewed_on')
    op.drop_table('interim_reviews')
    op.drop_table('interim_drafts')
    op.drop_table('successions')
