"""Whose account somebody at an OpenID provider may sign in to. No account is ever made by it.

A person is expected by a name, for a week, or links the own account while signed in. From then on
the subject alone counts: a name that changes hands at the provider opens nothing here.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from awards import sign_ins
from awards.errors import NobodyHere, TakenByAnother
from awards.providers import Flow, Identity, plain_name
from models.organisation import Person
from models.provider_accounts import ProviderAccount
from workflows.errors import NotAllowed

EXPECTED_FOR = timedelta(days=7)


def find(session: Session, person_id: int) -> ProviderAccount | None:
    """The person's account at the provider: linked, or expected."""
    return session.get(ProviderAccount, person_id)


def expect(
    session: Session, person_id: int, name: str, *, issuer: str, by: int, now: datetime
) -> ProviderAccount:
    """Let whoever the provider calls so be this person, from the first sign-in on.

    What was linked before is so no more. Raises NotAllowed for one's own account, TakenByAnother
    when somebody else is expected by that name.
    """
    wanted = plain_name(name)
    if person_id == by:
        raise NotAllowed
    if any(row.person_id != person_id for row in _expected(session, wanted, issuer, now)):
        raise TakenByAnother
    session.get_one(Person, person_id, with_for_update=True)
    if find(session, person_id) is not None:
        forget(session, person_id, now=now)
    row = ProviderAccount(
        person_id=person_id, issuer=issuer, name=wanted, expected_by=by, expected_at=now
    )
    session.add(row)
    session.flush()
    return row


def link(session: Session, person_id: int, identity: Identity, now: datetime) -> None:
    """Link one's own account. Raises TakenByAnother when that identity is somebody else's."""
    owner = _owner(session, identity)
    if owner is not None and owner.person_id != person_id:
        raise TakenByAnother
    row = session.get(ProviderAccount, person_id, with_for_update=True)
    if row is None:
        row = ProviderAccount(person_id=person_id, issuer=identity.issuer, name="")
        session.add(row)
    _bind(row, identity, now)
    session.flush()


def forget(session: Session, person_id: int, *, now: datetime, but: str = "") -> None:
    """Link and expect nobody any more; every session but this token's ends."""
    session.execute(delete(ProviderAccount).where(ProviderAccount.person_id == person_id))
    sign_ins.end_all(session, person_id, now, but=but)


def sign_in(
    session: Session, identity: Identity, flow: Flow, *, device: str, now: datetime
) -> str:
    """Begin a session of the person whom the provider has named; gives its token.

    Raises NobodyHere when it is nobody's identity, or that of a closed account, and FlowIsOver
    when this flow has begun a session before.
    """
    row = _owner(session, identity) or _newcomer(session, identity, now)
    if row is None or not row.person.is_active:
        raise NobodyHere
    if row.subject is None:
        _bind(row, identity, now)
    return sign_ins.begin(session, row.person_id, device=device, now=now, flow=flow.nonce)


def _owner(session: Session, identity: Identity) -> ProviderAccount | None:
    query = select(ProviderAccount).where(
        ProviderAccount.issuer == identity.issuer,
        ProviderAccount.subject == identity.subject,
    )
    return session.scalars(query.with_for_update()).first()


def _newcomer(
    session: Session, identity: Identity, now: datetime
) -> ProviderAccount | None:
    """Who is expected by this name, if that is one person."""
    rows = _expected(session, identity.name, identity.issuer, now) if identity.name else []
    return rows[0] if len(rows) == 1 else None


def _expected(
    session: Session, name: str, issuer: str, now: datetime
) -> list[ProviderAccount]:
    query = select(ProviderAccount).where(
        ProviderAccount.issuer == issuer,
        ProviderAccount.name == name,
        ProviderAccount.subject.is_(None),
        ProviderAccount.expected_at > now - EXPECTED_FOR,
    )
    return list(session.scalars(query.with_for_update()).all())


def _bind(row: ProviderAccount, identity: Identity, now: datetime) -> None:
    row.issuer, row.subject, row.linked_at = identity.issuer, identity.subject, now
    row.name = identity.name or row.name
