"""Database engines and transaction boundaries.

Readers and writers part ways here. A page reads from the request's own session, which refuses
to write; whoever changes something opens one `transaction`, which takes SQLite's write lock
first. A deferred writer would read, wait, and then overwrite what another wrote meanwhile.
"""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

from models.sending import run

_ONCE = "is written once"  # what the triggers say
_SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL may lose the last committed decision at power loss
    "busy_timeout = 30000",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "secure_delete = ON",  # what is erased is overwritten in the file
)


def configure(engine: Engine) -> None:
    """Make a fresh engine durable and its writers take turns; PostgreSQL's are so by themselves.

    On either, an attempt to change what is written once is refused, and the log tells of it.
    """
    event.listen(engine, "handle_error", _tell_of_attempts)
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _tell_of_attempts(context: ExceptionContext) -> None:
    reason = str(context.original_exception).partition("\n")[0]
    if _ONCE in reason:
        words = (context.statement or "").split()
        logging.getLogger("history").error("refused: %s (%s)", reason, " ".join(words[:3]))


def _set_pragmas(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we, not the driver, BEGIN
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    run(connection, connection.get_execution_options().get("begin", "BEGIN"))


class ReadingSession(Session):
    """The request's session: for looking, not for changing. All it reads is of one moment."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._snapshots: dict[Engine | Connection, Engine | Connection] = {}

    def get_bind(self, *args: Any, **options: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **options)
        if bind.dialect.name != "postgresql":  # SQLite's readers always have a snapshot
            return bind
        if bind not in self._snapshots:
            self._snapshots[bind] = bind.execution_options(
                isolation_level="REPEATABLE READ"
            )
        return self._snapshots[bind]

    def flush(self, objects: Any = None) -> None:
        if self.new or self.dirty or self.deleted:
            message = "this session only reads; changes go through transaction()"
            raise RuntimeError(message)
        super().flush(objects)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One change: takes the write lock first, commits on success, rolls back on any error."""
    writer = engine.execution_options(begin="BEGIN IMMEDIATE")
    with Session(writer, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A snapshot to read from, for whoever stands outside a request."""
    with ReadingSession(engine) as session:
        yield session


def forget_erased(engine: Engine) -> bool:
    """Write SQLite's file anew and cut its log: bytes of what was erased stand in both.

    `secure_delete` overwrites what is deleted, not what moved when a page was tidied. Waits for
    readers; False if one of them outlasted the wait. PostgreSQL sees to that by itself, later.
    """
    if engine.dialect.name != "sqlite":
        return True
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def take_turns(session: Session, name: str) -> None:
    """Wait until no other transaction has taken this name, and keep it until one's own ends.

    For what there is no row yet to lock. SQLite has but one writer at a time.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
