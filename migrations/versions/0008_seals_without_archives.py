"""A seal keeps its manifest and its page; the archive is written when it is downloaded."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHECKS = {
    "has_its_manifest": "(manifest is null) = (archive_sha256 is not null)",
    "has_its_page": "(manifest is null) = (page is null)",
}


def upgrade() -> None:
    op.add_column("submissions", sa.Column("manifest", sa.Text(), nullable=True))
    op.add_column("submissions", sa.Column("page", sa.Text(), nullable=True))
    op.alter_column("submissions", "archive_sha256", existing_type=sa.Text(), nullable=True)
    op.alter_column("submissions", "archive_size", existing_type=sa.BigInteger(), nullable=True)
    op.add_column("submission_files", sa.Column("crc32", sa.BigInteger(), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_submissions_{name}"), "submissions", condition)


def downgrade() -> None:
    kept = op.get_bind().scalar(sa.text("select count(*) from submissions where archive_sha256 is null"))
    if kept:
        raise RuntimeError(f"{kept} seals have no stored archive; an earlier version could not hand them out")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_submissions_{name}"), "submissions", type_="check")
    op.drop_column("submission_files", "crc32")
    op.alter_column("submissions", "archive_size", existing_type=sa.BigInteger(), nullable=False)
    op.alter_column("submissions", "archive_sha256", existing_type=sa.Text(), nullable=False)
    op.drop_column("submissions", "page")
    op.drop_column("submissions", "manifest")
