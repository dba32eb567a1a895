"""What a score says beside its step, scoring again, and one moderator at a time."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

SCORED_AGAIN = """
create function tenancy.scored_again() returns table (reopening_id uuid, given bigint, scorers bigint)
    language plpgsql stable security definer set search_path = public, pg_temp as $body$
declare
    in_region uuid := tenancy.region();
    in_file uuid := tenancy.open_file();
begin
    return query
    select o.id, count(*) filter (where exists (
            select from scores s
            where s.council_id = a.council_id and s.assignment_id = a.id and s.requirement_id = o.requirement_id
                and s.submitted_at > o.reopened_at)), count(*)
    from score_reopenings o
    join assignments a on a.council_id = o.council_id and a.accreditation_id = o.accreditation_id
        and a.duty = 'scorer' and a.withdrawn_at is null
    where o.closed_at is null and (o.region_id = in_region or o.accreditation_id = in_file)
    group by o.id;
end;
$body$
"""
"""Of each requirement that is open again: how many of the scorers have given a new score, without saying which."""
HELD_SCORES = """
create function tenancy.held_scores() returns uuid[] language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    return coalesce((
        select array_agg(s.id) from tenancy.scored_again() as again
        join score_reopenings o on o.id = again.reopening_id
        join scores s on s.council_id = o.council_id and s.accreditation_id = o.accreditation_id
            and s.requirement_id = o.requirement_id and s.submitted_at > o.reopened_at and s.number > 1
        where again.given < again.scorers), '{}');
