"""The statements that acts send, each made once for the table and the columns it names."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, assert_never

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Delete,
    Insert,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.selectable import TableValuedAlias

Names = frozenset[str]
NONE: Names = frozenset()
REVISION = "revision"


class Verb(StrEnum):
    INSERT = "insert"
    INSERT_ABSENT = "insert_absent"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done alike to rows of a table, and the columns it names.

    An update looks for the row with the id `this`; if it counts the revision up, that must still be
    the one that is `known`. A delete looks for rows that have the values named and nothing in the
    `empty` columns.
    """

    verb: Verb
    table: Table
    names: Names
    empty: Names = NONE


class next_id(ColumnElement[int]):  # noqa: N801 - as functions of SQL are written
    """The next number of a table, to be read by who inserts later; SQLite has but one writer."""

    inherit_cache = False  # it is compiled once, by whoever sends it
    type = BigInteger()

    def __init__(self, table: Table) -> None:
        self.table_name = table.name


@compiles(next_id, "postgresql")
def _from_sequence(element: next_id, *_rest: object, **_options: object) -> str:
    return f"nextval('{element.table_name}_id_seq')"


@compiles(next_id)
def _after_the_largest(element: next_id, *_rest: object, **_options: object) -> str:
    return f"(SELECT coalesce(max(id), 0) + 1 FROM {element.table_name})"  # noqa: S608 - our own tables


@cache
def one(kind: Kind, dialect: str) -> Insert | Update | Delete:
    """The statement for one row."""
    values: dict[str, Any] = {name: bindparam(name) for name in sorted(kind.names)}
    table = kind.table
    match kind.verb:
        case Verb.INSERT:
            return table.insert().inline().values(values)
        case Verb.INSERT_ABSENT:
            make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
            absent: Insert = make(table).inline().values(values).on_conflict_do_nothing()
            return absent
        case Verb.UPDATE:
            this: Any = bindparam("this")
            known: Any = bindparam("known")
            change = table.update().where(table.c.id == this)
            if REVISION in kind.names:
                change = change.where(table.c.revision == known)
            return change.values(values)
        case Verb.DELETE:
            like = [table.c[name] == value for name, value in values.items()]
            return table.delete().where(*like, *_are_empty(kind))
    assert_never(kind.verb)


@cache
def one_returning_id(kind: Kind) -> Insert:
    """To insert one row, whose number is asked for."""
    values: dict[str, Any] = {name: bindparam(name) for name in sorted(kind.names)}
    return kind.table.insert().inline().values(values).returning(kind.table.c.id)


@cache
def many(kind: Kind) -> Insert | Update | Delete:
    """The statement for all rows of a JSON text, `rows`, which PostgreSQL reads as a table."""
    table = kind.table
    like = {name: name for name in kind.names}
    if kind.verb == Verb.UPDATE:
        like |= {"this": "id"} | ({"known": REVISION} if REVISION in kind.names else {})
    given = _given(table, like)
    match kind.verb:
        case Verb.INSERT:
            return table.insert().inline().from_select([*kind.names], select(*given.c))
        case Verb.INSERT_ABSENT:
            chosen = postgresql.insert(table).inline()
            rows = chosen.from_select([*kind.names], select(*given.c))
            return rows.on_conflict_do_nothing()
        case Verb.UPDATE:
            change = table.update().where(table.c.id == given.c.this)
            if REVISION in kind.names:
                change = change.where(table.c.revision == given.c.known)
            return change.values({name: given.c[name] for name in kind.names})
        case Verb.DELETE:
            same = [table.c[name] == given.c[name] for name in sorted(kind.names)]
            return table.delete().where(*same, *_are_empty(kind))
    assert_never(kind.verb)


def _are_empty(kind: Kind) -> list[ColumnElement[bool]]:
    return [kind.table.c[name].is_(None) for name in sorted(kind.empty)]


def _given(table: Table, names: dict[str, str]) -> TableValuedAlias:
    """The rows of the JSON text, with the type of one of the table's columns for each name."""
    columns = [column(name, table.c[like].type) for name, like in names.items()]
    text = cast(bindparam("rows", type_=Text), JSON)
    rows = func.json_to_recordset(text).table_valued(*columns, name="given")
    return rows.render_derived(with_types=True)
