"""Versions of the report, good practice, and comments on its paragraphs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

KEEP_VERSION = """
create function tenancy.keep_report_version() returns trigger language plpgsql as $body$
begin
    insert into report_draft_versions (council_id, id, region_id, accreditation_id, draft_id, number, summary,
        strengths, good_practice, improvements, saved_at, saved_by_name)
    values (new.council_id, md5(new.id || ':' || new.version)::uuid, new.region_id, new.accreditation_id, new.id,
        new.version, new.summary, new.strengths, new.good_practice, new.improvements, new.updated_at,
        new.updated_by_name);
    return null;
end;
$body$;
create trigger keep_first_version after insert on report_drafts
    for each row execute function tenancy.keep_report_version();
create trigger keep_version after update on report_drafts
    for each row when ((old.summary, old.strengths, old.good_practice, old.improvements)
        is distinct from (new.summary, new.strengths, new.good_practice, new.improvements))
    execute function tenancy.keep_report_version();
"""

# The drafts that were there have a first version too: it can be brought back after the next change.
KEEP_PRESENT = """
insert into report_draft_versions (council_id, id, region_id, accreditation_id, draft_id, number, summary,
    strengths, good_practice, improvements, saved_at, saved_by_name)
select council_id, md5(id || ':' || version)::uuid, region_id, accreditation_id, id, version, summary,
    strengths, good_practice, improvements, updated_at, updated_by_name
from report_drafts
"""
# An earlier version knows one comment for each report: the first takes in the words of all of them.
ONE_COMMENT = """
update report_comments set words = told.words from (
    select council_id, report_id, min(number) as first, string_agg(words, E'\\n\\n' order by number) as words
    from report_comments where not has_none group by council_id, report_id having count(*) > 1) as told
where report_comments.council_id = told.council_id and report_comments.report_id = told.report_id
    and report_comments.number = told.first;
create temporary table folded on commit drop as
    select council_id, id from (
        select council_id, id, row_number() over (
            partition by council_id, report_id order by has_none, number) as place
        from report_comments) as placed
    where place > 1;
delete from report_comment_answers using folded
    where report_comment_answers.council_id = folded.council_id and comment_id = folded.id;
delete from report_comments using folded
    where report_comments.council_id = folded.council_id and report_comments.id = folded.id;
"""


def upgrade() -> None:
    op.create_table('report_draft_versions',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('strengths', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('good_practice', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('improvements', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'draft_id'], ['report_drafts.council_id', 'report_drafts.id'], name=op.f('fk_report_draft_versions_council_id_draft_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_report_draft_versions_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_report_draft_versions')),
    sa.UniqueConstraint('council_id', 'draft_id', 'number', name=op.f('uq_report_draft_versions_council_id_draft_id_number'))
    )
    op.add_column('report_comment_answers', sa.Column('changed', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('report_comment_answers', 'changed', server_default=None)
    op.add_column('report_comments', sa.Column('number', sa.BigInteger(), server_default='1', nullable=False))
    op.alter_column('report_comments', 'number', server_default=None)
    op.add_column('report_comments', sa.Column('paragraph', sa.Text(), server_default='', nullable=False))
    op.alter_column('report_comments', 'paragraph', server_default=None)
    op.add_column('report_comments', sa.Column('quoted', sa.Text(), server_default='', nullable=False))
    op.alter_column('report_comments', 'quoted', server_default=None)
    op.drop_constraint(op.f('uq_report_comments_council_id_report_id'), 'report_comments', type_='unique')
    op.create_unique_constraint(op.f('uq_report_comments_council_id_report_id_number'), 'report_comments', ['council_id', 'report_id', 'number'])
    op.create_index('uq_report_comments_one_none', 'report_comments', ['council_id', 'report_id'], unique=True, postgresql_where='has_none')
    op.add_column('report_drafts', sa.Column('good_practice', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default='[]', nullable=False))
    op.alter_column('report_drafts', 'good_practice', server_default=None)
    op.execute("""
        alter table report_draft_versions enable row level security;
        alter table report_draft_versions force row level security;
        create policy owner_all on report_draft_versions as permissive for all to owner using (true) with check (true);
        create policy gate_select on report_draft_versions as permissive for select to gate using (true);
        create policy region_select on report_draft_versions as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on report_draft_versions as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy outsiders_only on report_draft_versions as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant insert on report_draft_versions to app;
        grant select on report_draft_versions to app;
        grant select on report_draft_versions to gate
        """)
    op.execute(KEEP_VERSION)
    op.execute(KEEP_PRESENT)


def downgrade() -> None:
    op.execute("drop trigger keep_version on report_drafts")
    op.execute("drop trigger keep_first_version on report_drafts")
    op.execute("drop function tenancy.keep_report_version()")
    op.execute(ONE_COMMENT)
    op.drop_column('report_drafts', 'good_practice')
    op.drop_index('uq_report_comments_one_none', table_name='report_comments', postgresql_where='has_none')
    op.drop_constraint(op.f('uq_report_comments_council_id_report_id_number'), 'report_comments', type_='unique')
    op.create_unique_constraint(op.f('uq_report_comments_council_id_report_id'), 'report_comments', ['council_id', 'report_id'], postgresql_nulls_not_distinct=False)
    op.drop_column('report_comments', 'quoted')
    op.drop_column('report_comments', 'paragraph')
    op.drop_column('report_comments', 'number')
    op.drop_column('report_comment_answers', 'changed')
    op.drop_table('report_draft_versions')
