"""O8 of trust.md: databases of every release come up to date, whenever the upgrade is killed.

What an old release has written stands as it was: every row, every chain, every state. An upgrade
that is killed is repeated, and comes to the same end.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, MetaData, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError

from models.session import transaction
from settings import HERE
from tests import factories, postgres
from tests.conftest import Databases, connect, make_app
from tests.trust import checker
from tests.trust.mortals import Mortals
from views import web
from workflows import clocks, deadlines

pytestmark = [pytest.mark.trust, pytest.mark.timeout(3600)]
CASES = 1_000
REVISIONS = sorted(path.name[:4] for path in (HERE / "migrations").glob("0*.py"))
HEAD = REVISIONS[-1]
Rows = dict[str, list[tuple[Any, ...]]]
DROPPED = {  # what later releases do without, and what is written into it
    "person.session_epoch": 0,
    "unit.block_id": 1,
    "nomination.search_text": "",  # written anew by 0042
}


class Old:
    """Databases as old releases left them, each with the same cases in it."""

    def __init__(self, databases: Databases, upgrades: Mortals, written: Rows) -> None:
        self._databases = databases
        self._upgrades = upgrades
        self._written = written
        self._made: dict[str, str] = {}

    def copy(self, revision: str) -> str:
        """The address of a copy of the database at a revision."""
        if revision not in self._made:
            self._made[revision] = self._make(revision)
        return duplicate(self._databases, self._made[revision])

    def _make(self, revision: str) -> str:
        url = blank(self._databases, f"old_{revision}_{uuid4().hex[:12]}")
        assert self._upgrades.run(url, revision, 0).isdecimal()
        engine = connect(url)
        fill(engine, self._written)
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return url


def blank(databases: Databases, name: str) -> str:
    """A database with nothing at all in it."""
    if databases.cluster is not None:
        return postgres.create_database(
            databases.cluster, f"{name}_{databases.folder.name.replace('-', '_')}"
        )
    return f"sqlite:///{databases.folder / name}.sqlite"


def duplicate(databases: Databases, url: str) -> str:
    """A copy of a database that nobody is connected to."""
    source = str(make_url(url).database)
    number = uuid4().hex[:12]
    if databases.cluster is not None:
        name = f"{source}_{number}"
        return postgres.create_database(databases.cluster, name, template=source)
    shutil.copyfile(source, f"{source}-{number}")
    return f"sqlite:///{source}-{number}"


def drop(databases: Databases, url: str) -> None:
    """Make room again."""
    name = str(make_url(url).database)
    if databases.cluster is not None:
        postgres.drop_database(databases.cluster, name)
    else:
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()


def rows(engine: Engine, columns: Rows | None = None) -> Rows:
    """Every row of every table, in the columns given by a first row of names."""
    tables = MetaData()
    tables.reflect(engine, only=_is_own)
    found: Rows = {}
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            names = [column.name for column in table.columns if str(column) not in DROPPED]
            if columns is not None:
                names = [n for n in columns.get(table.name, [()])[0] if n in names]
            if names and table.name != "alembic_version":
                query = select(*(table.c[name] for name in names))
                lines = [tuple(row) for row in connection.execute(query)]
                found[table.name] = [tuple(names), *sorted(lines, key=repr)]
    return found


def _is_own(table: str, _tables: MetaData) -> bool:
    """Whether it is a table of ours, not one that SQLite keeps for an index of words."""
    return "_words" not in table


def fill(engine: Engine, written: Rows) -> None:
    """Write rows into the tables and columns that this release has."""
    tables = MetaData()
    tables.reflect(engine, only=_is_own)
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name not in written or table.name == "alembic_version":
                continue
            names, *lines = written[table.name]
            dropped = {c.name: DROPPED[str(c)] for c in table.columns if str(c) in DROPPED}
            values = [
                dropped
                | {n: _aware(v) for n, v in zip(names, line, strict=True) if n in table.c}
                for line in lines
            ]
            if values:
                connection.execute(
                    table.delete()
                )  # what the migration itself has put there
                connection.execute(table.insert(), values)
        if engine.dialect.name == "postgresql":
            for table in tables.sorted_tables:
                if "id" in table.c and table.c.id.type.python_type is int:
                    _set_sequence(connection, table.name)


def _aware(value: Any) -> Any:
    """SQLite keeps moments in UTC and does not say so."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _set_sequence(connection: Any, table: str) -> None:
    sequence = connection.scalar(text(f"SELECT pg_get_serial_sequence('{table}', 'id')"))
    if sequence:
        query = f"SELECT setval('{sequence}', (SELECT coalesce(max(id), 1) FROM {table}))"  # noqa: S608 - our own tables
        connection.execute(text(query))


