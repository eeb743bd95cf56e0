"""What is written once: the history, and the date on which a dossier was received.

The database itself refuses to change them, whoever asks.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RECEIVED = (
    "OLD.received_on IS NOT NULL AND NEW.received_on IS DISTINCT FROM OLD.received_on"
)

_SQLITE = (
    """CREATE TRIGGER history_event_never_updated BEFORE UPDATE ON history_event
       BEGIN SELECT RAISE(ABORT, 'history_event is written once'); END""",
    """CREATE TRIGGER history_event_never_deleted BEFORE DELETE ON history_event
       BEGIN SELECT RAISE(ABORT, 'history_event is written once'); END""",
    f"""CREATE TRIGGER nomination_received_once BEFORE UPDATE OF received_on ON nomination
       WHEN {_RECEIVED}
       BEGIN SELECT RAISE(ABORT, 'nomination.received_on is written once'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '% is written once', TG_ARGV[0]; END $$""",
    """CREATE TRIGGER history_event_never_changed BEFORE UPDATE OR DELETE ON history_event
       FOR EACH ROW EXECUTE FUNCTION written_once('history_event')""",
    """CREATE TRIGGER history_event_never_emptied BEFORE TRUNCATE ON history_event
       FOR EACH STATEMENT EXECUTE FUNCTION written_once('history_event')""",
    f"""CREATE TRIGGER nomination_received_once BEFORE UPDATE OF received_on ON nomination
       FOR EACH ROW WHEN ({_RECEIVED})
       EXECUTE FUNCTION written_once('nomination.received_on')""",
)
_TRIGGERS = {
    "history_event_never_updated": "history_event",
    "history_event_never_deleted": "history_event",
    "nomination_received_once": "nomination",
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger}")
        return
    op.execute("DROP TRIGGER history_event_never_changed ON history_event")
    op.execute("DROP TRIGGER history_event_never_emptied ON history_event")
    op.execute("DROP TRIGGER nomination_received_once ON nomination")
    op.execute("DROP FUNCTION written_once")
