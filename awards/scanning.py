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
from models.signed_papers import SignedPaper
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
    if not is_news(attachment, verdict):
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


def is_news(file: Attachment | SignedPaper, verdict: Verdict) -> bool:
    """Whether a verdict changes how a file stands: what is clean or infected stays so."""
    return file.scan_state in _OPEN and file.scan_state != verdict.state


def waiting(
    session: Session, table: type[Attachment] | type[SignedPaper] = Attachment
) -> list[tuple[int, str]]:
    """The files that the scanner has not seen yet, oldest first, as id and token."""
    query = select(table.id, table.token).where(table.scan_state == ScanState.PENDING)
    rows = session.execute(query.order_by(table.id).limit(_MOST))
    return [(file_id, token) for file_id, token in rows]
