"""What is done every minute: deadlines, scanning, messages, texts, the log, backups, counts.

Each round is safe to repeat and says what failed; the next one tries it again.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from awards import (
    delegations,
    entered,
    exports,
    posts,
    scanning,
    special_days,
    tallies,
    units,
)
from awards.clamd import Clamd, Verdict
from awards.messages import checkpoint_letters, digests, outbox, telling
from awards.messages.smtp import Server
from awards.signed import keeping
from keeping import backup
from models.papers import Attachment
from models.session import reading, transaction
from models.signed_papers import SignedPaper
from settings import Settings
from workflows import checkpoints, key_files, records, sealing, sweeping

SIGN_EVERY = timedelta(minutes=10)
_MOST_ROUNDS = 100  # of counting in one minute: others get their turn


def sweep_deadlines(engine: Engine) -> None:
    """Do all that the minute brings; what fails is told and tried again the next."""
    try:
        with reading(engine) as session:
            special_days.load(session)
        sweeping.sweep(engine, datetime.now(UTC))
    except* Exception:
        logging.getLogger(__name__).exception("the sweep of deadlines failed")
    for duty in (
        units.carry_out_due,
        posts.release_ended,
        delegations.begin_due,
        exports.remove_expired,
    ):
        try:
            with transaction(engine) as session:
                duty(session, datetime.now(UTC))
        except Exception:
            logging.getLogger(__name__).exception("%s failed", duty.__name__)


def scan_files(engine: Engine, settings: Settings) -> None:
    """Send the scanner what it has not seen yet, but while it is away. Without one, files wait."""
    if not settings.clamd:
        return
    asked = partial(scanning.ask, Clamd(settings.clamd), seconds=scanning.SECONDS_LATER)
    tables: tuple[type[Attachment | SignedPaper], ...] = (Attachment, SignedPaper)
    for table in tables:
        with reading(engine) as session:
            waiting = scanning.waiting(session, table)
        for file_id, token in waiting:
            verdict = asked(token, settings.uploads)
            if verdict is None:  # away: the others wait as well
                return
            with transaction(engine) as session:
                _settle(session, table, file_id, verdict)


def _settle(
    session: Session,
    table: type[Attachment] | type[SignedPaper],
    file_id: int,
    verdict: Verdict,
) -> None:
    now = datetime.now(UTC)
    if table is SignedPaper:
        row = session.get_one(SignedPaper, file_id)
        keeping.settle(session, row, verdict, now=now)
    else:
        scanning.settle(session, session.get_one(Attachment, file_id), verdict, now=now)


def tell_people(engine: Engine, server: Server | None) -> None:
    """Tell people what has happened and send what waits; what fails is tried again in a minute."""
    by_mail = server is not None
    duties: list[Callable[[Session, datetime], bool | None]] = [
        partial(telling.tell, by_mail=by_mail),
        partial(telling.tell_signers, by_mail=by_mail),
        partial(telling.tell_delegates, by_mail=by_mail),
    ]
    if by_mail:
        duties += [digests.make_some, checkpoint_letters.make_some]
    for duty in duties:
        try:
            more: bool | None = True
            while more:
                with transaction(engine) as session:
                    more = duty(session, datetime.now(UTC))
        except Exception:
            logging.getLogger(__name__).exception("telling people failed")
    if server is not None:
        try:
            outbox.deliver(engine, server, lambda: datetime.now(UTC))
        except Exception:
            logging.getLogger(__name__).exception("sending mail failed")


def gather_texts(engine: Engine) -> None:
    """Let the search find what people have entered lately; what fails is tried again."""
    try:
        more = True
        while more:
            with transaction(engine) as session:
                more = entered.follow(session)
    except Exception:
        logging.getLogger(__name__).exception("gathering texts for the search failed")


def seal_history(engine: Engine, settings: Settings, *, at_once: bool = False) -> None:
    """Give every event its place in the log; sign it every ten minutes, or `at_once`.

    Raises what keeps it from being signed: BadCheckpointKey, LogBroken.
    """
    more = True
    while more:
        with transaction(engine) as session:
            more = bool(records.note_some(session))
    for kind in sealing.SOURCES:
        count = sealing.AT_ONCE
        while count == sealing.AT_ONCE:
            with transaction(engine) as session:
                count = sealing.seal_some(session, kind)
    now = datetime.now(UTC)
    with transaction(engine) as session:
        last = checkpoints.newest(session)
        if at_once or last is None or now - last.signed_at >= SIGN_EVERY:
            key = key_files.load_or_make(settings.checkpoint_key)
            checkpoints.sign(session, key, settings.log_name, now)


def seal_quietly(engine: Engine, settings: Settings, *, at_once: bool = False) -> None:
    """As `seal_history`; what fails is tried again."""
    try:
        seal_history(engine, settings, at_once=at_once)
    except Exception:
        logging.getLogger(__name__).exception("sealing the history failed")


def back_up(engine: Engine, settings: Settings) -> None:
    """Make a backup if the time has come, where a folder for them is set."""
    if settings.backups is None:
        return
    try:
        made = backup.make_if_due(engine, settings, datetime.now(UTC))
    except Exception:
        logging.getLogger(__name__).exception("making a backup failed")
    else:
        if made is not None and made.missing:
            logging.getLogger(__name__).error(
                "files are not as they were attached: %s", ", ".join(made.missing)
            )


def count_history(engine: Engine) -> None:
    """Count for good what has happened, so that pages have little left to count."""
    try:
        for _ in range(_MOST_ROUNDS):
            with transaction(engine) as session:
                if not tallies.fold(session):
                    return
    except Exception:
        logging.getLogger(__name__).exception("counting the history failed")
