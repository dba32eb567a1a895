"""Search: what is said in a council, found through one gate function."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

# Each character of the first line becomes the one below it, so that lengths stay. Punctuation parts words: else a word
# in typographic quotes is another word, and "and/or" or "plan_2026.pdf" is one. Accents go: Siân is found as Sian.
ACCENTED = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŴŶŸàáâãäåçèéêëìíîïñòóôõöùúûüýÿŵŷ"
UNACCENTED = "AAAAAACEEEEIIIINOOOOOUUUUYWYYaaaaaaceeeeiiiinooooouuuuyywy"
PARTING = (
    "!#$%&()*+,-./:;<=>?@[]^_`{|}~'\"\\"
    "\u00a0\u00ab\u00b7\u00bb\u2010\u2011\u2012\u2013\u2014\u2015\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2022\u2026\u2032\u2033\u2212\u25cf\u25aa\uf0b7\ufffd"
    "\u00a3\ue000\ue001"
)
START, STOP = "\ue000", "\ue001"  # round each hit; for private use, so no keyboard writes them


def literal(text: str) -> str:
    """A text as SQL wants it."""
    return "'" + text.replace("'", "''") + "'"


PLAIN = f"""
create function tenancy.plain(words text) returns text language sql immutable strict parallel safe as $body$
    select translate(words, {literal(ACCENTED + PARTING)}, {literal(UNACCENTED + " " * len(PARTING))})
$body$
"""
# The council is a word of every text: one index over all councils then leads straight to one council's rows.
INDEXED = """
create function tenancy.indexed(council uuid, words text) returns tsvector
    language sql immutable parallel safe as $body$
    select array_to_tsvector(array[council::text]) || to_tsvector('pg_catalog.english', tenancy.plain(words))
$body$
"""
# What somebody typed as a query: null where nothing can be looked for. Quotes, "or" and a leading "-" mean what they
# mean everywhere on the web; the last word, where it is a plain one, may be the beginning of a longer word.
SOUGHT = """
create function tenancy.sought(words text, config regconfig) returns tsquery
    language plpgsql immutable strict parallel safe as $body$
declare
    typed text := regexp_replace(translate(left(words, 300), E'\\u201c\\u201d\\u201e', '\"\"\"'), '([^[:space:]\"])-+', '\\1 ', 'g');
    marks text := translate(typed, '\"-', E'\\ue002\\ue003');
    tidy text := btrim(translate(tenancy.plain(marks), E'\\ue002\\ue003', '\"-'), E' \\t\\n\\r');
    last text := (regexp_match(tidy, '(?:^|[[:space:]])([^[:space:]\"-]{3,})$'))[1];
    query tsquery := websearch_to_tsquery(config, tidy);
    beginning tsquery;
    before text;
begin
    if last is not null and lower(last) <> 'or' and length(replace(tidy, '\"', '')) % 2 = length(tidy) % 2 then
        beginning := to_tsquery(config, quote_literal(last) || ':*');
        before := left(tidy, -length(last));
        -- texts hold stems, and "inducti" is longer than the stem of "induction": what it may become is tried too
        if config = 'pg_catalog.english'::regconfig and length(last) > 3 then
            beginning := beginning || coalesce((
                select string_agg(distinct quote_literal(stem), ' | ')::tsquery
                from unnest(array['n', 'on', 'ion', 't', 'nt', 'ent', 'g', 'ng', 'y', 'ty', 'ity', 'al', 'e']) as ending,
                    unnest(ts_lexize('pg_catalog.english_stem', lower(last) || ending)) as stem
                where starts_with(lower(last), stem)
                    and stem <> all(ts_lexize('pg_catalog.english_stem', lower(last)))), '');
        end if;
        if numnode(beginning) > 0 then
            query := case when before ~* '[[:space:]]or[[:space:]]+$'
                then query || beginning else websearch_to_tsquery(config, before) && beginning end;
        end if;
    end if;
    return case when querytree(query) in ('', 'T') then null else query end;
end;
$body$
"""
# The part of a text where the hits stand closest together, as it was written, each hit between two private characters.
MARKED = f"""
create function tenancy.marked(words text, config regconfig, query tsquery, options text) returns text
    language plpgsql immutable strict parallel safe as $body$
declare
    written text := translate(words, E'\\ue000\\ue001', '  ');
    plain text := tenancy.plain(written);
    part text := ts_headline(config, plain, query, options || ', StartSel={START}, StopSel={STOP}');
    unmarked text := translate(part, E'\\ue000\\ue001', '');
    at int := strpos(plain, unmarked);
    until int := at + length(unmarked);
    shown text := '';
    piece text;
    hit text;
