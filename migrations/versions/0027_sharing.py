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

CLASSES = """
create function tenancy.benchmark_classes(of_measure text, of_period text)
    returns table (shown bigint[], kind text, band text, number bigint)
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare here uuid := tenancy.home_region();
begin
    if not exists (select from councils c where c.id = tenancy.council() and c.region_id = here) then return; end if;
    -- who shares and who takes back at the same moment wait for each other
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', here, of_measure, of_period), 27));
    return query
        select s.shown, s.council_kind, s.size_band, count(*) from (
            select e.id, r.council_kind, r.size_band, coalesce((
                select array_agg(b.number order by b.number) from shown_benchmarks b
                where b.region_id = here and b.measure = of_measure and b.period = of_period and e.id = any(b.members)
            ), '{}') as shown
            from (
                select f.id from released_measures f
                where f.region_id = here and f.measure = of_measure and f.period = of_period and not exists (
                    select from shown_benchmarks b
                    where b.region_id = here and b.measure = of_measure and b.period = of_period
                        and f.council_id = any (b.councils) and f.id <> all (b.members))
                union
                select unnest(b.members) from shown_benchmarks b
                where b.region_id = here and b.measure = of_measure and b.period = of_period) as e
            left join released_measures r on r.region_id = here and r.id = e.id) as s
        group by 1, 2, 3;
end;
$body$
"""
"""How many councils were counted in the same groups before and are of the same kind and size; no council, no figure.

A council that took back what was counted and shares anew does not count again: the two would tell its neighbours.
"""

PUBLISH = """
create function tenancy.publish_benchmark(new_id uuid, of_measure text, of_period text, of_kind text, of_band text)
    returns boolean language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare here uuid := tenancy.home_region(); counted uuid[]; theirs uuid[]; quartiles double precision[];
begin
    if not exists (select from councils c where c.id = tenancy.council() and c.region_id = here) then
        return false;
    end if;
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', here, of_measure, of_period), 27));
    select array_agg(r.id order by r.id), array_agg(r.council_id order by r.id),
            percentile_cont(array[0.25, 0.5, 0.75]) within group (order by 100.0 * r.numerator / r.denominator)
        into counted, theirs, quartiles
        from released_measures r
        where r.region_id = here and r.measure = of_measure and r.period = of_period
            and (of_kind = '' or r.council_kind = of_kind) and (of_band = '' or r.size_band = of_band)
            and not exists (
                select from shown_benchmarks b
                where b.region_id = here and b.measure = of_measure and b.period = of_period
                    and r.council_id = any (b.councils) and r.id <> all (b.members));
    if coalesce(cardinality(counted), 0) < 5 then
        raise exception using errcode = 'insufficient_privilege', message = 'a group of fewer than five councils';
    end if;
    if (select b.members from shown_benchmarks b
            where b.region_id = here and b.measure = of_measure and b.period = of_period
                and b.council_kind = of_kind and b.size_band = of_band
            order by b.number desc limit 1) = counted then
        return false;
    end if;
    if exists (
        select from shown_benchmarks b
        where b.region_id = here and b.measure = of_measure and b.period = of_period and (
            select count(*) from unnest(b.members) as m where m <> all (counted)) + (
            select count(*) from unnest(counted) as m where m <> all (b.members)) between 1 and 4) then
        raise exception using errcode = 'insufficient_privilege', message = 'it differs by fewer than five councils';
    end if;
    insert into shown_benchmarks (id, region_id, measure, period, number, council_kind, size_band, members,
            councils, lower, median, upper, shown_at)
        select new_id, here, of_measure, of_period, coalesce(max(b.number), 0) + 1, of_kind, of_band, counted,
            theirs, case when cardinality(counted) >= 9 then 5 * round(quartiles[1] / 5) end,
            5 * round(quartiles[2] / 5), case when cardinality(counted) >= 9 then 5 * round(quartiles[3] / 5) end, now()
        from shown_benchmarks b where b.region_id = here and b.measure = of_measure and b.period = of_period;
    return true;
end;
$body$
"""
"""Never a group below five, and never two that differ by fewer than five; `assessment.rules.benchmarks` asks more.

Quartiles of fewer than nine councils would be single councils' figures; every figure is rounded to five percent.
"""

