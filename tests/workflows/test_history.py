"""The history: what the database refuses, and what verifying finds when somebody got past that."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from awards import comments, nominations
from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW, connect, make_app
from views import web
from workflows import history
from workflows.canonical import canonical, salted, sha256

TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER history_event_never_updated",
        "DROP TRIGGER history_event_never_deleted",
    ),
    "postgresql": (
        "DROP TRIGGER history_event_never_changed ON history_event",
        "DROP TRIGGER history_event_never_emptied ON history_event",
    ),
}
THIS = "instance_id = :instance AND sequence = :sequence"
LAST = 20
COMPLETED = 7


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def archive(request) -> Iterator[tuple[Engine, Nomination, Nomination]]:
    """Two nominations: one with twenty events, four of them of something entered; one begun."""
    engine = connect(request.getfixturevalue(request.param).copy("province"))
    with transaction(engine) as session:
        walked = factories.begin(session)
        factories.walk(session, walked, "review_by_block")
        factories.answer(session, walked, "return")
        factories.walk(session, walked, "review_by_block")
        begun = factories.begin(session)
    yield engine, walked, begun
    engine.dispose()


@dataclass(frozen=True)
class Attack:
    """Somebody with raw SQL and every right, who has put the triggers out of the way.

    All of it is one transaction, rolled back at the end.
    """

    session: Session
    nomination: Nomination
    other: Nomination

    def run(self, statement: str, **values: object) -> None:
        """`:instance` and `:other` stand for the two instances."""
        known = {"instance": self.nomination.instance_id, "other": self.other.instance_id}
        named = {n: v for n, v in (known | values).items() if f":{n}" in statement}
        self.session.execute(text(statement), named)

    def change(self, sequence: int, assignments: str, **values: object) -> None:
        """Update one event."""
        statement = f"UPDATE history_event SET {assignments} WHERE {THIS}"  # noqa: S608 - an attack
        self.run(statement, sequence=sequence, **values)

    def delete(self, sequence: int) -> None:
        self.run(f"DELETE FROM history_event WHERE {THIS}", sequence=sequence)  # noqa: S608 - an attack

    def rewrite(self, sequence: int, body: str) -> None:
        """Put another body in an event's place, with the hash that fits it."""
        self.change(sequence, "body = :body, hash = :hash", body=body, hash=sha256(body))

    def renumber(self, numbers: Iterable[int], by: int) -> None:
        """Move events up or down, in the order of these numbers."""
        for number in numbers:
            self.change(number, "sequence = sequence + :by", by=by)

    def copy(self, source: int, target: int) -> None:
        """Insert an event again under another number."""
        self.run(
            "INSERT INTO history_event (sequence, instance_id, kind, actor_id, at, body, hash) "
            "SELECT :target, instance_id, kind, actor_id, at, body, hash FROM history_event "
            "WHERE instance_id = :instance AND sequence = :source",
            source=source,
            target=target,
        )

    def crown(self, instance_id: int, length: int, head: str) -> None:
        """Say that an instance's history is so long and ends with this hash."""
        self.run(
            "UPDATE process_instance SET history_length = :length, history_head = :head "
            "WHERE id = :id",
            length=length,
            head=head,
            id=instance_id,
        )

    @property
    def events(self) -> list[HistoryEvent]:
        return list(history.of(self.session, self.nomination.instance_id))

    @property
    def entered(self) -> object:
        """The number of what was entered at the first completed task."""
        return history.details(self.events[COMPLETED - 1])["submission"]

    def found(self, nomination: Nomination | None = None) -> int | None:
        """The first bad sequence of a nomination, or None."""
        nomination = nomination or self.nomination
        self.session.expire_all()
        instance = self.session.get_one(ProcessInstance, nomination.instance_id)
        fault = history.verify(self.session, instance)
        assert fault is None or fault.business_key == nomination.code
        return fault.sequence if fault else None


