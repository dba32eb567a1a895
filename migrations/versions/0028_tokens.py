"""Tokens of programs, and what a repeated call is answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

# Who shows a token, in one statement: the token, and its user as `tenancy.who` tells. Notes the day of the use.
BEARER = """
create function tenancy.token_bearer(shown text, wanted_file uuid, today date) returns jsonb
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare token tokens%rowtype;
begin
    select * into token from tokens t
        where t.key_hash = shown and t.revoked_at is null and t.expires_at > now();
    if not found then return null; end if;
    if token.last_used_on is distinct from today then
        update tokens t set last_used_on = today where t.id = token.id;
    end if;
    return jsonb_build_object(
        'id', token.id, 'purpose', token.purpose, 'read_only', token.read_only, 'region_id', token.region_id,
        'council_id', token.council_id, 'who', tenancy.who(token.user_id, wanted_file));
end;
$body$
"""
# The console's alone: what is kept for repeated calls is forgotten after a day.
FORGET = """
create function tenancy.forget_kept_responses(before timestamptz) returns bigint
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare forgotten bigint;
begin
    if tenancy.user_id() is not null or not tenancy.is_operator() then return 0; end if;
    delete from kept_responses k where k.made_at < before;
    get diagnostics forgotten = row_count;
    return forgotten;
end;
$body$
"""
# The console's alone: the tokens that end before a day and whose users were not told yet; each is named once. A token
# that was made for hardly longer than the warning is not spoken of.
ENDING = """
create function tenancy.tokens_ending(present timestamptz, before timestamptz) returns table (id uuid, user_id uuid)
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
begin
    if tenancy.user_id() is not null or not tenancy.is_operator() then return; end if;
    return query
        update tokens t set reminded_at = present
        where t.revoked_at is null and t.reminded_at is null and t.expires_at > present and t.expires_at < before
            and t.expires_at - t.made_at > before - present + interval '1 day'
        returning t.id, t.user_id;
end;
$body$
"""
FUNCTIONS = (
    ("tokens_ending(timestamptz, timestamptz)", ENDING),
    ("token_bearer(text, uuid, date)", BEARER),
    ("forget_kept_responses(timestamptz)", FORGET),
)


def upgrade() -> None:
    op.create_table('kept_responses',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('status', sa.BigInteger(), nullable=True),
    sa.Column('headers', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_kept_responses_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'place', 'key', name=op.f('pk_kept_responses'))
    )
    op.create_index('ix_kept_responses_made_at', 'kept_responses', ['made_at'], unique=False)
    op.create_table('tokens',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('user_name', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.Text(), nullable=False),
    sa.Column('read_only', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_on', sa.Date(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_name', sa.Text(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose in ('api', 'provisioning')", name=op.f('ck_tokens_purpose')),
    sa.CheckConstraint('council_id is null or region_id is not null', name=op.f('ck_tokens_council_has_region')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_tokens_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_tokens_region_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_tokens_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tokens')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_tokens_key_hash'))
    )
    op.create_index('ix_tokens_council_id', 'tokens', ['council_id'], unique=False)
    op.create_index('ix_tokens_region_id', 'tokens', ['region_id'], unique=False)
    op.create_index('ix_tokens_user_id', 'tokens', ['user_id'], unique=False)
    op.execute("""
        alter table kept_responses enable row level security;
        alter table kept_responses force row level security;
        create policy owner_all on kept_responses as permissive for all to owner using (true) with check (true);
        create policy gate_select on kept_responses as permissive for select to gate using (true);
        create policy gate_delete on kept_responses as permissive for delete to gate using (true);
        create policy user_select on kept_responses as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on kept_responses as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on kept_responses as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy user_delete on kept_responses as permissive for delete to app using (user_id = (select tenancy.user_id()));
        grant delete on kept_responses to app;
        grant insert on kept_responses to app;
        grant select on kept_responses to app;
        grant update on kept_responses to app;
        grant delete on kept_responses to gate;
        grant select on kept_responses to gate
        """)
    op.execute("""
        alter table tokens enable row level security;
        alter table tokens force row level security;
        create policy owner_all on tokens as permissive for all to owner using (true) with check (true);
        create policy gate_select on tokens as permissive for select to gate using (true);
        create policy gate_update on tokens as permissive for update to gate using (true) with check (true);
        create policy user_select on tokens as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_insert on tokens as permissive for insert to app with check (user_id = (select tenancy.user_id()));
        create policy user_update on tokens as permissive for update to app using (user_id = (select tenancy.user_id())) with check (user_id = (select tenancy.user_id()));
        create policy council_select on tokens as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_update on tokens as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on tokens as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_update on tokens as permissive for update to app using (region_id = (select tenancy.region()) and council_id is null) with check (region_id = (select tenancy.region()) and council_id is null);
        create policy platform_select on tokens as permissive for select to app using (region_id is null and (select tenancy.is_operator()));
        create policy platform_update on tokens as permissive for update to app using (region_id is null and (select tenancy.is_operator())) with check (region_id is null and (select tenancy.is_operator()));
        grant insert on tokens to app;
        grant select on tokens to app;
        grant update (revoked_at, revoked_by_name) on tokens to app;
        grant select on tokens to gate;
        grant update on tokens to gate
        """)
    op.execute("grant create on schema tenancy to gate")
    for function, body in FUNCTIONS:
        op.execute(body)
        op.execute(f"revoke all on function tenancy.{function} from public")
        op.execute(f"alter function tenancy.{function} owner to gate")
    op.execute("revoke create on schema tenancy from gate")
    op.execute("set local role gate")
    for function, _ in FUNCTIONS:
        op.execute(f"grant execute on function tenancy.{function} to app, owner")
    op.execute("reset role")


def downgrade() -> None:
    op.execute("set local role gate")
    for function, _ in FUNCTIONS:
        op.execute(f"drop function tenancy.{function}")
    op.execute("reset role")
    op.drop_index('ix_tokens_user_id', table_name='tokens')
    op.drop_index('ix_tokens_region_id', table_name='tokens')
    op.drop_index('ix_tokens_council_id', table_name='tokens')
    op.drop_table('tokens')
    op.drop_index('ix_kept_responses_made_at', table_name='kept_responses')
    op.drop_table('kept_responses')
