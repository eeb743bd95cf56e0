"""The words people enter at steps, gathered for the search behind the acts, which wait for nothing.

They are taken up from the history, in the background; what was erased before is empty by then, and
who erases meanwhile waits until this has come to its end, and takes away what it has gathered.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session, joinedload

from awards import nominations, text
from models import search
from models.awards import Nomination
from models.history import HistoryEvent, HistoryMark
from models.search import EnteredText
from models.tasks import Submission
from models.writing import insert_all
from workflows import following, history

READER = "search"
AT_ONCE = 500
_LONGEST = 100_000  # characters that are searched in what was entered in one act
_NAMES = tuple(
    joinedload(name) for name in (Nomination.nominee, Nomination.unit, Nomination.award)
)
_FOR_PROGRAMS = re.compile(r"[a-z0-9_-]*\Z")


def follow(session: Session) -> bool:
    """Gather what was entered in the next acts; whether there may be more of them."""
    up_to = following.settled(session)
    if up_to is None:
        return False
    events = following.take(session, READER, up_to, AT_ONCE)
    _gather(session, Submission.id.in_(_entries(events)))
    return len(events) == AT_ONCE


def texts(value: object) -> Iterator[str]:
    """What somebody has typed in an entry: not numbers, dates and choices from a list."""
    if isinstance(value, str):
        if not _FOR_PROGRAMS.match(value):
            yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def forget(session: Session, nomination: Nomination) -> None:
    """Take away what is searched of a nomination whose words are erased."""
    mine = EnteredText.nomination_id == nomination.id
    session.execute(delete(EnteredText).where(mine))


def begin_rebuild(session: Session) -> None:
    """Let the background go on behind what has happened up to now: that is gathered at once."""
    up_to = following.settled(session)
    mark = _turn(session)
    mark.read_to = mark.read_to if up_to is None else up_to


def rebuild_some(session: Session, after: int) -> tuple[int, int]:
    """Write anew by which words the next nominations are found; the last id, and how many."""
    _turn(session)
    query = select(Nomination).where(Nomination.id > after).order_by(Nomination.id)
    found = session.scalars(query.limit(AT_ONCE).options(*_NAMES)).all()
    for nomination in found:
        words = nominations.words_of(nomination)
        if nomination.search_text != words:
            nomination.search_text = words
    ids = [nomination.id for nomination in found]
    session.execute(delete(EnteredText).where(EnteredText.nomination_id.in_(ids)))
    _gather(session, Nomination.id.in_(ids))
    return (ids[-1] if ids else after), len(ids)


def end_rebuild(session: Session) -> None:
    """Make the database's own index anew."""
    for table in search.SEARCHED:
        search.rebuild(session, table)


def _turn(session: Session) -> HistoryMark:
    """The mark, held until the end: one at a time gathers."""
    query = select(HistoryMark).where(HistoryMark.reader == READER).with_for_update()
    return session.scalars(query).one()


def _entries(events: Sequence[HistoryEvent]) -> Collection[int]:
    told = (history.details(event).get("submission") for event in events)
    return [entry for entry in told if isinstance(entry, int)]


def _gather(session: Session, which: ColumnElement[bool]) -> None:
    """Write the words of these entries, in place of what may be there; takers take turns."""
    rows = [
        {
            "submission_id": entry.id,
            "nomination_id": nomination_id,
            "element_id": entry.element_id,
            "search_text": words,
        }
        for entry, nomination_id in session.execute(_query().where(which))
        if (words := text.searchable(*texts(entry.content))[:_LONGEST])
    ]
    ids = [row["submission_id"] for row in rows]
    session.execute(delete(EnteredText).where(EnteredText.submission_id.in_(ids)))
    insert_all(session, EnteredText, rows)


def _query() -> Select[Submission, int]:
    """Held until the end: whoever would erase one of them waits."""
    return (
        select(Submission, Nomination.id)
        .join(Nomination, Nomination.instance_id == Submission.instance_id)
        .order_by(Submission.id)
        .with_for_update(read=True, of=Submission)
    )