@pytest.fixture
def attack(archive) -> Iterator[Attack]:
    engine, nomination, other = archive
    with Session(engine) as session:
        for trigger in TRIGGERS[engine.dialect.name]:
            session.execute(text(trigger))
        yield Attack(session, nomination, other)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_event SET actor_id = 1",
        "UPDATE history_event SET body = '{}' WHERE sequence = 3",
        "UPDATE history_event SET id = id + 1000",
        "DELETE FROM history_event",
        "DELETE FROM history_event WHERE sequence = 3",
        "TRUNCATE history_event",
        "TRUNCATE history_event CASCADE",
    ],
)
def test_history_refuses_to_be_changed(archive, statement):
    engine, _nomination, _other = archive
    if engine.dialect.name == "sqlite" and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")

    with Session(engine) as session, pytest.raises(DBAPIError, match="written once"):
        session.execute(text(statement))


@pytest.mark.parametrize("value", ["2026-11-24", None])
def test_received_on_is_written_once(db, value):
    factories.begin_at(db, "appraise")

    with pytest.raises(DBAPIError, match=r"nomination.received_on is written once"):
        db.execute(text("UPDATE nomination SET received_on = :value"), {"value": value})


def test_received_on_lets_the_rest_be_updated(db):
    begun = factories.begin_at(db, "appraise")

    db.execute(
        text("UPDATE nomination SET achievements = 'khác', received_on = '2026-11-23'")
    )

    db.refresh(begun)
    assert (begun.achievements, begun.received_on) == ("khác", date(2026, 11, 23))


def test_received_on_stays_when_the_dossier_comes_a_second_time(db):
    begun = factories.begin_at(db, "appraise")
    factories.answer(db, begun, "return")

    factories.walk(db, begun, "appraise", now=NOW.replace(month=12))

    assert begun.received_on == date(2026, 11, 23)


def test_clean_history_has_no_fault(attack):
    assert [event.sequence for event in attack.events] == [*range(1, LAST + 1)]
    assert attack.events[COMPLETED - 1].kind == EventKind.TASK_COMPLETED
    assert (attack.found(), attack.found(attack.other)) == (None, None)


def test_history_of_every_end_has_no_fault(db):
    ends = {
        "prepare_nomination": "withdraw",
        "review_by_block": "not_selected",
        "approve_by_department": "refuse",
        "issue_decision": "approve",
    }
    for step, outcome in ends.items():
        factories.answer(db, factories.begin_at(db, step), outcome)

    found = list(history.verify_all(db))

    assert [(instance.result, fault) for instance, fault in found] == [
        ("withdrawn", None),
        ("not_selected", None),
        ("refused", None),
        ("awarded", None),
    ]


def test_history_of_acts_beside_the_steps_has_no_fault(db):
    begun = factories.begin_at(db, "appraise")
    specialist = factories.actor(db, "department_specialist")
    comments.add(
        db, begun, text="Xem lại.", actor=specialist, command_key="remark", now=NOW
    )
    factories.withdraw(db, begun)

    assert [fault for _instance, fault in history.verify_all(db)] == [None]


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        (
            'body = replace(body, \'"outcome":"approve"\', \'"outcome":"return"\')',
            COMPLETED,
        ),
        ("body = body || ' '", 1),
        ("body = 'nonsense'", 5),
        (f"hash = '{64 * 'f'}'", 4),
        ("actor_id = actor_id + 1", COMPLETED),
        ("actor_id = NULL", 6),
        ("actor_id = 7", LAST),
        ("kind = 'task_unclaimed'", 6),
        ("at = '2020-01-01 00:00:00'", 9),
        ("sequence = 1000", 12),
        ("sequence = 1000", LAST),
    ],
)
def test_verify_finds_a_changed_event(attack, change, sequence):
    attack.change(sequence, change)

    assert attack.found() == sequence


