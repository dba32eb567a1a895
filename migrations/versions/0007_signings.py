"""Office-holders and the texts they sign."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# What the key in hand opens: the signing of the request it belongs to, and nothing once that has ended.
SHOWN_SIGNING = """
create function tenancy.shown_signing() returns uuid language plpgsql stable security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.key_hash() is null then return null; end if;
    return (
        select signing_id from signature_requests
        where key_hash = tenancy.key_hash() and ended_at is null and expires_at > now());
end;
$body$
"""
# Who holds a key and has no scope writes events about what that key opens alone.
BEARER_EVENT = """
create function tenancy.check_bearer_event() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $body$
begin
    if tenancy.scope() <> 'public' or (new.council_id is null and new.region_id is null) then return new; end if;
    if not exists (
        select from signature_requests r
        where r.key_hash = tenancy.key_hash() and new.subject = 'signature_requests' and r.id = new.subject_id
            and r.council_id = new.council_id and r.region_id = new.region_id
            and r.accreditation_id = new.accreditation_id
        union all
        select from contribution_requests r
        where r.key_hash = tenancy.key_hash() and new.subject = 'contribution_requests' and r.id = new.subject_id
            and r.council_id = new.council_id and r.region_id = new.region_id
            and r.accreditation_id = new.accreditation_id
        union all
        select from invitations i
        where i.key_hash = tenancy.key_hash() and new.subject = 'access' and new.accreditation_id is null
            and i.council_id is not distinct from new.council_id and i.region_id is not distinct from new.region_id
    ) then
        raise exception using errcode = 'insufficient_privilege', message = 'an event of what its key does not open';
    end if;
    return new;
end;
$body$
"""
# A key opens one row, and of that row what its bearer is asked for: not whose it is, nor until when the key works.
BEARER_CHANGE = """
create function tenancy.check_bearer_change() returns trigger language plpgsql as $body$
begin
    if to_jsonb(new) - tg_argv is distinct from to_jsonb(old) - tg_argv then
        raise exception using errcode = 'insufficient_privilege', message = 'a change that its key does not open';
    end if;
    return new;
