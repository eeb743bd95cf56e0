"""Units are told of a nomination that operators have cancelled."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _set_kinds("'refused', 'cancelled'")


def downgrade() -> None:
    _set_kinds("'refused'")


def _set_kinds(allowed: str) -> None:
    """Let notices be of these kinds. SQLite cannot change a check, so it copies the table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE notice DROP CONSTRAINT ck_notice_kind")
        op.execute(
            f"ALTER TABLE notice ADD CONSTRAINT ck_notice_kind CHECK (kind IN ({allowed}))"
        )
        return
    op.execute("DROP INDEX ix_notice_unit")
    op.execute("ALTER TABLE notice RENAME TO notice_before")
    op.execute(
        f"""CREATE TABLE notice (
            id INTEGER NOT NULL,
            kind VARCHAR(32) NOT NULL,
            nomination_id INTEGER NOT NULL,
            unit_code VARCHAR(32) NOT NULL,
            reason TEXT NOT NULL,
            created_at DATETIME NOT NULL,
            read_at DATETIME,
            CONSTRAINT pk_notice PRIMARY KEY (id),
            CONSTRAINT fk_notice_nomination_id_nomination
                FOREIGN KEY (nomination_id) REFERENCES nomination (id),
            CONSTRAINT ck_notice_kind CHECK (kind IN ({allowed})))"""
    )
    op.execute("INSERT INTO notice SELECT * FROM notice_before")
    op.execute("DROP TABLE notice_before")
    op.execute("CREATE INDEX ix_notice_unit ON notice (unit_code, read_at)")
