"""The auditor's workspace: samples drawn by lot, look-ups of events by time, evidence packs.

SQLite changes no check: the text of the table is changed in place, as in 0031. Which kinds of
export there are by now is read from the check itself.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_KINDS = ("events", "nomination_evidence", "decision_evidence")
_RARE = (
    "kind NOT IN ('instance_started', 'task_opened', 'task_claimed', 'task_completed', "
    "'service_completed', 'instance_ended', 'clock_started', 'clock_stopped', 'file_attached', "
    "'file_scanned')"
)
_SQLITE = (
    """CREATE TRIGGER audit_sample_never_updated BEFORE UPDATE ON audit_sample
       BEGIN SELECT RAISE(ABORT, 'audit_sample is written once'); END""",
    """CREATE TRIGGER audit_sample_never_deleted BEFORE DELETE ON audit_sample
       BEGIN SELECT RAISE(ABORT, 'audit_sample is written once'); END""",
)
_POSTGRESQL = (
    """CREATE TRIGGER audit_sample_never_changed BEFORE UPDATE OR DELETE ON audit_sample
       FOR EACH ROW EXECUTE FUNCTION written_once('audit_sample')""",
    """CREATE TRIGGER audit_sample_never_emptied BEFORE TRUNCATE ON audit_sample
       FOR EACH STATEMENT EXECUTE FUNCTION written_once('audit_sample')""",
)


def upgrade() -> None:
    op.create_table(
        "audit_sample",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("purpose", sa.String(300), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("population", sa.JSON(), nullable=False),
        sa.Column("last_nomination_id", _BIG, nullable=False),
        sa.Column("population_size", sa.Integer(), nullable=False),
        sa.Column("population_sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("drawn_at", _MOMENT, nullable=False),
        sa.CheckConstraint("size > 0", name="size_positive"),
    )
    op.create_table(
        "audit_sample_item",
        sa.Column("sample_id", _BIG, sa.ForeignKey("audit_sample.id"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("written_at", _MOMENT),
    )
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)
    op.create_index("ix_history_event_at", "history_event", ["at", "id"])
    op.create_index(
        "ix_history_event_rare",
        "history_event",
        ["kind", "at"],
        sqlite_where=sa.text(_RARE),
        postgresql_where=sa.text(_RARE),
    )
    _set_kinds([*_kinds(), *_KINDS])


def downgrade() -> None:
    for kind in _KINDS:
        op.execute(f"DELETE FROM export WHERE kind = '{kind}'")  # noqa: S608 - our own words
    _set_kinds([kind for kind in _kinds() if kind not in _KINDS])
    op.drop_index("ix_history_event_rare", "history_event")
    op.drop_index("ix_history_event_at", "history_event")
    op.drop_table("audit_sample_item")
    op.drop_table("audit_sample")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _kinds() -> list[str]:
    """The kinds of export that the check allows now."""
    if _is_sqlite():
        return re.findall("'([a-z_]+)'", _check_of(_made()))
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_export_kind'"
    found = op.get_bind().scalar(sa.text(query)) or ""
    return re.findall("'([a-z_]+)'", found)


def _made() -> str:
    """How SQLite was told to make the table."""
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'export'"
    return str(op.get_bind().scalar(sa.text(query)))


def _check_of(made: str) -> str:
    found = re.search(r"kind IN \([^)]*\)", made)
    return found.group() if found else ""


def _set_kinds(kinds: list[str]) -> None:
    connection = op.get_bind()
    check = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    if not _is_sqlite():
        op.execute("ALTER TABLE export DROP CONSTRAINT ck_export_kind")
        op.execute(f"ALTER TABLE export ADD CONSTRAINT ck_export_kind CHECK ({check})")
        return
    made = _made()
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'export'"),
        {"sql": made.replace(_check_of(made), check)},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
