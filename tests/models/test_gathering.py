"""Rows held back and written together: all of them, or what fails is told."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from markupsafe import Markup
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from models import gathering, writing
from models.deadlines import Deadline
from models.gathering import NeedsStatements
from models.organisation import Block
from models.plain import Plain
from models.process import InstanceStatus, ProcessInstance
from models.sending import AlreadyThere
from models.session import reading, transaction
from models.tasks import Command
from tests import factories
from tests.conftest import connect

NOW = datetime(2026, 11, 23, 3, 0, 0, 123_456, tzinfo=UTC)


def note(session, key, done_at=NOW):
    writing.insert(
        session, Command, key=key, kind="test", actor_id=1, subject_id=1, done_at=done_at
    )


def note_and_fail(session, key):
    note(session, key)
    raise KeyError


def keys(engine):
    with reading(engine) as session:
        return session.scalars(select(Command.key).order_by(Command.key)).all()


def test_rows_are_written_when_gathering_ends(empty):
    with transaction(empty) as session:
        with gathering.gathering(session, 2):
            note(session, "a")
            note(session, 'b "\\ đ')
            assert session.scalars(select(Command)).all() == []
        found = session.get_one(Command, 'b "\\ đ')
        assert found.done_at == NOW
    assert keys(empty) == ["a", 'b "\\ đ']


def test_nothing_is_written_when_gathering_fails(empty):
    with transaction(empty) as session:
        with pytest.raises(KeyError), gathering.gathering(session, 1):
            note_and_fail(session, "a")
        note(session, "b")
    assert keys(empty) == ["b"]


def test_act_that_fails_leaves_no_row(empty):
    with transaction(empty) as session, gathering.gathering(session, 3) as gathered:
        with gathered.act():
            note(session, "a")
        with pytest.raises(KeyError), gathered.act():
            note_and_fail(session, "b")
        with gathered.act():
            note(session, "c")
    assert keys(empty) == ["a", "c"]


def test_numbers_go_on_where_the_table_ends(empty):
    def add(session, code):
        return writing.insert_numbered(session, Block, code=code, name=code)

    with transaction(empty) as session:
        first = add(session, "K1")
        with gathering.gathering(session, 2):  # fewer than come
            numbers = [add(session, f"K{n}") for n in range(2, 7)]
        last = add(session, "K7")
        assert session.get_one(Block, numbers[-1]).code == "K6"

    assert numbers == [first + n for n in range(1, 6)]
    assert last > numbers[-1]


def test_naive_moment_is_refused(empty):
    with (
        pytest.raises((StatementError, ValueError), match="has no place in the database"),
        transaction(empty) as session,
        gathering.gathering(session, 1),
    ):
        note(session, "a", done_at=datetime(2026, 11, 23, 3, 0))  # noqa: DTZ001 - that is the point


def test_rows_are_changed_together(province):
    with transaction(province) as session:
        begun = [factories.begin(session, has_papers=False).instance for _ in range(3)]
    with transaction(province) as session:
        rows = [session.get_one(ProcessInstance, one.id) for one in begun]
        with gathering.gathering(session, 3):
            for row in rows:
                row.status, row.ended_at = InstanceStatus.ENDED, NOW
                row.variables = row.variables | {"outcome": 'lời "nói"'}
                writing.save(session, row)
    with reading(province) as session:
        found = session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)).all()
        assert [row.variables["outcome"] for row in found] == ['lời "nói"'] * 3
        assert [row.ended_at for row in found] == [NOW] * 3
        assert [row.revision for row in found] == [one.revision + 1 for one in begun]


def test_row_that_is_not_the_one_read_is_told(province):
    with transaction(province) as session:
        instance = factories.begin(session, has_papers=False).instance
        row = Plain(ProcessInstance, {"id": instance.id, "revision": 0, "result": None})
        row.result = "lost"
        with pytest.raises(StaleDataError), gathering.gathering(session, 1):
            writing.save(session, row)


def test_second_row_of_a_key_is_told(empty):
    values = {"kind": "test", "actor_id": 1, "subject_id": 1, "done_at": NOW}
    with transaction(empty) as session:
        writing.insert_first(session, Command, key="a", **values)
        with pytest.raises(AlreadyThere):
            writing.insert_first(session, Command, key="a", **values)
        with pytest.raises(AlreadyThere), gathering.gathering(session, 1):
            writing.insert_first(session, Command, key="a", **values)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("is_gathered", [True, False])
def test_rows_are_deleted_by_what_is_in_them(province, count, is_gathered):
    with transaction(province) as session:
        begun = [factories.begin(session, has_papers=False).instance_id for _ in range(3)]
        fired = session.scalars(select(Deadline).filter_by(instance_id=begun[0])).one()
        fired.fired_at = NOW
        session.flush()
        with gathering.gathering(session, count) if is_gathered else nullcontext():
            for number in begun[-count:]:
                writing.delete(session, Deadline, instance_id=number, fired_at=None)
        left = select(Deadline.instance_id).where(Deadline.instance_id.in_(begun))
        assert set(session.scalars(left)) == {begun[0], *begun[:-count]}


def test_error_of_the_driver_is_one_of_sqlalchemy(empty):
    with transaction(empty) as session:
        writing.insert(session, Block, id=1, code="K1", name="K1")
    with (
        pytest.raises(IntegrityError),
        transaction(empty) as session,
        gathering.gathering(session, 1),
    ):
        writing.insert(session, Block, id=1, code="K1", name="K1")


def test_who_comes_after_a_lost_connection_is_given_a_new_one(postgresql):
    url = postgresql.copy("empty")
    engine, other = connect(url), connect(url)
    with engine.connect(), engine.connect():
        pass  # two are in the pool
    with other.connect() as connection:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        end = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"  # noqa: S608 - our own words
        connection.execute(text(end))

    with pytest.raises(OperationalError) as lost, transaction(engine) as session:
        note(session, "a")
    with transaction(engine) as session, transaction(engine) as at_once:
        note(session, "b")
        note(at_once, "c")

    assert lost.value.connection_invalidated
    assert keys(engine) == ["b", "c"]
    engine.dispose()
    other.dispose()


def test_text_of_a_kind_of_its_own_is_text(empty):
    with transaction(empty) as session:
        note(session, Markup("a"))
        with gathering.gathering(session, 2):
            note(session, Markup("b"))
            note(session, Markup("c"))
    assert keys(empty) == ["a", "b", "c"]


def test_what_needs_statements_is_refused_while_gathering(empty):
    with transaction(empty) as session:
        gathering.refuse(session)
        with pytest.raises(NeedsStatements), gathering.gathering(session, 1):
            gathering.refuse(session)
