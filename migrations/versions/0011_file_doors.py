"""Who opens a file until when, who leads which, and whose record a council inherits."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN_FILE = """
create or replace function tenancy.open_file() returns uuid language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.accreditation() is null then return null; end if;
    return (
        select s.accreditation_id from assignments s
        join accreditations a on a.council_id = s.council_id and a.id = s.accreditation_id
        where s.accreditation_id = tenancy.accreditation() and s.user_id = tenancy.user_id()
            and s.interest = 'none' and s.withdrawn_at is null and s.closed_at is null{until}
            and a.stage not in ('withdrawn', 'lapsed', 'ended'));
end;
$body$
"""
UNTIL = "\n            and (s.closes_on is null or s.closes_on >= (now() at time zone 'Europe/London')::date)"
LED = """
create function tenancy.led() returns uuid[] language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.region() is null then return '{}'; end if;
    return coalesce((
        select array_agg(accreditation_id) from assignments
        where region_id = tenancy.region() and user_id = tenancy.user_id() and duty = 'lead'
            and withdrawn_at is null and closed_at is null
            and (closes_on is null or closes_on >= (now() at time zone 'Europe/London')::date)), '{}');
end;
$body$
"""
PREDECESSORS = """
create function tenancy.predecessors() returns uuid[] language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.council() is null then return '{}'; end if;
    return coalesce((select array_agg(council_id) from successions where successor_id = tenancy.council()), '{}');
end;
$body$
"""
# Whose seat it is never changes, and a conflict once declared stays: it ends the person's part in this file for good.
# Outside the region nobody moves the file's last day or closes it, but for who finds a conflict after the decision.
CHECK_SEAT = """
create function tenancy.check_assignment() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $body$
begin
    if tg_op = 'INSERT' then
        if new.duty = 'scorer' and new.withdrawn_at is null and exists (
            select from assignments s
            where s.council_id = new.council_id and s.accreditation_id = new.accreditation_id
                and s.user_id = new.user_id and s.interest = 'conflict') then
            raise exception using errcode = 'insufficient_privilege',
                message = 'a seat for somebody who declared a conflict on this file';
        end if;
        return new;
    end if;
    if (new.council_id, new.id, new.region_id, new.accreditation_id, new.submission_id, new.user_id, new.duty,
        new.capacity) is distinct from (old.council_id, old.id, old.region_id, old.accreditation_id,
        old.submission_id, old.user_id, old.duty, old.capacity) then
        raise exception using errcode = 'insufficient_privilege', message = 'a seat turned into another';
    end if;
    if old.interest = 'conflict' and new.interest is distinct from 'conflict' then
        raise exception using errcode = 'insufficient_privilege', message = 'a conflict taken back';
    end if;
    if old.withdrawn_at is not null and new.withdrawn_at is null then
        raise exception using errcode = 'insufficient_privilege', message = 'a withdrawal taken back';
    end if;
    if tenancy.region() is not null then return new; end if;
    if (new.closes_on, new.assigned_at, new.assigned_by)
        is distinct from (old.closes_on, old.assigned_at, old.assigned_by) then
        raise exception using errcode = 'insufficient_privilege', message = 'a seat changed by others than its region';
    end if;
    if new.closed_at is distinct from old.closed_at and not coalesce(
        old.closed_at is null and new.closed_at = new.conflicted_at and new.interest = 'conflict' and exists (
            select from accreditations a
            where a.council_id = new.council_id and a.id = new.accreditation_id
                and a.stage in ('awarded', 'not_yet')), false) then
        raise exception using errcode = 'insufficient_privilege', message = 'a file closed by others than its region';
    end if;
    return new;
end;
$body$
"""
GATES = {
    "tenancy.led()": LED,
    "tenancy.predecessors()": PREDECESSORS,
    "tenancy.check_assignment()": CHECK_SEAT,
}


def upgrade() -> None:
    op.add_column("assignments", sa.Column("closes_on", sa.Date(), nullable=True))
    op.add_column("assignments", sa.Column("home_council_id", sa.Uuid(), nullable=True))
    op.add_column("assignments", sa.Column("conflicted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("drop policy user_update on assignments")
    op.execute(
        "create policy user_update on assignments as permissive for update to app"
        " using (user_id = (select tenancy.user_id()) and withdrawn_at is null and closed_at is null)"
        " with check (user_id = (select tenancy.user_id()))"
    )
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(OPEN_FILE.format(until=UNTIL))
    op.execute("reset role")
    for name, body in GATES.items():
        op.execute(body)
        op.execute(f"revoke all on function {name} from public")
        op.execute(f"alter function {name} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    for name in GATES:
        op.execute(f"grant execute on function {name} to app, owner")
    op.execute("reset role")
    op.execute(
        "create trigger check_assignment before insert or update on assignments"
        " for each row execute function tenancy.check_assignment()"
    )


def downgrade() -> None:
    op.execute("drop trigger check_assignment on assignments")
    op.execute("grant create on schema tenancy to gate")
    op.execute("set local role gate")
    op.execute(OPEN_FILE.format(until=""))
    for name in GATES:
        op.execute(f"drop function {name}")
    op.execute("reset role")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("drop policy user_update on assignments")
    own = "user_id = (select tenancy.user_id()) and withdrawn_at is null and closed_at is null"
    op.execute(f"create policy user_update on assignments as permissive for update to app using ({own}) with check ({own})")
    op.drop_column("assignments", "conflicted_at")
    op.drop_column("assignments", "home_council_id")
    op.drop_column("assignments", "closes_on")
