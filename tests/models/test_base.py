"""What every table shares: aware times, closed sets, sessions that read, rows put in once."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from models.process import EngineState, ProcessDefinition
from models.session import reading, transaction
from models.tasks import Command
from models.writing import insert_absent

NOW = datetime(2026, 11, 23, 3, 0, 0, 123_456, tzinfo=UTC)
IN_VIETNAM = timezone(timedelta(hours=7))


def command(key="k", done_at=NOW):
    return Command(key=key, kind="test", actor_id=1, subject_id=1, done_at=done_at)


def test_moment_comes_back_aware_in_utc_to_the_microsecond(empty):
    with transaction(empty) as session:
        session.add(command(done_at=NOW.astimezone(IN_VIETNAM)))

    with reading(empty) as session:
        found = session.get_one(Command, "k").done_at
    assert found == NOW
    assert found.utcoffset() == timedelta(0)


def test_naive_moment_is_refused(empty):
    with Session(empty) as session:
        session.add(command(done_at=datetime(2026, 11, 23, 3, 0)))  # noqa: DTZ001 - that is the point

        with pytest.raises(StatementError, match="a naive datetime has no place"):
            session.flush()


def test_value_outside_a_closed_set_is_refused_by_the_database(province):
    with (
        province.connect() as connection,
        pytest.raises(DBAPIError, match=r"ck_unit_kind|CHECK constraint failed"),
    ):
        connection.execute(text("UPDATE unit SET kind = 'no such kind'"))


def test_insert_absent_says_whether_it_inserted(empty):
    values = {"hash": "a" * 64, "text": "{}"}
    with transaction(empty) as session:
        said = [insert_absent(session, EngineState, **values) for _ in range(2)]
        said.append(insert_absent(session, EngineState, hash="b" * 64, text="{}"))

    assert said == [True, False, True]


def test_insert_absent_leaves_the_row_as_it_is(empty):
    with transaction(empty) as session:
        insert_absent(session, EngineState, hash="a" * 64, text="first")
        insert_absent(session, EngineState, hash="a" * 64, text="second")

        assert session.scalars(select(EngineState.text)).all() == ["first"]


def test_reading_session_refuses_to_write(empty):
    with reading(empty) as session:
        session.add(command())

        with pytest.raises(RuntimeError, match="this session only reads"):
            session.flush()


def test_failed_transaction_leaves_nothing(empty):
    def fail():
        with transaction(empty) as session:
            session.add(command())
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    with reading(empty) as session:
        assert session.scalars(select(Command)).all() == []


def test_two_versions_of_a_process_cannot_share_a_number(empty):
    with Session(empty) as session:
        for sha256 in ("a" * 64, "b" * 64):
            session.add(
                ProcessDefinition(
                    key="leave", version=1, sha256=sha256, xml=b"", deployed_at=NOW
                )
            )
        with pytest.raises(
            DBAPIError, match=r"uq_process_definition_key|UNIQUE constraint"
        ):
            session.flush()
