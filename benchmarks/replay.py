"""The same SQL without us: statements of an act are written down, and sent again by the driver."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

Statement = tuple[str, Any, bool]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Notes what an engine sends."""

    engine: Engine

    def record(self, act: Callable[[Session], object]) -> list[Statement]:
        """What the act would send, but for BEGIN and COMMIT. The act itself is rolled back.

        So are the numbers it was given, or rows sent again would name ones that were drawn in vain.
        """
        sent: list[Statement] = []
        last = self._last_numbers()

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
        self._count_from(last)
        return sent

    def _last_numbers(self) -> dict[str, int | None]:
        """The last number of each of PostgreSQL's sequences; SQLite takes the table's largest."""
        if self.engine.dialect.name == "sqlite":
            return {}
        query = text("SELECT sequencename, last_value FROM pg_sequences")
        with self.engine.connect() as connection:
            return {name: number for name, number in connection.execute(query)}  # noqa: C416 - rows, not pairs

    def _count_from(self, last: dict[str, int | None]) -> None:
        query = text("SELECT setval(:name, :number, :is_drawn)")
        with self.engine.begin() as connection:
            for name, number in last.items():
                drawn = {"number": number or 1, "is_drawn": number is not None}
                connection.execute(query, {"name": name} | drawn)


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
