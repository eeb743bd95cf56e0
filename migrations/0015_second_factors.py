"""Second factors, and when somebody signed in has proved it or the password once more."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("salt", sa.LargeBinary(20), nullable=False),
        sa.Column("enrolled_at", _MOMENT, nullable=False),
        sa.Column("last_step", _BIG, nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", _MOMENT),
    )
    op.create_index("ix_recovery_code_person", "recovery_code", ["person_id"])
    op.add_column("browser_session", sa.Column("verified_at", _MOMENT))
    op.add_column("browser_session", sa.Column("confirmed_at", _MOMENT))


def downgrade() -> None:
    op.drop_column("browser_session", "confirmed_at")
    op.drop_column("browser_session", "verified_at")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
