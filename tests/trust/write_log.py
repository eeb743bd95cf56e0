"""H4: a pytest plugin that has the database itself log what is written to a nomination's tables.

    pytest -p tests.trust.write_log --write-log FILE tests/views

SQLite keeps triggers of a connection, and a table they write to: every committed transaction is
asked which nominations it has changed, and whether events of theirs tell of it. FILE gets a line
of JSON for each test that wrote: how many transactions were committed, which kinds of events
there were, and every change that no event tells of.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from keeping import backup
from models.base import Base

OF_INSTANCE = "{row}.instance_id"
OF_NOMINATION = "(SELECT instance_id FROM nomination WHERE id = {row}.nomination_id)"
_MOVES = ("task_completed", "service_completed", "message_received", "deadline_fired")
_OPERATIONS = ("operation_", "instance_", "task_reassigned")
_AMENDS = ("award_corrected", "award_revoked")

TOLD = {
    "process_instance": ("{row}.id", ("instance_", *_MOVES)),
    "user_task": (OF_INSTANCE, ("task_", "instance_rehomed")),
    "submission": (
        OF_INSTANCE,
        ("clock_extended", "identity_corrected", "words_erased", *_MOVES),
    ),
    "clock": (OF_INSTANCE, ("clock_",)),
    "deadline": (OF_INSTANCE, ("task_", "clock_", "instance_", *_MOVES)),
    "incident": (OF_INSTANCE, ("incident_",)),
    "operator_act": (OF_INSTANCE, (*_OPERATIONS, "words_erased")),
    "nomination": (
        OF_INSTANCE,
        ("instance_", "dossier_copied", "words_erased", *_MOVES, *_AMENDS),
    ),
    "attachment": (OF_NOMINATION, ("file_", "dossier_copied", "words_erased")),
    "comment": (OF_NOMINATION, ("comment_added", "words_erased")),
    "certificate": (OF_NOMINATION, ("certificate_numbered",)),
    "legal_hold": (OF_NOMINATION, ("hold_", "words_erased")),
    "erasure": (OF_NOMINATION, ("words_erased",)),
    "decision_entry": (OF_NOMINATION, ("task_completed", *_AMENDS)),
}
"""Where a nomination's state stands: how a row leads to its instance, and what tells of it."""

_PASSED_OVER = {  # the chain's own head, and the number that keeps two acts apart
    "process_instance": {"revision", "history_length", "history_head"},
}
_LOG = "CREATE TEMP TABLE write_log (instance_id INTEGER, written TEXT, kind TEXT)"
_WRITTEN = "SELECT DISTINCT instance_id, written, kind FROM temp.write_log"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-log", type=Path, help="where changes without events are told")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--write-log")
    if path is not None:
        config.pluginmanager.register(WriteLog(path))


class Watch:
    """Looks at every transaction that this process commits to SQLite; `untold` is what it finds.

    `told` names what there is to be blamed: a test, for the plugin.
    """

    def __init__(self, told: Callable[[], str] = str) -> None:
        self.transactions: Counter[str] = Counter()
        self.kinds: dict[str, set[str]] = defaultdict(set)
        self.untold: dict[str, set[str]] = defaultdict(set)
        self._told = told

    def begin(self) -> None:
        event.listen(Engine, "begin", self._set_up)
        event.listen(Engine, "commit", self._committed)
        event.listen(Engine, "rollback", self._rolled_back)

    def end(self) -> None:
        event.remove(Engine, "begin", self._set_up)
        event.remove(Engine, "commit", self._committed)
        event.remove(Engine, "rollback", self._rolled_back)

    def _set_up(self, connection: Connection) -> None:
        """Put the triggers in place, once on each connection that has the tables."""
        info = connection.info
        if connection.dialect.name != "sqlite" or "write_log" in info:
            return
        driver: Any = connection.connection.driver_connection
        if not _is_migrated(driver):
            return
        for statement in (_LOG, *_triggers()):
            driver.execute(statement)
        info["write_log"] = True

    def _committed(self, connection: Connection) -> None:
        self._look(connection, is_kept=True)

    def _rolled_back(self, connection: Connection) -> None:
        """What a test takes back has happened all the same; it changes nothing that stays."""
        self._look(connection, is_kept=False)

    def _look(self, connection: Connection, *, is_kept: bool) -> None:
        if "write_log" not in connection.info:
            return
        driver: Any = connection.connection.driver_connection
        writes, kinds = [], defaultdict(set)
        for instance, written, kind in driver.execute(_WRITTEN).fetchall():
            if kind is None:
                writes.append((instance, written))
            else:
                kinds[instance].add(kind)
        if not writes and not kinds:
            return
        driver.execute("DELETE FROM temp.write_log")
        told = self._told()
        self.kinds[told] |= set().union(*kinds.values())
        if not is_kept:
            return
        self.transactions[told] += 1
        for instance, written in writes:
            tellers = TOLD[written.split()[0]][1]
            if not any(kind.startswith(tellers) for kind in kinds[instance]):
                self.untold[told].add(written)


class WriteLog:
    """The plugin: a line of JSON for each test that wrote."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._watch = Watch(_test)
        self._watch.begin()

    def pytest_sessionfinish(self) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            for test, kinds in self._watch.kinds.items():
                line = {
                    "test": test,
                    "transactions": self._watch.transactions[test],
                    "kinds": sorted(kinds),
                    "untold": sorted(self._watch.untold[test]),
                }
                file.write(json.dumps(line) + "\n")


def _test() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]


def _is_migrated(driver: Any) -> bool:
    names = "SELECT 1 FROM main.sqlite_master WHERE name = 'alembic_version'"
    if not driver.execute(names).fetchone():
        return False
    found = driver.execute("SELECT version_num FROM alembic_version").fetchone()
    return found is not None and found[0] == backup.newest_revision()


def _triggers() -> Iterator[str]:
    yield (
        "CREATE TEMP TRIGGER write_log_event AFTER INSERT ON main.history_event BEGIN "
        "INSERT INTO write_log VALUES (NEW.instance_id, '', NEW.kind); END"
    )
    for table, (instance, _kinds) in TOLD.items():
        columns = [
            column.name
            for column in Base.metadata.tables[table].columns
            if column.name not in _PASSED_OVER.get(table, ())
        ]
        changed = " OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in columns)
        for act, row, when in (
            ("INSERT", "NEW", ""),
            ("UPDATE", "NEW", f"WHEN {changed}"),
            ("DELETE", "OLD", ""),
        ):
            found = f"{instance.format(row=row)}, '{table} {act.lower()}', NULL"
            yield (
                f"CREATE TEMP TRIGGER write_log_{table}_{act} AFTER {act} ON main.{table} "  # noqa: S608 - our own names
                f"{when} BEGIN INSERT INTO write_log VALUES ({found}); END"
            )
