"""Webhooks, and everything that was sent to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

# Every event that a webhook's owner may read is handed to it in the very transaction that records the event: ids and
# the verb, nothing of the payload. The job runs in the scope of the webhook's owner.
HAND = """
create function tenancy.hand_to_webhooks() returns trigger
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
begin
    with handed as (
        insert into webhook_deliveries (id, webhook_id, region_id, council_id, event_id, verb, document, made_at, state,
            attempts, next_at, failure)
        select gen_random_uuid(), w.id, w.region_id, w.council_id, new.id, new.verb,
            jsonb_build_object('id', new.id, 'at', new.at, 'verb', new.verb, 'subject', new.subject,
                'subject_id', new.subject_id, 'council_id', new.council_id, 'region_id', new.region_id,
                'accreditation_id', new.accreditation_id),
            new.at, 'waiting', 0, new.at, ''
        from webhooks w
        where w.paused_at is null and w.removed_at is null and (w.verbs = '[]' or w.verbs ? new.verb)
            and case when w.council_id is not null
                then w.council_id = new.council_id and new.audience in ('council', 'shared')
                else w.region_id = new.region_id and new.audience in ('region', 'shared') end
        returning id, event_id, council_id, region_id)
    insert into outbox (id, event_id, job, args, scope, due_at, attempts)
    select gen_random_uuid(), h.event_id, 'deliver_webhook', jsonb_build_object('subject_id', h.id),
        case when h.council_id is not null
            then jsonb_build_object('council_id', h.council_id, 'home_region_id', h.region_id)
            else jsonb_build_object('region_id', h.region_id) end,
        new.at, 0
    from handed h;
    return null;
end;
$body$
"""
TRIGGER = "create trigger hand_to_webhooks after insert on events for each row execute function tenancy.hand_to_webhooks()"
# The console's alone: what was sent is forgotten after some weeks.
FORGET = """
create function tenancy.forget_deliveries(before timestamptz) returns bigint
    language plpgsql volatile security definer set search_path = public, pg_temp as $body$
declare forgotten bigint;
begin
    if tenancy.user_id() is not null or not tenancy.is_operator() then return 0; end if;
    delete from webhook_deliveries d where d.made_at < before;
    get diagnostics forgotten = row_count;
    return forgotten;
end;
$body$
"""
FUNCTIONS = (("hand_to_webhooks()", HAND), ("forget_deliveries(timestamptz)", FORGET))


def upgrade() -> None:
    op.create_table('webhooks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('verbs', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_name', sa.Text(), nullable=False),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pause_reason', sa.Text(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_webhooks_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_webhooks_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhooks'))
    )
    op.create_index('ix_webhooks_council_id', 'webhooks', ['council_id'], unique=False)
    op.create_index('ix_webhooks_region_id', 'webhooks', ['region_id'], unique=False)
    op.create_table('webhook_deliveries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('verb', sa.Text(), nullable=False),
    sa.Column('document', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.BigInteger(), nullable=True),
    sa.Column('failure', sa.Text(), nullable=False),
    sa.Column('replay_of', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state in ('waiting', 'delivered', 'given_up')", name=op.f('ck_webhook_deliveries_state')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_webhook_deliveries_council_id_region_id')),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_webhook_deliveries_region_id')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhooks.id'], name=op.f('fk_webhook_deliveries_webhook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_deliveries'))
    )
    op.create_index('ix_webhook_deliveries_council_id', 'webhook_deliveries', ['council_id'], unique=False)
    op.create_index('ix_webhook_deliveries_made_at', 'webhook_deliveries', ['made_at'], unique=False)
    op.create_index('ix_webhook_deliveries_region_id', 'webhook_deliveries', ['region_id'], unique=False)
    op.create_index('ix_webhook_deliveries_webhook_id_made_at', 'webhook_deliveries', ['webhook_id', 'made_at'], unique=False)
    op.execute("""
        alter table webhooks enable row level security;
        alter table webhooks force row level security;
        create policy owner_all on webhooks as permissive for all to owner using (true) with check (true);
        create policy gate_select on webhooks as permissive for select to gate using (true);
        create policy council_select on webhooks as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on webhooks as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on webhooks as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on webhooks as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_insert on webhooks as permissive for insert to app with check (region_id = (select tenancy.region()) and council_id is null);
        create policy region_update on webhooks as permissive for update to app using (region_id = (select tenancy.region()) and council_id is null) with check (region_id = (select tenancy.region()) and council_id is null);
        grant insert on webhooks to app;
        grant select on webhooks to app;
        grant update on webhooks to app;
        grant select on webhooks to gate
        """)
    op.execute("""
        alter table webhook_deliveries enable row level security;
        alter table webhook_deliveries force row level security;
        create policy owner_all on webhook_deliveries as permissive for all to owner using (true) with check (true);
        create policy gate_select on webhook_deliveries as permissive for select to gate using (true);
        create policy gate_insert on webhook_deliveries as permissive for insert to gate with check (true);
        create policy gate_delete on webhook_deliveries as permissive for delete to gate using (true);
        create policy council_select on webhook_deliveries as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on webhook_deliveries as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on webhook_deliveries as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on webhook_deliveries as permissive for select to app using (region_id = (select tenancy.region()) and council_id is null);
        create policy region_insert on webhook_deliveries as permissive for insert to app with check (region_id = (select tenancy.region()) and council_id is null);
        create policy region_update on webhook_deliveries as permissive for update to app using (region_id = (select tenancy.region()) and council_id is null) with check (region_id = (select tenancy.region()) and council_id is null);
        grant insert on webhook_deliveries to app;
        grant select on webhook_deliveries to app;
        grant update on webhook_deliveries to app;
        grant delete on webhook_deliveries to gate;
        grant insert on webhook_deliveries to gate;
        grant select on webhook_deliveries to gate
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
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute('drop trigger hand_to_webhooks on events')
    op.execute("set local role gate")
    for function, _ in FUNCTIONS:
        op.execute(f"drop function tenancy.{function}")
    op.execute("reset role")
    op.drop_index('ix_webhook_deliveries_webhook_id_made_at', table_name='webhook_deliveries')
    op.drop_index('ix_webhook_deliveries_made_at', table_name='webhook_deliveries')
    op.drop_index('ix_webhook_deliveries_region_id', table_name='webhook_deliveries')
    op.drop_index('ix_webhook_deliveries_council_id', table_name='webhook_deliveries')
    op.drop_table('webhook_deliveries')
    op.drop_index('ix_webhooks_region_id', table_name='webhooks')
    op.drop_index('ix_webhooks_council_id', table_name='webhooks')
    op.drop_table('webhooks')
