"""A gate for jobs: each scope starts only those that follow from it; and files that no row names."""

from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

# The pair of scopes, the session's and the job's: its own always; the console any; else the council with its region
# for what goes on at the other side, without a user there. A user is named only in a place where he or she has, or
# had, a role. What a job's scope is not built of does not pass.
MAY_START = """
create function tenancy.may_start(job jsonb) returns boolean
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
declare
    mine uuid := tenancy.user_id(); of_council uuid := tenancy.council(); of_region uuid := tenancy.region();
    of_file uuid := tenancy.accreditation(); whom uuid; place jsonb;
begin
    if job = jsonb_strip_nulls(jsonb_build_object(
        'user_id', mine, 'council_id', of_council, 'region_id', of_region, 'accreditation_id', of_file,
        'home_region_id', tenancy.home_region(), 'key_hash', tenancy.key_hash(), 'email_key', tenancy.email_key(),
        'platform', case when tenancy.platform() then true end)) then return true; end if;
    if tenancy.platform() then return mine is null; end if;  -- the console of the server: no request ever runs so
    whom := (job->>'user_id')::uuid;
    place := job - 'user_id';
    if of_region is not null then
        return case
            when place = jsonb_build_object('region_id', of_region) then whom is null or whom = mine
                or exists (select from access where user_id = whom and region_id = of_region and council_id is null)
                or exists (select from assignments where user_id = whom and region_id = of_region)
            when place ? 'council_id' then whom is null and exists (
                select from councils c where c.region_id = of_region
                    and place = jsonb_build_object('council_id', c.id, 'home_region_id', of_region)
                    and c.id = (place->>'council_id')::uuid)
            when place ? 'accreditation_id' then
                place = jsonb_build_object('accreditation_id', place->'accreditation_id', 'home_region_id', of_region)
                and exists (
                    select from assignments where user_id = whom and region_id = of_region
                        and accreditation_id = (place->>'accreditation_id')::uuid)
            else false end;
    end if;
    if of_council is not null then
        select c.region_id into of_region from councils c where c.id = of_council;
        if place = jsonb_build_object('council_id', of_council, 'home_region_id', of_region) then
            return whom is null or whom = mine
                or exists (select from access where user_id = whom and council_id = of_council);
        end if;
    elsif of_file is not null then
        select s.council_id, s.region_id into of_council, of_region from assignments s
            where s.accreditation_id = of_file and s.user_id = mine limit 1;
    elsif tenancy.key_hash() is not null then
        select r.council_id, c.region_id into of_council, of_region from (
            select council_id from signature_requests where key_hash = tenancy.key_hash()
            union all select council_id from contribution_requests where key_hash = tenancy.key_hash()) as r
            join councils c on c.id = r.council_id limit 1;
    elsif mine is not null then
        return (place = '{}' and whom = mine) or (whom is null and (
            exists (
                select from access a left join councils c on c.id = a.council_id where a.user_id = mine
                    and place = case when c.id is null then jsonb_build_object('region_id', a.region_id)
                        else jsonb_build_object('council_id', c.id, 'home_region_id', c.region_id) end)
            or exists (
                select from assignments s
                where s.user_id = mine and place = jsonb_build_object('region_id', s.region_id))));
    end if;
    return coalesce(of_council is not null and whom is null and place in (
        jsonb_build_object('council_id', of_council, 'home_region_id', of_region),
        jsonb_build_object('region_id', of_region)), false);
end;
$body$
"""

# What stands in the function that writes events is replaced whole; CHECK is all that is new in it.
CHECK = """
    if exists (
        select from jsonb_array_elements(append_events.outbox) o where tenancy.may_start(o->'scope') is not true) then
        raise exception using errcode = 'insufficient_privilege', message = 'a job of another scope';
    end if;"""