def schema(engine: Engine) -> dict[str, Any]:
    """Tables, columns, indexes, constraints and triggers, as the database tells them."""
    look = inspect(engine)
    found: dict[str, Any] = {}
    for table in look.get_table_names():
        found[table] = {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"]) for c in look.get_columns(table)
            },
            "indexes": sorted(
                (str(i["name"]), str(i["column_names"])) for i in look.get_indexes(table)
            ),
            "checks": sorted(
                (str(c["name"]), "".join(c["sqltext"].split()))
                for c in look.get_check_constraints(table)
            ),
            "keys": sorted(str(k["constrained_columns"]) for k in look.get_foreign_keys(table)),
        }  # fmt: skip
    queries = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
    }
    with engine.connect() as connection:
        found["triggers"] = list(connection.scalars(text(queries[engine.dialect.name])))
    return found


def whats_wrong(url: str, before: Rows, fresh: dict[str, Any], nothing: Path) -> list[str]:
    """What an upgrade has left other than it should."""
    engine = connect(url)
    found = checker.anomalies(engine, nothing)
    after = rows(engine, before)
    found += [f"changed: {name}" for name in before if after.get(name) != before[name]]
    now = schema(engine)
    found += [f"schema: {name}" for name in fresh if now.get(name) != fresh[name]]
    found += [f"schema: {name} is left" for name in now.keys() - fresh.keys()]
    try:
        with engine.begin() as connection:
            connection.execute(text("UPDATE history_event SET body = body"))
        found.append("broken: the history can be changed")
    except DBAPIError:
        pass
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def written(sqlite: Databases, size) -> Rows:
    """Cases as the first releases wrote them: without deadlines and clocks."""
    engine = connect(sqlite.copy("province"))
    with pytest.MonkeyPatch.context() as patch, transaction(engine) as session:
        patch.setattr(clocks, "sync", lambda *_, **__: None)
        patch.setattr(deadlines, "open_task", lambda *_, **__: None)
        for number in range(size(CASES)):
            nomination = factories.begin(session, has_papers=number % 50 == 0)
            if number % 50 == 0:
                factories.walk(session, nomination, factories.ROUTE[number // 50 % 9])
            elif number % 5 == 0:
                factories.answer(session, nomination, "withdraw")
    found = rows(engine)
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def upgrades(tmp_path_factory) -> Iterator[Mortals]:
    made = Mortals("tests.trust.migrating", tmp_path_factory.mktemp("upgrades"))
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def kind(request) -> Databases:
    found: Databases = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def old(kind, upgrades, written) -> Old:
    return Old(kind, upgrades, written)


@pytest.fixture(scope="module")
def few(kind, upgrades, three) -> Old:
    """With three cases only, for being upgraded again and again."""
    return Old(kind, upgrades, three)


@pytest.fixture(scope="module")
def few_on_sqlite(sqlite, upgrades, three) -> Old:
    return Old(sqlite, upgrades, three)


@pytest.fixture(scope="module")
def three(sqlite) -> Rows:
    engine = connect(sqlite.copy("province"))
    with pytest.MonkeyPatch.context() as patch, transaction(engine) as session:
        patch.setattr(clocks, "sync", lambda *_, **__: None)
        patch.setattr(deadlines, "open_task", lambda *_, **__: None)
        for step in ("prepare_nomination", "appraise", "issue_decision"):
            factories.begin_at(session, step)
    found = rows(engine)
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def fresh(kind) -> dict[str, Any]:
    engine = connect(kind.copy("empty"))
    found = schema(engine)
    engine.dispose()
    return found


@pytest.fixture
def nothing(tmp_path) -> Path:
    path: Path = tmp_path / "nothing.jsonl"
    path.touch()
    return path


def contents(url: str) -> Rows:
    engine = connect(url)
    found = rows(engine)
    engine.dispose()
    return found


@pytest.mark.parametrize(
    "revision",
    [REVISIONS[0], *(pytest.param(r, marks=pytest.mark.full) for r in REVISIONS[1:])],
)
def test_database_of_every_release_comes_up_to_date(
    kind, old, upgrades, fresh, nothing, revision
):
    url = old.copy(revision)
    before = contents(url)

    assert upgrades.run(url, HEAD, 0).isdecimal()

    assert whats_wrong(url, before, fresh, nothing) == []
    engine = connect(url)
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM user_task WHERE series = ''")
        assert connection.execute(query).scalar_one() == 0
    engine.dispose()
    drop(kind, url)


@pytest.mark.parametrize(
    "revision",
    [*(pytest.param(r, marks=pytest.mark.full) for r in REVISIONS[:-2]), REVISIONS[-2]],
)
def test_upgrade_killed_anywhere_is_finished_by_the_next(
    kind, few, upgrades, fresh, nothing, size, revision
):
    template = few.copy(revision)
    before = contents(template)
    url = duplicate(kind, template)
    total = int(upgrades.run(url, HEAD, 0))
    drop(kind, url)
    every = range(1, total + 1)
    chosen = every if size(10) == 10 else [total // 2]
    for kill_at in chosen:
        url = duplicate(kind, template)

        assert upgrades.run(url, HEAD, kill_at) == "killed"
        assert upgrades.run(url, HEAD, 0).isdecimal(), f"after {kill_at} of {total}"

        assert whats_wrong(url, before, fresh, nothing) == [], f"{kill_at} of {total}"
        drop(kind, url)
    drop(kind, template)


def test_release_goes_back_by_one_revision(kind, upgrades, fresh, nothing, tmp_path):
    """O9: new code writes; what the release before knows is there for it, and nothing else is."""
    earlier = blank(kind, f"earlier_{uuid4().hex[:12]}")
    assert upgrades.run(earlier, REVISIONS[-2], 0).isdecimal()
    url = kind.copy("province")
    engine = connect(url)
    with transaction(engine) as session:
        factories.begin_at(session, "appraise")
    names = {table: lines[:1] for table, lines in contents(earlier).items()}
    before = rows(engine, names)
    engine.dispose()

    app = make_app(url, tmp_path)
    with app.app_context():
        app.extensions["alembic"].downgrade(-1)
        web.db.engine.dispose()

    engine, wanted = connect(url), connect(earlier)
    assert rows(engine) == before
    assert schema(engine) == schema(wanted)
    engine.dispose()
    wanted.dispose()
    assert upgrades.run(url, HEAD, 0).isdecimal()
    assert whats_wrong(url, before, fresh, nothing) == []


def test_upgrade_in_many_transactions_is_caught(sqlite, upgrades, few_on_sqlite, nothing):
    empty = connect(sqlite.copy("empty"))
    template, found = few_on_sqlite.copy("0004"), []
    before = contents(template)
    for kill_at in (10, 16, 22):
        url = duplicate(sqlite, template)
        assert upgrades.run(url, HEAD, -kill_at) == "killed"
        if not upgrades.run(url, HEAD, 0).isdecimal():
            found.append("failed")
        else:
            found += whats_wrong(url, before, schema(empty), nothing)
    empty.dispose()

    assert found != []


@pytest.fixture(scope="module")
def upgraded(sqlite, upgrades, written) -> tuple[str, Rows, dict[str, Any]]:
    """A database that came up to date, what it held before, and the schema it should have."""
    url = Old(sqlite, upgrades, written).copy(REVISIONS[-2])
    before = contents(url)
    assert upgrades.run(url, HEAD, 0).isdecimal()
    empty = connect(sqlite.copy("empty"))
    wanted = schema(empty)
    empty.dispose()
    return url, before, wanted


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE process_instance SET variables = '{}'", "changed: process_instance"),
        ("DELETE FROM command", "changed: command"),
        ("DROP INDEX ix_deadline_task", "schema: deadline"),
        ("DROP TRIGGER history_event_never_updated", "schema: triggers"),
    ],
)
def test_upgrade_that_loses_something_is_caught(
    sqlite, upgraded, nothing, statement, sentence
):
    template, before, wanted = upgraded
    url = duplicate(sqlite, template)
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()

    assert sentence in whats_wrong(url, before, wanted, nothing)
