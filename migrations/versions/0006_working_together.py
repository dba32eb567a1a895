"""Versions of an answer, owners of elements, comments, contributions, carried answers, returned requirements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KEEP_VERSION = """
create function tenancy.keep_answer_version() returns trigger language plpgsql as $body$
declare last record;
begin
    select id, number, sitting into last from answer_versions
        where council_id = new.council_id and answer_id = new.id order by number desc limit 1;
    if last.id is not null and last.sitting = new.sitting then
        update answer_versions set judgement = new.judgement, narrative = new.narrative,
            not_applicable_reason = new.not_applicable_reason, written_at = new.updated_at
        where council_id = new.council_id and id = last.id;
    else
        insert into answer_versions (council_id, id, answer_id, number, judgement, narrative, not_applicable_reason,
            begun_at, written_at, written_by, written_by_name, sitting)
        values (new.council_id, md5(new.id || ':' || coalesce(last.number, 0) + 1)::uuid, new.id,
            coalesce(last.number, 0) + 1, new.judgement, new.narrative,
            new.not_applicable_reason, new.updated_at, new.updated_at, new.updated_by, new.updated_by_name, new.sitting);
    end if;
    return null;
end;
$body$;
create trigger keep_first_version after insert on answers
    for each row execute function tenancy.keep_answer_version();
create trigger keep_version after update on answers
    for each row when ((old.judgement, old.narrative, old.not_applicable_reason)
        is distinct from (new.judgement, new.narrative, new.not_applicable_reason))
    execute function tenancy.keep_answer_version();
