"""Messages in the application and by e-mail: an outbox, people's choices, and how far the history was read.

What has happened before is nobody's news any more: the history counts as read up to now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_KINDS = ("task", "return", "decision", "delegation")
_WAYS = ("at_once", "digest", "application")


def upgrade() -> None:
    op.add_column("person", sa.Column("email", sa.String(254)))
    op.create_table(
        "history_mark",
        sa.Column("reader", sa.String(32), primary_key=True),
        sa.Column("read_to", _BIG, nullable=False),
    )
    op.execute(
        "INSERT INTO history_mark (reader, read_to)"
        " SELECT 'messages', coalesce(max(id), 0) FROM history_event"
    )
    op.create_table(
        "message",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", _set("kind", _KINDS), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("element_id", sa.String(200), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id")),
        sa.Column("task_id", _BIG, sa.ForeignKey("user_task.id")),
        sa.Column("delegation_id", sa.Integer(), sa.ForeignKey("delegation.id")),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("read_at", _MOMENT),
        sa.CheckConstraint("count > 0", name="count_positive"),
    )
    op.create_index("ix_message_person", "message", ["person_id", "id"])
    _index("ix_message_unread", "message", "person_id", "read_at IS NULL")
    op.create_index("uq_message_delegation_id", "message", ["delegation_id"], unique=True)
    op.create_table(
        "mail",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("message_id", sa.String(300), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("about_id", _BIG, sa.ForeignKey("message.id")),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.Column("given_up_at", _MOMENT),
        sa.Column("last_error", sa.String(300), nullable=False),
        sa.UniqueConstraint("message_id"),
    )
    _index("ix_mail_waiting", "mail", "next_try_at", "sent_at IS NULL AND given_up_at IS NULL")
    op.create_index("ix_mail_about", "mail", ["about_id"])
    _index("ix_mail_given_up", "mail", "given_up_at", "given_up_at IS NOT NULL")
    op.create_table(
        "message_choice",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("kind", _set("kind", _KINDS), primary_key=True),
        sa.Column("way", _set("way", _WAYS), nullable=False),
    )
    op.create_table(
        "digest",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("made_at", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    for table in ("digest", "message_choice", "mail", "message", "history_mark"):
        op.drop_table(table)
    op.execute("ALTER TABLE person DROP COLUMN email")


def _set(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(
        name,
        table,
        [column],
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