begin
    if at = 0 then return written; end if;
    if at > 1 and left(part, 1) = E'\\ue000' then  -- some words before the first hit, from the beginning of one
        at := greatest(at - 60, 1);
        if at > 1 then
            at := at + length(substring(substr(plain, at, until - at) from '^[^ \\n]*[ \\n]*'));
        end if;
        part := ts_headline(config, substr(plain, at, until - at), query,
            'HighlightAll=true, StartSel={START}, StopSel={STOP}');
    end if;
    if at > 1 then shown := '… '; end if;
    foreach piece in array string_to_array(part, E'\\ue000') loop
        if strpos(piece, E'\\ue001') > 0 then
            hit := split_part(piece, E'\\ue001', 1);
            shown := shown || E'\\ue000' || substr(written, at, length(hit)) || E'\\ue001';
            at := at + length(hit);
            piece := split_part(piece, E'\\ue001', 2);
        end if;
        shown := shown || substr(written, at, length(piece));
        at := at + length(piece);
    end loop;
    if at <= length(written) and options not like 'HighlightAll%' then shown := shown || ' …'; end if;
    return shown;
end;
$body$
"""
# Everything in one council that holds the words, the best first within each kind. The council comes from the setting
# alone; who may read which kind is the caller's to say. Colleagues' comments are left out: they are said in passing on
# a requirement's page, and would stand before what the council wrote. `page` is of a PDF; `total` counts the kind.
SEARCH = """
create function tenancy.search(words text, kinds text[], at_most integer, skip integer)
returns table (
    kind text, id uuid, accreditation_id uuid, plan_id uuid, code text, page bigint, pages bigint[], form text,
    title text, about text, snippet text, rank real, total bigint)
language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan
as $body$
#variable_conflict use_column
declare
    here uuid := tenancy.council();
    query tsquery := tenancy.sought(words, 'pg_catalog.english');
    names tsquery := tenancy.sought(words, 'pg_catalog.simple');
    english regconfig := 'pg_catalog.english';
    simple regconfig := 'pg_catalog.simple';
    keyed tsquery := quote_literal(here::text)::tsquery && query;
    whole text := 'HighlightAll=true';
    short text := 'MinWords=18, MaxWords=36';
begin
    if here is null then return; end if;
    return query
    with in_evidence as materialized (
        select hit.evidence_id, max(hit.score) as score,
            (array_agg(hit.page_id order by hit.score desc) filter (where hit.page_id is not null))[1] as page_id,
            (array_agg(hit.page order by hit.score desc) filter (where hit.page_id is not null))[1] as page,
            array_agg(hit.page order by hit.page) filter (where hit.page_id is not null) as pages
        from (
            select e.id as evidence_id, null::uuid as page_id, null::bigint as page,
                1 + ts_rank(to_tsvector('pg_catalog.english', tenancy.plain(e.title)), query) as score
            from evidence e
            where 'evidence' = any(kinds) and e.council_id = here
                and tenancy.indexed(e.council_id, ((e.title || ' ') || coalesce(e.filename, '')) || ' ' || e.link_title)
                    @@ keyed
            union all
            select p.evidence_id, p.id, p.page, ts_rank(p.words, query)
            from evidence_pages p
            where 'evidence' = any(kinds) and p.council_id = here and p.words @@ keyed
        ) as hit
        group by hit.evidence_id
    ), hits as materialized (
        select 'answer' as kind, a.id, null::uuid as page_id, null::bigint as page, null::bigint[] as pages,
            ts_rank(tenancy.indexed(a.council_id, a.narrative || ' ' || a.not_applicable_reason), query) as score
        from answers a
        join accreditations c on c.council_id = a.council_id and c.id = a.accreditation_id
        where 'answer' = any(kinds) and a.council_id = here
            and c.stage not in ('withdrawn', 'lapsed', 'ended')
            and tenancy.indexed(a.council_id, a.narrative || ' ' || a.not_applicable_reason) @@ keyed
        union all
        select 'evidence', e.id, h.page_id, h.page, h.pages, h.score
        from in_evidence h
        join evidence e on e.council_id = here and e.id = h.evidence_id
        where e.removed_at is null and e.scan <> 'quarantined'
        union all
        select 'action', a.id, null, null, null,
            ts_rank(tenancy.indexed(a.council_id,
                a.action || ' ' || a.reason || ' ' || a.responsibility || ' ' || a.remark), query)
        from actions a
        where 'action' = any(kinds) and a.council_id = here
            and tenancy.indexed(a.council_id,
                a.action || ' ' || a.reason || ' ' || a.responsibility || ' ' || a.remark) @@ keyed
        union all
        select 'member', m.id, null, null, null,
            ts_rank(to_tsvector('pg_catalog.simple', tenancy.plain(m.given_name || ' ' || m.family_name)), names)
        from members m
        left join lateral (
            select t.ended_on from terms t where t.council_id = m.council_id and t.member_id = m.id
            order by t.started_on desc, t.id desc limit 1) as term on true
        where 'member' = any(kinds) and m.council_id = here
            and (term.ended_on is null or term.ended_on > (now() at time zone 'Europe/London')::date)
            and to_tsvector('pg_catalog.simple',
                tenancy.plain(m.title || ' ' || m.given_name || ' ' || m.family_name || ' ' || m.ward)) @@ names
    ), placed as materialized (
        select h.*, count(*) over (partition by h.kind) as total,
            row_number() over (partition by h.kind order by h.score desc, h.id) as place
        from hits h
    ), shown as materialized (
        select p.* from placed p where p.place > skip and p.place <= skip + least(at_most, 100)
    ), told as (
        select s.kind, s.id, a.accreditation_id, null::uuid as plan_id, r.code, null::bigint as page,
            null::bigint[] as pages, '' as form, r.code || ' ' || r.title as title,
            coalesce(
                (select step.value->>'title' from jsonb_array_elements(f.document->'levels') as step
                where step.value->>'code' = c.level), c.level)
                || case when c.cycle > 1 then ', cycle ' || c.cycle else '' end as about,
            tenancy.marked(a.narrative || case when a.narrative <> '' then e'\\n' else '' end
                || a.not_applicable_reason, english, query, short) as snippet,
            s.score, s.total, s.place
        from shown s
        join answers a on s.kind = 'answer' and a.council_id = here and a.id = s.id
        join accreditations c on c.council_id = a.council_id and c.id = a.accreditation_id
        join requirements r on r.id = a.requirement_id
        join frameworks f on f.id = r.framework_id
        union all
        select s.kind, s.id, null, null, null, case when e.content_type = 'application/pdf' then s.page end,
            case when e.content_type = 'application/pdf' then s.pages end, e.kind,
            tenancy.marked(e.title, english, query, whole),
            tenancy.marked(coalesce(nullif(e.filename, e.title), nullif(e.link_title, ''), ''), english, query, whole),
            coalesce(tenancy.marked(p.text, english, query, short), ''),
            s.score, s.total, s.place
        from shown s
        join evidence e on s.kind = 'evidence' and e.council_id = here and e.id = s.id
        left join evidence_pages p on p.council_id = here and p.id = s.page_id
        union all
        select s.kind, s.id, null, a.plan_id, null, null, null, '', tenancy.marked(a.action, english, query, short), p.title,
            tenancy.marked(concat_ws(' – ', nullif(a.reason, ''), nullif(a.responsibility, ''), nullif(a.remark, '')),
                english, query, short),
            s.score, s.total, s.place
        from shown s
        join actions a on s.kind = 'action' and a.council_id = here and a.id = s.id
        join plans p on p.council_id = a.council_id and p.id = a.plan_id
        union all
        select s.kind, s.id, null, null, null, null, null, '',
            tenancy.marked(concat_ws(' ', nullif(m.title, ''), m.given_name, m.family_name), simple, names, whole),
            tenancy.marked(m.ward, simple, names, whole), m.given_name || ' ' || m.family_name, s.score, s.total, s.place
        from shown s
        join members m on s.kind = 'member' and m.council_id = here and m.id = s.id
    )
    select t.kind, t.id, t.accreditation_id, t.plan_id, t.code, t.page, t.pages, t.form, t.title, t.about, t.snippet,
        t.score::real, t.total
    from told t
    order by t.kind, t.place;
