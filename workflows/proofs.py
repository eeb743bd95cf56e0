"""Proofs as they are handed out: one event in the log, and one log continuing another."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import HistoryEvent
from models.log import Checkpoint, LeafSource
from models.process import ProcessInstance
from workflows import checkpoints, merkle, sealing, tree
from workflows.checkpoints import Consistency


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an event stands at a place of the log of a checkpoint. `holds` once it was tried."""

    event: HistoryEvent
    place: int
    leaf: bytes
    proof: Sequence[bytes]
    checkpoint: Checkpoint
    holds: bool

    def as_json(self) -> dict[str, object]:
        """Everything somebody needs to try it again."""
        return {
            "body": self.event.body,
            "place": self.place,
            "leaf": _text(self.leaf),
            "proof": [_text(one) for one in self.proof],
            "checkpoint": str(checkpoints.note(self.checkpoint)),
        }


def of_event(session: Session, business_key: str, sequence: int) -> Inclusion | None:
    """The proof for one event against the newest checkpoint; None while none covers it."""
    query = select(HistoryEvent).join(
        ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id
    )
    event = session.scalars(
        query.where(
            ProcessInstance.business_key == business_key, HistoryEvent.sequence == sequence
        )
    ).first()
    newest = checkpoints.newest(session)
    if event is None or newest is None:
        return None
    place = sealing.place_of(session, LeafSource.HISTORY, event.id)
    if place is None or place >= newest.size:
        return None
    leaf = sealing.leaf_hash(event.body)
    try:
        proof = merkle.inclusion(place, newest.size, tree.stored(session))
    except IndexError:
        return Inclusion(event, place, leaf, (), newest, holds=False)
    holds = merkle.is_included(leaf, place, newest.size, proof, newest.root)
    is_signed = checkpoints.is_signed(newest)
    return Inclusion(event, place, leaf, proof, newest, holds=holds and is_signed)


def consistency_json(found: Consistency) -> dict[str, object]:
    """Everything somebody needs to try it again."""
    return {
        "old": str(checkpoints.note(found.old)),
        "new": str(checkpoints.note(found.new)),
        "proof": [_text(one) for one in found.proof],
    }


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
