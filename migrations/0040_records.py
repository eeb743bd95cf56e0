"""What is kept of a movement year by year, and every version of it, written once."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_IN_FORCE = sa.text("voided_at IS NULL")
_EXPORTS = ("records", "quality")
_TABLES = (
    "record_version",
    "communication",
    "own_award",
    "inspection_finding",
    "inspection",
    "registration_target",
    "registration",
    "unit_evaluation",
)
_SQLITE = (
    """CREATE TRIGGER record_version_never_updated BEFORE UPDATE ON record_version
       BEGIN SELECT RAISE(ABORT, 'record_version is written once'); END""",
    """CREATE TRIGGER record_version_never_deleted BEFORE DELETE ON record_version
       BEGIN SELECT RAISE(ABORT, 'record_version is written once'); END""",
)
_POSTGRESQL = (
    """CREATE TRIGGER record_version_never_changed BEFORE UPDATE OR DELETE ON record_version
       FOR EACH ROW EXECUTE FUNCTION written_once('record_version')""",
    """CREATE TRIGGER record_version_never_emptied BEFORE TRUNCATE ON record_version
       FOR EACH STATEMENT EXECUTE FUNCTION written_once('record_version')""",
)


def upgrade() -> None:
    _make_evaluations()
    _make_registrations()
    _make_inspections()
    _make_own_awards()
    _make_communications()
    _make_versions()
    op.create_index("ix_nomination_created_at", "nomination", ["created_at", "unit_id"])
    _set_kinds(add=_EXPORTS)


def downgrade() -> None:
    op.execute("DELETE FROM export WHERE kind IN ('records', 'quality')")
    _set_kinds(drop=_EXPORTS)
    op.drop_index("ix_nomination_created_at", "nomination")
    for table in _TABLES:
        op.drop_table(table)


def _common() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("voided_at", _MOMENT),
        sa.Column("revision", sa.Integer(), nullable=False),
    ]


def _movement() -> sa.Column:
    return sa.Column("movement_id", sa.Integer(), sa.ForeignKey("movement.id"))


def _once_a_year(table: str, *columns: str) -> None:
    op.create_index(
        f"uq_{table}_year",
        table,
        list(columns),
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )


def _make_evaluations() -> None:
    texts = ("leadership", "results", "shortcomings", "next_year")
    op.create_table(
        "unit_evaluation",
        *_common(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("signed_by", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("signed_at", _MOMENT),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score_is_of_a_hundred"),
        sa.CheckConstraint(
            "(signed_by IS NULL) = (signed_at IS NULL)", name="signed_by_somebody"
        ),
    )
    _once_a_year("unit_evaluation", "year", "unit_id")


def _make_registrations() -> None:
    op.create_table(
        "registration",
        *_common(),
        _movement(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("solutions", sa.Text(), nullable=False),
    )
    _once_a_year("registration", "year", "unit_id", "movement_id")
    op.create_table(
        "registration_target",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "registration_id",
            sa.Integer(),
            sa.ForeignKey("registration.id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("goal", sa.Integer()),
        sa.Column("measure", sa.String(100), nullable=False),
        sa.Column("reached", sa.Integer()),
        sa.UniqueConstraint("registration_id", "position"),
    )


def _make_inspections() -> None:
    op.create_table(
        "inspection",
        *_common(),
        _movement(),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("team", sa.String(300), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
    )
    op.create_index("ix_inspection_day", "inspection", ["inspected_on", "unit_id"])
    op.create_table(
        "inspection_finding",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "inspection_id", sa.Integer(), sa.ForeignKey("inspection.id"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.CheckConstraint("closed_on IS NULL OR remedy <> ''", name="closed_by_a_remedy"),
        sa.UniqueConstraint("inspection_id", "position"),
    )


def _make_own_awards() -> None:
    forms = ("certificate", "letter", "title")
    kinds = ("individual", "collective", "household")
    op.create_table(
        "own_award",
        *_common(),
        _movement(),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("form", _closed("form", *forms), nullable=False),
        sa.Column("kind", _closed("kind", *kinds), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("position", sa.String(200), nullable=False),
        sa.Column("is_serving_public", sa.Boolean(), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("merit", sa.String(300), nullable=False),
    )
    op.create_index("ix_own_award_day", "own_award", ["decided_on", "unit_id"])


def _make_communications() -> None:
    channels = (
        "press",
        "online",
        "meeting",
        "contest",
        "loudspeaker",
        "display",
        "neighbourhood",
    )
    op.create_table(
        "communication",
        *_common(),
        _movement(),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("channel", _closed("channel", *channels), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("people_reached", sa.Integer()),
        sa.Column("evidence", sa.String(300), nullable=False),
    )
    op.create_index("ix_communication_day", "communication", ["held_on", "unit_id"])


def _make_versions() -> None:
    op.create_table(
        "record_version",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("acting_as", sa.String(400), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("kind", "record_id", "version"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        op.execute(statement)


def _closed(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _set_kinds(*, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> None:
    """Change what kinds of exports there may be, whatever they are by now.

    SQLite changes no check: the text of the table is changed in place, as in 0035.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{}'"
        check = connection.scalar(sa.text(query.format("ck_export_kind")))
        kinds = _kinds(check, add, drop)
        op.execute("ALTER TABLE export DROP CONSTRAINT ck_export_kind")
        check = f"CONSTRAINT ck_export_kind CHECK (kind IN ({kinds}))"
        op.execute(f"ALTER TABLE export ADD {check}")
        return
    where = "WHERE type = 'table' AND name = 'export'"
    made = connection.scalar(sa.text(f"SELECT sql FROM sqlite_master {where}"))
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    before = re.search(r"\bkind IN \(([^)]*)\)", made)[1]
    after = _kinds(before, add, drop)
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(f"UPDATE sqlite_master SET sql = :sql {where}"),
        {"sql": made.replace(f"kind IN ({before})", f"kind IN ({after})")},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")


def _kinds(check: str, add: tuple[str, ...], drop: tuple[str, ...]) -> str:
    kept = [kind for kind in re.findall(r"'(\w+)'", check) if kind not in drop]
    return ", ".join(f"'{kind}'" for kind in (*kept, *add))