"""


def upgrade() -> None:
    op.create_table('answer_comments',
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('mentions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by', sa.Uuid(), nullable=True),
    sa.Column('written_by_name', sa.Text(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_answer_comments_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_answer_comments_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_answer_comments'))
    )
    op.create_index('ix_answer_comments_requirement', 'answer_comments', ['council_id', 'accreditation_id', 'requirement_id'], unique=False)
    op.create_table('contribution_requests',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('shown', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('key_hash', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('asked_by_name', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decline_reason', sa.Text(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('set_aside_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('taken_at is null or sent_at is not null', name=op.f('ck_contribution_requests_taken_once_sent')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_contribution_requests_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_contribution_requests_council_id_region_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_contribution_requests_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_contribution_requests'))
    )
    op.create_index('ix_contribution_requests_key_hash', 'contribution_requests', ['key_hash'], unique=False)
    op.create_index('ix_contribution_requests_requirement', 'contribution_requests', ['council_id', 'accreditation_id', 'requirement_id'], unique=False)
    op.create_table('element_owners',
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('element_code', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('named_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_element_owners_council_id_accreditation_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_element_owners')),
    sa.UniqueConstraint('council_id', 'accreditation_id', 'element_code', name=op.f('uq_element_owners_council_id_accreditation_id_element_code'))
    )
    op.create_table('answer_versions',
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=True),
    sa.Column('narrative', sa.Text(), nullable=False),
    sa.Column('not_applicable_reason', sa.Text(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by', sa.Uuid(), nullable=True),
    sa.Column('written_by_name', sa.Text(), nullable=False),
    sa.Column('sitting', sa.Uuid(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'answer_id'], ['answers.council_id', 'answers.id'], name=op.f('fk_answer_versions_council_id_answer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_answer_versions')),
    sa.UniqueConstraint('council_id', 'answer_id', 'number', name=op.f('uq_answer_versions_council_id_answer_id_number'))
    )
    op.create_table('returned_requirements',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_returned_requirements_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_returned_requirements_council_id_region_id')),
    sa.ForeignKeyConstraint(['council_id', 'submission_id'], ['submissions.council_id', 'submissions.id'], name=op.f('fk_returned_requirements_council_id_submission_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_returned_requirements_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_returned_requirements')),
    sa.UniqueConstraint('council_id', 'submission_id', 'requirement_id', name=op.f('uq_returned_requirements_council_id_submission_id_requirement_id'))
    )
    op.add_column('accreditations', sa.Column('reopened', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('answers', sa.Column('sitting', sa.Uuid(), nullable=True))
    op.add_column('answers', sa.Column('carried', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('answers', sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('answers', sa.Column('confirmed_by', sa.Uuid(), nullable=True))
    op.add_column('answers', sa.Column('confirmed_by_name', sa.Text(), server_default='', nullable=False))
    op.alter_column('answers', 'confirmed_by_name', server_default=None)
    op.add_column('submission_answers', sa.Column('carried', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute("""
        alter table answer_comments enable row level security;
        alter table answer_comments force row level security;
        create policy owner_all on answer_comments as permissive for all to owner using (true) with check (true);
        create policy gate_select on answer_comments as permissive for select to gate using (true);
        create policy council_select on answer_comments as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on answer_comments as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on answer_comments as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        grant insert on answer_comments to app;
        grant select on answer_comments to app;
        grant update on answer_comments to app;
        grant select on answer_comments to gate
        """)
    op.execute("""
        alter table contribution_requests enable row level security;
        alter table contribution_requests force row level security;
        create policy owner_all on contribution_requests as permissive for all to owner using (true) with check (true);
        create policy gate_select on contribution_requests as permissive for select to gate using (true);
        create policy council_select on contribution_requests as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on contribution_requests as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on contribution_requests as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy bearer_select on contribution_requests as permissive for select to app using (key_hash = (select tenancy.key_hash()));
        create policy bearer_update on contribution_requests as permissive for update to app using (key_hash = (select tenancy.key_hash()) and sent_at is null and declined_at is null and withdrawn_at is null and expires_at > now()) with check (key_hash = (select tenancy.key_hash()));
        grant insert on contribution_requests to app;
        grant select on contribution_requests to app;
        grant update on contribution_requests to app;
        grant select on contribution_requests to gate
        """)
    op.execute("""
        alter table element_owners enable row level security;
        alter table element_owners force row level security;
        create policy owner_all on element_owners as permissive for all to owner using (true) with check (true);
        create policy gate_select on element_owners as permissive for select to gate using (true);
        create policy council_select on element_owners as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on element_owners as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on element_owners as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on element_owners as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on element_owners to app;
        grant insert on element_owners to app;
        grant select on element_owners to app;
        grant update on element_owners to app;
        grant select on element_owners to gate
        """)
    op.execute("""
        alter table answer_versions enable row level security;
        alter table answer_versions force row level security;
        create policy owner_all on answer_versions as permissive for all to owner using (true) with check (true);
        create policy gate_select on answer_versions as permissive for select to gate using (true);
        create policy council_select on answer_versions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on answer_versions as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on answer_versions as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        grant insert on answer_versions to app;
        grant select on answer_versions to app;
        grant update on answer_versions to app;
        grant select on answer_versions to gate
        """)
    op.execute("""
        alter table returned_requirements enable row level security;
        alter table returned_requirements force row level security;
        create policy owner_all on returned_requirements as permissive for all to owner using (true) with check (true);
        create policy gate_select on returned_requirements as permissive for select to gate using (true);
        create policy council_select on returned_requirements as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on returned_requirements as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on returned_requirements as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on returned_requirements to app;
        grant select on returned_requirements to app;
        grant select on returned_requirements to gate
        """)
    op.execute("""
        insert into answer_versions (council_id, id, answer_id, number, judgement, narrative, not_applicable_reason,
            begun_at, written_at, written_by, written_by_name)
        select council_id, gen_random_uuid(), id, 1, judgement, narrative, not_applicable_reason, updated_at,
            updated_at, updated_by, updated_by_name
        from answers
        """)
    op.execute(KEEP_VERSION)


def downgrade() -> None:
    op.execute("drop trigger keep_version on answers")
    op.execute("drop trigger keep_first_version on answers")
    op.execute("drop function tenancy.keep_answer_version()")
    op.drop_column('submission_answers', 'carried')
    op.drop_column('answers', 'confirmed_by_name')
    op.drop_column('answers', 'confirmed_by')
    op.drop_column('answers', 'confirmed_at')
    op.drop_column('answers', 'carried')
    op.drop_column('answers', 'sitting')
    op.drop_column('accreditations', 'reopened')
    op.drop_table('returned_requirements')
    op.drop_table('answer_versions')
    op.drop_table('element_owners')
    op.drop_index('ix_contribution_requests_requirement', table_name='contribution_requests')
    op.drop_index('ix_contribution_requests_key_hash', table_name='contribution_requests')
    op.drop_table('contribution_requests')
    op.drop_index('ix_answer_comments_requirement', table_name='answer_comments')
    op.drop_table('answer_comments')
