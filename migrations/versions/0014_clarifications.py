"""Questions to the council and its answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clarifications',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_by_name', sa.Text(), nullable=False),
    sa.Column('asked_as', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("asked_as in ('assessor', 'region')", name=op.f('ck_clarifications_asked_as')),
    sa.CheckConstraint("question <> ''", name=op.f('ck_clarifications_has_question')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_clarifications_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_clarifications_council_id_region_id')),
    sa.ForeignKeyConstraint(['council_id', 'submission_id'], ['submissions.council_id', 'submissions.id'], name=op.f('fk_clarifications_council_id_submission_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_clarifications_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_clarifications')),
    sa.UniqueConstraint('council_id', 'accreditation_id', 'number', name=op.f('uq_clarifications_council_id_accreditation_id_number'))
    )
    op.create_index('ix_clarifications_accreditation_id', 'clarifications', ['accreditation_id'], unique=False)
    op.create_table('clarification_answers',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('clarification_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("words <> ''", name=op.f('ck_clarification_answers_has_words')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_clarification_answers_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'clarification_id'], ['clarifications.council_id', 'clarifications.id'], name=op.f('fk_clarification_answers_council_id_clarification_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_clarification_answers_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_clarification_answers')),
    sa.UniqueConstraint('council_id', 'clarification_id', name=op.f('uq_clarification_answers_council_id_clarification_id'))
    )
    op.create_index('ix_clarification_answers_accreditation_id', 'clarification_answers', ['accreditation_id'], unique=False)
    op.create_table('clarification_drafts',
    sa.Column('clarification_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'clarification_id'], ['clarifications.council_id', 'clarifications.id'], name=op.f('fk_clarification_drafts_council_id_clarification_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_clarification_drafts')),
    sa.UniqueConstraint('council_id', 'clarification_id', name=op.f('uq_clarification_drafts_council_id_clarification_id'))
    )
    op.create_table('clarification_files',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_clarification_files_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'answer_id'], ['clarification_answers.council_id', 'clarification_answers.id'], name=op.f('fk_clarification_files_council_id_answer_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_clarification_files_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_clarification_files'))
    )
    op.create_index('ix_clarification_files_accreditation_id', 'clarification_files', ['accreditation_id'], unique=False)
    op.execute("""
        alter table clarifications enable row level security;
        alter table clarifications force row level security;
        create policy owner_all on clarifications as permissive for all to owner using (true) with check (true);
        create policy gate_select on clarifications as permissive for select to gate using (true);
        create policy council_select on clarifications as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on clarifications as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on clarifications as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy file_select on clarifications as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        create policy file_insert on clarifications as permissive for insert to app with check (accreditation_id = (select tenancy.open_file()));
        grant insert on clarifications to app;
        grant select on clarifications to app;
        grant select on clarifications to gate
        """)
    op.execute("""
        alter table clarification_answers enable row level security;
        alter table clarification_answers force row level security;
        create policy owner_all on clarification_answers as permissive for all to owner using (true) with check (true);
        create policy gate_select on clarification_answers as permissive for select to gate using (true);
        create policy council_select on clarification_answers as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on clarification_answers as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on clarification_answers as permissive for select to app using (region_id = (select tenancy.region()));
        create policy file_select on clarification_answers as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on clarification_answers to app;
        grant select on clarification_answers to app;
        grant select on clarification_answers to gate
        """)
    op.execute("""
        alter table clarification_drafts enable row level security;
        alter table clarification_drafts force row level security;
        create policy owner_all on clarification_drafts as permissive for all to owner using (true) with check (true);
        create policy gate_select on clarification_drafts as permissive for select to gate using (true);
        create policy council_select on clarification_drafts as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on clarification_drafts as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on clarification_drafts as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on clarification_drafts as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on clarification_drafts to app;
        grant insert on clarification_drafts to app;
        grant select on clarification_drafts to app;
        grant update on clarification_drafts to app;
        grant select on clarification_drafts to gate
        """)
    op.execute("""
        alter table clarification_files enable row level security;
        alter table clarification_files force row level security;
        create policy owner_all on clarification_files as permissive for all to owner using (true) with check (true);
        create policy gate_select on clarification_files as permissive for select to gate using (true);
        create policy council_select on clarification_files as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on clarification_files as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on clarification_files as permissive for select to app using (region_id = (select tenancy.region()));
        create policy file_select on clarification_files as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on clarification_files to app;
        grant select on clarification_files to app;
        grant select on clarification_files to gate
        """)


def downgrade() -> None:
    op.drop_index('ix_clarification_files_accreditation_id', table_name='clarification_files')
    op.drop_table('clarification_files')
    op.drop_table('clarification_drafts')
    op.drop_index('ix_clarification_answers_accreditation_id', table_name='clarification_answers')
    op.drop_table('clarification_answers')
    op.drop_index('ix_clarifications_accreditation_id', table_name='clarifications')
    op.drop_table('clarifications')
