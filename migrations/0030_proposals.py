"""Proposals (tờ trình) of units, Khối and the department, and answers of single tasks in a batch."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_KINDS = ("unit_proposal", "block_proposal", "department_proposal")
_OUTCOMES = ("approve", "return", "not_selected", "fail_vote", "refuse", "withdraw")


def upgrade() -> None:
    op.execute("ALTER TABLE batch_item ADD COLUMN answer JSON")
    op.create_table(
        "proposal",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("kind", _closed("kind", _KINDS), nullable=False),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column(
            "movement_id", sa.Integer(), sa.ForeignKey("movement.id"), nullable=False
        ),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id")),
        sa.Column("block_id", sa.Integer(), sa.ForeignKey("block.id")),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("submitted_by", sa.Integer()),
        sa.Column("submitted_at", _MOMENT),
        sa.Column("number", sa.Integer()),
        sa.Column("year", sa.Integer()),
        sa.Column("suffix", sa.String(64)),
        sa.Column("signed_on", sa.Date()),
        sa.Column("signed_at", _MOMENT),
        sa.Column("signed_by", sa.Integer()),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("paper", sa.LargeBinary()),
        sa.Column("paper_sha256", sa.String(64)),
        sa.Column("batch_id", _BIG, sa.ForeignKey("batch.id")),
        sa.UniqueConstraint("suffix", "year", "number"),
        sa.CheckConstraint(
            "(number IS NULL) = (signed_at IS NULL)", name="numbered_when_signed"
        ),
    )
    op.create_index("ix_proposal_queue", "proposal", ["queue", "signed_at"])
    op.create_table(
        "proposal_entry",
        sa.Column("proposal_id", _BIG, sa.ForeignKey("proposal.id"), primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", _closed("outcome", _OUTCOMES), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("dossier", sa.Integer()),
    )
    op.create_index("ix_proposal_entry_nomination", "proposal_entry", ["nomination_id"])


def downgrade() -> None:
    op.drop_table("proposal_entry")
    op.drop_table("proposal")
    op.execute("ALTER TABLE batch_item DROP COLUMN answer")


def _closed(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
