"""Spreadsheets that people take out of the system."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_KINDS = ("nominations", "board", "outcomes", "organisation", "history", "accounts")
_STATES = ("waiting", "ready", "failed")


def _set(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("kind", _set("kind", _KINDS), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.String(100), nullable=False),
        sa.Column("state", _set("state", _STATES), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("size", sa.Integer()),
        sa.Column("sha256", sa.String(64)),
        sa.Column("finished_at", _MOMENT),
        sa.Column("expires_at", _MOMENT),
        sa.CheckConstraint(
            "(state = 'ready') = (sha256 IS NOT NULL)", name="a_ready_file_is_proved"
        ),
    )
    op.create_index("ix_export_person", "export", ["person_id", "id"])
    op.create_index("ix_export_expiry", "export", ["expires_at"])


def downgrade() -> None:
    op.drop_table("export")
