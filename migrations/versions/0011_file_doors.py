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
            and withdrawn_at is null and closed_at is null), '{}');
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
GATES = {"tenancy.led()": LED, "tenancy.predecessors()": PREDECESSORS}


def upgrade() -> None:
    op.add_column("assignments", sa.Column("closes_on", sa.Date(), nullable=True))
    op.add_column("assignments", sa.Column("home_council_id", sa.Uuid(), nullable=True))
    op.add_column("assignments", sa.Column("conflicted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("drop policy user_update on assignments")
    op.execute(
        "create policy user_update on assignments as permissive for update to app"
        " using (user_id = (select tenancy.user_id()) and withdrawn_at is null and closed_at is null)"
        " with check (user_id = (select tenancy.user_id()) and closed_at is null)"
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


def downgrade() -> None:
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