@pytest.mark.parametrize("sequence", [1, COMPLETED, LAST - 1, LAST])
def test_verify_finds_a_body_changed_together_with_its_hash(attack, sequence):
    body = attack.events[sequence - 1].body

    attack.rewrite(sequence, body.replace('"format":1', '"format":2'))

    assert attack.found() == sequence + 1


@pytest.mark.parametrize("body", ["nonsense", "[]", "{}", '{"sequence":20}'])
def test_verify_finds_a_body_that_is_no_event(attack, body):
    attack.rewrite(LAST, body)

    assert attack.found() == LAST


@pytest.mark.parametrize("details", [None, {"submission": "x"}, {"submission": 1}])
def test_verify_finds_details_that_are_none(attack, details):
    attack.rewrite(LAST, canonical(history.body(attack.events[-1]) | {"details": details}))

    assert attack.found() == LAST


@pytest.mark.parametrize("sequence", [1, COMPLETED, LAST - 1])
def test_verify_finds_a_deleted_event(attack, sequence):
    attack.delete(sequence)

    assert attack.found() == sequence


@pytest.mark.parametrize("sequence", [2, 9, LAST])
def test_verify_finds_a_deleted_event_whose_gap_was_closed(attack, sequence):
    head = attack.events[-1].hash

    attack.delete(sequence)
    attack.renumber(range(sequence + 1, LAST + 1), by=-1)
    attack.crown(attack.nomination.instance_id, LAST - 1, head)

    assert attack.found() == sequence


@pytest.mark.parametrize("kept", [0, 1, 12, LAST - 1])
def test_verify_finds_a_tail_cut_off(attack, kept):
    attack.run(
        "DELETE FROM history_event WHERE instance_id = :instance AND sequence > :kept",
        kept=kept,
    )

    assert attack.found() == kept + 1


def test_verify_finds_an_event_appended(attack):
    attack.copy(LAST, LAST + 1)

    assert attack.found() == LAST + 1


def test_verify_finds_an_event_inserted(attack):
    attack.renumber(range(LAST, 11, -1), by=1)
    attack.copy(5, 12)

    assert attack.found() == 12


def test_verify_finds_two_events_swapped(attack):
    attack.renumber([8], by=1000)
    attack.renumber([9], by=-1)
    attack.renumber([1008], by=-999)

    assert attack.found() == 8


@pytest.mark.parametrize(
    "content", ['{"outcome": "return"}', "{}", "null", "[]", '{"score": 1.5}', '{"a": NaN}']
)
def test_verify_finds_what_was_entered_changed(attack, content):
    if "NaN" in content and attack.session.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL's JSON has no NaN")

    attack.run(
        "UPDATE submission SET content = :content WHERE id = :submission",
        content=content,
        submission=attack.entered,
    )

    assert attack.found() == COMPLETED


def test_verify_finds_what_was_entered_changed_together_with_its_digest(attack):
    said: dict[str, object] = {"outcome": "return"}

    attack.run(
        "UPDATE submission SET content = :content, salt = :salt, digest = :digest "
        "WHERE id = :submission",
        content=json.dumps(said),
        salt=bytes(16),
        digest=salted(bytes(16), said),
        submission=attack.entered,
    )

    assert attack.found() == COMPLETED


def test_verify_finds_what_was_entered_deleted(attack):
    attack.run("DELETE FROM submission WHERE id = :submission", submission=attack.entered)

    assert attack.found() == COMPLETED


def test_verify_finds_what_was_entered_moved_to_another_nomination(attack):
    attack.run(
        "UPDATE submission SET instance_id = :other WHERE id = :submission",
        submission=attack.entered,
    )

    assert attack.found() == COMPLETED


