"""Decisions that correct or revoke others, cancelled numbers, and a page to check papers on.

SQLite changes no check; where a table is referred to by others, its text is changed in place, in the
way SQLite's own documentation gives for it.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_CHANGES = {
    "decision": ("'award'", "'award', 'correction', 'revocation'"),
    "notice": ("'refused', 'cancelled'", "'refused', 'cancelled', 'corrected', 'revoked'"),
}


def upgrade() -> None:
    for table, (before, after) in _CHANGES.items():
        _set_kinds(table, before, after)
    op.execute("ALTER TABLE decision ADD COLUMN token VARCHAR(32)")
    op.execute(
        "ALTER TABLE decision ADD COLUMN refers_to_id BIGINT REFERENCES decision (id)"
    )
    moment = "DATETIME" if _is_sqlite() else "TIMESTAMP WITH TIME ZONE"
    op.execute(f"ALTER TABLE decision ADD COLUMN cancelled_at {moment}")
    op.execute("ALTER TABLE decision ADD COLUMN cancelled_by INTEGER")
    op.execute("ALTER TABLE decision ADD COLUMN cancel_reason TEXT")
    for (id_,) in op.get_bind().execute(sa.text("SELECT id FROM decision")).all():
        op.get_bind().execute(
            sa.text("UPDATE decision SET token = :token WHERE id = :id"),
            {"token": secrets.token_hex(16), "id": id_},
        )
    op.create_index("uq_decision_token", "decision", ["token"], unique=True)
    op.create_table(
        "decision_change",
        sa.Column("decision_id", _BIG, sa.ForeignKey("decision.id"), primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), primary_key=True),
        sa.Column("read", sa.JSON(), nullable=False),
        sa.Column("reads", sa.JSON(), nullable=False),
    )
    op.create_index("ix_decision_change_nomination", "decision_change", ["nomination_id"])
    op.create_table(
        "decision_draft",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column(
            "kind",
            sa.Enum(
                "award",
                "correction",
                "revocation",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("refers_to_id", _BIG, sa.ForeignKey("decision.id"), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("prepared_at", _MOMENT, nullable=False),
        sa.Column("signed_by", sa.Integer()),
        sa.Column("signer_post_id", sa.Integer()),
        sa.Column("signed_at", _MOMENT),
        sa.Column("declined_at", _MOMENT),
        sa.Column("decision_id", _BIG, sa.ForeignKey("decision.id")),
    )


def downgrade() -> None:
    op.drop_table("decision_draft")
    op.drop_table("decision_change")
    op.drop_index("uq_decision_token", "decision")
    for column in (
        "cancel_reason",
        "cancelled_by",
        "cancelled_at",
        "refers_to_id",
        "token",
    ):
        op.execute(f"ALTER TABLE decision DROP COLUMN {column}")
    for table, (before, after) in _CHANGES.items():
        _set_kinds(table, after, before)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _set_kinds(table: str, before: str, after: str) -> None:
    if not _is_sqlite():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_kind")
        check = f"CONSTRAINT ck_{table}_kind CHECK (kind IN ({after}))"
        op.execute(f"ALTER TABLE {table} ADD {check}")
        return
    connection = op.get_bind()
    where = "WHERE type = 'table' AND name = :name"
    made = connection.scalar(
        sa.text(f"SELECT sql FROM sqlite_master {where}"), {"name": table}
    )
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(f"UPDATE sqlite_master SET sql = :sql {where}"),
        {"sql": made.replace(f"kind IN ({before})", f"kind IN ({after})"), "name": table},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
