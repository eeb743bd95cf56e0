"""The same SQL without us: statements of an act are written down, and sent again by the driver."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

Statement = tuple[str, Any, bool]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Notes what an engine sends."""

    engine: Engine

    def record(self, act: Callable[[Session], object]) -> list[Statement]:
        """What the act would send, but for BEGIN and COMMIT. The act itself is rolled back."""
        sent: list[Statement] = []

        def note(
            _connection: object,
            _cursor: object,
            statement: str,
            parameters: Any,
            _context: object,
            is_many: bool,  # noqa: FBT001 - as the event hands it over
        ) -> None:
            sent.append((statement, parameters, is_many))

        with Session(self.engine.execution_options(begin="BEGIN IMMEDIATE")) as session:
            session.connection()
            event.listen(self.engine, "before_cursor_execute", note)
            try:
                act(session)
                session.flush()
            finally:
                event.remove(self.engine, "before_cursor_execute", note)
            session.rollback()
        return sent


class Driver:
    """A connection of the driver's own, as the engine's are set up."""

    def __init__(self, engine: Engine) -> None:
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._pooled = engine.raw_connection()
        self._connection: Any = self._pooled.driver_connection

    def send(self, statements: list[Statement]) -> None:
        """Send the statements, and read what they give, in one transaction."""
        cursor = self._connection.cursor()
        if self._is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for statement, parameters, is_many in statements:
            send = cursor.executemany if is_many else cursor.execute
            send(statement, parameters)
            if cursor.description is not None:
                cursor.fetchall()
        if self._is_sqlite:
            cursor.execute("COMMIT")
        else:
            self._connection.commit()
        cursor.close()

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()
