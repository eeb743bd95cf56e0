"""A process that does the province's work alone, so many acts, or until it is ended.

    python -m tests.trust.busy URL FOLDER --acts 1000

It can be made careless in two ways, for tests to find: `--pragma synchronous=NORMAL` lets SQLite
forget what it has promised, `--two-commits` writes the case and its tasks one after the other.
"""

import argparse
import gc
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from models.process import ProcessInstance
from tests.conftest import connect
from tests.trust.foreman import crew
from tests.trust.worker import Worker
from workflows import instances


def set_pragma(engine: Engine, pragma: str) -> None:
    """Have every new connection to SQLite begin with a setting of its own."""

    def listener(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", listener)


def split_commits() -> None:
    """The deliberate break: the case is committed before its tasks."""
    sync_tasks = instances._sync_tasks

    def commit_first(session: Any, instance: ProcessInstance, *others: Any) -> None:
        session.flush()
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        sync_tasks(session, instance, *others)

    vars(instances)["_sync_tasks"] = commit_first


def main() -> None:
    """Carry out what the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--acts", type=int)
    parser.add_argument("--pragma", action="append", default=[])
    parser.add_argument("--two-commits", action="store_true")
    chosen = parser.parse_args()
    engine = connect(chosen.url)
    for pragma in chosen.pragma:
        set_pragma(engine, pragma)
    staff, definition = crew(engine)
    if chosen.two_commits:
        split_commits()
    gc.disable()
    worker = Worker(engine, chosen.folder, slot=0, staff=staff, definition=definition)
    if chosen.acts is None:
        worker.work()
    for _ in range(chosen.acts):
        worker.act()
    worker.close()
    engine.dispose()


if __name__ == "__main__":
    main()
