"""Accounts at an OpenID provider, and which way through it began a session."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "provider_account",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("name", sa.String(320), nullable=False),
        sa.Column("expected_by", sa.Integer()),
        sa.Column("expected_at", _MOMENT),
        sa.Column("subject", sa.String(255)),
        sa.Column("linked_at", _MOMENT),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.add_column("browser_session", sa.Column("flow_hash", sa.String(64)))
    op.create_index("ix_browser_session_flow", "browser_session", ["flow_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_browser_session_flow", "browser_session")
    op.drop_column("browser_session", "flow_hash")
    op.drop_table("provider_account")
