"""Scopes: the settings of one transaction as functions, and the functions owned by gate."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SETTINGS = """
create schema tenancy;
grant usage on schema tenancy to app, gate;
grant usage on schema public to app, gate;

create function tenancy.setting(name text) returns text language sql stable
    as $$ select nullif(current_setting(name, true), '') $$;
create function tenancy.user_id() returns uuid language sql stable as $$ select tenancy.setting('app.user_id')::uuid $$;
create function tenancy.council() returns uuid language sql stable as $$ select tenancy.setting('app.council_id')::uuid $$;
create function tenancy.region() returns uuid language sql stable as $$ select tenancy.setting('app.region_id')::uuid $$;
create function tenancy.home_region() returns uuid language sql stable
    as $$ select tenancy.setting('app.home_region_id')::uuid $$;
create function tenancy.accreditation() returns uuid language sql stable
    as $$ select tenancy.setting('app.accreditation_id')::uuid $$;
create function tenancy.key_hash() returns text language sql stable as $$ select tenancy.setting('app.key_hash') $$;
create function tenancy.email_key() returns text language sql stable as $$ select tenancy.setting('app.email_key') $$;
create function tenancy.platform() returns boolean language sql stable
    as $$ select coalesce(tenancy.setting('app.platform') = 'on', false) $$;
create function tenancy.scope() returns text language sql stable as $$
    select coalesce(
        'council:' || tenancy.council(),
        'region:' || tenancy.region(),
        'file:' || tenancy.accreditation(),
        case when tenancy.platform() then 'platform' end,
        'user:' || tenancy.user_id(),
        'public')
$$;
"""

# Gate functions: each says what it lets through, and takes who asks from the settings, never from an argument
# (except who(), which the guard calls before any scope is set, with the id of a checked session).
GATE = {
    "is_operator() returns boolean": """
declare asks uuid := tenancy.user_id();
begin
    if not tenancy.platform() then return false; end if;
    if asks is null then return true; end if;  -- the console of the server: no request ever runs so
    return exists (
        select from access where user_id = asks and role = 'operator' and ended_at is null);
end""",
    "own_councils() returns uuid[]": """
begin
    return coalesce((
        select array_agg(distinct council_id) from access
        where user_id = tenancy.user_id() and council_id is not null and ended_at is null), '{}');
end""",
    "open_file() returns uuid": """
begin
    if tenancy.accreditation() is null then return null; end if;
    return (
        select s.accreditation_id from assignments s
        join accreditations a on a.council_id = s.council_id and a.id = s.accreditation_id
        where s.accreditation_id = tenancy.accreditation() and s.user_id = tenancy.user_id()
            and s.interest = 'none' and s.withdrawn_at is null and s.closed_at is null
            and a.stage not in ('withdrawn', 'lapsed', 'ended'));
end""",
    # Scores open when every scoring seat of the pinned process is filled and all have submitted: an empty seat keeps
    # them closed, so that withdrawing a scorer shows nothing to the one who comes next.
    "revealed_file() returns uuid": """
declare opened uuid := tenancy.open_file();
begin
    if opened is null then return null; end if;
    return (
        select a.id from accreditations a join (
            select accreditation_id, count(*) as number from assignments
            where accreditation_id = opened and duty = 'scorer' and withdrawn_at is null
            group by accreditation_id having bool_and(submitted_at is not null)) as sat on sat.accreditation_id = a.id
        where sat.number >= (
            select coalesce(sum((seat->>'number')::bigint), 0) from jsonb_array_elements(a.process->'team') as seat
            where (seat->>'scores')::boolean));
end""",
    "standing_scorers() returns uuid[]": """
begin
    return coalesce((
        select array_agg(id) from assignments
        where accreditation_id = tenancy.open_file() and duty = 'scorer' and withdrawn_at is null), '{}');
end""",
    "revealed() returns uuid[]": """
begin
    if tenancy.region() is null then return '{}'; end if;
    return coalesce((
        select array_agg(a.id) from accreditations a join (
            select accreditation_id, count(*) as number from assignments
            where region_id = tenancy.region() and duty = 'scorer' and withdrawn_at is null
            group by accreditation_id having bool_and(submitted_at is not null)) as sat on sat.accreditation_id = a.id
        where sat.number >= (
            select coalesce(sum((seat->>'number')::bigint), 0) from jsonb_array_elements(a.process->'team') as seat
            where (seat->>'scores')::boolean)), '{}');
end""",
    "has_access(asked_of uuid, of_council uuid) returns boolean": """
begin
    if not exists (select from councils where id = of_council and region_id = tenancy.region()) then return null; end if;
    return exists (
        select from access where user_id = asked_of and council_id = of_council and ended_at is null);
end""",
    "who(wanted uuid, wanted_file uuid) returns jsonb": """
