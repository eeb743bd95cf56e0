"""Looking for words: what is searched, and the one question that both databases answer by an index.

SQLite keeps an FTS5 index beside each table, which triggers bring up to date; PostgreSQL a GIN
index over the column. Migration 0042 makes them. Either holds what stands in the column and is
changed in the same transaction.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Text,
    inspect,
    literal,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from models.awards import Nomination
from models.base import Base
from models.tasks import Submission


class EnteredText(Base):
    """The words that somebody entered at a step, as they are searched."""

    __tablename__ = "entered_text"
    __table_args__ = (Index("ix_entered_text_nomination", "nomination_id"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    element_id: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(Text)


SEARCHED: tuple[type[Base], ...] = (Nomination, EnteredText)


class _HoldsWords(FunctionElement[bool]):
    """Arguments: the row's number, the searched column, the words for SQLite, for PostgreSQL."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> "_HoldsWords":
        """Itself: compared with 1, as SQLite's truths are, no index would answer it."""
        del against
        return self


def holds(searched: InstrumentedAttribute[str], words: Sequence[str]) -> _HoldsWords:
    """Whether a column of one of `SEARCHED` holds words that begin with all of these.

    They are letters and digits in lower case. There is at least one.
    """
    mapper = inspect(searched.class_)
    return _HoldsWords(
        mapper.primary_key[0],
        searched,
        literal(" AND ".join(f'"{word}"*' for word in words)),
        literal(" & ".join(f"{word}:*" for word in words)),
    )


def rebuild(session: Session, table: type[Base]) -> None:
    """Make SQLite's index anew from the column. PostgreSQL's cannot differ from it."""
    if session.get_bind().dialect.name == "sqlite":
        name = _index(table.__tablename__)
        session.execute(text(f"INSERT INTO {name} ({name}) VALUES ('rebuild')"))  # noqa: S608 - our own names


def check(session: Session, table: type[Base]) -> None:
    """Raise DatabaseError where SQLite's index is not what the column says."""
    if session.get_bind().dialect.name == "sqlite":
        name = _index(table.__tablename__)
        command = f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)"  # noqa: S608 - our own names
        session.execute(text(command))


def _index(table: str) -> str:
    return f"{table}_words"


@compiles(_HoldsWords, "sqlite")
def _by_fts5(element: _HoldsWords, compiler: SQLCompiler, **options: Any) -> str:
    number, searched, words, _ = element.clauses
    assert isinstance(searched, Column)  # noqa: S101 - given by holds()
    name = _index(searched.table.name)
    row, asked = (compiler.process(part, **options) for part in (number, words))
    return f"({row} IN (SELECT rowid FROM {name} WHERE {name} MATCH {asked}))"  # noqa: S608 - our own names


@compiles(_HoldsWords, "postgresql")
def _by_gin(element: _HoldsWords, compiler: SQLCompiler, **options: Any) -> str:
    _, searched, _, words = element.clauses
    column, asked = (compiler.process(part, **options) for part in (searched, words))
    return f"(to_tsvector('simple', {column}) @@ to_tsquery('simple', {asked}))"