end;
$body$;
"""
BEARERS_CHANGE = {
    "signature_requests": ("signed_at", "declined_at", "decline_reason"),
    "contribution_requests": ("words", "saved_at", "sent_at", "declined_at", "decline_reason"),
}
GATES = {"tenancy.shown_signing()": SHOWN_SIGNING, "tenancy.check_bearer_event()": BEARER_EVENT}


def upgrade() -> None:
    op.create_table('office_holders',
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('until_on is null or until_on >= from_on', name=op.f('ck_office_holders_ends_after_start')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_office_holders'))
    )
    op.create_index('ix_office_holders_council_id_office', 'office_holders', ['council_id', 'office'], unique=False)
    op.create_table('signings',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('document_sha256', sa.Text(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=True),
    sa.Column('opened_by_name', sa.Text(), nullable=False),
    sa.Column('complete_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_off_reason', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("about in ('commitment', 'readiness')", name=op.f('ck_signings_about')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_signings_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_signings_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_signings'))
    )
    op.create_index('uq_signings_one_open', 'signings', ['council_id', 'accreditation_id'], unique=True, postgresql_where='used_at is null and called_off_at is null')
    op.create_table('signature_requests',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('signing_id', sa.Uuid(), nullable=False),
    sa.Column('office_holder_id', sa.Uuid(), nullable=True),
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('council_name', sa.Text(), nullable=False),
    sa.Column('text_title', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_name', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paper_signed_on', sa.Date(), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decline_reason', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_reason', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("declined_at is null or decline_reason <> ''", name=op.f('ck_signature_requests_declined_with_reason')),
    sa.CheckConstraint('paper_signed_on is not null or office_holder_id is not null', name=op.f('ck_signature_requests_holder_or_paper')),
    sa.CheckConstraint('paper_signed_on is null or (key_hash is null and signed_at is null)', name=op.f('ck_signature_requests_paper_has_no_link')),
    sa.CheckConstraint('signed_at is null or declined_at is null', name=op.f('ck_signature_requests_signed_or_declined')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_signature_requests_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'office_holder_id'], ['office_holders.council_id', 'office_holders.id'], name=op.f('fk_signature_requests_council_id_office_holder_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_signature_requests_council_id_region_id')),
    sa.ForeignKeyConstraint(['council_id', 'signing_id'], ['signings.council_id', 'signings.id'], name=op.f('fk_signature_requests_council_id_signing_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_signature_requests'))
    )
    op.create_index('ix_signature_requests_key_hash', 'signature_requests', ['key_hash'], unique=False)
    op.create_index('ix_signature_requests_signing', 'signature_requests', ['council_id', 'signing_id'], unique=False)
    op.create_index('uq_signature_requests_one_per_office', 'signature_requests', ['council_id', 'signing_id', 'office'], unique=True, postgresql_where='ended_at is null')
    op.add_column('declaration_signatures', sa.Column('about', sa.Text(), server_default='commitment', nullable=False))
    op.alter_column('declaration_signatures', 'about', server_default=None)
    op.add_column('declaration_signatures', sa.Column('signing_id', sa.Uuid(), nullable=True))
    op.add_column('declaration_signatures', sa.Column('text', sa.Text(), server_default='', nullable=False))
    op.alter_column('declaration_signatures', 'text', server_default=None)
    op.add_column('declaration_signatures', sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("""
        alter table office_holders enable row level security;
        alter table office_holders force row level security;
        create policy owner_all on office_holders as permissive for all to owner using (true) with check (true);
        create policy gate_select on office_holders as permissive for select to gate using (true);
        create policy council_select on office_holders as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on office_holders as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on office_holders as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        grant insert on office_holders to app;
        grant select on office_holders to app;
        grant update on office_holders to app;
        grant select on office_holders to gate
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
    op.execute(
        "create trigger check_bearer_event before insert on events"
        " for each row execute function tenancy.check_bearer_event()"
    )
    op.create_check_constraint(
        op.f('ck_declaration_signatures_about'), 'declaration_signatures', "about in ('commitment', 'readiness')"
    )
    op.execute("""
        alter table signings enable row level security;
        alter table signings force row level security;
        create policy owner_all on signings as permissive for all to owner using (true) with check (true);
        create policy gate_select on signings as permissive for select to gate using (true);
        create policy council_select on signings as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on signings as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on signings as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy bearer_select on signings as permissive for select to app using (id = (select tenancy.shown_signing()));
        grant insert on signings to app;
        grant select on signings to app;
        grant update on signings to app;
        grant select on signings to gate
        """)
    op.execute("""
        alter table signature_requests enable row level security;
        alter table signature_requests force row level security;
        create policy owner_all on signature_requests as permissive for all to owner using (true) with check (true);
        create policy gate_select on signature_requests as permissive for select to gate using (true);
        create policy council_select on signature_requests as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on signature_requests as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on signature_requests as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy bearer_select on signature_requests as permissive for select to app using (key_hash = (select tenancy.key_hash()));
        create policy bearer_update on signature_requests as permissive for update to app using (key_hash = (select tenancy.key_hash()) and signed_at is null and declined_at is null and ended_at is null and expires_at > now()) with check (key_hash = (select tenancy.key_hash()));
        grant insert on signature_requests to app;
        grant select on signature_requests to app;
        grant update on signature_requests to app;
        grant select on signature_requests to gate
        """)
    op.execute(BEARER_CHANGE)
    for table, columns in BEARERS_CHANGE.items():
        op.execute(
            f"create trigger check_bearer_change before update on {table} for each row"
            f" when (tenancy.key_hash() is not null) execute function tenancy.check_bearer_change{columns}"
        )


def downgrade() -> None:
    for table in BEARERS_CHANGE:
        op.execute(f"drop trigger check_bearer_change on {table}")
    op.execute("drop function tenancy.check_bearer_change()")
    op.execute("drop policy bearer_select on signings")
    op.execute("drop trigger check_bearer_event on events")
    op.execute("set local role gate")
    for name in GATES:
        op.execute(f"drop function {name}")
    op.execute("reset role")
    op.execute("delete from declaration_signatures where about = 'readiness'")
    op.drop_column('declaration_signatures', 'signed_at')
    op.drop_column('declaration_signatures', 'text')
    op.drop_column('declaration_signatures', 'signing_id')
    op.drop_column('declaration_signatures', 'about')
    op.drop_index('uq_signature_requests_one_per_office', table_name='signature_requests', postgresql_where='ended_at is null')
    op.drop_index('ix_signature_requests_signing', table_name='signature_requests')
    op.drop_index('ix_signature_requests_key_hash', table_name='signature_requests')
    op.drop_table('signature_requests')
    op.drop_index('uq_signings_one_open', table_name='signings', postgresql_where='used_at is null and called_off_at is null')
    op.drop_table('signings')
    op.drop_index('ix_office_holders_council_id_office', table_name='office_holders')
    op.drop_table('office_holders')
