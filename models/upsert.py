"""Insert a row unless it is there, in one statement, on both databases."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base


def insert_absent(session: Session, table: type[Base], **values: Any) -> None:
    """Leave an existing row with the same key as it is. Never fails because another was first."""
    insert = (
        sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    )
    session.execute(insert(table).values(**values).on_conflict_do_nothing())
