"""Owners, notes, evidence, priorities and versions of a plan's lines, and meetings about it.

Going down deletes all of these for good; the lines themselves stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

KEEP_VERSION = """
create function tenancy.action_document(line actions) returns jsonb language sql stable as $body$
    select to_jsonb(line) - array['council_id', 'id', 'plan_id', 'position', 'version', 'import_id', 'created_at',
        'updated_at', 'updated_by_name', 'meeting_id', 'status_confirmed_at']
$body$;
create function tenancy.keep_action_version() returns trigger language plpgsql as $body$
declare last integer;
begin
    if tg_op = 'UPDATE' and tenancy.action_document(old) = tenancy.action_document(new) then
        return null;
    end if;
    select max(number) into last from action_versions
        where council_id = new.council_id and action_id = new.id;
    insert into action_versions (council_id, id, action_id, number, document, meeting_id, written_at, written_by_name)
    values (new.council_id, md5(new.id || ':' || coalesce(last, 0) + 1)::uuid, new.id, coalesce(last, 0) + 1,
        tenancy.action_document(new),
        new.meeting_id, new.updated_at, new.updated_by_name);
    return null;
end;
$body$;
create trigger keep_version after insert or update on actions
    for each row execute function tenancy.keep_action_version();
"""
FIRST_VERSIONS = """
insert into action_versions (council_id, id, action_id, number, document, meeting_id, written_at, written_by_name)
select council_id, md5(id || ':' || 1)::uuid, id, 1,
    tenancy.action_document(actions), null, updated_at, ''
