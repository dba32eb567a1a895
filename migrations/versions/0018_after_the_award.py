"""The interim review, and what a successor reads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

INHERITED = (
    "accreditations", "awards", "improvement_progress", "improvements", "replies", "reports", "submission_answers",
    "submission_decisions", "submission_files", "submissions",
)  # fmt: skip
"""What a council's successor reads."""


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
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('entries', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_interim_drafts_council_id_accreditation_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_interim_drafts')),
    sa.UniqueConstraint('council_id', 'accreditation_id', name=op.f('uq_interim_drafts_council_id_accreditation_id'))
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
        create policy heir_select on successions as permissive for select to app using (successor_id = (select tenancy.council()));
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


def downgrade() -> None:
    for table in INHERITED:
        op.execute(f"drop policy successor_select on {table}")
    op.drop_column('awards', 'interim_reviewed_on')
    op.drop_table('interim_reviews')
    op.drop_table('interim_drafts')
    op.drop_table('successions')
