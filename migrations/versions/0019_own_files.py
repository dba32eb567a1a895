"""What an assessor's own open files wait for, across all of them: nothing of a file before interests are declared."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OWN_FILES = """
create function tenancy.own_files()
    returns table (accreditation_id uuid, stage text, visit_on date, question_due_on date, again text[])
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
begin
    return query
    select a.id, a.stage,
        (select v.held_on from visits v
            where v.council_id = a.council_id and v.accreditation_id = a.id and v.state in ('planned', 'invited')),
        (select min(q.due_on) from clarifications q
            where q.council_id = a.council_id and q.accreditation_id = a.id
                and not exists (
                    select from clarification_answers w
                    where w.council_id = q.council_id and w.clarification_id = q.id)),
        (select coalesce(array_agg(r.code order by r.position), '{}') from score_reopenings o
            join requirements r on r.id = o.requirement_id
            where o.council_id = a.council_id and o.accreditation_id = a.id and o.closed_at is null
                and not exists (
                    select from scores given
                    where given.council_id = o.council_id and given.assignment_id = s.id
                        and given.requirement_id = o.requirement_id and given.submitted_at > o.reopened_at))
    from assignments s
    join accreditations a on a.council_id = s.council_id and a.id = s.accreditation_id
    where s.user_id = tenancy.user_id() and s.duty = 'scorer' and s.interest = 'none'
        and s.withdrawn_at is null and s.closed_at is null
        and (s.closes_on is null or s.closes_on >= (now() at time zone 'Europe/London')::date)
        and not exists (
            select from assessors p where p.region_id = s.region_id and p.user_id = s.user_id
                and p.left_on < (now() at time zone 'Europe/London')::date)
        and a.stage not in ('withdrawn', 'lapsed', 'ended');
end;
$body$
"""


def upgrade() -> None:
    op.execute("grant create on schema tenancy to gate")
    op.execute(OWN_FILES)
    op.execute("revoke all on function tenancy.own_files() from public")
    op.execute("alter function tenancy.own_files() owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    op.execute("grant execute on function tenancy.own_files() to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    op.execute("drop function tenancy.own_files()")
    op.execute("reset role")