end;
$body$
"""
"""The new scores that nobody but who gave them sees yet."""
GATES = {"tenancy.scored_again()": SCORED_AGAIN, "tenancy.held_scores()": HELD_SCORES}
SEEN = {
    "others_select": "accreditation_id = (select tenancy.revealed_file())",
    "region_select": "region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.revealed())::uuid[])",
}
"""Who sees the scores of others, once all have submitted."""


def show_scores(held: str) -> None:
    """The policies of `scores` for everybody but who gave them."""
    for name, condition in SEEN.items():
        op.execute(f"drop policy {name} on scores")
        op.execute(f"create policy {name} on scores as permissive for select to app using ({condition}{held})")


def upgrade() -> None:
    op.create_table('score_reopenings',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reopened_by', sa.Uuid(), nullable=True),
    sa.Column('reopened_by_name', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_score_reopenings_has_reason')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_score_reopenings_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_score_reopenings_council_id_region_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_score_reopenings_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_score_reopenings'))
    )
    op.create_index('ix_score_reopenings_accreditation_id', 'score_reopenings', ['accreditation_id'], unique=False)
    op.create_index('uq_score_reopenings_one_open', 'score_reopenings', ['council_id', 'accreditation_id', 'requirement_id'], unique=True, postgresql_where='closed_at is null')
    op.add_column('accreditations', sa.Column('moderation_began_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('moderations', sa.Column('number', sa.BigInteger(), server_default='1', nullable=False))
    op.alter_column('moderations', 'number', server_default=None)
    op.execute("""
        update moderations set number = counted.number from (
            select council_id, id, row_number() over (
                partition by council_id, accreditation_id, requirement_id order by moderated_at, id) as number
            from moderations) as counted
        where moderations.council_id = counted.council_id and moderations.id = counted.id
        """)
    op.create_unique_constraint('uq_moderations_number', 'moderations', ['council_id', 'accreditation_id', 'requirement_id', 'number'])
    op.add_column('score_drafts', sa.Column('cannot_assess', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('score_drafts', 'cannot_assess', server_default=None)
    op.add_column('score_drafts', sa.Column('flagged', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('score_drafts', 'flagged', server_default=None)
    op.add_column('score_drafts', sa.Column('good_practice', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('score_drafts', 'good_practice', server_default=None)
    op.add_column('score_drafts', sa.Column('mandatory', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('score_drafts', 'mandatory', server_default=None)
    op.alter_column('score_drafts', 'judgement',
               existing_type=sa.TEXT(),
               nullable=True)
    op.add_column('scores', sa.Column('cannot_assess', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('scores', 'cannot_assess', server_default=None)
    op.add_column('scores', sa.Column('flagged', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('scores', 'flagged', server_default=None)
    op.add_column('scores', sa.Column('good_practice', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('scores', 'good_practice', server_default=None)
    op.add_column('scores', sa.Column('mandatory', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('scores', 'mandatory', server_default=None)
    op.add_column('scores', sa.Column('number', sa.BigInteger(), server_default='1', nullable=False))
    op.alter_column('scores', 'number', server_default=None)
    op.alter_column('scores', 'judgement',
               existing_type=sa.TEXT(),
               nullable=True)
    op.drop_constraint(op.f('uq_scores_council_id_assignment_id_requirement_id'), 'scores', type_='unique')
    op.create_unique_constraint(op.f('uq_scores_council_id_assignment_id_requirement_id_number'), 'scores', ['council_id', 'assignment_id', 'requirement_id', 'number'])
    op.create_check_constraint(op.f('ck_scores_judged_or_not'), 'scores', "(judgement is null) = cannot_assess")
    op.execute(
        "create policy gate_update on score_drafts as permissive for update to gate using (true) with check (true);"
        "grant update on score_drafts to gate"
    )
    op.execute("""
        alter table score_reopenings enable row level security;
        alter table score_reopenings force row level security;
        create policy owner_all on score_reopenings as permissive for all to owner using (true) with check (true);
        create policy gate_select on score_reopenings as permissive for select to gate using (true);
        create policy region_select on score_reopenings as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on score_reopenings as permissive for insert to app with check (region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.revealed())::uuid[]));
        create policy region_update on score_reopenings as permissive for update to app using (region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.revealed())::uuid[])) with check (region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.revealed())::uuid[]));
        create policy file_select on score_reopenings as permissive for select to app using (accreditation_id = (select tenancy.revealed_file()));
        create policy outsiders_only on score_reopenings as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant insert on score_reopenings to app;
        grant select on score_reopenings to app;
        grant update on score_reopenings to app;
        grant select on score_reopenings to gate
        """)
    op.execute("grant create on schema tenancy to gate")
    for name, body in GATES.items():
        op.execute(body)
        op.execute(f"revoke all on function {name} from public")
        op.execute(f"alter function {name} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    for name in GATES:
        op.execute(f"grant execute on function {name} to app, owner")
    op.execute("reset role")
    show_scores(" and id <> all ((select tenancy.held_scores())::uuid[])")


def downgrade() -> None:
    show_scores("")
    op.execute("set local role gate")
    for name in GATES:
        op.execute(f"drop function {name}")
    op.execute("reset role")
    op.execute("drop policy gate_update on score_drafts; revoke update on score_drafts from gate")
    op.drop_constraint(op.f('ck_scores_judged_or_not'), 'scores', type_='check')
    op.execute("""
        delete from scores using scores as later
        where later.council_id = scores.council_id and later.assignment_id = scores.assignment_id
            and later.requirement_id = scores.requirement_id and later.number > scores.number
        """)
    op.execute("delete from scores where judgement is null")
    op.execute("delete from score_drafts where judgement is null")
    op.drop_constraint(op.f('uq_scores_council_id_assignment_id_requirement_id_number'), 'scores', type_='unique')
    op.create_unique_constraint(op.f('uq_scores_council_id_assignment_id_requirement_id'), 'scores', ['council_id', 'assignment_id', 'requirement_id'], postgresql_nulls_not_distinct=False)
    op.alter_column('scores', 'judgement',
               existing_type=sa.TEXT(),
               nullable=False)
    op.drop_column('scores', 'number')
    op.drop_column('scores', 'mandatory')
    op.drop_column('scores', 'good_practice')
    op.drop_column('scores', 'flagged')
    op.drop_column('scores', 'cannot_assess')
    op.alter_column('score_drafts', 'judgement',
               existing_type=sa.TEXT(),
               nullable=False)
    op.drop_column('score_drafts', 'mandatory')
    op.drop_column('score_drafts', 'good_practice')
    op.drop_column('score_drafts', 'flagged')
    op.drop_column('score_drafts', 'cannot_assess')
    op.drop_constraint('uq_moderations_number', 'moderations', type_='unique')
    op.drop_column('moderations', 'number')
    op.drop_column('accreditations', 'moderation_began_at')
    op.drop_index('uq_score_reopenings_one_open', table_name='score_reopenings', postgresql_where='closed_at is null')
    op.drop_index('ix_score_reopenings_accreditation_id', table_name='score_reopenings')
    op.drop_table('score_reopenings')
