"""Identity numbers of nominees, who read what in chains of their own, and acts that erase words.

Reads are written once, like the history; the head of their chain only ever moves on by one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOVED = "NEW.name IS DISTINCT FROM OLD.name OR NEW.length IS DISTINCT FROM OLD.length + 1"
_SQLITE = (
    """CREATE TRIGGER read_event_never_updated BEFORE UPDATE ON read_event
       BEGIN SELECT RAISE(ABORT, 'read_event is written once'); END""",
    """CREATE TRIGGER read_event_never_deleted BEFORE DELETE ON read_event
       BEGIN SELECT RAISE(ABORT, 'read_event is written once'); END""",
    f"""CREATE TRIGGER read_chain_moves_on BEFORE UPDATE ON read_chain WHEN {_MOVED}
       BEGIN SELECT RAISE(ABORT, 'read_chain is written once'); END""",
    """CREATE TRIGGER read_chain_never_deleted BEFORE DELETE ON read_chain
       BEGIN SELECT RAISE(ABORT, 'read_chain is written once'); END""",
)
_POSTGRESQL = (
    """CREATE TRIGGER read_event_never_changed BEFORE UPDATE OR DELETE ON read_event
       FOR EACH ROW EXECUTE FUNCTION written_once('read_event')""",
    """CREATE TRIGGER read_event_never_emptied BEFORE TRUNCATE ON read_event
       FOR EACH STATEMENT EXECUTE FUNCTION written_once('read_event')""",
    f"""CREATE TRIGGER read_chain_moves_on BEFORE UPDATE ON read_chain
       FOR EACH ROW WHEN ({_MOVED}) EXECUTE FUNCTION written_once('read_chain')""",
    """CREATE TRIGGER read_chain_never_deleted BEFORE DELETE ON read_chain
       FOR EACH ROW EXECUTE FUNCTION written_once('read_chain')""",
    """CREATE TRIGGER read_chain_never_emptied BEFORE TRUNCATE ON read_chain
       FOR EACH STATEMENT EXECUTE FUNCTION written_once('read_chain')""",
)


def upgrade() -> None:
    op.add_column(
        "nominee",
        sa.Column("identity_number", sa.String(20), nullable=False, server_default=""),
    )
    op.execute(
        "CREATE INDEX ix_nominee_identity_number ON nominee (identity_number) "
        "WHERE identity_number <> ''"
    )
    op.create_table(
        "read_chain",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
    )
    op.create_table(
        "read_event",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("chain", sa.String(32), sa.ForeignKey("read_chain.name"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("chain", "sequence", name="uq_read_event_chain_sequence"),
    )
    op.create_index("ix_read_event_actor", "read_event", ["actor_id", "at"])
    op.create_table(
        "erasure",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), nullable=False),
        sa.Column("asked_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("legal_ground", sa.String(300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.UniqueConstraint("nomination_id", name="uq_erasure_nomination_id"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("read_event")
    op.drop_table("read_chain")
    op.drop_index("ix_nominee_identity_number", "nominee")
    op.drop_column("nominee", "identity_number")
