"""Backups, drills and restores are told; what may be wanted by a court is held back from erasing."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_SQLITE = (
    """CREATE TRIGGER safekeeping_never_updated BEFORE UPDATE ON safekeeping
       BEGIN SELECT RAISE(ABORT, 'safekeeping is written once'); END""",
    """CREATE TRIGGER safekeeping_never_deleted BEFORE DELETE ON safekeeping
       BEGIN SELECT RAISE(ABORT, 'safekeeping is written once'); END""",
    """CREATE TRIGGER legal_hold_never_deleted BEFORE DELETE ON legal_hold
       BEGIN SELECT RAISE(ABORT, 'legal_hold is never deleted'); END""",
)
_POSTGRESQL = (
    """CREATE TRIGGER safekeeping_never_changed BEFORE UPDATE OR DELETE ON safekeeping
       FOR EACH ROW EXECUTE FUNCTION written_once('safekeeping')""",
    """CREATE TRIGGER safekeeping_never_emptied BEFORE TRUNCATE ON safekeeping
       FOR EACH STATEMENT EXECUTE FUNCTION written_once('safekeeping')""",
    """CREATE TRIGGER legal_hold_never_deleted BEFORE DELETE ON legal_hold
       FOR EACH ROW EXECUTE FUNCTION written_once('legal_hold')""",
    """CREATE TRIGGER legal_hold_never_emptied BEFORE TRUNCATE ON legal_hold
       FOR EACH STATEMENT EXECUTE FUNCTION written_once('legal_hold')""",
)


def upgrade() -> None:
    op.create_table(
        "safekeeping",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("archive", sa.String(200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
    )
    op.create_index("ix_safekeeping_kind", "safekeeping", ["kind", "at"])
    op.create_table(
        "legal_hold",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("placed_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("placed_at", _MOMENT, nullable=False),
        sa.Column("lifted_by", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("lifted_at", _MOMENT),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"
        ),
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_legal_hold_standing ON legal_hold (nomination_id) "
        "WHERE lifted_at IS NULL"
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("legal_hold")
    op.drop_table("safekeeping")
