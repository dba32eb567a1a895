"""Covers for committees, and logos."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

SET_LOGO = """
create function tenancy.set_logo(of_place uuid, image bytea) returns void language plpgsql security definer
    set search_path = public, pg_temp as $body$
begin
    if octet_length(image) > 512000 then
        raise exception using errcode = 'check_violation', message = 'a logo has at most 500 kB';
    end if;
    if coalesce(tenancy.council() = of_place, false) then
        update councils set logo = image where id = of_place;
    elsif coalesce(tenancy.region() = of_place, false) then
        update regions set logo = image where id = of_place;
    else
        raise exception using errcode = 'insufficient_privilege', message = 'a place sets only its own logo';
    end if;
end;
$body$
"""
"""Councils and regions are written by gate functions alone; a place has one logo, or none (null)."""


def upgrade() -> None:
    op.create_table('committee_papers',
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('committee', sa.Text(), nullable=False),
    sa.Column('meets_on', sa.Date(), nullable=True),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('background', sa.Text(), nullable=False),
    sa.Column('recommendations', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('implications', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("subject in ('plan', 'self_assessment')", name=op.f('ck_committee_papers_subject')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_committee_papers')),
    sa.UniqueConstraint('council_id', 'subject', 'subject_id', name=op.f('uq_committee_papers_council_id_subject_subject_id'))
    )
    op.add_column('councils', sa.Column('logo', sa.LargeBinary(), nullable=True))
    op.add_column('regions', sa.Column('logo', sa.LargeBinary(), nullable=True))
    op.execute("""
        alter table committee_papers enable row level security;
        alter table committee_papers force row level security;
        create policy owner_all on committee_papers as permissive for all to owner using (true) with check (true);
        create policy gate_select on committee_papers as permissive for select to gate using (true);
        create policy council_select on committee_papers as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on committee_papers as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on committee_papers as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on committee_papers as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on committee_papers to app;
        grant insert on committee_papers to app;
        grant select on committee_papers to app;
        grant update on committee_papers to app;
        grant select on committee_papers to gate
        """)

    op.execute(SET_LOGO)
    op.execute("revoke all on function tenancy.set_logo(uuid, bytea) from public")
    op.execute("grant create on schema tenancy to gate")
    op.execute("alter function tenancy.set_logo(uuid, bytea) owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    op.execute("grant execute on function tenancy.set_logo(uuid, bytea) to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    op.execute("drop function tenancy.set_logo(uuid, bytea)")
    op.execute("reset role")
    op.drop_column('regions', 'logo')
    op.drop_column('councils', 'logo')
    op.drop_table('committee_papers')
