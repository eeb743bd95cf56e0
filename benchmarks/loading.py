"""Many rows into a database at once, past the checks of what was just made to fit together."""

from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import Dialect, Engine

from benchmarks.provinces import TABLES
from benchmarks.stories import Row, Rows
from models.base import Base


def load(engine_: Engine, chunk: Rows) -> None:
    """Write these rows."""
    is_sqlite = engine_.dialect.name == "sqlite"
    pooled = engine_.raw_connection()
    try:
        driver: Any = pooled.driver_connection
        if is_sqlite:
            _insert(driver, engine_, chunk)
        else:
            _copy(driver, engine_, chunk)
    finally:
        pooled.close()


def _insert(driver: Any, engine_: Engine, chunk: Rows) -> None:
    for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000"):
        driver.execute(f"PRAGMA {pragma}")
    driver.execute("BEGIN IMMEDIATE")
    for table, rows in _filled(chunk):
        names = tuple(rows[0])
        marks = ", ".join("?" * len(names))
        statement = (
            f"INSERT INTO {table.__tablename__} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names
        )
        driver.executemany(statement, _ready(table, rows, engine_.dialect))
    driver.execute("COMMIT")
    driver.execute("PRAGMA synchronous = FULL")
    driver.execute("PRAGMA foreign_keys = ON")


def _copy(driver: psycopg.Connection[Any], engine_: Engine, chunk: Rows) -> None:
    with driver.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign keys for now
        for table, rows in _filled(chunk):
            statement = f"COPY {table.__tablename__} ({', '.join(rows[0])}) FROM STDIN"
            with cursor.copy(statement.encode()) as copy:
                for row in _ready(table, rows, engine_.dialect):
                    copy.write_row(row)
        cursor.execute("SET session_replication_role = origin")
    driver.commit()


def _filled(chunk: Rows) -> Iterator[tuple[type[Base], list[Row]]]:
    return ((table, rows) for table, rows in chunk.items() if rows)


def _ready(
    table: type[Base], rows: list[Row], dialect: Dialect
) -> Iterator[tuple[object, ...]]:
    """The rows as the driver takes them."""
    columns = table.__table__.c
    binds = [
        columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]
    ]
    for row in rows:
        yield tuple(
            value if bind is None else bind(value)
            for value, bind in zip(row.values(), binds, strict=True)
        )


def finish(engine_: Engine) -> None:
    """Let the numbers go on where these end, and the planner know what is there."""
    with engine_.connect() as connection:
        if engine_.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("ANALYZE")
            return
        for table in TABLES:
            name = table.__tablename__
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608 - our own names
            )
        connection.commit()
        isolated = connection.execution_options(isolation_level="AUTOCOMMIT")
        isolated.exec_driver_sql("VACUUM ANALYZE")