begin
    return (
        select jsonb_build_object(
            'id', u.id, 'name', u.name, 'email', u.email, 'epoch', u.epoch,
            'places', coalesce((
                select jsonb_agg(jsonb_build_object(
                    'kind', case when a.council_id is not null then 'council'
                                 when a.region_id is not null then 'region' else 'platform' end,
                    'id', coalesce(a.council_id, a.region_id), 'role', a.role,
                    'slug', coalesce(c.slug, r.slug, 'platform'), 'name', coalesce(c.name, r.name, 'Charterway'),
                    'region_id', r.id, 'region_name', r.name, 'region_slug', r.slug, 'accent', r.accent)
                    order by a.granted_at, a.id)
                from access a
                left join councils c on c.id = a.council_id
                left join regions r on r.id = a.region_id
                where a.user_id = u.id and a.ended_at is null and (c.id is null or c.active)), '[]'),
            'file', (
                select jsonb_build_object(
                    'id', s.accreditation_id, 'name', s.council_name, 'region_id', r.id, 'region_name', r.name,
                    'region_slug', r.slug, 'accent', r.accent)
                from assignments s join regions r on r.id = s.region_id
                where s.accreditation_id = wanted_file and s.user_id = u.id and s.duty = 'scorer'
                    and s.withdrawn_at is null and s.closed_at is null
                    and exists (
                        select from access a where a.user_id = u.id and a.region_id = s.region_id
                            and a.role = 'assessor' and a.ended_at is null)))
        from users u where u.id = wanted and u.disabled_at is null);
end""",
    "credential() returns table (user_id uuid, password_hash text, epoch bigint)": """
begin
    return query
        select u.id, k.password_hash, u.epoch from users u join credentials k on k.user_id = u.id
        where u.email = tenancy.email_key() and u.disabled_at is null;
end""",
    "user_of_email() returns uuid": """
begin
    return (select id from users where email = tenancy.email_key() and disabled_at is null);
end""",
    "invited_user_exists() returns boolean": """
begin
    return exists (
        select from users u join invitations i on i.email = u.email
        join credentials k on k.user_id = u.id where i.key_hash = tenancy.key_hash());
end""",
    "accept_invitation(new_user uuid, new_access uuid, given_name text, hashed text) returns uuid": """
declare offered record; known record; has_password boolean;
begin
    select * into offered from invitations
        where key_hash = tenancy.key_hash() and used_at is null and withdrawn_at is null and expires_at > now()
        for update;
    if offered.id is null then return null; end if;
    -- one person may accept two invitations at once: the second waits here for what the first made
    insert into users (id, email, name, epoch, created_at)
        values (new_user, offered.email, given_name, 1, now()) on conflict (email) do nothing;
    select * into known from users where email = offered.email for update;
    if known.disabled_at is not null then return null; end if;
    select exists (select from credentials where user_id = known.id) into has_password;
    -- who already has a password must be signed in as that user: the mail alone opens no account
    if has_password then
        if tenancy.user_id() is distinct from known.id then return null; end if;
    elsif hashed is null then return null;
    else
        insert into credentials (user_id, password_hash, changed_at) values (known.id, hashed, now());
    end if;
    insert into access (id, user_id, region_id, council_id, role, display_name, email, granted_at, granted_by)
        values (new_access, known.id, offered.region_id, offered.council_id, offered.role, known.name,
                offered.email, now(), offered.invited_by)
        on conflict do nothing;
    update invitations set used_at = now() where id = offered.id;
    return known.id;
end""",
    "use_reset_link(hashed text) returns uuid": """
declare shown record;
begin
    select * into shown from links
        where key_hash = tenancy.key_hash() and purpose = 'password_reset' and used_at is null and expires_at > now()
        for update;
    if shown.id is null then return null; end if;
    insert into credentials (user_id, password_hash, changed_at) values (shown.user_id, hashed, now())
        on conflict (user_id) do update set password_hash = excluded.password_hash, changed_at = now();
    update users set epoch = epoch + 1 where id = shown.user_id;
    -- the other links sent for the same purpose end with this one
    update links set used_at = now() where user_id = shown.user_id and purpose = shown.purpose and used_at is null;
    return shown.user_id;
end""",
    "unclaimed() returns uuid[]": """
begin
    if tenancy.region() is null and not tenancy.is_operator() then return '{}'; end if;
    return coalesce((
        select array_agg(place.id) from (
            select c.id from councils c
            where (tenancy.region() is null or c.region_id = tenancy.region())
                and not exists (select from access a where a.council_id = c.id and a.ended_at is null)
            union all
            select r.id from regions r
            where tenancy.region() is null and not exists (
                select from access a where a.region_id = r.id and a.council_id is null and a.ended_at is null)
        ) as place), '{}');
