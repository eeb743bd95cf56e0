"""Messages of what waits for a signature and of tasks reassigned; signed files wait for the scanner.

What waited before counts as told, and signed files that were let in without a scanner are clean by
the policy of then. SQLite changes no check: the text of the tables is changed in place, as in 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None

_BEFORE = "'task', 'return', 'decision', 'delegation'"
_AFTER = f"{_BEFORE}, 'signature', 'reassignment'"
_STATES = "'pending', 'clean', 'infected', 'failed'"
_COLUMNS = {
    ("message", "proposal_id"): (
        "BIGINT CONSTRAINT fk_message_proposal_id_proposal"
        " REFERENCES proposal (id) ON DELETE SET NULL"
    ),
    ("message", "draft_id"): (
        "BIGINT CONSTRAINT fk_message_draft_id_decision_draft REFERENCES decision_draft (id)"
    ),
    ("signed_paper", "scan_state"): (
        "VARCHAR(32) NOT NULL DEFAULT 'clean'"
        f" CONSTRAINT ck_signed_paper_scan_state CHECK (scan_state IN ({_STATES}))"
    ),
    ("signed_paper", "scan_finding"): "VARCHAR(200) NOT NULL DEFAULT ''",
}


def upgrade() -> None:
    moment = "DATETIME" if _is_sqlite() else "TIMESTAMP WITH TIME ZONE"
    for table, since in (("proposal", "submitted_at"), ("decision_draft", "prepared_at")):
        op.execute(f"ALTER TABLE {table} ADD COLUMN told_at {moment}")
        op.execute(f"UPDATE {table} SET told_at = {since}")
    for (table, name), kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    op.execute(
        "CREATE INDEX ix_signed_paper_unscanned ON signed_paper (id)"
        " WHERE scan_state = 'pending'"
    )
    for table in ("message", "message_choice"):
        _set_kinds(table, _BEFORE, _AFTER)


def downgrade() -> None:
    news = "SELECT id FROM message WHERE kind IN ('signature', 'reassignment')"
    op.execute(f"UPDATE mail SET about_id = NULL WHERE about_id IN ({news})")
    for table in ("message", "message_choice"):
        op.execute(f"DELETE FROM {table} WHERE kind IN ('signature', 'reassignment')")
        _set_kinds(table, _AFTER, _BEFORE)
    op.execute("DROP INDEX ix_signed_paper_unscanned")
    for table, name in _COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    for table in ("proposal", "decision_draft"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN told_at")


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
