"""States are kept once; that one is kept already is believed only when another has committed it."""

from sqlalchemy import select

from models.process import EngineState
from models.session import reading, transaction
from workflows import states
from workflows.engine import Marking

MARKING = Marking('{"at":["here"],"ended":null,"waits":[]}', (), None)


def save(engine):
    with transaction(engine) as session:
        return states.save(session, MARKING)


def kept(engine):
    with reading(engine) as session:
        return list(session.scalars(select(EngineState.hash)))


def test_state_is_kept_once_however_often_it_is_saved(empty):
    hashes = {save(empty) for _ in range(4)}

    assert kept(empty) == [MARKING.state]
    assert hashes == {MARKING.state}


def test_state_that_was_rolled_back_is_kept_the_next_time(empty):
    with transaction(empty) as session:
        states.save(session, MARKING)
        states.save(session, MARKING)
        session.rollback()
    save(empty)

    assert kept(empty) == [MARKING.state]


def test_state_that_was_rolled_back_to_a_savepoint_is_kept_after_it(empty):
    with transaction(empty) as session:
        part = session.begin_nested()
        states.save(session, MARKING)
        states.save(session, MARKING)
        part.rollback()
        states.save(session, MARKING)

    assert kept(empty) == [MARKING.state]


def test_state_known_in_one_database_is_kept_in_another(empty, province):
    for _ in range(3):
        save(empty)
    save(province)

    assert MARKING.state in kept(province)


def test_memory_of_states_makes_room(empty, monkeypatch):
    monkeypatch.setattr(states, "REMEMBERED", 1)
    for number in range(3):
        for _ in range(3):
            with transaction(empty) as session:
                text = f'{{"at":["{number}"],"ended":null,"waits":[]}}'
                hash_ = states.save(session, Marking(text, (), None))
                assert states.load(session, hash_).text == text

    assert len(kept(empty)) == 3