APPEND = """
create or replace function tenancy.append_events(events jsonb, outbox jsonb) returns void
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare item jsonb; head record; here text := tenancy.scope(); link text;
begin%s
    insert into outbox (id, event_id, job, args, scope, due_at, attempts)
        select (o->>'id')::uuid, (o->>'event_id')::uuid, o->>'job', o->'args', o->'scope', (o->>'due_at')::timestamptz, 0
        from jsonb_array_elements(append_events.outbox) o;
    insert into event_heads (scope, seq, hash) values (here, 0, '') on conflict do nothing;
    select * into head from event_heads where scope = here for update;
    for item in select * from jsonb_array_elements(append_events.events) loop
        if tenancy.council() is not null and (item->>'council_id')::uuid is distinct from tenancy.council() then
            raise exception using errcode = 'insufficient_privilege', message = 'an event of another council';
        end if;
        if tenancy.region() is not null and (item->>'region_id')::uuid is distinct from tenancy.region() then
            raise exception using errcode = 'insufficient_privilege', message = 'an event of another region';
        end if;
        if tenancy.accreditation() is not null
            and (item->>'accreditation_id')::uuid is distinct from tenancy.accreditation() then
            raise exception using errcode = 'insufficient_privilege', message = 'an event of another file';
        end if;
        if (item->>'actor')::uuid <> tenancy.user_id() then
            raise exception using errcode = 'insufficient_privilege', message = 'an event in the name of another';
        end if;
        if item->>'council_id' is not null and item->>'region_id' is not null and not exists (
            select from councils c
            where c.id = (item->>'council_id')::uuid and c.region_id = (item->>'region_id')::uuid) then
            raise exception using errcode = 'insufficient_privilege', message = 'an event of a council elsewhere';
        end if;
        link := encode(sha256(convert_to(concat_ws('|', head.hash, here, head.seq + 1, item->>'at',
            coalesce(item->>'actor', ''), item->>'verb', item->>'subject', coalesce(item->>'subject_id', ''),
            item->>'audience', coalesce(item->>'council_id', ''), coalesce(item->>'region_id', ''),
            item->>'payload_digest'), 'UTF8')), 'hex');
        insert into public.events (id, scope, seq, at, actor, verb, subject, subject_id, audience, council_id,
            region_id, accreditation_id, payload, salt, payload_digest, previous_hash, hash)
        values ((item->>'id')::uuid, here, head.seq + 1, (item->>'at')::timestamptz, (item->>'actor')::uuid,
            item->>'verb', item->>'subject', (item->>'subject_id')::uuid, item->>'audience',
            (item->>'council_id')::uuid, (item->>'region_id')::uuid, (item->>'accreditation_id')::uuid,
            item->'payload', item->>'salt', item->>'payload_digest', head.hash, link);
        head.seq := head.seq + 1;
        head.hash := link;
    end loop;
    update event_heads set seq = head.seq, hash = head.hash where scope = here;
end;
$body$
"""

UNNAMED = """
create function tenancy.unnamed_files(of_namespace uuid, digests text[]) returns text[]
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    if tenancy.user_id() is not null or not tenancy.is_operator() then return '{}'; end if;
    return coalesce((
        select array_agg(d) from unnest(digests) d
        where not exists (select from evidence e where e.council_id = of_namespace and e.sha256 = d)
            and not exists (select from evidence_versions e where e.council_id = of_namespace and e.sha256 = d)
            and not exists (select from submission_files f where f.council_id = of_namespace and f.sha256 = d)
            and not exists (select from submissions s where s.council_id = of_namespace and s.archive_sha256 = d)
            and not exists (select from clarification_files f where f.council_id = of_namespace and f.sha256 = d)
            and not exists (select from prepared_files p where p.user_id = of_namespace and p.sha256 = d
                and p.file is not null)), '{}');
end;
$body$
"""
"""The console's alone: which of these stored files no row names. A namespace is a council's id or a person's."""

FUNCTIONS = (("may_start(jsonb)", MAY_START), ("unnamed_files(uuid, text[])", UNNAMED))
CHANGEABLE = "attempts, due_at, failure, leased_until"


def upgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    for function, body in FUNCTIONS:
        op.execute(body)
        op.execute(f"revoke all on function tenancy.{function} from public")
        op.execute(f"alter function tenancy.{function} owner to gate")
    op.execute("set local role gate")
    op.execute(APPEND % CHECK)
    for function, _ in FUNCTIONS:
        op.execute(f"grant execute on function tenancy.{function} to app, owner")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
    op.execute(f"""
        drop policy everyone_insert on outbox;
        create policy started_insert on outbox as permissive for insert to app with check (tenancy.may_start(scope));
        revoke update on outbox from app;
        grant update ({CHANGEABLE}) on outbox to app
        """)


def downgrade() -> None:
    op.execute(f"""
        revoke update ({CHANGEABLE}) on outbox from app;
        grant update on outbox to app;
        drop policy started_insert on outbox;
        create policy everyone_insert on outbox as permissive for insert to app with check (true)
        """)
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(APPEND % "")
    for function, _ in FUNCTIONS:
        op.execute(f"drop function tenancy.{function}")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
