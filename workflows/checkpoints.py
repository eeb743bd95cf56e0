"""Signed checkpoints of the log, and what can be proved against them.

A checkpoint that has left the building binds us: whatever is done to the database later, the log
must go on from it, and whoever has it can ask for the proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.log import Checkpoint, CheckpointKey
from workflows import key_files, merkle, notes, sealing, tree
from workflows.errors import LogBroken
from workflows.notes import Note


class Verdict(StrEnum):
    """What our log says of a checkpoint from elsewhere."""

    CONTAINED = "contained"
    DIFFERENT = "different"
    UNKNOWN_KEY = "unknown_key"
    NOT_OURS = "not_ours"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Consistency:
    """The proof that the log of one checkpoint begins with that of another; whether it holds."""

    old: Checkpoint
    new: Checkpoint
    proof: Sequence[bytes]
    holds: bool


def sign(
    session: Session, key: Ed25519PrivateKey, name: str, now: datetime
) -> Checkpoint | None:
    """Sign the log as it stands, unless that is done already; None while there is nothing in it.

    Raises LogBroken when it does not continue what was signed last.
    """
    sealing.hold(session)
    size, last = tree.size(session), newest(session)
    if last is not None and last.size >= size:
        _refuse_if_broken(session, last, size)
        return last
    if not size:
        return None
    if last is not None:
        _refuse_if_broken(session, last, size)
    known = keep_key(session, key, name, now)
    at = now.astimezone(UTC).replace(microsecond=0)
    root = tree.root(session, size)
    checkpoint = Checkpoint(
        size=size,
        root=root,
        key=known,
        signed_at=at,
        signature=notes.sign(notes.statement(known.name, size, root, at), key),
    )
    session.add(checkpoint)
    session.flush()
    return checkpoint


def keep_key(
    session: Session,
    key: Ed25519PrivateKey,
    name: str,
    now: datetime,
    *,
    introduced_by: Ed25519PrivateKey | None = None,
) -> CheckpointKey:
    """The row of a key, made at its first use. Its log is called as it was from the first key on.

    Where the key before it is at hand, that one introduces it.
    """
    first = session.scalars(
        select(CheckpointKey).order_by(CheckpointKey.first_used_at)
    ).first()
    name = first.name if first else name
    public = key_files.public(key)
    known = session.get(CheckpointKey, notes.key_id(name, public))
    if known is not None:
        return known
    known = CheckpointKey(
        id=notes.key_id(name, public), name=name, public_key=public, first_used_at=now
    )
    if introduced_by is not None:
        known.endorsed_by = notes.key_id(name, key_files.public(introduced_by))
        known.endorsement = notes.sign(notes.introduction(name, public), introduced_by)
    session.add(known)
    session.flush()
    return known


def newest(session: Session) -> Checkpoint | None:
    """The last one that was signed."""
    return session.scalars(
        select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)
    ).first()


def keys(session: Session) -> Sequence[CheckpointKey]:
    """Every key that has ever signed, the oldest first."""
    query = select(CheckpointKey).order_by(CheckpointKey.first_used_at, CheckpointKey.id)
    return session.scalars(query).all()


def note(checkpoint: Checkpoint) -> Note:
    """A checkpoint as it leaves the building."""
    return Note(
        checkpoint.key.name,
        checkpoint.size,
        checkpoint.root,
        checkpoint.signed_at,
        checkpoint.key.id,
        checkpoint.signature,
    )


def notes_of_all(session: Session) -> list[Note]:
    """Every checkpoint there is as it left the building, the oldest first."""
    rows = session.scalars(select(Checkpoint).order_by(Checkpoint.size))
    return [note(row) for row in rows]


def is_signed(checkpoint: Checkpoint) -> bool:
    """Whether it is signed by the key that it names."""
    return note(checkpoint).is_signed_by(checkpoint.key.public_key)


def between(session: Session, old: Checkpoint, new: Checkpoint) -> Consistency:
    """Prove that the log only grew from one checkpoint to the other, and try the proof."""
    if old.size > new.size:
        old, new = new, old
    try:
        proof = merkle.consistency(old.size, new.size, tree.stored(session))
    except IndexError:
        return Consistency(old, new, (), holds=False)
    holds = merkle.is_consistent(old.size, new.size, old.root, new.root, proof)
    return Consistency(old, new, proof, holds and is_signed(old) and is_signed(new))


def judge(
    session: Session, theirs: Note, *, others: Sequence[CheckpointKey] = ()
) -> Verdict:
    """Whether our log contains the checkpoint that somebody brings.

    `others` are keys of this log that may have come after what this database holds.
    """
    known = {key.id: key for key in (*others, *keys(session))}
    if theirs.name not in {key.name for key in known.values()}:
        return Verdict.NOT_OURS
    key = known.get(theirs.key_id)
    if key is None or not theirs.is_signed_by(key.public_key):
        return Verdict.UNKNOWN_KEY
    if theirs.size > tree.size(session):
        return Verdict.BEYOND
    try:
        ours = tree.root(session, theirs.size)
    except IndexError:
        return Verdict.DIFFERENT
    return Verdict.CONTAINED if ours == theirs.root else Verdict.DIFFERENT


def _refuse_if_broken(session: Session, last: Checkpoint, size: int) -> None:
    try:
        is_whole = size >= last.size and tree.root(session, last.size) == last.root
    except IndexError:
        is_whole = False
    if not is_whole:
        raise LogBroken(size=last.size)
