"""Papers signed elsewhere, copies of earlier papers, and decisions taken out whole as a ZIP.

SQLite changes no check: the text of the table is changed in place, as in 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_BEFORE = "'nominations', 'board', 'outcomes', 'organisation', 'history', 'accounts'"
_AFTER = f"{_BEFORE}, 'decision'"


def upgrade() -> None:
    op.create_table(
        "signed_paper",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("proposal_id", _BIG, sa.ForeignKey("proposal.id")),
        sa.Column("decision_id", _BIG, sa.ForeignKey("decision.id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False, unique=True),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("added_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "(proposal_id IS NULL) <> (decision_id IS NULL)", name="of_one_paper"
        ),
        sa.UniqueConstraint("proposal_id", "version"),
        sa.UniqueConstraint("decision_id", "version"),
    )
    op.execute(
        "ALTER TABLE attachment ADD COLUMN copied_from_id BIGINT REFERENCES attachment (id)"
    )
    op.execute("ALTER TABLE export ADD COLUMN token VARCHAR(64)")
    _set_kinds(_BEFORE, _AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM export WHERE kind = 'decision'")
    _set_kinds(_AFTER, _BEFORE)
    op.execute("ALTER TABLE export DROP COLUMN token")
    op.execute("ALTER TABLE attachment DROP COLUMN copied_from_id")
    op.drop_table("signed_paper")


def _set_kinds(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.execute("ALTER TABLE export DROP CONSTRAINT ck_export_kind")
        check = f"CONSTRAINT ck_export_kind CHECK (kind IN ({after}))"
        op.execute(f"ALTER TABLE export ADD {check}")
        return
    where = "WHERE type = 'table' AND name = 'export'"
    made = connection.scalar(sa.text(f"SELECT sql FROM sqlite_master {where}"))
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(f"UPDATE sqlite_master SET sql = :sql {where}"),
        {"sql": made.replace(f"kind IN ({before})", f"kind IN ({after})")},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
