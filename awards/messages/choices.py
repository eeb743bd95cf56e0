"""How people want to be told each kind of thing: at once, once a day, or on the pages only."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import passwords
from awards.errors import BadAddress, WrongPassword
from models.messages import MessageChoice, MessageKind, Way
from models.organisation import Person

USUAL = {
    MessageKind.TASK: Way.DIGEST,
    MessageKind.RETURN: Way.AT_ONCE,
    MessageKind.DECISION: Way.AT_ONCE,
    MessageKind.DELEGATION: Way.AT_ONCE,
    MessageKind.SIGNATURE: Way.AT_ONCE,
    MessageKind.REASSIGNMENT: Way.AT_ONCE,
}
"""What holds for whoever has not chosen: what comes in numbers, once a day."""

LONGEST = 254  # RFC 5321, 4.5.3.1.3
_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_LOCAL})@{_LABEL}(?:\.{_LABEL})+", re.IGNORECASE)
_LONGEST_LOCAL = 64


def address(text: str) -> str | None:
    """An e-mail address as it is kept, or None where there is to be none. Raises BadAddress.

    Plain letters only: what stands in a mail's head cannot say more than it is meant to.
    """
    wanted = text.strip()
    if not wanted:
        return None
    match = _ADDRESS.fullmatch(wanted)
    if not match or not wanted.isascii() or len(wanted) > LONGEST:
        raise BadAddress
    if len(match["local"]) > _LONGEST_LOCAL:
        raise BadAddress
    local, _, domain = wanted.rpartition("@")
    return f"{local}@{domain.lower()}"


def set_address(session: Session, person_id: int, text: str) -> None:
    """Where somebody's mail goes, as an administrator enters it. Raises BadAddress."""
    session.get_one(Person, person_id, with_for_update=True).email = address(text)
    session.flush()


def set_own_address(session: Session, person_id: int, text: str, *, password: str) -> None:
    """The same for oneself. Raises WrongPassword, BadAddress."""
    person = session.get_one(Person, person_id)
    if not passwords.is_right(person.password_hash, password):
        raise WrongPassword
    set_address(session, person_id, text)


def of(session: Session, person_id: int) -> dict[MessageKind, Way]:
    """What somebody has chosen, and the usual way for the rest."""
    return ways(session, [person_id])[person_id]


def ways(session: Session, ids: Collection[int]) -> Mapping[int, dict[MessageKind, Way]]:
    """The same for many."""
    found = {id_: dict(USUAL) for id_ in ids}
    query = select(MessageChoice).where(MessageChoice.person_id.in_(ids))
    for choice in session.scalars(query):
        found[choice.person_id][choice.kind] = choice.way
    return found


def choose(session: Session, person_id: int, wanted: Mapping[MessageKind, Any]) -> None:
    """Keep what somebody has chosen for each kind."""
    for kind, way in wanted.items():
        session.merge(MessageChoice(person_id=person_id, kind=kind, way=Way(way)))
    session.flush()
