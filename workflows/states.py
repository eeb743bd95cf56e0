"""Markings in the database: one row per state, shared by every case that is in it."""

from weakref import WeakKeyDictionary

from sqlalchemy import Pool
from sqlalchemy.orm import Session

from models import gathering
from models.process import EngineState
from models.writing import insert_absent
from workflows import engine
from workflows.engine import Marking

REMEMBERED = 10_000
_MARKINGS: dict[str, Marking] = {}
_KEPT: WeakKeyDictionary[Pool, set[str]] = WeakKeyDictionary()
"""The states that were found in a database, committed by another transaction: they stay there."""


def save(session: Session, marking: Marking) -> str:
    """Keep the state's text unless it is kept already; gives its hash."""
    state = marking.state
    gathered = gathering.of(session)
    if gathered and state in gathered.states:
        return state
    kept = _KEPT.setdefault(session.connection().engine.pool, set())
    if state in kept:
        return state
    ours: set[str] = session.info.setdefault("states", set())
    if insert_absent(session, EngineState, hash=state, text=marking.text):
        ours.add(state)  # may yet be rolled back, as a whole or to a savepoint
    elif state not in ours:
        _make_room(kept)
        kept.add(state)
    if gathered:
        gathered.states.add(state)
    return state


def load(session: Session, state_hash: str) -> Marking:
    """The marking with this hash. A hash has one text in every database."""
    if state_hash not in _MARKINGS:
        _make_room(_MARKINGS)
        text = session.get_one(EngineState, state_hash).text
        _MARKINGS[state_hash] = engine.marking(text)
    return _MARKINGS[state_hash]


def _make_room(memory: dict[str, Marking] | set[str]) -> None:
    if len(memory) >= REMEMBERED:
        memory.clear()
