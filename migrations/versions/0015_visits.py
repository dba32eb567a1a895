"""Visits, the people to meet, and interview notes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interview_notes",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id", "accreditation_id"],
            ["accreditations.council_id", "accreditations.id"],
            name=op.f("fk_interview_notes_council_id_accreditation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id", "region_id"],
            ["councils.id", "councils.region_id"],
            name=op.f("fk_interview_notes_council_id_region_id"),
        ),
        sa.PrimaryKeyConstraint("council_id", "id", name=op.f("pk_interview_notes")),
    )
    op.create_index("ix_interview_notes_accreditation_id", "interview_notes", ["accreditation_id"], unique=False)
    op.create_table(
        "visit_people",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("people", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("groups", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_name", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id", "accreditation_id"],
            ["accreditations.council_id", "accreditations.id"],
            name=op.f("fk_visit_people_council_id_accreditation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id", "region_id"],
            ["councils.id", "councils.region_id"],
            name=op.f("fk_visit_people_council_id_region_id"),
        ),
        sa.PrimaryKeyConstraint("council_id", "id", name=op.f("pk_visit_people")),
        sa.UniqueConstraint("council_id", "accreditation_id", name=op.f("uq_visit_people_council_id_accreditation_id")),
    )
    op.create_index("ix_visit_people_accreditation_id", "visit_people", ["accreditation_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("joining", sa.Text(), nullable=False),
        sa.Column("timetable", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("calendar_sequence", sa.BigInteger(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organiser_name", sa.Text(), nullable=False),
        sa.Column("organiser_email", sa.Text(), nullable=False),
        sa.Column("called_off_reason", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_name", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state in ('planned', 'invited', 'held', 'called_off')", name=op.f("ck_visits_state")),
        sa.ForeignKeyConstraint(
            ["council_id", "accreditation_id"],
            ["accreditations.council_id", "accreditations.id"],
            name=op.f("fk_visits_council_id_accreditation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id", "region_id"],
            ["councils.id", "councils.region_id"],
            name=op.f("fk_visits_council_id_region_id"),
        ),
        sa.PrimaryKeyConstraint("council_id", "id", name=op.f("pk_visits")),
        sa.UniqueConstraint("council_id", "accreditation_id", name=op.f("uq_visits_council_id_accreditation_id")),
    )
    op.create_index("ix_visits_accreditation_id", "visits", ["accreditation_id"], unique=False)
    op.create_index("ix_visits_region_id_held_on", "visits", ["region_id", "held_on"], unique=False)
    op.execute("""
        alter table interview_notes enable row level security;
        alter table interview_notes force row level security;
        create policy owner_all on interview_notes as permissive for all to owner using (true) with check (true);
        create policy gate_select on interview_notes as permissive for select to gate using (true);
        create policy gate_delete on interview_notes as permissive for delete to gate using (true);
        create policy file_select on interview_notes as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        create policy own_insert on interview_notes as permissive for insert to app with check (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file()));
        create policy own_update on interview_notes as permissive for update to app using (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file())) with check (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file()));
        create policy own_delete on interview_notes as permissive for delete to app using (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file()));
        create policy lead_select on interview_notes as permissive for select to app using (region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.led())::uuid[]));
        create policy lead_insert on interview_notes as permissive for insert to app with check (user_id = (select tenancy.user_id()) and region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.led())::uuid[]));
        create policy lead_update on interview_notes as permissive for update to app using (user_id = (select tenancy.user_id()) and region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.led())::uuid[])) with check (user_id = (select tenancy.user_id()) and region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.led())::uuid[]));
        create policy lead_delete on interview_notes as permissive for delete to app using (user_id = (select tenancy.user_id()) and region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.led())::uuid[]));
        create policy outsiders_only on interview_notes as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant delete on interview_notes to app;
        grant insert on interview_notes to app;
        grant select on interview_notes to app;
        grant update on interview_notes to app;
        grant delete on interview_notes to gate;
        grant select on interview_notes to gate
        """)
    op.execute("""
        alter table visit_people enable row level security;
        alter table visit_people force row level security;
        create policy owner_all on visit_people as permissive for all to owner using (true) with check (true);
        create policy gate_select on visit_people as permissive for select to gate using (true);
        create policy council_select on visit_people as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on visit_people as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on visit_people as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on visit_people as permissive for select to app using (region_id = (select tenancy.region()));
        create policy file_select on visit_people as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on visit_people to app;
        grant select on visit_people to app;
        grant update on visit_people to app;
        grant select on visit_people to gate
        """)
    op.execute("""
        alter table visits enable row level security;
        alter table visits force row level security;
        create policy owner_all on visits as permissive for all to owner using (true) with check (true);
        create policy gate_select on visits as permissive for select to gate using (true);
        create policy region_select on visits as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on visits as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on visits as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy council_select on visits as permissive for select to app using (council_id = (select tenancy.council()));
        create policy file_select on visits as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on visits to app;
        grant select on visits to app;
        grant update on visits to app;
        grant select on visits to gate
        """)


def downgrade() -> None:
    op.drop_index("ix_visits_region_id_held_on", table_name="visits")
    op.drop_index("ix_visits_accreditation_id", table_name="visits")
    op.drop_table("visits")
    op.drop_index("ix_visit_people_accreditation_id", table_name="visit_people")
    op.drop_table("visit_people")
    op.drop_index("ix_interview_notes_accreditation_id", table_name="interview_notes")
    op.drop_table("interview_notes")
