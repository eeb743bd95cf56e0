"""R1 of trust.md: nothing acknowledged is lost and nothing happens twice, whoever is killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models.session import transaction
from tests import factories, postgres
from tests.conftest import Databases, connect
from tests.trust import checker
from tests.trust.foreman import crew
from tests.trust.sizes import on_sqlite_at_least
from tests.trust.worker import ACKNOWLEDGED, Act, Worker, split_history
from workflows import history

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]
MOVES, KILLS = 10_000, 200  # on each database
TWENTIETH = 20  # on each of two: together a tenth
CONTROLS = 12


@pytest.fixture
def durable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """Databases that wait for the disk, as in production."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    cluster = postgres.start(owner=os.getpid(), durable=True)
    made = Databases("postgresql", tmp_path, cluster)
    made.make_templates()
    yield made
    postgres.stop(cluster)


def drive(url: str, folder: Path, *options: str) -> list[str]:
    """Let workers work and die, then look for what is wrong."""
    command = [sys.executable, "-m", "tests.trust.foreman", url, str(folder), *options]
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    engine = connect(url)
    found = checker.anomalies(engine, folder / ACKNOWLEDGED)
    engine.dispose()
    return found


@pytest.mark.parametrize("durable", ["sqlite", "postgresql"], indirect=True)
def test_killed_workers_lose_and_double_nothing(durable, tmp_path, pytestconfig):
    part = 1 if pytestconfig.getoption("full") else TWENTIETH
    size = ("--moves", str(MOVES // part), "--kills", str(KILLS // part))

    assert drive(durable.copy("province"), tmp_path, *size) == []


@on_sqlite_at_least
def test_history_in_a_second_transaction_is_caught(databases, tmp_path):
    url, found = databases.copy("province"), []

    for _ in range(CONTROLS):
        found = drive(
            url, tmp_path, "--kills", "10", "--life", "0.2", "0.6", "--split-history"
        )
        kinds = {sentence.partition(":")[0] for sentence in found}
        if "untold" in kinds:  # a kill may come where it leaves other traces
            break

    assert kinds >= {"untold"}


@on_sqlite_at_least
def test_history_in_a_second_transaction_leaves_no_trace_without_a_kill(
    databases, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        history, "append", history.append
    )  # what is broken here is put back
    engine = connect(databases.copy("province"))
    staff, definition = crew(engine)
    worker = Worker(
        engine,
        tmp_path,
        slot=0,
        staff=staff,
        definition=definition,
        after_commit=split_history(engine),
    )
    for _ in range(60):
        worker.act()
    worker.close()

    assert checker.anomalies(engine, tmp_path / ACKNOWLEDGED) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("act", "statements", "kinds"),
    [
        (Act("nobody", "complete", 1, outcome="approve"), [], {"lost"}),
        (Act("nobody", "begin", 1), [], {"lost"}),
        (None, ["DELETE FROM command"], {"made up"}),
        (None, ["UPDATE process_instance SET history_length = 99"], {"broken"}),
        (None, ["UPDATE nomination SET code = 'HS-2026-00007'"], {"lost", "broken"}),
        (
            None,
            ["UPDATE user_task SET state = 'cancelled', closed_at = opened_at"],
            {"astray", "untold"},
        ),
        (
            None,
            ["UPDATE process_instance SET status = 'ended', ended_at = started_at"],
            {"astray", "untold"},
        ),
    ],
)
def test_checker_names_what_is_wrong(sqlite, tmp_path, act, statements, kinds):
    acknowledged = tmp_path / ACKNOWLEDGED
    acknowledged.write_bytes(act.line if act else b"")
    engine = connect(sqlite.copy("province"))
    with transaction(engine) as session:
        factories.begin(session)
        for statement in statements:
            session.execute(text(statement))

    found = {
        sentence.partition(":")[0] for sentence in checker.anomalies(engine, acknowledged)
    }
    engine.dispose()
    assert found == kinds


def test_sqlite_waits_for_the_disk_and_for_other_writers(sqlite):
    engine = connect(sqlite.copy("empty"))
    with engine.connect() as connection:
        pragmas = ("synchronous", "journal_mode", "busy_timeout", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {p}").scalar_one() for p in pragmas]
    engine.dispose()

    assert found == [2, "wal", 30_000, 1]
