"""Reckoning with moments inside a query, alike on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from models.base import UtcDateTime


class Before(GenericFunction[Any]):
    """The moment so many seconds before that of a column, on SQLite to the millisecond."""

    type = UtcDateTime()
    inherit_cache = True


def before(column: Any, span: timedelta) -> Before:  # noqa: ANN401 - any column with a moment
    """The moment that lies `span` before the column's."""
    return Before(column, literal(span.total_seconds()))


@compiles(Before, "sqlite")
def _on_sqlite(element: Before, compiler: SQLCompiler, **options: Any) -> str:
    column, seconds = (compiler.process(one, **options) for one in element.clauses)
    return (
        f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || {seconds} || ' seconds') || '000'"
    )


@compiles(Before, "postgresql")
def _on_postgresql(element: Before, compiler: SQLCompiler, **options: Any) -> str:
    column, seconds = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} - make_interval(secs => {seconds}))"
