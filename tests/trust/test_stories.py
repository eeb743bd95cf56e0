"""R4 of trust.md: whatever eight people at once were told is one story that can have happened."""

import random
import threading
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.process import ProcessInstance
from models.session import reading, transaction
from models.tasks import OPEN, TaskState, UserTask
from tests import factories
from tests.conftest import NOW, connect
from tests.trust import checker
from tests.trust.sizes import on_sqlite_at_least
from tests.trust.stories import OK, REFUSED, UNKNOWN, Seen, Sent, anomalies
from workflows import tasks
from workflows.errors import WorkflowError
from workflows.submissions import Entry

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]
COMMANDS, CLIENTS, CASES = 5_000, 8, 12
CONTROLS = 8
STEPS = ("prepare_nomination", "approve_by_unit")  # a case goes to and fro between them
_AHEAD = {"prepare_nomination": "approve", "approve_by_unit": "return"}


class Client(threading.Thread):
    """Somebody with a connection of his own, who looks once and then acts several times."""

    def __init__(self, engine: Engine, number: int, commands: int) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self.seen: list[Seen] = []
        self.errors: list[BaseException] = []
        self._engine = engine
        self._number = number
        self._commands = commands
        self._random = random.Random()

    def run(self) -> None:
        try:
            while len(self.sent) < self._commands:
                waiting = self._look()
                for task in self._random.sample(waiting, 4):
                    self._act(task)
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits for us
            self.errors.append(error)

    def _look(self) -> list[UserTask]:
        with reading(self._engine) as session:
            columns = (ProcessInstance.id, ProcessInstance.history_length)
            for instance, length in session.execute(select(*columns)):
                self.seen.append(Seen(self._number, instance, length))
            return list(session.scalars(select(UserTask).where(UserTask.state.in_(OPEN))))

    def _act(self, task: UserTask) -> None:
        command = self._choose(task)
        outcome = self._send(command, task)
        self.sent.append(replace(command, outcome=outcome))
        has_key = command.verb == "complete"  # whoever claims looks before doing it again
        if outcome == UNKNOWN and has_key and self._random.random() < 0.5:
            outcome = self._send(command, task)
            self.sent.append(replace(command, outcome=outcome))

    def _choose(self, task: UserTask) -> Sent:
        stranger = 10_000 * (self._number + 1) + len(self.sent)
        actor = task.assignee_id or stranger
        verbs = ("claim",) if task.state == TaskState.READY else ("unclaim", "unclaim")
        verb = self._random.choice((*verbs, "complete"))
        return Sent(verb, task.id, actor, task.revision, factories.command_key())

    def _send(self, command: Sent, task: UserTask) -> str:
        is_cut = self._random.random() < 0.05
        try:
            if is_cut:
                return self._send_and_hang_up(command, task)
            with transaction(self._engine) as session:
                carry_out(session, command, task)
        except WorkflowError:
            return REFUSED
        return OK

    def _send_and_hang_up(self, command: Sent, task: UserTask) -> str:
        """Close the connection after the commit was sent, without waiting for the answer."""
        writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        with Session(writer) as session:
            session.begin()
            carry_out(session, command, task)
            session.flush()
            connection = session.connection()
            raw = connection.connection.driver_connection
            assert raw is not None
            if self._engine.dialect.name == "postgresql":
                raw.pgconn.send_query(b"COMMIT")
            elif self._random.random() < 0.5:  # it may not have got so far
                raw.execute("COMMIT")
            raw.close()
            connection.invalidate()
        return UNKNOWN


def carry_out(session: Session, command: Sent, task: UserTask) -> None:
    """Do what a command says."""
    actor = factories.stand_in(command.actor, task.queue)
    if command.verb != "complete":
        verb = tasks.claim if command.verb == "claim" else tasks.unclaim
        verb(session, command.task, actor=actor, now=NOW)
        return
    variables: dict[str, object] = {"outcome": _AHEAD[task.element_id]}
    tasks.complete(
        session,
        command.task,
        actor=actor,
        now=NOW,
        revision=command.revision,
        command_key=command.key,
        entry=Entry("story", content=variables),
        variables=variables,
    )


def tell(url: str, commands: int) -> tuple[Engine, list[Sent], list[Seen]]:
    """Let all clients act at once; gives what they were told, and what they saw."""
    engine = connect(url)
    with transaction(engine) as session:
        for _ in range(CASES):
            factories.begin(session, has_papers=False)
    engines = [connect(url) for _ in range(CLIENTS)]
    clients = [Client(e, n, commands // CLIENTS) for n, e in enumerate(engines)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for each in engines:
        each.dispose()
    assert [error for client in clients for error in client.errors] == []
    sent = [command for client in clients for command in client.sent]
    return engine, sent, [reading for client in clients for reading in client.seen]


def test_what_people_were_told_is_one_story(databases, tmp_path, size):
    commands = size(COMMANDS)
    engine, sent, seen = tell(databases.copy("province"), commands)
    nothing = tmp_path / "nothing.jsonl"
    nothing.touch()

    assert len(sent) >= commands // CLIENTS * CLIENTS
    found = anomalies(engine, sent, seen)
    assert found == []
    assert checker.anomalies(engine, nothing) == []
    assert {command.outcome for command in sent} == {OK, REFUSED, UNKNOWN}
    assert Counter(c.verb for c in sent if c.outcome == OK).keys() == {
        "claim", "unclaim", "complete",
    }  # fmt: skip
    engine.dispose()


@on_sqlite_at_least
def test_forgotten_revisions_are_caught(databases, monkeypatch):
    monkeypatch.setattr(tasks, "_is_current", lambda *_: True)
    found: set[str] = set()

    for _ in range(CONTROLS):  # chance decides whether two come to one task at one moment
        engine, sent, seen = tell(databases.copy("province"), 400)
        found = {sentence.partition(":")[0] for sentence in anomalies(engine, sent, seen)}
        engine.dispose()
        if "stale" in found:
            break

    assert "stale" in found


@pytest.mark.parametrize(
    ("outcomes", "kind"),
    [((OK, OK), set()), ((UNKNOWN, OK), set()), ((REFUSED,), {"untrue"})],
)
def test_checker_tells_true_answers_from_untrue_ones(sqlite, outcomes, kind):
    engine = connect(sqlite.copy("province"))
    with transaction(engine) as session:
        task = factories.open_task(session, factories.begin(session, has_papers=False))
        command = Sent("claim", task.id, 10_001, 1, "key")
        carry_out(session, command, task)
    sent = [replace(command, outcome=outcome) for outcome in outcomes]

    found = anomalies(engine, sent, [])

    assert {sentence.partition(":")[0] for sentence in found} == kind
    engine.dispose()


def test_checker_finds_what_was_told_and_is_not_there(sqlite):
    engine = connect(sqlite.copy("province"))
    sent = [Sent("complete", 1, 10_001, 1, "nobody", OK)]
    seen = [Seen(0, 1, 5), Seen(1, 1, 3), Seen(0, 1, 4)]

    found = anomalies(engine, sent, seen)

    assert [sentence.partition(":")[0] for sentence in found] == ["untrue", "backwards"]
    engine.dispose()
