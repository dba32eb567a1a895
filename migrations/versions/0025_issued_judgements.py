"""Issued judgements as rows, and themes of improvements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

ISSUED = """
insert into issued_judgements (council_id, id, region_id, accreditation_id, report_id, requirement_id, judgement,
    issued_at)
select r.council_id, md5(r.id || ':' || q.id)::uuid, r.region_id, r.accreditation_id, r.id, q.id,
    j.line ->> 'judgement', r.opened_at
from reports r
join accreditations a on a.council_id = r.council_id and a.id = r.accreditation_id
cross join lateral jsonb_array_elements(r.document -> 'criteria') as c (criterion)
cross join lateral jsonb_array_elements(c.criterion -> 'judgements') as j (line)
join requirements q on q.framework_id = a.framework_id and q.code = j.line ->> 'code'
where r.kind = 'issued' and j.line ->> 'judgement' is not null
"""


def upgrade() -> None:
    op.create_table('themes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('words', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('training', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('past', sa.Boolean(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_themes_is_named')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_themes_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_themes')),
    sa.UniqueConstraint('region_id', 'id', name=op.f('uq_themes_region_id_id')),
    sa.UniqueConstraint('region_id', 'title', name=op.f('uq_themes_region_id_title'))
    )
    op.create_table('issued_judgements',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_issued_judgements_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_issued_judgements_council_id_region_id')),
    sa.ForeignKeyConstraint(['council_id', 'report_id'], ['reports.council_id', 'reports.id'], name=op.f('fk_issued_judgements_council_id_report_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_issued_judgements_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_issued_judgements')),
    sa.UniqueConstraint('council_id', 'report_id', 'requirement_id', name=op.f('uq_issued_judgements_council_id_report_id_requirement_id'))
    )
    op.create_index('ix_issued_judgements_region_id_council_id', 'issued_judgements', ['region_id', 'council_id', 'requirement_id'], unique=False)
    op.create_table('improvement_themes',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('improvement_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assigned_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'improvement_id'], ['improvements.council_id', 'improvements.id'], name=op.f('fk_improvement_themes_council_id_improvement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_improvement_themes_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id', 'theme_id'], ['themes.region_id', 'themes.id'], name=op.f('fk_improvement_themes_region_id_theme_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_improvement_themes')),
    sa.UniqueConstraint('council_id', 'improvement_id', 'theme_id', name=op.f('uq_improvement_themes_council_id_improvement_id_theme_id'))
    )
    op.create_index('ix_improvement_themes_region_id_theme_id', 'improvement_themes', ['region_id', 'theme_id'], unique=False)
    op.execute("""
        alter table themes enable row level security;
        alter table themes force row level security;
        create policy owner_all on themes as permissive for all to owner using (true) with check (true);
        create policy gate_select on themes as permissive for select to gate using (true);
        create policy region_select on themes as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on themes as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on themes as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on themes to app;
        grant select on themes to app;
        grant update on themes to app;
        grant select on themes to gate
        """)
    op.execute("""
        alter table issued_judgements enable row level security;
        alter table issued_judgements force row level security;
        create policy owner_all on issued_judgements as permissive for all to owner using (true) with check (true);
        create policy gate_select on issued_judgements as permissive for select to gate using (true);
        create policy council_select on issued_judgements as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on issued_judgements as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on issued_judgements as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy successor_select on issued_judgements as permissive for select to app using (council_id = any((select tenancy.predecessors())::uuid[]));
        grant insert on issued_judgements to app;
        grant select on issued_judgements to app;
        grant select on issued_judgements to gate
        """)
    op.execute("""
        alter table improvement_themes enable row level security;
        alter table improvement_themes force row level security;
        create policy owner_all on improvement_themes as permissive for all to owner using (true) with check (true);
        create policy gate_select on improvement_themes as permissive for select to gate using (true);
        create policy region_select on improvement_themes as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on improvement_themes as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_delete on improvement_themes as permissive for delete to app using (region_id = (select tenancy.region()));
        grant delete on improvement_themes to app;
        grant insert on improvement_themes to app;
        grant select on improvement_themes to app;
        grant select on improvement_themes to gate
        """)
    op.execute(ISSUED)


def downgrade() -> None:
    op.drop_index('ix_improvement_themes_region_id_theme_id', table_name='improvement_themes')
    op.drop_table('improvement_themes')
    op.drop_index('ix_issued_judgements_region_id_council_id', table_name='issued_judgements')
    op.drop_table('issued_judgements')
    op.drop_table('themes')