end""",
    "take_slug(wanted text) returns void": """
begin
    if wanted = 'platform' then
        raise exception using errcode = 'unique_violation', constraint = 'pk_slugs', message = 'slug taken';
    end if;
    insert into slugs (slug) values (wanted);
end""",
    "add_region(new_id uuid, new_slug text, new_name text, new_accent text) returns void": """
begin
    if not tenancy.is_operator() then
        raise exception using errcode = 'insufficient_privilege', message = 'only the operator adds regions';
    end if;
    perform tenancy.take_slug(new_slug);
    insert into regions (id, slug, name, accent, created_at) values (new_id, new_slug, new_name, new_accent, now());
end""",
    "add_council(new_id uuid, of_region uuid, new_slug text, new_name text, new_kind text, new_county text) returns void": """
begin
    -- a comparison with no region at all is null, and a refusal must not hang on that
    if not (tenancy.is_operator() or coalesce(tenancy.region() = of_region, false)) then
        raise exception using errcode = 'insufficient_privilege', message = 'only its region adds a council';
    end if;
    perform tenancy.take_slug(new_slug);
    insert into councils (id, region_id, slug, name, kind, county, active, created_at)
        values (new_id, of_region, new_slug, new_name, new_kind, new_county, true, now());
end""",
    "add_user(new_user uuid, new_access uuid, new_email text, new_name text, hashed text, of_slug text, new_role text)"
    " returns uuid": """
declare known record; of_region uuid; of_council uuid;
begin
    if not tenancy.is_operator() then
        raise exception using errcode = 'insufficient_privilege', message = 'only the operator adds users';
    end if;
    select id into of_region from regions where slug = of_slug;
    if of_region is null then
        select id, region_id into of_council, of_region from councils where slug = of_slug;
    end if;
    if of_region is null and of_slug <> 'platform' then return null; end if;
    select * into known from users where email = new_email;
    if known.id is null then
        insert into users (id, email, name, epoch, created_at) values (new_user, new_email, new_name, 1, now())
            returning * into known;
    end if;
    if hashed is not null then
        insert into credentials (user_id, password_hash, changed_at) values (known.id, hashed, now())
            on conflict do nothing;
    end if;
    insert into access (id, user_id, region_id, council_id, role, display_name, email, granted_at)
        values (new_access, known.id, of_region, of_council, new_role, known.name, new_email, now())
        on conflict do nothing;
    return known.id;
end""",
    "may_load(framework uuid) returns boolean": """
begin
    return exists (
        select from frameworks f
        where f.id = framework and (tenancy.is_operator() or f.region_id = tenancy.region()));
end""",
    "find_scope(wanted text) returns table (kind text, id uuid, region_id uuid, name text)": """
begin
    if not tenancy.is_operator() then return; end if;
    return query
        select 'region', r.id, r.id, r.name from regions r where r.slug = wanted
        union all select 'council', c.id, c.region_id, c.name from councils c where c.slug = wanted;
end""",
    "list_scopes() returns table (kind text, id uuid, region_id uuid, slug text, name text)": """
begin
    if not tenancy.is_operator() then return; end if;
    return query
        select 'region', r.id, r.id, r.slug, r.name from regions r
        union all select 'council', c.id, c.region_id, c.slug, c.name from councils c
        order by 5;
end""",
    "public_region(wanted text) returns table (id uuid, name text, slug text, accent text)": """
begin
    return query select r.id, r.name, r.slug, r.accent from regions r where r.slug = wanted;
end""",
    "append_events(events jsonb, outbox jsonb) returns void": """
declare item jsonb; head record; here text := tenancy.scope(); link text;
begin
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
end""",
}


def signature(declaration: str) -> str:
    """`name(types)` of a declaration, as grants want it."""
    name, _, rest = declaration.partition("(")
    arguments = rest.split(")")[0]
    types = ", ".join(argument.split()[-1] for argument in arguments.split(",") if argument.strip())
    return f"tenancy.{name}({types})"


def upgrade() -> None:
    op.execute(SETTINGS)
    op.execute("grant create on schema tenancy to gate")
    for declaration, body in GATE.items():
        volatility = "volatile" if any(word in body for word in ("insert", "for update")) else "stable"
        op.execute(
            f"create function tenancy.{declaration} language plpgsql {volatility} security definer"
            f" set search_path = public, pg_temp as $body${body};\n$body$"
        )
        op.execute(f"revoke all on function {signature(declaration)} from public")
        op.execute(f"alter function {signature(declaration)} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    for declaration in GATE:
        if not declaration.startswith("take_slug"):
            op.execute(f"grant execute on function {signature(declaration)} to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    for declaration in reversed(GATE):
        op.execute(f"drop function {signature(declaration)}")
    op.execute("reset role")
    op.execute("drop schema tenancy cascade")
