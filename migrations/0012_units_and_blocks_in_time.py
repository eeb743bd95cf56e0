"""Units and Khối in time: who belonged where and when, who led, and what became of a unit.

A nomination keeps the Khối of its start. SQLite drops no column that a constraint names, so the
constraint goes first, in the way SQLite's own documentation gives for it: in the table's text.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_KINDS = ("found", "rename", "merge", "split", "dissolve")
_CONSTRAINT = (
    "CONSTRAINT fk_unit_block_id_block FOREIGN KEY(block_id) REFERENCES block (id)"
)


def upgrade() -> None:
    _make_tables()
    op.execute("ALTER TABLE nomination ADD COLUMN block_id INTEGER REFERENCES block (id)")
    op.execute(
        "UPDATE nomination SET block_id = "
        "(SELECT block_id FROM unit WHERE unit.id = nomination.unit_id)"
    )
    op.create_index("ix_nomination_block", "nomination", ["block_id"])
    op.execute(
        "INSERT INTO block_member (block_id, unit_id, valid_from, valid_to, decision_number) "
        "SELECT block_id, id, valid_from, valid_to, '' FROM unit "
        "WHERE block_id IS NOT NULL ORDER BY id"
    )
    op.execute("ALTER TABLE unit ADD COLUMN keeper_id INTEGER REFERENCES unit (id)")
    if op.get_bind().dialect.name == "sqlite":
        _forget_constraint()
    op.execute("ALTER TABLE unit DROP COLUMN block_id")


def downgrade() -> None:
    op.execute("ALTER TABLE unit ADD COLUMN block_id INTEGER REFERENCES block (id)")
    op.execute(
        "UPDATE unit SET block_id = (SELECT block_id FROM block_member AS m "
        "WHERE m.unit_id = unit.id ORDER BY m.valid_from DESC LIMIT 1)"
    )
    op.execute("DROP INDEX ix_nomination_block")
    op.execute("ALTER TABLE nomination DROP COLUMN block_id")
    op.execute("ALTER TABLE unit DROP COLUMN keeper_id")
    for table in ("unit_event_part", "unit_event", "block_term", "block_member"):
        op.drop_table(table)


def _forget_constraint() -> None:
    connection = op.get_bind()
    made = connection.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'unit'")
    )
    before, found, after = made.partition(_CONSTRAINT)
    if not found:
        return
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    text = before.rstrip().removesuffix(",") + after
    connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'unit'"
        ),
        {"sql": text},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")


def _make_tables() -> None:
    op.create_table(
        "block_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("decision_number", sa.String(100), nullable=False),
        _foreign("block_member", "block_id", "block"),
        _foreign("block_member", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name="pk_block_member"),
    )
    op.create_index("ix_block_member_unit", "block_member", ["unit_id"])
    op.create_table(
        "block_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("decision_number", sa.String(100), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        _foreign("block_term", "block_id", "block"),
        _foreign("block_term", "head_id", "unit"),
        _foreign("block_term", "deputy_id", "unit"),
        sa.PrimaryKeyConstraint("id", name="pk_block_term"),
        sa.UniqueConstraint(
            "block_id", "valid_from", name="uq_block_term_block_id_valid_from"
        ),
    )
    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("decision_number", sa.String(100), nullable=False),
        sa.Column("heir_id", sa.Integer()),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("carried_out_at", _MOMENT),
        _foreign("unit_event", "heir_id", "unit"),
        sa.PrimaryKeyConstraint("id", name="pk_unit_event"),
        sa.CheckConstraint(
            f"kind IN ({', '.join(repr(kind) for kind in _KINDS)})",
            name="ck_unit_event_kind",
        ),
    )
    op.create_table(
        "unit_event_part",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        _foreign("unit_event_part", "event_id", "unit_event"),
        _foreign("unit_event_part", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("event_id", "unit_id", name="pk_unit_event_part"),
    )


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}"
    )
