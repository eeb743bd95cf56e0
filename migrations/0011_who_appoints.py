"""Posts tell who gave them, and who ended them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_COLUMNS = {
    "appointed_by": sa.Integer(),
    "appointed_at": _MOMENT,
    "ended_by": sa.Integer(),
    "ended_at": _MOMENT,
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("post", sa.Column(name, kind))


def downgrade() -> None:
    for name in _COLUMNS:
        op.execute(f"ALTER TABLE post DROP COLUMN {name}")
