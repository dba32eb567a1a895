"""Good practice, case studies and figures that a council shares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

NAMED = """
insert into good_practice (council_id, id, region_id, accreditation_id, report_id, number, requirement_id,
    criterion_code, criterion_title, requirement_code, words, issued_at)
select r.council_id, md5(r.id || '/practice/' || g.number)::uuid, r.region_id, r.accreditation_id, r.id, g.number,
    q.id, g.item ->> 'criterion_code', g.item ->> 'criterion_title', g.item ->> 'requirement_code',
    g.item ->> 'text', r.opened_at
from reports r
join accreditations a on a.council_id = r.council_id and a.id = r.accreditation_id
cross join lateral jsonb_array_elements(r.document -> 'good_practice') with ordinality as g (item, number)
left join requirements q on q.framework_id = a.framework_id and q.code = g.item ->> 'requirement_code'
where r.kind = 'issued' and jsonb_typeof(r.document -> 'good_practice') = 'array'
"""


def upgrade() -> None:
    op.create_table('case_studies',
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('at_a_glance', sa.Text(), nullable=False),
    sa.Column('for_councillors', sa.Text(), nullable=False),
    sa.Column('for_council', sa.Text(), nullable=False),
    sa.Column('for_communities', sa.Text(), nullable=False),
    sa.Column('quotes', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_case_studies_is_named')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_case_studies'))
    )
    op.create_table('published_case_studies',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('case_study_id', sa.Uuid(), nullable=False),
    sa.Column('council_name', sa.Text(), nullable=False),
    sa.Column('document', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'case_study_id'], ['case_studies.council_id', 'case_studies.id'], name=op.f('fk_published_case_studies_council_id_case_study_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_published_case_studies_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_published_case_studies')),
    sa.UniqueConstraint('council_id', 'case_study_id', name=op.f('uq_published_case_studies_council_id_case_study_id'))
    )
    op.create_index('ix_published_case_studies_region_id', 'published_case_studies', ['region_id'], unique=False)
    op.create_table('released_measures',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('numerator', sa.BigInteger(), nullable=False),
    sa.Column('denominator', sa.BigInteger(), nullable=False),
    sa.Column('council_kind', sa.Text(), nullable=False),
    sa.Column('size_band', sa.Text(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('denominator > 0 and numerator >= 0', name=op.f('ck_released_measures_is_a_share')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_released_measures_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_released_measures')),
    sa.UniqueConstraint('council_id', 'measure', 'period', name=op.f('uq_released_measures_council_id_measure_period'))
    )
    op.create_index('ix_released_measures_region_id', 'released_measures', ['region_id', 'measure', 'period'], unique=False)
    op.create_table('good_practice',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=True),
    sa.Column('criterion_code', sa.Text(), nullable=False),
    sa.Column('criterion_title', sa.Text(), nullable=False),
    sa.Column('requirement_code', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_good_practice_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_good_practice_council_id_region_id')),
    sa.ForeignKeyConstraint(['council_id', 'report_id'], ['reports.council_id', 'reports.id'], name=op.f('fk_good_practice_council_id_report_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_good_practice_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_good_practice')),
    sa.UniqueConstraint('council_id', 'report_id', 'number', name=op.f('uq_good_practice_council_id_report_id_number'))
    )
    op.create_table('clippings',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('good_practice_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('council_name', sa.Text(), nullable=False),
    sa.Column('requirement_code', sa.Text(), nullable=False),
    sa.Column('criterion_code', sa.Text(), nullable=False),
    sa.Column('criterion_title', sa.Text(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("state <> 'consented' or words <> ''", name=op.f('ck_clippings_says_something')),
    sa.CheckConstraint("state in ('consented', 'declined', 'withdrawn')", name=op.f('ck_clippings_state')),
    sa.ForeignKeyConstraint(['council_id', 'good_practice_id'], ['good_practice.council_id', 'good_practice.id'], name=op.f('fk_clippings_council_id_good_practice_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_clippings_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_clippings')),
    sa.UniqueConstraint('council_id', 'good_practice_id', name=op.f('uq_clippings_council_id_good_practice_id'))
    )
    op.create_index('ix_clippings_region_id', 'clippings', ['region_id'], unique=False)
    op.execute("""
        alter table case_studies enable row level security;
        alter table case_studies force row level security;
        create policy owner_all on case_studies as permissive for all to owner using (true) with check (true);
        create policy gate_select on case_studies as permissive for select to gate using (true);
        create policy council_select on case_studies as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on case_studies as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on case_studies as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on case_studies as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on case_studies to app;
        grant insert on case_studies to app;
        grant select on case_studies to app;
        grant update on case_studies to app;
        grant select on case_studies to gate
        """)
    op.execute("""
        alter table published_case_studies enable row level security;
        alter table published_case_studies force row level security;
        create policy owner_all on published_case_studies as permissive for all to owner using (true) with check (true);
        create policy gate_select on published_case_studies as permissive for select to gate using (true);
        create policy council_select on published_case_studies as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on published_case_studies as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_delete on published_case_studies as permissive for delete to app using (council_id = (select tenancy.council()));
        create policy region_select on published_case_studies as permissive for select to app using (region_id = (select tenancy.region()));
        create policy peers_select on published_case_studies as permissive for select to app using (region_id = (select tenancy.home_region()));
        grant delete on published_case_studies to app;
        grant insert on published_case_studies to app;
        grant select on published_case_studies to app;
        grant select on published_case_studies to gate
        """)
    op.execute("""
        alter table released_measures enable row level security;
        alter table released_measures force row level security;
        create policy owner_all on released_measures as permissive for all to owner using (true) with check (true);
        create policy gate_select on released_measures as permissive for select to gate using (true);
        create policy council_select on released_measures as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on released_measures as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on released_measures as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on released_measures as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on released_measures to app;
        grant insert on released_measures to app;
        grant select on released_measures to app;
        grant update on released_measures to app;
        grant select on released_measures to gate
        """)
    op.execute("""
        alter table good_practice enable row level security;
        alter table good_practice force row level security;
        create policy owner_all on good_practice as permissive for all to owner using (true) with check (true);
        create policy gate_select on good_practice as permissive for select to gate using (true);
        create policy council_select on good_practice as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on good_practice as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on good_practice as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on good_practice to app;
        grant select on good_practice to app;
        grant select on good_practice to gate
        """)
    op.execute("""
        alter table clippings enable row level security;
        alter table clippings force row level security;
        create policy owner_all on clippings as permissive for all to owner using (true) with check (true);
        create policy gate_select on clippings as permissive for select to gate using (true);
        create policy council_select on clippings as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on clippings as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on clippings as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on clippings as permissive for select to app using (region_id = (select tenancy.region()) and state = 'consented');
        create policy peers_select on clippings as permissive for select to app using (region_id = (select tenancy.home_region()) and state = 'consented');
        grant insert on clippings to app;
        grant select on clippings to app;
        grant update on clippings to app;
        grant select on clippings to gate
        """)
    op.execute(NAMED)


def downgrade() -> None:
    op.drop_index('ix_clippings_region_id', table_name='clippings')
    op.drop_table('clippings')
    op.drop_table('good_practice')
    op.drop_index('ix_released_measures_region_id', table_name='released_measures')
    op.drop_table('released_measures')
    op.drop_index('ix_published_case_studies_region_id', table_name='published_case_studies')
    op.drop_table('published_case_studies')
    op.drop_table('case_studies')
