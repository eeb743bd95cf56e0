"""What a database must show before anybody relies on it, and what it lacks beside another."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from awards import reads
from keeping import contents
from models.log import CheckpointKey
from workflows import checkpoints, history, log_checks, tree
from workflows.checkpoints import Verdict
from workflows.notes import Note

_REFUSED = {
    Verdict.DIFFERENT: "it holds another log than the checkpoint of {at} over {size} events.",
    Verdict.UNKNOWN_KEY: "no key in it has signed the checkpoint of {at}. Take an earlier one, "
    "if the key was changed since the backup.",
    Verdict.NOT_OURS: "the checkpoint of {at} is of another log, {name}.",
}


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Checkpoints from elsewhere, and the keys that may have signed them beside the known ones."""

    notes: Sequence[Note] = ()
    keys: Sequence[CheckpointKey] = ()


NO_WITNESSES = Witnesses()


def first_fault(session: Session) -> tuple[int, str]:
    """How many events hold, and the first thing in any history, or in their log, that does not."""
    checked = 0
    with closing(history.verify_all(session)) as found:
        for instance, fault in found:
            if fault is not None:
                place = f"{fault.business_key}: event {fault.sequence}"
                return checked, f"{place}: {fault.message}"
            checked += instance.history_length
    bad = reads.verify_all(session)
    if bad is not None:
        return checked, f"Reads of {bad.chain}: event {bad.sequence}: {bad.message}"
    broken = log_checks.verify(session)
    if broken is not None:
        return checked, f"Log, {broken.at}: {broken.message}"
    return checked, ""


def contradiction(session: Session, witnesses: Witnesses) -> str:
    """Why the log cannot be the one that checkpoints from elsewhere have seen, or nothing.

    A log that ends before a checkpoint does not contradict it: `cut` says what it lacks.
    """
    for note in witnesses.notes:
        verdict = checkpoints.judge(session, note, others=witnesses.keys)
        if verdict in _REFUSED:
            return _REFUSED[verdict].format(at=note.at, size=note.size, name=note.name)
    return ""


def cut(session: Session, witnesses: Witnesses) -> tuple[int, int] | None:
    """The first and the last number in the log that a checkpoint covers and this log lacks."""
    size = tree.size(session)
    seen = max((note.size for note in witnesses.notes), default=0)
    return (size + 1, seen) if seen > size else None


def missing(there: Connection, here: Connection) -> dict[str, tuple[int, int]]:
    """The events that are there and not here: first and last number, by nomination."""
    known = {code: length for code, length, _head in contents.chains(here)}
    found = {}
    for code, length, _head in contents.chains(there):
        if known.get(code, 0) < length:
            found[code] = (known.get(code, 0) + 1, length)
    return found
