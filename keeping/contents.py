"""What a database holds, told in figures that do not depend on the release that reads it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, column, func, inspect, select, table

from models.base import ERASED

_FILES = ("attachment", "signed_paper")
_VERSION = table("alembic_version", column("version_num"))
_INSTANCES = table(
    "process_instance",
    column("id"),
    column("business_key"),
    column("history_length"),
    column("history_head"),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """Revision of the schema, rows of every table, events, and all ends of chains as one hash."""

    schema: str
    rows: dict[str, int]
    events: int
    heads: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a row names: its token in the upload folder, and what its bytes hash to."""

    token: str
    sha256: str
    is_erased: bool


def of(connection: Connection) -> Contents:
    """What is there, seen in one transaction."""
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    rows = {name: _count(connection, name) for name in names}
    heads, events = hashlib.sha256(), 0
    for code, length, head in chains(connection):
        heads.update(f"{code} {length} {head}\n".encode())
        events += length
    schema = connection.scalar(select(_VERSION.c.version_num)) or ""
    return Contents(schema, rows, events, heads.hexdigest())


def chains(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """Code, number of events and last hash of every instance's history, oldest first."""
    found = _INSTANCES.c
    query = select(found.business_key, found.history_length, found.history_head)
    rows = connection.execute(query.order_by(found.id))
    yield from ((code, length, head) for code, length, head in rows)


def files(connection: Connection) -> list[StoredFile]:
    """Every file that a row names."""
    there = inspect(connection).get_table_names()
    found = []
    for name in _FILES:
        if name in there:
            rows = table(name, column("token"), column("sha256"), column("file_name"))
            query = select(rows.c.token, rows.c.sha256, rows.c.file_name)
            found += [
                StoredFile(token, sha256, named == ERASED)
                for token, sha256, named in connection.execute(query)
            ]
    return found


def is_nothing(connection: Connection) -> bool:
    """Whether a database has no tables yet, or none with anybody in it."""
    names = inspect(connection).get_table_names()
    return "person" not in names or _count(connection, "person") == 0


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(table(name))) or 0
