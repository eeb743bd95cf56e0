"""Insert a row unless it is there, in one statement, on both databases."""

from typing import Any, cast

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base


def insert_absent(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert unless a row with the same key is there; says whether it was inserted.

    Never fails because another was first; waits for the other to come to its end.
    """
    insert = (
        sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    )
    statement = insert(table).values(**values).on_conflict_do_nothing()
    result = session.execute(statement, execution_options={"preserve_rowcount": True})
    return bool(cast("CursorResult[Any]", result).rowcount)