BENCHMARK = """
create function tenancy.benchmark(of_measure text, of_period text)
    returns table (council_kind text, size_band text, councils bigint, lower bigint, median bigint, upper bigint,
        shown_at timestamptz)
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
declare here uuid := coalesce(tenancy.region(), tenancy.home_region());
begin
    if tenancy.region() is null and not exists (
        select from released_measures r where r.council_id = tenancy.council() and r.region_id = here
            and r.measure = of_measure and r.period = of_period) then
        return;
    end if;
    return query
        select distinct on (b.council_kind, b.size_band) b.council_kind, b.size_band, cardinality(b.members)::bigint,
            b.lower, b.median, b.upper, b.shown_at
        from shown_benchmarks b
        where b.region_id = here and b.measure = of_measure and b.period = of_period
            and cardinality(b.members) >= 5
            and not exists (
                select from unnest(b.members) as m
                where not exists (select from released_measures r where r.region_id = here and r.id = m))
        order by b.council_kind, b.size_band, b.number desc;
end;
$body$
"""
"""For a region, and for a council that shares this figure: the groups none of whose councils has taken its own back."""

FUNCTIONS = {
    "benchmark_classes(text, text)": CLASSES,
    "publish_benchmark(uuid, text, text, text, text)": PUBLISH,
    "benchmark(text, text)": BENCHMARK,
}


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
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('framework_title', sa.Text(), nullable=False),
    sa.Column('requirement_code', sa.Text(), nullable=False),
    sa.Column('requirement_title', sa.Text(), nullable=False),
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
    op.create_table('shown_benchmarks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('council_kind', sa.Text(), nullable=False),
    sa.Column('size_band', sa.Text(), nullable=False),
    sa.Column('members', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('councils', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('lower', sa.BigInteger(), nullable=True),
    sa.Column('median', sa.BigInteger(), nullable=False),
    sa.Column('upper', sa.BigInteger(), nullable=True),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('cardinality(members) >= 5', name=op.f('ck_shown_benchmarks_is_large_enough')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_shown_benchmarks_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shown_benchmarks')),
    sa.UniqueConstraint('region_id', 'measure', 'period', 'number', name=op.f('uq_shown_benchmarks_region_id_measure_period_number'))
    )
    op.execute("""
        alter table shown_benchmarks enable row level security;
        alter table shown_benchmarks force row level security;
        create policy owner_all on shown_benchmarks as permissive for all to owner using (true) with check (true);
        create policy gate_select on shown_benchmarks as permissive for select to gate using (true);
        create policy gate_insert on shown_benchmarks as permissive for insert to gate with check (true);
        grant insert on shown_benchmarks to gate;
        grant select on shown_benchmarks to gate
        """)
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
        create policy region_select on clippings as permissive for select to app using (region_id = (select tenancy.region()) and state = 'consented' and expires_on >= current_date);
        create policy peers_select on clippings as permissive for select to app using (region_id = (select tenancy.home_region()) and state = 'consented' and expires_on >= current_date);
        grant insert on clippings to app;
        grant select on clippings to app;
        grant update on clippings to app;
        grant select on clippings to gate
        """)
    op.execute(NAMED)
    op.execute("grant create on schema tenancy to gate")
    for signature, function in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"revoke all on function tenancy.{signature} from public")
        op.execute(f"alter function tenancy.{signature} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    for signature in FUNCTIONS:
        op.execute(f"grant execute on function tenancy.{signature} to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    for signature in FUNCTIONS:
        op.execute(f"drop function tenancy.{signature}")
    op.execute("reset role")
    op.drop_table('shown_benchmarks')
    op.drop_index('ix_clippings_region_id', table_name='clippings')
    op.drop_table('clippings')
    op.drop_table('good_practice')
    op.drop_index('ix_released_measures_region_id', table_name='released_measures')
    op.drop_table('released_measures')
    op.drop_index('ix_published_case_studies_region_id', table_name='published_case_studies')
    op.drop_table('published_case_studies')
    op.drop_table('case_studies')