from actions
"""


def upgrade() -> None:
    op.create_table('priorities',
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('past', sa.Boolean(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_priorities_is_named')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_priorities')),
    sa.UniqueConstraint('council_id', 'title', name=op.f('uq_priorities_council_id_title'))
    )
    op.create_table('meetings',
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('minute', sa.Text(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_name', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'plan_id'], ['plans.council_id', 'plans.id'], name=op.f('fk_meetings_council_id_plan_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_meetings'))
    )
    op.create_index('ix_meetings_council_id_plan_id_held_on', 'meetings', ['council_id', 'plan_id', 'held_on'], unique=False)
    op.create_table('action_evidence',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('pinpoint', sa.Text(), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('linked_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_action_evidence_council_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'evidence_id'], ['evidence.council_id', 'evidence.id'], name=op.f('fk_action_evidence_council_id_evidence_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_action_evidence')),
    sa.UniqueConstraint('council_id', 'action_id', 'evidence_id', name=op.f('uq_action_evidence_council_id_action_id_evidence_id'))
    )
    op.create_index('ix_action_evidence_council_id_evidence_id', 'action_evidence', ['council_id', 'evidence_id'], unique=False)
    op.create_table('action_notes',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=True),
    sa.Column('noted_on', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('minute', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by', sa.Uuid(), nullable=True),
    sa.Column('written_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("words <> ''", name=op.f('ck_action_notes_says_something')),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_action_notes_council_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'meeting_id'], ['meetings.council_id', 'meetings.id'], name=op.f('fk_action_notes_council_id_meeting_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_action_notes'))
    )
    op.create_index('ix_action_notes_council_id_action_id', 'action_notes', ['council_id', 'action_id'], unique=False)
    op.create_table('action_owners',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('accountable', sa.Boolean(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind in ('person', 'post', 'group', 'body', 'to_be_agreed')", name=op.f('ck_action_owners_kind')),
    sa.CheckConstraint("name <> '' or kind = 'to_be_agreed'", name=op.f('ck_action_owners_is_named')),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_action_owners_council_id_action_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_action_owners')),
    sa.UniqueConstraint('council_id', 'action_id', 'position', name=op.f('uq_action_owners_council_id_action_id_position'))
    )
    op.create_index('uq_action_owners_one_accountable', 'action_owners', ['council_id', 'action_id'], unique=True, postgresql_where='accountable')
    op.create_table('action_priorities',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('priority_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_action_priorities_council_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'priority_id'], ['priorities.council_id', 'priorities.id'], name=op.f('fk_action_priorities_council_id_priority_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_action_priorities')),
    sa.UniqueConstraint('council_id', 'action_id', 'priority_id', name=op.f('uq_action_priorities_council_id_action_id_priority_id'))
    )
    op.create_table('action_versions',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('document', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_action_versions_council_id_action_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_action_versions')),
    sa.UniqueConstraint('council_id', 'action_id', 'number', name=op.f('uq_action_versions_council_id_action_id_number'))
    )
    op.create_index('ix_action_versions_council_id_meeting_id', 'action_versions', ['council_id', 'meeting_id'], unique=False)
    op.create_table('meeting_items',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('minute', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_meeting_items_council_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'meeting_id'], ['meetings.council_id', 'meetings.id'], name=op.f('fk_meeting_items_council_id_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_meeting_items')),
    sa.UniqueConstraint('council_id', 'meeting_id', 'action_id', name=op.f('uq_meeting_items_council_id_meeting_id_action_id'))
    )
    op.add_column('actions', sa.Column('updated_by_name', sa.Text(), server_default='', nullable=False))
    op.alter_column('actions', 'updated_by_name', server_default=None)
    op.add_column('actions', sa.Column('status_confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('actions', sa.Column('completed_on', sa.Date(), nullable=True))
    op.add_column('actions', sa.Column('timescale_chosen_by', sa.Text(), server_default='', nullable=False))
    op.alter_column('actions', 'timescale_chosen_by', server_default=None)
    op.add_column('actions', sa.Column('restricted', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('actions', 'restricted', server_default=None)
    op.add_column('actions', sa.Column('meeting_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_actions_council_id_meeting_id'), 'actions', 'meetings', ['council_id', 'meeting_id'], ['council_id', 'id'])
    op.add_column('plans', sa.Column('put_away_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("""
        alter table priorities enable row level security;
        alter table priorities force row level security;
        create policy owner_all on priorities as permissive for all to owner using (true) with check (true);
        create policy gate_select on priorities as permissive for select to gate using (true);
        create policy council_select on priorities as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on priorities as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on priorities as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on priorities as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on priorities to app;
        grant insert on priorities to app;
        grant select on priorities to app;
        grant update on priorities to app;
        grant select on priorities to gate
        """)
    op.execute("""
        alter table meetings enable row level security;
        alter table meetings force row level security;
        create policy owner_all on meetings as permissive for all to owner using (true) with check (true);
        create policy gate_select on meetings as permissive for select to gate using (true);
        create policy council_select on meetings as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on meetings as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on meetings as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on meetings as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on meetings to app;
        grant insert on meetings to app;
        grant select on meetings to app;
        grant update on meetings to app;
        grant select on meetings to gate
        """)
    op.execute("""
        alter table action_evidence enable row level security;
        alter table action_evidence force row level security;
        create policy owner_all on action_evidence as permissive for all to owner using (true) with check (true);
        create policy gate_select on action_evidence as permissive for select to gate using (true);
        create policy council_select on action_evidence as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on action_evidence as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_delete on action_evidence as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on action_evidence to app;
        grant insert on action_evidence to app;
        grant select on action_evidence to app;
        grant select on action_evidence to gate
        """)
    op.execute("""
        alter table action_notes enable row level security;
        alter table action_notes force row level security;
        create policy owner_all on action_notes as permissive for all to owner using (true) with check (true);
        create policy gate_select on action_notes as permissive for select to gate using (true);
        create policy council_select on action_notes as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on action_notes as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on action_notes as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on action_notes as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on action_notes to app;
        grant insert on action_notes to app;
        grant select on action_notes to app;
        grant update on action_notes to app;
        grant select on action_notes to gate
        """)
    op.execute("""
        alter table action_owners enable row level security;
        alter table action_owners force row level security;
        create policy owner_all on action_owners as permissive for all to owner using (true) with check (true);
        create policy gate_select on action_owners as permissive for select to gate using (true);
        create policy council_select on action_owners as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on action_owners as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on action_owners as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on action_owners as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on action_owners to app;
        grant insert on action_owners to app;
        grant select on action_owners to app;
        grant update on action_owners to app;
        grant select on action_owners to gate
        """)
    op.execute("""
        alter table action_priorities enable row level security;
        alter table action_priorities force row level security;
        create policy owner_all on action_priorities as permissive for all to owner using (true) with check (true);
        create policy gate_select on action_priorities as permissive for select to gate using (true);
        create policy council_select on action_priorities as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on action_priorities as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_delete on action_priorities as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on action_priorities to app;
        grant insert on action_priorities to app;
        grant select on action_priorities to app;
        grant select on action_priorities to gate
        """)
    op.execute("""
        alter table action_versions enable row level security;
        alter table action_versions force row level security;
        create policy owner_all on action_versions as permissive for all to owner using (true) with check (true);
        create policy gate_select on action_versions as permissive for select to gate using (true);
        create policy council_select on action_versions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on action_versions as permissive for insert to app with check (council_id = (select tenancy.council()));
        grant insert on action_versions to app;
        grant select on action_versions to app;
        grant select on action_versions to gate
        """)
    op.execute("""
        alter table meeting_items enable row level security;
        alter table meeting_items force row level security;
        create policy owner_all on meeting_items as permissive for all to owner using (true) with check (true);
        create policy gate_select on meeting_items as permissive for select to gate using (true);
        create policy council_select on meeting_items as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on meeting_items as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on meeting_items as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on meeting_items as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on meeting_items to app;
        grant insert on meeting_items to app;
        grant select on meeting_items to app;
        grant update on meeting_items to app;
        grant select on meeting_items to gate
        """)
    op.execute(KEEP_VERSION)
    op.execute(FIRST_VERSIONS)


def downgrade() -> None:
    op.execute("drop trigger keep_version on actions")
    op.execute("drop function tenancy.keep_action_version()")
    op.execute("drop function tenancy.action_document(actions)")
    op.drop_column('plans', 'put_away_at')
    op.drop_constraint(op.f('fk_actions_council_id_meeting_id'), 'actions', type_='foreignkey')
    op.drop_column('actions', 'meeting_id')
    op.drop_column('actions', 'restricted')
    op.drop_column('actions', 'timescale_chosen_by')
    op.drop_column('actions', 'completed_on')
    op.drop_column('actions', 'status_confirmed_at')
    op.drop_column('actions', 'updated_by_name')
    op.drop_table('meeting_items')
    op.drop_index('ix_action_versions_council_id_meeting_id', table_name='action_versions')
    op.drop_table('action_versions')
    op.drop_table('action_priorities')
    op.drop_index('uq_action_owners_one_accountable', table_name='action_owners', postgresql_where='accountable')
    op.drop_table('action_owners')
    op.drop_index('ix_action_notes_council_id_action_id', table_name='action_notes')
    op.drop_table('action_notes')
    op.drop_index('ix_action_evidence_council_id_evidence_id', table_name='action_evidence')
    op.drop_table('action_evidence')
    op.drop_index('ix_meetings_council_id_plan_id_held_on', table_name='meetings')
    op.drop_table('meetings')
    op.drop_table('priorities')
