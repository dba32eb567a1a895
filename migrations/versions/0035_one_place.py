"""Who somebody is, asked for one place: a page of one council reads no other of the four hundred."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# As in 0034; here with the one council or region whose slug is given, or with every place for null, and with whether
# there is more than one.
WHO_IN = """
create function tenancy.who(wanted uuid, wanted_file uuid, wanted_slug text) returns jsonb
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return (
        select jsonb_build_object(
            'id', u.id, 'name', u.name, 'email', u.email, 'epoch', u.epoch,
            'factor_wanted', exists (
                select from access a join door_rules d on d.region_id = a.region_id
                where a.user_id = u.id and a.ended_at is null and d.roles ? a.role) or exists (
                select from access a join platform_door_rules d on d.wanted
                where a.user_id = u.id and a.ended_at is null and a.role = 'operator'),
            'sign_on_wanted', coalesce((
                select jsonb_agg(distinct p.id)
                from access a
                join sign_in_providers p on p.council_id = a.council_id
                    or (p.council_id is null and a.council_id is null and p.region_id = a.region_id)
                left join councils c on c.id = p.council_id
                where a.user_id = u.id and a.ended_at is null and (c.id is null or c.active)
                    and p.required and p.switched_on_at is not null and p.removed_at is null
                    and p.domains ? substring(u.email from '@([^@]*)$')
                    and not exists (
                        select from access m
                        where m.user_id = u.id and m.ended_at is null and m.role in ('council_lead', 'region_officer')
                            and m.region_id = p.region_id and m.council_id is not distinct from p.council_id)), '[]'),
            'several', exists (
                select from access a left join councils c on c.id = a.council_id
                where a.user_id = u.id and a.ended_at is null and (c.id is null or c.active)
                    and coalesce(a.council_id, a.region_id) is distinct from (
                        select coalesce(f.council_id, f.region_id)
                        from access f left join councils d on d.id = f.council_id
                        where f.user_id = u.id and f.ended_at is null and (d.id is null or d.active) limit 1)),
            'places', coalesce((
                select jsonb_agg(jsonb_build_object(
                    'unread', coalesce((
                        select count(*) from notices n
                        where n.user_id = u.id and n.council_id = a.council_id and n.read_at is null), 0),
                    'kind', case when a.council_id is not null then 'council'
                                 when a.region_id is not null then 'region' else 'platform' end,
                    'id', coalesce(a.council_id, a.region_id), 'role', a.role,
                    'slug', coalesce(c.slug, r.slug, 'platform'), 'name', coalesce(c.name, r.name, 'Charterway'),
                    'region_id', r.id, 'region_name', r.name, 'region_slug', r.slug, 'accent', r.accent)
                    order by a.granted_at, a.id)
                from access a
                left join councils c on c.id = a.council_id
                left join regions r on r.id = a.region_id
                where a.user_id = u.id and a.ended_at is null and (c.id is null or c.active)
                    and (wanted_slug is null
                        or a.council_id = (select w.id from councils w where w.slug = wanted_slug)
                        or (a.council_id is null
                            and a.region_id = (select w.id from regions w where w.slug = wanted_slug)))), '[]'),
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
end;
$body$
"""
WHO = """
create or replace function tenancy.who(wanted uuid, wanted_file uuid) returns jsonb
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return tenancy.who(wanted, wanted_file, null);
end;
$body$
"""
WHO_BEFORE = """
create or replace function tenancy.who(wanted uuid, wanted_file uuid) returns jsonb
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return (
        select jsonb_build_object(
            'id', u.id, 'name', u.name, 'email', u.email, 'epoch', u.epoch,
            'factor_wanted', exists (
                select from access a join door_rules d on d.region_id = a.region_id
                where a.user_id = u.id and a.ended_at is null and d.roles ? a.role) or exists (
                select from access a join platform_door_rules d on d.wanted
                where a.user_id = u.id and a.ended_at is null and a.role = 'operator'),
            'sign_on_wanted', coalesce((
                select jsonb_agg(distinct p.id)
                from access a
                join sign_in_providers p on p.council_id = a.council_id
                    or (p.council_id is null and a.council_id is null and p.region_id = a.region_id)
                left join councils c on c.id = p.council_id
                where a.user_id = u.id and a.ended_at is null and (c.id is null or c.active)
                    and p.required and p.switched_on_at is not null and p.removed_at is null
                    and p.domains ? substring(u.email from '@([^@]*)$')
                    and not exists (
                        select from access m
                        where m.user_id = u.id and m.ended_at is null and m.role in ('council_lead', 'region_officer')
                            and m.region_id = p.region_id and m.council_id is not distinct from p.council_id)), '[]'),
            'places', coalesce((
                select jsonb_agg(jsonb_build_object(
                    'unread', coalesce((
                        select count(*) from notices n
                        where n.user_id = u.id and n.council_id = a.council_id and n.read_at is null), 0),
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
end;
$body$
"""


def upgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(WHO_IN)
    op.execute("revoke all on function tenancy.who(uuid, uuid, text) from public")
    op.execute("grant execute on function tenancy.who(uuid, uuid, text) to app, owner")
    op.execute(WHO)
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")


def downgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(WHO_BEFORE)
    op.execute("drop function tenancy.who(uuid, uuid, text)")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