end;
$body$
"""
PURE = {
    "tenancy.plain(text)": PLAIN,
    "tenancy.indexed(uuid, text)": INDEXED,
    "tenancy.sought(text, regconfig)": SOUGHT,
    "tenancy.marked(text, regconfig, tsquery, text)": MARKED,
}
GATE = "tenancy.search(text, text[], integer, integer)"
INDEXES = {
    "answers": "(narrative || ' ') || not_applicable_reason",
    "evidence": "(((title || ' ') || coalesce(filename, '')) || ' ') || link_title",
    "actions": "(((((action || ' ') || reason) || ' ') || responsibility) || ' ') || remark",
}


def upgrade() -> None:
    for body in PURE.values():
        op.execute(body)
    op.drop_index('ix_evidence_pages_words', table_name='evidence_pages', postgresql_using='gin')
    op.drop_column('evidence_pages', 'words')
    op.add_column('evidence_pages', sa.Column('words', postgresql.TSVECTOR(), sa.Computed("tenancy.indexed(council_id, text)", persisted=True), nullable=False))
    op.create_index('ix_evidence_pages_words', 'evidence_pages', ['words'], unique=False, postgresql_using='gin')
    for table, words in INDEXES.items():
        op.create_index(f'ix_{table}_words', table, [sa.text(f"tenancy.indexed(council_id, {words})")], unique=False, postgresql_using='gin')
    op.execute("grant create on schema tenancy to gate")
    op.execute(SEARCH)
    op.execute(f"revoke all on function {GATE} from public")
    op.execute(f"alter function {GATE} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    op.execute(f"grant execute on function {GATE} to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    op.execute(f"drop function {GATE}")
    op.execute("reset role")
    for table in INDEXES:
        op.drop_index(f'ix_{table}_words', table_name=table, postgresql_using='gin')
    op.drop_index('ix_evidence_pages_words', table_name='evidence_pages', postgresql_using='gin')
    op.drop_column('evidence_pages', 'words')
    op.add_column('evidence_pages', sa.Column('words', postgresql.TSVECTOR(), sa.Computed("to_tsvector('pg_catalog.english', text)", persisted=True), nullable=False))
    op.create_index('ix_evidence_pages_words', 'evidence_pages', ['words'], unique=False, postgresql_using='gin')
    for name in reversed(PURE):
        op.execute(f"drop function {name}")