def test_verify_finds_the_histories_of_two_nominations_exchanged(attack):
    mine, theirs = attack.events, list(history.of(attack.session, attack.other.instance_id))

    attack.run(
        "UPDATE history_event SET instance_id = :other, sequence = sequence + 1000 "
        "WHERE instance_id = :instance"
    )
    attack.run(
        "UPDATE history_event SET instance_id = :instance "
        "WHERE instance_id = :other AND sequence < 1000"
    )
    attack.run("UPDATE history_event SET sequence = sequence - 1000 WHERE sequence > 1000")
    attack.run("UPDATE submission SET instance_id = :other")
    attack.crown(attack.nomination.instance_id, len(theirs), theirs[-1].hash)
    attack.crown(attack.other.instance_id, len(mine), mine[-1].hash)

    assert (attack.found(), attack.found(attack.other)) == (1, 1)


def test_verify_leaves_other_nominations_alone(attack):
    attack.delete(3)

    assert (attack.found(), attack.found(attack.other)) == (3, None)


def test_verify_cannot_see_a_history_rewritten_as_a_whole(attack):
    """Trust begins where a checkpoint leaves the machine; this shows why it has to."""
    events, previous = attack.events, history.GENESIS
    for event in events:
        body = canonical(history.body(event) | {"previous": previous, "post": None})
        attack.rewrite(event.sequence, body)
        previous = sha256(body)
    attack.crown(attack.nomination.instance_id, LAST, previous)

    assert attack.found() is None


def test_verify_finds_no_fault_while_others_work(province):
    with transaction(province) as session:
        begun = factories.begin(session)

    with reading(province) as session:
        instance = session.get_one(ProcessInstance, begun.instance_id)
        with transaction(province) as working:
            found = nominations.find(working, begun.code)
            assert found is not None
            factories.answer(working, found)

        assert history.verify(session, instance) is None


def test_salt_hides_that_the_same_was_entered(db):
    entered = []
    for _ in range(2):
        begun = factories.begin_at(db, "approve_by_unit")
        factories.answer(db, begun)
        entered.append(history.details(history.of(db, begun.instance_id)[-2]))

    assert entered[0]["outcome"] == entered[1]["outcome"] == "approve"
    assert entered[0]["submission_digest"] != entered[1]["submission_digest"]


def test_canonical_spells_the_same_thing_the_same_way():
    assert canonical({"b": [1, None, True], "a": "Đào"}) == '{"a":"Đào","b":[1,null,true]}'


@pytest.mark.parametrize(
    "value", [1.5, {"a": 0.1}, [{"b": [1, 2.0]}], (1.0,), float("nan")]
)
def test_canonical_refuses_floats(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.fixture
def two_nominations(databases) -> Iterator[tuple[str, Engine]]:
    """A database with two nominations of five events each."""
    url = databases.copy("province")
    engine = connect(url)
    with transaction(engine) as session:
        factories.begin(session)
        factories.begin(session)
    yield url, engine
    engine.dispose()


def verify_by_command(url: str, folder: Path) -> tuple[int, str]:
    made = make_app(url, folder)
    result = made.test_cli_runner().invoke(args=["history", "verify"])
    with made.app_context():
        web.db.engine.dispose()
    return result.exit_code, result.output


def test_command_says_that_the_history_holds(two_nominations, tmp_path):
    url, _engine = two_nominations

    assert verify_by_command(url, tmp_path) == (0, "10 events hold.\n")


def test_command_names_the_first_bad_event(two_nominations, tmp_path):
    url, engine = two_nominations
    with engine.begin() as connection:
        for trigger in TRIGGERS[engine.dialect.name]:
            connection.exec_driver_sql(trigger)
        connection.exec_driver_sql(
            "UPDATE history_event SET actor_id = 7 WHERE sequence = 4 AND instance_id = "
            "(SELECT instance_id FROM nomination WHERE code = 'HS-2026-00002')"
        )

    code, output = verify_by_command(url, tmp_path)

    assert (code, output.partition(": ")[0]) == (1, "HS-2026-00002")
    assert output.split(": ")[1] == "event 4"
