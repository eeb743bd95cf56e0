"""Events may be of new kinds without a migration: the check of their kinds goes.

The history only grows and is the longest table of all. SQLite cannot take a check away, so it copies
the table, this once. An unknown kind would still be found: verifying reads it from the event's body.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CHECK = "CONSTRAINT ck_history_event_kind CHECK (kind IN ({kinds}))"
_KINDS = (
    "instance_started task_opened task_claimed task_unclaimed task_completed task_cancelled "
    "service_completed message_received instance_ended comment_added file_attached file_removed "
    "deadline_fired task_reminded task_overdue task_escalated clock_started clock_paused "
    "clock_resumed clock_stopped clock_extended clock_expired incident_raised incident_resolved "
    "task_reassigned instance_cancelled instance_placed instance_suspended instance_resumed "
    "instance_migrated"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE history_event DROP CONSTRAINT ck_history_event_kind")
        return
    _copy("")


def downgrade() -> None:
    check = _CHECK.format(kinds=", ".join(f"'{kind}'" for kind in _KINDS.split()))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE history_event ADD {check}")
        return
    _copy(f", {check}")


def _copy(check: str) -> None:
    kept = [*_sql_of("index"), *_sql_of("trigger")]
    op.execute("ALTER TABLE history_event RENAME TO history_event_before")
    op.execute(
        f"""CREATE TABLE history_event (
            id INTEGER NOT NULL,
            instance_id INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            kind VARCHAR(32) NOT NULL,
            actor_id INTEGER,
            at DATETIME NOT NULL,
            body TEXT NOT NULL,
            hash VARCHAR(64) NOT NULL,
            CONSTRAINT pk_history_event PRIMARY KEY (id),
            CONSTRAINT uq_history_event_instance_id_sequence UNIQUE (instance_id, sequence),
            CONSTRAINT fk_history_event_instance_id_process_instance
                FOREIGN KEY (instance_id) REFERENCES process_instance (id){check})"""
    )
    op.execute("INSERT INTO history_event SELECT * FROM history_event_before")
    for name in _triggers():
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE history_event_before")
    for sql in kept:
        op.execute(sql)


def _sql_of(kind: str) -> list[str]:
    """The statements that made the history's indexes or triggers."""
    query = (
        "SELECT sql FROM sqlite_master "
        "WHERE type = :kind AND tbl_name = 'history_event' AND sql IS NOT NULL"
    )
    return list(op.get_bind().scalars(sa.text(query), {"kind": kind}))


def _triggers() -> list[str]:
    query = (
        "SELECT name FROM sqlite_master "
        "WHERE type = 'trigger' AND tbl_name = 'history_event_before'"
    )
    return list(op.get_bind().scalars(sa.text(query)))
