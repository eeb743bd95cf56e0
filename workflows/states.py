"""Markings in the database: one row per state, shared by every case that is in it."""

from functools import lru_cache

from sqlalchemy.orm import Session

from models.process import EngineState
from models.upsert import insert_absent
from workflows import engine
from workflows.engine import Marking

_marking = lru_cache(maxsize=10_000)(engine.marking)


def save(session: Session, marking: Marking) -> str:
    """Keep the state's text unless it is kept already; gives its hash."""
    insert_absent(session, EngineState, hash=marking.state, text=marking.text)
    return marking.state


def load(session: Session, state_hash: str) -> Marking:
    """The marking with this hash."""
    return _marking(session.get_one(EngineState, state_hash).text)
