"""Sessions are rows that can be listed and ended; guesses are counted; passwords come by link."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "browser_session",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(100), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        *_keys("browser_session"),
    )
    op.create_index(
        "ix_browser_session_person", "browser_session", ["person_id", "ended_at"]
    )
    op.create_table(
        "guessing",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_guessing")),
    )
    op.create_table(
        "password_link",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer()),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT),
        *_keys("password_link"),
    )
    op.create_index("ix_password_link_person", "password_link", ["person_id"])
    op.execute("ALTER TABLE person DROP COLUMN session_epoch")


def downgrade() -> None:
    op.execute("ALTER TABLE person ADD COLUMN session_epoch INTEGER NOT NULL DEFAULT 0")
    for table in ("password_link", "guessing", "browser_session"):
        op.drop_table(table)


def _keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )
