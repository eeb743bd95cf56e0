"""Delegations: a post's work done by somebody else for a time."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("post.id"), nullable=False),
        sa.Column("delegate_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("legal_basis", sa.String(300), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=False),
        sa.Column("granted_at", _MOMENT, nullable=False),
        sa.Column("ended_by", sa.Integer()),
        sa.Column("ended_at", _MOMENT),
    )
    op.create_index("ix_delegation_delegate", "delegation", ["delegate_id"])
    op.create_index("ix_delegation_post", "delegation", ["post_id"])


def downgrade() -> None:
    op.drop_table("delegation")
