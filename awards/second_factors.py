"""The second factor of those who could do most harm: one-time codes by RFC 6238, each good once.

A device's secret is not kept: it follows from a salt and the server's key, so that the database
alone opens nothing. What was enrolled under an earlier key is good while that key is kept.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from awards import guessing
from models.organisation import Role
from models.second_factors import RecoveryCode, SecondFactor
from workflows.actors import Actor
from workflows.canonical import sha256
from workflows.errors import NotAllowed

ROLES = (
    Role.CHAIRMAN,
    Role.COUNCIL_MEMBER,
    Role.AUDITOR,
    Role.PROCESS_ADMIN,
    Role.SYSTEM_ADMIN,
)
ISSUER = "Vinh Danh"
RECOVERY_CODES = 10
_STEP = 30  # seconds
_SLACK = 1  # steps before and after: clocks of phones


def is_due(actor: Actor) -> bool:
    """Whether the actor's posts ask for a second factor."""
    return actor.has(*ROLES)


def find(session: Session, person_id: int) -> SecondFactor | None:
    """The person's device, if one is enrolled."""
    return session.get(SecondFactor, person_id)


def fresh_salt() -> bytes:
    """What a new device's secret is to follow from."""
    return secrets.token_bytes(20)


def secret(key: str, person_id: int, salt: bytes) -> str:
    """The secret of a device, as its owner may type it: 32 letters and figures."""
    message = f"second factor {person_id} ".encode() + salt
    return base64.b32encode(
        hmac.digest(key.encode(), message, hashlib.sha256)[:20]
    ).decode()


def address(key: str, person_id: int, salt: bytes, login: str) -> str:
    """What the picture to scan says."""
    totp = pyotp.TOTP(secret(key, person_id, salt))
    return str(totp.provisioning_uri(name=login, issuer_name=ISSUER))


def enrol(
    session: Session, person_id: int, salt: bytes, code: str, *, key: str, now: datetime
) -> list[str]:
    """Keep a device that has shown a right code. Gives the recovery codes, shown this once.

    Nothing is kept, and none given, when the code is wrong. Raises NotAllowed when the person has a
    device already.
    """
    if find(session, person_id) is not None:
        raise NotAllowed
    step = _step_of(secret(key, person_id, salt), code, now)
    if step is None:
        return []
    session.add(
        SecondFactor(person_id=person_id, salt=salt, enrolled_at=now, last_step=step)
    )
    codes = [_grouped(secrets.token_hex(10)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=_digest(code)) for code in codes
    )
    session.flush()
    return codes


def check(
    session: Session,
    person_id: int,
    code: str,
    *,
    key: str,
    now: datetime,
    old_keys: Sequence[str] = (),
) -> bool:
    """Take a code of the device, or a recovery code; each is good once.

    `old_keys` are those that were the server's before, and are still taken.

    Who guesses waits longer and longer, and is told what everybody is told.
    """
    subject = guessing.code(person_id)
    device = session.get(SecondFactor, person_id, with_for_update=True)
    if device is None or guessing.is_closed(session, (subject,), now):
        return False
    secrets_ = [secret(one, person_id, device.salt) for one in (key, *old_keys)]
    steps = [_step_of(one, code, now) for one in secrets_]
    step = next((one for one in steps if one is not None), None)
    if step is not None and step > device.last_step:
        device.last_step = step
    elif not _recover(session, person_id, code, now):
        guessing.failed(session, (subject,), now)
        return False
    guessing.succeeded(session, subject)
    session.flush()
    return True


def left(session: Session, person_id: int) -> int:
    """How many recovery codes are not used yet."""
    query = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(query) or 0


def forget(session: Session, person_id: int, *, by: Actor) -> None:
    """Let somebody who has lost the device enrol another. Nobody does that for himself."""
    if person_id == by.id:
        raise NotAllowed
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def _step_of(secret_: str, code: str, now: datetime) -> int | None:
    """The half minute for which a code is right, of those near now."""
    typed = "".join(code.split())
    current = int(now.timestamp()) // _STEP
    found = None
    for step in range(current - _SLACK, current + _SLACK + 1):
        right = pyotp.HOTP(secret_).at(step)
        if hmac.compare_digest(right.encode(), typed.encode()):
            found = step
    return found


def _recover(session: Session, person_id: int, code: str, now: datetime) -> bool:
    query = select(RecoveryCode).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.code_hash == _digest(code),
        RecoveryCode.used_at.is_(None),
    )
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        return False
    row.used_at = now
    return True


def _digest(code: str) -> str:
    """Eighty random bits need no slow hash."""
    return sha256("".join(code.split()).replace("-", "").lower())


def _grouped(code: str) -> str:
    return "-".join(code[n : n + 5] for n in range(0, len(code), 5))
