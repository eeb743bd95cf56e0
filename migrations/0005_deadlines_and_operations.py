"""Deadlines, statutory clocks, incidents and the acts of operators; more kinds of events."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_BEFORE = (
    "instance_started",
    "task_opened",
    "task_claimed",
    "task_unclaimed",
    "task_completed",
    "task_cancelled",
    "service_completed",
    "message_received",
    "instance_ended",
    "comment_added",
    "file_attached",
    "file_removed",
)
_ADDED = (
    "deadline_fired",
    "task_reminded",
    "task_overdue",
    "task_escalated",
    "clock_started",
    "clock_paused",
    "clock_resumed",
    "clock_stopped",
    "clock_extended",
    "clock_expired",
    "incident_raised",
    "incident_resolved",
    "task_reassigned",
    "instance_cancelled",
    "instance_placed",
    "instance_suspended",
    "instance_resumed",
    "instance_migrated",
)
_DEADLINES = ("reminder", "overdue", "escalation", "timer", "clock")
_ACTS = ("reassign", "cancel", "place", "suspend", "resume", "migrate")


def upgrade() -> None:
    _set_kinds((*_BEFORE, *_ADDED))
    op.add_column("process_instance", sa.Column("suspended_at", _MOMENT))
    op.add_column("user_task", sa.Column("reminded_at", _MOMENT))
    op.add_column("user_task", sa.Column("escalated_to", sa.String(100)))
    _create_partial_index(
        "ix_user_task_escalated", "user_task", "escalated_to", "escalated_to IS NOT NULL"
    )
    _create_clock()
    _create_deadline()
    _create_incident()
    _create_operator_act()


def downgrade() -> None:
    for table in ("operator_act", "incident", "deadline", "clock"):
        op.drop_table(table)
    op.drop_index("ix_user_task_escalated", "user_task")
    op.drop_column("user_task", "escalated_to")
    op.drop_column("user_task", "reminded_at")
    op.drop_column("process_instance", "suspended_at")
    _set_kinds(_BEFORE)


def _closed(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _of_instance(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instance_id"],
        ["process_instance.id"],
        name=op.f(f"fk_{table}_instance_id_process_instance"),
    )


def _create_clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", _ID, nullable=False),
        sa.Column("instance_id", _ID, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("allowed_days", sa.Integer(), nullable=False),
        sa.Column("used_days", sa.Integer(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("running_since", _MOMENT),
        sa.Column("stopped_at", _MOMENT),
        _of_instance("clock"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("instance_id", "name", name=op.f("uq_clock_instance_id_name")),
    )


def _create_deadline() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", _ID, nullable=False),
        sa.Column("instance_id", _ID, nullable=False),
        sa.Column("kind", _closed("kind", _DEADLINES), nullable=False),
        sa.Column("task_id", _ID),
        sa.Column("element_id", sa.String(200), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("fired_at", _MOMENT),
        sa.CheckConstraint(
            "(kind IN ('reminder', 'overdue', 'escalation')) = (task_id IS NOT NULL)",
            name=op.f("ck_deadline_task_has_its_kinds"),
        ),
        _of_instance("deadline"),
        sa.ForeignKeyConstraint(
            ["task_id"], ["user_task.id"], name=op.f("fk_deadline_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    _create_partial_index("ix_deadline_waiting", "deadline", "due_at", "fired_at IS NULL")
    op.create_index("ix_deadline_instance", "deadline", ["instance_id"])
    op.create_index("ix_deadline_task", "deadline", ["task_id"])


def _create_incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", _ID, nullable=False),
        sa.Column("instance_id", _ID, nullable=False),
        sa.Column("element_id", sa.String(200), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("failed_at", _MOMENT, nullable=False),
        sa.Column("resolved_at", _MOMENT),
        sa.Column("resolved_by", sa.Integer()),
        _of_instance("incident"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    _create_partial_index(
        "ix_incident_open", "incident", "instance_id", "resolved_at IS NULL"
    )


def _create_operator_act() -> None:
    op.create_table(
        "operator_act",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", _closed("kind", _ACTS), nullable=False),
        sa.Column("instance_id", _ID, nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", _MOMENT),
        sa.Column("is_carried_out", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "decided_by <> asked_by", name=op.f("ck_operator_act_two_people")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_operator_act_decided_by_somebody"),
        ),
        _of_instance("operator_act"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_act")),
    )
    _create_partial_index(
        "ix_operator_act_open", "operator_act", "asked_at", "decided_at IS NULL"
    )
    op.create_index("ix_operator_act_instance", "operator_act", ["instance_id"])


def _create_partial_index(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, [column], sqlite_where=condition, postgresql_where=condition
    )


def _set_kinds(kinds: tuple[str, ...]) -> None:
    """Let the history hold these kinds. SQLite cannot change a check, so it copies the table."""
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE history_event DROP CONSTRAINT ck_history_event_kind")
        op.execute(
            "ALTER TABLE history_event ADD CONSTRAINT ck_history_event_kind "
            f"CHECK (kind IN ({allowed}))"
        )
        return
    triggers = _sql_of("trigger")
    indexes = _sql_of("index")
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
                FOREIGN KEY (instance_id) REFERENCES process_instance (id),
            CONSTRAINT ck_history_event_kind CHECK (kind IN ({allowed})))"""
    )
    op.execute("INSERT INTO history_event SELECT * FROM history_event_before")
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE history_event_before")
    for _name, sql in (*indexes, *triggers):
        op.execute(sql)


def _sql_of(kind: str) -> list[tuple[str, str]]:
    """The indexes or triggers of the history, with the statements that made them."""
    found = op.get_bind().execute(
        sa.text(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = :kind AND tbl_name = 'history_event' AND sql IS NOT NULL"
        ),
        {"kind": kind},
    )
    return [(name, sql) for name, sql in found]
