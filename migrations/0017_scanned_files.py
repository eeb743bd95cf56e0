"""Files wait for a virus scanner where there is one, and tell what they give away.

What was attached before had been let in without a scanner: it is clean by the policy of then.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_STATES = "'pending', 'clean', 'infected', 'failed'"
_COLUMNS = {
    "scan_state": (
        "VARCHAR(32) NOT NULL DEFAULT 'clean' "
        f"CONSTRAINT ck_attachment_scan_state CHECK (scan_state IN ({_STATES}))"
    ),
    "scan_finding": "VARCHAR(200) NOT NULL DEFAULT ''",
    "has_location": "BOOLEAN NOT NULL DEFAULT false",
    "has_author": "BOOLEAN NOT NULL DEFAULT false",
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE attachment ADD COLUMN {name} {kind}")
    op.execute(
        "CREATE INDEX ix_attachment_unscanned ON attachment (id) WHERE scan_state = 'pending'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX ix_attachment_unscanned")
    for name in _COLUMNS:
        op.execute(f"ALTER TABLE attachment DROP COLUMN {name}")
