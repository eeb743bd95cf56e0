"""Versions of templates of papers, what each kept paper was made with, meetings of Khối."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_KEPT = ("decision", "proposal")


def upgrade() -> None:
    op.create_table(
        "paper_template",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "typst",
                "docx",
                name="format",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("sha256", sa.String(64)),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", _MOMENT, nullable=False),
        sa.Column("approved_by", sa.Integer()),
        sa.Column("approved_at", _MOMENT),
        sa.Column("declined_at", _MOMENT),
        sa.CheckConstraint(
            "(content IS NULL) = (sha256 IS NULL)",
            name=op.f("ck_paper_template_hash_of_content"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_paper_template_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by <> uploaded_by", name=op.f("ck_paper_template_approved_by_another")
        ),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_paper_template_valid_some_day")
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR declined_at IS NULL",
            name=op.f("ck_paper_template_approved_or_declined"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["person.id"],
            name=op.f("fk_paper_template_uploaded_by_person"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["person.id"],
            name=op.f("fk_paper_template_approved_by_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_template")),
        sa.UniqueConstraint(
            "kind", "format", "version", name=op.f("uq_paper_template_kind_format_version")
        ),
    )
    op.create_table(
        "block_meeting",
        sa.Column("proposal_id", _BIG, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("began", sa.String(32), nullable=False),
        sa.Column("ended", sa.String(32), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("chair", sa.String(200), nullable=False),
        sa.Column("secretary", sa.String(200), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_block_meeting_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_block_meeting_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_block_meeting")),
    )
    for table in _KEPT:
        op.execute(f"ALTER TABLE {table} ADD COLUMN template_version INTEGER")
        op.execute(f"ALTER TABLE {table} ADD COLUMN template_sha256 VARCHAR(64)")


def downgrade() -> None:
    for table in _KEPT:
        op.execute(f"ALTER TABLE {table} DROP COLUMN template_sha256")
        op.execute(f"ALTER TABLE {table} DROP COLUMN template_version")
    op.drop_table("block_meeting")
    op.drop_table("paper_template")
