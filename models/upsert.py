"""Insert a row unless it is there, in one statement, on both databases."""

from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base


def insert_absent(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert unless a row with the same key is there; says whether it was inserted.

    Never fails because another was first; waits for the other to come to its end.
    """
    connection = session.connection()
    statement = _insert_absent(table, connection.dialect.name)
    return bool(connection.execute(statement, values).rowcount)


@cache
def _insert_absent(table: type[Base], dialect: str) -> Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table.__table__).inline().on_conflict_do_nothing()  # type: ignore[arg-type] # a table, whatever mypy thinks
    return statement.execution_options(preserve_rowcount=True)
