"""Versions of a file, its text, what a look at a link found, live measures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

CHECKS = {
    'kind': "kind in ('file', 'link', 'measure')",
    'measure_is_named': "(kind = 'measure') = (measure is not null)",
    'scan': "scan in ('unscanned', 'clean', 'quarantined')",
    'text_state': "text_state in ('waiting', 'read', 'no_text')",
}
KEEP_VERSION = """
create function tenancy.keep_evidence_version() returns trigger language plpgsql as $body$
begin
    insert into evidence_versions (council_id, id, evidence_id, number, sha256, size, content_type, filename,
        added_at, added_by, added_by_name, quarantined)
    values (new.council_id, md5(new.id || ':' || new.file_number)::uuid, new.id, new.file_number, new.sha256, new.size,
        new.content_type, new.filename, new.added_at, new.added_by, new.added_by_name, false);
    return null;
end;
$body$;
create trigger keep_first_version after insert on evidence
    for each row when (new.kind = 'file') execute function tenancy.keep_evidence_version();
create trigger keep_version after update on evidence
    for each row when (new.kind = 'file' and old.file_number is distinct from new.file_number)
    execute function tenancy.keep_evidence_version();
"""


def upgrade() -> None:
    op.create_table('evidence_pages',
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('page', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('words', postgresql.TSVECTOR(), sa.Computed("to_tsvector('pg_catalog.english', text)", persisted=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'evidence_id'], ['evidence.council_id', 'evidence.id'], name=op.f('fk_evidence_pages_council_id_evidence_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_evidence_pages')),
    sa.UniqueConstraint('council_id', 'evidence_id', 'page', name=op.f('uq_evidence_pages_council_id_evidence_id_page'))
    )
    op.create_index('ix_evidence_pages_words', 'evidence_pages', ['words'], unique=False, postgresql_using='gin')
    op.create_table('evidence_versions',
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Uuid(), nullable=True),
    sa.Column('added_by_name', sa.Text(), nullable=False),
    sa.Column('quarantined', sa.Boolean(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'evidence_id'], ['evidence.council_id', 'evidence.id'], name=op.f('fk_evidence_versions_council_id_evidence_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_evidence_versions')),
    sa.UniqueConstraint('council_id', 'evidence_id', 'number', name=op.f('uq_evidence_versions_council_id_evidence_id_number'))
    )
    op.create_index('ix_evidence_versions_sha256', 'evidence_versions', ['council_id', 'sha256'], unique=False)
    op.add_column('evidence', sa.Column('measure', sa.Text(), nullable=True))
    op.add_column('evidence', sa.Column('file_number', sa.BigInteger(), server_default='1', nullable=False))
    op.alter_column('evidence', 'file_number', server_default=None)
    op.add_column('evidence', sa.Column('scan', sa.Text(), server_default='unscanned', nullable=False))
    op.alter_column('evidence', 'scan', server_default=None)
    op.add_column('evidence', sa.Column('scan_words', sa.Text(), server_default='', nullable=False))
    op.alter_column('evidence', 'scan_words', server_default=None)
    op.add_column('evidence', sa.Column('text_state', sa.Text(), server_default='waiting', nullable=False))
    op.alter_column('evidence', 'text_state', server_default=None)
    op.add_column('evidence', sa.Column('pages', sa.BigInteger(), nullable=True))
    op.add_column('evidence', sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('evidence', sa.Column('reachable', sa.Boolean(), nullable=True))
    op.add_column('evidence', sa.Column('link_title', sa.Text(), server_default='', nullable=False))
    op.alter_column('evidence', 'link_title', server_default=None)
    op.add_column('evidence', sa.Column('link_dated_on', sa.Date(), nullable=True))
    op.add_column('evidence', sa.Column('check_words', sa.Text(), server_default='', nullable=False))
    op.alter_column('evidence', 'check_words', server_default=None)
    op.drop_constraint(op.f('ck_evidence_kind'), 'evidence', type_='check')
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f'ck_evidence_{name}'), 'evidence', condition)
    op.execute("""
        insert into evidence_versions (council_id, id, evidence_id, number, sha256, size, content_type, filename,
            added_at, added_by, added_by_name, quarantined)
        select council_id, md5(id || ':' || 1)::uuid, id, 1, sha256, size, content_type, filename, added_at, added_by,
            added_by_name, false
        from evidence where kind = 'file'
        """)
    op.create_index('uq_evidence_measure', 'evidence', ['council_id', 'measure'], unique=True, postgresql_where='measure is not null')
    op.execute("""
        alter table evidence_pages enable row level security;
        alter table evidence_pages force row level security;
        create policy owner_all on evidence_pages as permissive for all to owner using (true) with check (true);
        create policy gate_select on evidence_pages as permissive for select to gate using (true);
        create policy council_select on evidence_pages as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on evidence_pages as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on evidence_pages as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on evidence_pages as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on evidence_pages to app;
        grant insert on evidence_pages to app;
        grant select on evidence_pages to app;
        grant update on evidence_pages to app;
        grant select on evidence_pages to gate
        """)
    op.execute("""
        alter table evidence_versions enable row level security;
        alter table evidence_versions force row level security;
        create policy owner_all on evidence_versions as permissive for all to owner using (true) with check (true);
        create policy gate_select on evidence_versions as permissive for select to gate using (true);
        create policy council_select on evidence_versions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on evidence_versions as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on evidence_versions as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on evidence_versions as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on evidence_versions to app;
        grant insert on evidence_versions to app;
        grant select on evidence_versions to app;
        grant update on evidence_versions to app;
        grant select on evidence_versions to gate
        """)
    op.execute(KEEP_VERSION)


def downgrade() -> None:
    op.execute("drop trigger keep_version on evidence")
    op.execute("drop trigger keep_first_version on evidence")
    op.execute("drop function tenancy.keep_evidence_version()")
    op.execute("delete from citations c using evidence e where e.council_id = c.council_id and e.id = c.evidence_id"
               " and e.kind = 'measure'")
    op.execute("delete from evidence where kind = 'measure'")
    for name in CHECKS:
        op.drop_constraint(op.f(f'ck_evidence_{name}'), 'evidence', type_='check')
    op.create_check_constraint(op.f('ck_evidence_kind'), 'evidence', "kind in ('file', 'link')")
    op.drop_index('uq_evidence_measure', table_name='evidence', postgresql_where='measure is not null')
    op.drop_column('evidence', 'check_words')
    op.drop_column('evidence', 'link_dated_on')
    op.drop_column('evidence', 'link_title')
    op.drop_column('evidence', 'reachable')
    op.drop_column('evidence', 'checked_at')
    op.drop_column('evidence', 'pages')
    op.drop_column('evidence', 'text_state')
    op.drop_column('evidence', 'scan_words')
    op.drop_column('evidence', 'scan')
    op.drop_column('evidence', 'file_number')
    op.drop_column('evidence', 'measure')
    op.drop_index('ix_evidence_versions_sha256', table_name='evidence_versions')
    op.drop_table('evidence_versions')
    op.drop_index('ix_evidence_pages_words', table_name='evidence_pages', postgresql_using='gin')
    op.drop_table('evidence_pages')
