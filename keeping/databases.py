"""Copying a whole database out while others write, and bringing a copy back beside the old one.

SQLite copies itself (`VACUUM INTO`); never is its file copied, whose last changes stand in a log.
PostgreSQL is asked through its own tools, pg_dump and pg_restore.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from click import ClickException
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from keeping.archive import BadBackup
from views.web import SQLITE_DRIVER

PARTS = {"sqlite": "vinhdanh.sqlite", "postgresql": "vinhdanh.dump"}
_MAINTENANCE = "postgres"
_JOBS = "dbos"  # the background's own notes: jobs begin anew from our rows


class CannotCopy(ClickException):
    """The database cannot be copied; the sentence says what to do."""


@contextmanager
def copying(engine: Engine, to: Path) -> Iterator[Connection]:
    """Copy the database into a file; gives a connection that sees just what the copy holds."""
    if engine.dialect.name == "sqlite":
        _copy_sqlite(engine, to)
        with opened(URL.create("sqlite", database=str(to))) as connection:
            yield connection
        return
    looking = engine.execution_options(isolation_level="REPEATABLE READ")
    with looking.connect() as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run(
            engine.url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--exclude-schema={_JOBS}", f"--snapshot={snapshot}", f"--file={to}",
        )  # fmt: skip
        yield connection


@contextmanager
def opened(url: URL) -> Iterator[Connection]:
    """A connection to look through, closed for good afterwards."""
    options = {"module": SQLITE_DRIVER} if url.get_backend_name() == "sqlite" else {}
    engine = create_engine(url, poolclass=NullPool, **options)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def prove(connection: Connection) -> None:
    """Raise BadBackup if SQLite's file is damaged, or a row names another that is not there."""
    if connection.dialect.name != "sqlite":
        return  # pg_restore has just built every index and checked every key
    answer = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if answer != "ok" or strays:
        message = (
            f"The database of this backup is damaged: {answer}, {len(strays)} stray rows."
        )
        raise BadBackup(message)


def fill(url: URL, copy: Path) -> None:
    """Make a PostgreSQL database of this name out of a copy."""
    execute(url, "CREATE DATABASE {} TEMPLATE template0", str(url.database))
    options = ("--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction")
    try:
        _run(url, "pg_restore", *options, str(copy))
    except BaseException:
        drop(url)
        raise


def drop(url: URL) -> None:
    """Remove a PostgreSQL database that nobody needs, and put out whoever is connected."""
    execute(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", str(url.database))


def rename(url: URL, old: str, new: str) -> None:
    """Give a PostgreSQL database another name."""
    execute(url, "ALTER DATABASE {} RENAME TO {}", old, new)


def exists(url: URL) -> bool:
    """Whether PostgreSQL has a database of this name."""
    with _maintenance(url) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(query, (url.database,)).fetchone() is not None


def execute(url: URL, statement: str, *names: str) -> None:
    """Do something to whole databases, from the maintenance database of their server."""
    with _maintenance(url) as connection:
        try:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        except psycopg.errors.InsufficientPrivilege as error:
            message = (
                "The user of DATABASE_URL may not make databases. As an administrator of "
                f'PostgreSQL, while restoring: ALTER ROLE "{url.username}" CREATEDB'
            )
            raise CannotCopy(message) from error
        except psycopg.errors.ObjectInUse as error:
            message = f"Somebody is connected to {names[0]}: stop the servers first."
            raise CannotCopy(message) from error


def _copy_sqlite(engine: Engine, to: Path) -> None:
    to.touch(mode=0o600)
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", [str(to)])


@contextmanager
def _maintenance(url: URL) -> Iterator[psycopg.Connection]:
    address = _address(url.set(database=_MAINTENANCE))
    with psycopg.connect(address, password=url.password, autocommit=True) as connection:
        yield connection


def _address(url: URL) -> str:
    given = url.translate_connect_args(username="user", database="dbname")
    given.pop("password", None)  # command lines are read by everybody on a machine
    return make_conninfo(**given, **{name: str(value) for name, value in url.query.items()})


def _run(url: URL, program: str, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        message = (
            f"{program} is missing. On Debian, as root: apt-get install postgresql-client, "
            "of the server's version or newer."
        )
        raise CannotCopy(message)
    command: Sequence[str] = (found, f"--dbname={_address(url)}", *options)
    environ = os.environ | ({"PGPASSWORD": url.password} if url.password else {})
    done = subprocess.run(  # noqa: S603 - the tool, and our own address and paths
        command, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip() or f"exit code {done.returncode}"
        message = f"{program} failed: {said}"
        raise CannotCopy(message)
