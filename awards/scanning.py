"""Files and the virus scanner: what still waits for it, and what becomes of its verdict.

Without a scanner files are clean at once, by policy. With one, nobody opens a file before it has
called it clean: when the scanner is away, files wait, and are sent to it again every minute.
"""

import logging
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import files
from awards.clamd import Clamd, Unreachable, Verdict
from models.awards import Nomination
from models.history import EventKind
from models.papers import Attachment, ScanState
from workflows import history, instances

SECONDS_AT_ONCE = 10  # what a person waits for; after that the file waits instead
SECONDS_LATER = 60
_MOST = 200  # in one round
_OPEN = (ScanState.PENDING, ScanState.FAILED)


def ask(scanner: Clamd, token: str, folder: Path, *, seconds: float) -> Verdict | None:
    """What the scanner says of a stored file, or None when it is away. Outside of transactions."""
    try:
        with files.path_of(token, folder).open("rb") as content:
            return scanner.scan(content, seconds=seconds)
    except FileNotFoundError:
        return Verdict(ScanState.FAILED, "missing")
    except Unreachable as error:
        logging.getLogger(__name__).warning("the virus scanner is away: %s", error)
        return None


def settle(
    session: Session, attachment: Attachment, verdict: Verdict, *, now: datetime
) -> None:
    """Keep a verdict, unless there is a final one, and tell it in the history."""
    nomination = session.get_one(Nomination, attachment.nomination_id)
    instance = instances.lock(session, nomination.instance_id)
    session.refresh(attachment)
    if attachment.scan_state not in _OPEN or attachment.scan_state == verdict.state:
        return
    attachment.scan_state, attachment.scan_finding = verdict.state, verdict.finding
    history.append(
        session,
        instance,
        EventKind.FILE_SCANNED,
        actor=None,
        now=now,
        attachment=attachment.id,
        sha256=attachment.sha256,
        scan=verdict.state.value,
        finding=verdict.finding,
    )
    session.flush()


def waiting(session: Session) -> list[tuple[int, str]]:
    """The files that the scanner has not seen yet, oldest first, as id and token."""
    query = select(Attachment.id, Attachment.token).where(
        Attachment.scan_state == ScanState.PENDING
    )
    rows = session.execute(query.order_by(Attachment.id).limit(_MOST))
    return [(attachment_id, token) for attachment_id, token in rows]
