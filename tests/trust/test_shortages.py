"""R13 of trust.md: no room on the disk, no lock, no memory: told plainly, undone wholly, and over
as soon as there is room again, without a new start.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from models import session as sessions
from models.awards import Nomination
from models.session import transaction
from tests import factories
from tests.conftest import connect
from tests.trust import checker
from tests.trust.sizes import on_sqlite_at_least

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1200)]
ACTS = 200
INCIDENT = re.compile(r"[0-9A-F]{8}")


@pytest.fixture
def nothing(tmp_path):
    path = tmp_path / "nothing.jsonl"
    path.touch()
    return path


@pytest.mark.parametrize("shortage", ["disk", "lock"])
def test_want_is_told_with_a_number_and_is_over_when_there_is_room(
    sqlite, tmp_path, nothing, size, shortage
):
    url, acts = sqlite.copy("province"), size(ACTS)
    command = [sys.executable, "-m", "tests.trust.shortages", shortage, url]
    run = subprocess.run(
        [*command, str(tmp_path), str(acts)], stdout=subprocess.PIPE, text=True, check=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip

    told = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(told) == acts
    assert {act["code"] for act in told if not act["want"]} == {303}
    assert {act["code"] for act in told if act["want"]} == {500}
    state = "ready"
    for act in told:
        if not act["want"]:
            state = {"claim": "claimed", "unclaim": "ready"}[act["verb"]]
        assert act["state"] == state
        assert bool(act["page"]) == act["want"]
        assert not act["want"] or INCIDENT.search(act["page"])
        assert "Traceback" not in act["page"]
        assert "sqlite" not in act["page"].lower()
    engine = connect(url)
    assert checker.anomalies(engine, nothing) == []
    engine.dispose()


class Memory:
    """Is wanting when a statement of some number is to be sent."""

    def __init__(self, database: Engine) -> None:
        self.lasts: int | None = None
        event.listen(database, "before_cursor_execute", self._use)

    def _use(self, *_: object) -> None:
        if self.lasts is not None:
            self.lasts -= 1
            if self.lasts < 0:
                raise MemoryError


def cases_where_memory_runs_out(database: Engine, step: str) -> Iterator[str]:
    """Complete a step with ever more memory, until it is enough; tells what was left half done."""
    memory = Memory(database)
    with transaction(database) as session:
        nomination_id = factories.begin_at(session, step).id
        before = factories.everything(session)
    for lasts in range(1_000):
        memory.lasts = lasts
        try:
            with sessions.transaction(database) as session:
                factories.answer(session, session.get_one(Nomination, nomination_id))
        except MemoryError:
            is_done = False
        else:
            is_done = memory.lasts >= 0
        memory.lasts = None
        with transaction(database) as session:
            is_as_before = factories.everything(session) == before
        if is_done:
            assert lasts > 10, "an act takes more statements than that"
            assert not is_as_before
            return
        if not is_as_before:
            yield f"half done after {lasts} statements"
            return
    pytest.fail("it is never enough")


@pytest.mark.parametrize("step", ["approve_by_unit", "issue_decision"])
def test_want_of_memory_anywhere_undoes_the_whole_act(databases, nothing, step):
    database = connect(databases.copy("province"))

    assert list(cases_where_memory_runs_out(database, step)) == []

    assert checker.anomalies(database, nothing) == []
    database.dispose()


@on_sqlite_at_least
def test_catching_everything_and_committing_is_caught(databases, monkeypatch):
    @contextmanager
    def careless(database: Engine) -> Iterator[Session]:
        writer = database.execution_options(begin="BEGIN IMMEDIATE")
        with Session(writer, expire_on_commit=False) as session, session.begin():
            try:
                yield session
            except MemoryError:
                session.expunge_all()

    monkeypatch.setattr(sessions, "transaction", careless)
    database = connect(databases.copy("province"))

    assert list(cases_where_memory_runs_out(database, "approve_by_unit")) != []
    database.dispose()
