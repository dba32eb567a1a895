"""Columns that a person corrected, and answers that came from a document.

Going down deletes imports of self-assessments for good; the answers they filled stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remembered_columns",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("remembered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remembered_by_name", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind in ('action_plan', 'members', 'self_assessment')", name=op.f("ck_remembered_columns_kind")
        ),
        sa.PrimaryKeyConstraint("council_id", "id", name=op.f("pk_remembered_columns")),
        sa.UniqueConstraint(
            "council_id", "kind", "heading", name=op.f("uq_remembered_columns_council_id_kind_heading")
        ),
    )
    op.add_column(
        "answers", sa.Column("imported", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column(
        "imports", sa.Column("grid", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column(
        "imports",
        sa.Column(
            "columns", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="[]", nullable=False
        ),
    )
    op.alter_column("imports", "columns", server_default=None)
    op.add_column("imports", sa.Column("document_on", sa.Date(), nullable=True))
    op.add_column("imports", sa.Column("accreditation_id", sa.Uuid(), nullable=True))
    op.add_column("imports", sa.Column("read_by_name", sa.Text(), server_default="", nullable=False))
    op.alter_column("imports", "read_by_name", server_default=None)
    op.add_column("imports", sa.Column("outside", sa.BigInteger(), server_default="0", nullable=False))
    op.alter_column("imports", "outside", server_default=None)
    op.add_column("imports", sa.Column("plan_title", sa.Text(), server_default="", nullable=False))
    op.alter_column("imports", "plan_title", server_default=None)
    op.add_column("imports", sa.Column("made_plan", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("imports", "made_plan", server_default=None)
    op.execute("""
        alter table remembered_columns enable row level security;
        alter table remembered_columns force row level security;
        create policy owner_all on remembered_columns as permissive for all to owner using (true) with check (true);
        create policy gate_select on remembered_columns as permissive for select to gate using (true);
        create policy council_select on remembered_columns as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on remembered_columns as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on remembered_columns as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on remembered_columns as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on remembered_columns to app;
        grant insert on remembered_columns to app;
        grant select on remembered_columns to app;
        grant update on remembered_columns to app;
        grant select on remembered_columns to gate
        """)
    op.drop_constraint(op.f("ck_imports_kind"), "imports")
    op.create_check_constraint(
        op.f("ck_imports_kind"), "imports", "kind in ('action_plan', 'members', 'self_assessment')"
    )


def downgrade() -> None:
    op.execute("delete from imports where kind = 'self_assessment'")
    op.drop_constraint(op.f("ck_imports_kind"), "imports")
    op.create_check_constraint(op.f("ck_imports_kind"), "imports", "kind in ('action_plan', 'members')")
    op.drop_column("imports", "made_plan")
    op.drop_column("imports", "plan_title")
    op.drop_column("imports", "outside")
    op.drop_column("imports", "read_by_name")
    op.drop_column("imports", "accreditation_id")
    op.drop_column("imports", "document_on")
    op.drop_column("imports", "columns")
    op.drop_column("imports", "grid")
    op.drop_column("answers", "imported")
    op.drop_table("remembered_columns")
