"""Rows written past the unit of work: what is in the database, and what the objects say after."""

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from models.process import EngineState, InstanceStatus, ProcessInstance
from models.session import reading, transaction
from models.tasks import Command
from models.writing import insert, insert_all, insert_numbered, save
from tests import factories
from tests.conftest import NOW


def command(key):
    return {"key": key, "kind": "test", "actor_id": 1, "subject_id": 1, "done_at": NOW}


def statements(engine):
    sent = []
    event.listen(engine, "before_cursor_execute", lambda *said: sent.append(said[2]))
    return sent


def test_rows_are_inserted_as_the_unit_of_work_would(empty):
    with transaction(empty) as session:
        insert(session, Command, **command("one"))
        insert_all(session, Command, [command("two"), command("three")])
        insert_all(session, Command, [])

    with reading(empty) as session:
        rows = {row.key: row.done_at for row in session.scalars(select(Command))}
        assert rows == {"one": NOW, "two": NOW, "three": NOW}


def test_rows_of_one_table_go_in_one_statement(empty):
    with transaction(empty) as session:
        session.connection()
        sent = statements(empty)
        insert_all(session, Command, [command("one"), command("two")])

        assert len(sent) == 1


def test_number_given_is_the_rows_own(province):
    with transaction(province) as session:
        nomination = factories.begin(session, has_papers=False)
        values = {
            "definition_id": nomination.instance.definition_id,
            "state_hash": nomination.instance.state_hash,
            "variables": {"a": 1},
            "status": InstanceStatus.RUNNING,
            "history_length": 0,
            "history_head": "0" * 64,
            "started_at": NOW,
            "revision": 1,
        }
        ids = [
            insert_numbered(session, ProcessInstance, business_key=key, **values)
            for key in ("first", "second")
        ]
        found = [session.get_one(ProcessInstance, id_) for id_ in ids]

        assert [row.business_key for row in found] == ["first", "second"]
        assert found[0].variables == {"a": 1}


def test_saved_row_is_written_once_and_known_to_be(province):
    with transaction(province) as session:
        instance = factories.begin(session, has_papers=False).instance
        before = instance.revision
        instance.result, instance.variables = "done", {"a": None}
        sent = statements(province)
        save(session, instance)
        save(session, instance)
        session.flush()

        assert len(sent) == 1
        assert instance.revision == before + 1
        assert not session.dirty

    with reading(province) as session:
        found = session.get_one(ProcessInstance, instance.id)
        assert (found.result, found.variables, found.revision) == (
            "done",
            {"a": None},
            before + 1,
        )


def test_row_changed_by_somebody_else_is_not_saved(province):
    with transaction(province) as session:
        instance = factories.begin(session, has_papers=False).instance
        session.execute(text("UPDATE process_instance SET revision = revision + 1"))
        instance.result = "done"

        with pytest.raises(StaleDataError, match="was changed by somebody else"):
            save(session, instance)
        session.rollback()


def test_what_the_database_refuses_is_raised_as_ever(empty):
    with transaction(empty) as session:
        insert(session, EngineState, hash="a" * 64, text="{}")

        with pytest.raises(DBAPIError):
            insert(session, EngineState, hash="a" * 64, text="{}")
        session.rollback()
