"""Declarations of interest, made before a dossier is shown to those who judge it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_RELATIONS = ("none", "self", "relative", "superior")


def upgrade() -> None:
    op.create_table(
        "interest",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), primary_key=True),
        sa.Column(
            "relation",
            sa.Enum(
                *_RELATIONS,
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_interest_nomination", "interest", ["nomination_id"])


def downgrade() -> None:
    op.drop_table("interest")
