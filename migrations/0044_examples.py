"""Stories of the awarded, people noticed early, units' words on criteria, and a movement's purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_STATES = ("draft", "waiting", "published", "withdrawn")


def upgrade() -> None:
    op.add_column(
        "movement", sa.Column("purpose", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "story",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_how", sa.String(300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *_STATES, name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.String(1000), nullable=False),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("published_at", _MOMENT),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.UniqueConstraint("nomination_id"),
    )
    op.create_index("ix_story_state", "story", ["state", "published_at"])
    op.create_table(
        "discovery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("is_serving_public", sa.Boolean(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("noted_at", _MOMENT, nullable=False),
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id")),
        sa.Column("answer", sa.String(1000), nullable=False),
        sa.Column("answered_by", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("answered_at", _MOMENT),
    )
    op.create_index("ix_discovery_unit", "discovery", ["unit_id", "noted_at"])
    op.create_index("ix_discovery_author", "discovery", ["author_id", "noted_at"])
    op.create_index("ix_discovery_nomination", "discovery", ["nomination_id"])
    op.create_table(
        "acknowledgement",
        sa.Column(
            "movement_id", sa.Integer(), sa.ForeignKey("movement.id"), primary_key=True
        ),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    for table in ("acknowledgement", "discovery", "story"):
        op.drop_table(table)
    op.execute("ALTER TABLE movement DROP COLUMN purpose")
