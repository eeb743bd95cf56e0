"""One log over all histories: leaves, the tree over them, keys, checkpoints, who was sent which.

All of it is written once, like the events themselves. What happened before gets its place when the
server seals for the first time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_ONCE = (
    "history_leaf",
    "history_node",
    "checkpoint_key",
    "checkpoint",
    "checkpoint_letter",
    "fixed_record",
)


def upgrade() -> None:
    op.create_table(
        "history_leaf",
        sa.Column("place", _BIG, primary_key=True, autoincrement=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("event_id", _BIG, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("source", "event_id"),
    )
    op.create_table(
        "history_node",
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("position", _BIG, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "checkpoint_key",
        sa.Column("id", sa.String(8), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("first_used_at", _MOMENT, nullable=False),
        sa.Column("endorsed_by", sa.String(8), sa.ForeignKey("checkpoint_key.id")),
        sa.Column("endorsement", sa.LargeBinary(64)),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", _BIG, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("key_id", sa.String(8), sa.ForeignKey("checkpoint_key.id"), nullable=False),
        sa.Column("signed_at", _MOMENT, nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
    )
    op.create_table(
        "checkpoint_letter",
        sa.Column("size", _BIG, sa.ForeignKey("checkpoint.size"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("mail_id", _BIG, sa.ForeignKey("mail.id"), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
    )
    op.create_index(
        "ix_checkpoint_letter_person", "checkpoint_letter", ["person_id", "made_at"]
    )
    op.create_table(
        "fixed_record",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", _BIG, nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("kind", "subject_id"),
    )
    op.execute(
        "INSERT INTO history_mark (reader, read_to)"
        " VALUES ('log:history', 0), ('log:reads', 0), ('log:records', 0)"
    )
    write = _in_sqlite if op.get_bind().dialect.name == "sqlite" else _in_postgresql
    for table in _ONCE:
        write(table)


def downgrade() -> None:
    for table in reversed(_ONCE):
        op.drop_table(table)
    op.execute("DELETE FROM history_mark WHERE reader LIKE 'log:%'")


def _in_sqlite(table: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_never_{verb.lower()}d BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
        )


def _in_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION written_once('{table}')"
    )
    op.execute(
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION written_once('{table}')"
    )
