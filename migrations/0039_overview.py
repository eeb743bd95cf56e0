"""Counts for the overview, filters kept under a name, the overview as a spreadsheet.

The counts begin empty and the history unread: the background counts what has happened so far. SQLite
changes no check: the text of the table is changed in place, as in 0031.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_ROLES = (
    "unit_officer",
    "unit_head",
    "block_lead",
    "department_clerk",
    "department_specialist",
    "department_head",
    "office_specialist",
    "chairman",
    "records_clerk",
    "council_member",
    "auditor",
    "process_admin",
    "system_admin",
)


def upgrade() -> None:
    _tally("step_tally", sa.Column("element_id", sa.String(200)), _number("days"))
    _tally("week_tally", sa.Column("week", sa.Date()), sa.Column("kind", sa.String(64)))
    op.execute(
        "INSERT INTO history_mark (reader, read_to) SELECT 'tallies', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM history_mark WHERE reader = 'tallies')"
    )
    _index("running", ["started_at", "series", "ended_at"], "ended_at IS NULL")
    _index("result", ["result", "id"], "result IS NOT NULL")
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("page", _set("page", "board", "overview"), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("role", _set("role", *_ROLES)),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("person_id", "name"),
    )
    op.create_index("ix_saved_view_role", "saved_view", ["role"])
    _set_kinds(lambda kinds: [*kinds, "overview"])


def downgrade() -> None:
    op.execute("DELETE FROM export WHERE kind = 'overview'")
    _set_kinds(lambda kinds: [kind for kind in kinds if kind != "overview"])
    op.drop_table("saved_view")
    for name in ("running", "result"):
        op.drop_index(f"ix_process_instance_{name}", "process_instance")
    op.execute("DELETE FROM history_mark WHERE reader = 'tallies'")
    op.drop_table("week_tally")
    op.drop_table("step_tally")


def _tally(name: str, *what: sa.Column) -> None:
    key = [
        _number("unit_id"),
        sa.Column("series", sa.String(64)),
        _number("block_id"),
        *what,
    ]
    op.create_table(
        name,
        *key,
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name="count_positive"),
        sa.PrimaryKeyConstraint(*(column.name for column in key)),
    )
    op.create_index(f"ix_{name}_block", name, ["block_id", "series"])


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        f"ix_process_instance_{name}",
        "process_instance",
        columns,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), autoincrement=False)


def _set(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _set_kinds(change) -> None:  # noqa: ANN001 - from kinds to kinds
    """Change the kinds of exports, whichever there are by now."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        made = connection.scalar(
            sa.text(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conname = 'ck_export_kind'"
            )
        )
        kinds = re.findall(r"'(\w+)'::", made)
        op.execute("ALTER TABLE export DROP CONSTRAINT ck_export_kind")
        check = f"CONSTRAINT ck_export_kind CHECK (kind IN ({_listed(change(kinds))}))"
        op.execute(f"ALTER TABLE export ADD {check}")
        return
    where = "WHERE type = 'table' AND name = 'export'"
    made = connection.scalar(sa.text(f"SELECT sql FROM sqlite_master {where}"))
    before = re.search(r"kind IN \(([^)]*)\)", made)[1]
    after = _listed(change(re.findall(r"'(\w+)'", before)))
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(f"UPDATE sqlite_master SET sql = :sql {where}"),
        {"sql": made.replace(f"kind IN ({before})", f"kind IN ({after})")},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")


def _listed(kinds: list[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
