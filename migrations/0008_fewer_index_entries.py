"""Acts write fewer index entries: those that nobody looks up are left out."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# name, on which table and columns, for which rows: as it is from now on, and as it was
_NOW = (
    (
        "ix_user_task_assignee",
        "user_task (assignee_id, state, closed_at)",
        "assignee_id IS NOT NULL",
    ),
    ("ix_history_event_actor", "history_event (actor_id, at)", "actor_id IS NOT NULL"),
    ("ix_deadline_instance", "deadline (instance_id)", "task_id IS NULL"),
)
_BEFORE = (
    ("ix_user_task_assignee", "user_task (assignee_id, state)", ""),
    (
        "ix_user_task_done",
        "user_task (assignee_id, state, closed_at)",
        "closed_at IS NOT NULL",
    ),
    ("ix_history_event_actor", "history_event (actor_id, at)", ""),
    ("ix_deadline_instance", "deadline (instance_id)", ""),
)


def upgrade() -> None:
    _replace(_BEFORE, _NOW)


def downgrade() -> None:
    _replace(_NOW, _BEFORE)


def _replace(
    old: tuple[tuple[str, str, str], ...], new: tuple[tuple[str, str, str], ...]
) -> None:
    for name, _, _ in old:
        op.execute(f"DROP INDEX {name}")
    for name, columns, rows in new:
        where = f" WHERE {rows}" if rows else ""
        op.execute(f"CREATE INDEX {name} ON {columns}{where}")
