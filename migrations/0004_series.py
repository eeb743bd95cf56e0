"""What is counted together is found together, whatever lies beside it.

Instances and their tasks carry the series they belong to, and the indexes answer what the board
and the inbox ask first: the open tasks of a series or a queue by their date, the ended by result.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_CLOSED = sa.text(
    "closed_at IS NOT NULL"
)  # a whole index would draw SQLite away from those above


def upgrade() -> None:
    for table in ("process_instance", "user_task"):
        op.add_column(
            table,
            sa.Column(
                "series", sa.String(length=64), server_default=sa.text("''"), nullable=False
            ),
        )
    op.execute(
        """UPDATE process_instance SET series = (
             SELECT movement.code FROM nomination
             JOIN movement ON movement.id = nomination.movement_id
             WHERE nomination.instance_id = process_instance.id)
           WHERE id IN (SELECT instance_id FROM nomination)"""
    )
    op.execute(
        """UPDATE user_task SET series = (
             SELECT series FROM process_instance
             WHERE process_instance.id = user_task.instance_id)"""
    )
    op.create_index(
        "ix_process_instance_series", "process_instance", ["series", "result", "id"]
    )
    op.create_index(
        "ix_user_task_open",
        "user_task",
        ["series", "due_at", sa.text("instance_id DESC")],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "ix_user_task_stage",
        "user_task",
        ["series", "element_id", "due_at", "closed_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.drop_index("ix_user_task_inbox", "user_task")
    op.create_index(
        "ix_user_task_inbox",
        "user_task",
        ["queue", "state", "due_at", sa.text("priority DESC"), "id"],
    )
    op.create_index(
        "ix_user_task_done",
        "user_task",
        ["assignee_id", "state", "closed_at"],
        sqlite_where=_CLOSED,
        postgresql_where=_CLOSED,
    )


def downgrade() -> None:
    op.drop_index("ix_user_task_done", "user_task")
    op.drop_index("ix_user_task_inbox", "user_task")
    op.create_index(
        "ix_user_task_inbox", "user_task", ["queue", "state", "priority", "due_at"]
    )
    op.drop_index("ix_user_task_stage", "user_task")
    op.drop_index("ix_user_task_open", "user_task")
    op.drop_index("ix_process_instance_series", "process_instance")
    for table in ("user_task", "process_instance"):
        op.drop_column(table, "series")
