"""The history: append to an instance's chain, and prove that nobody touched it since.

Bodies hold ids, enums, state hashes and salted hashes of what was entered, never the words
themselves, so that words can be erased and the chain still holds.
"""

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from models.tasks import Submission
from models.writing import insert, insert_all
from workflows.actors import Actor, Post
from workflows.canonical import NO_SALT, canonical, salted, sha256
from workflows.words import N_

GENESIS = "0" * 64
FORMAT = 1
Evidence: TypeAlias = Callable[
    [Session, ProcessInstance, Sequence[HistoryEvent]], tuple[int, str] | None
]
_EVIDENCE: list[Evidence] = []
_GATHERED = "events"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing in an instance's history that does not hold."""

    business_key: str
    sequence: int
    message: str


def evidence(check: Evidence) -> Evidence:
    """Register what else must agree with a chain that holds.

    `check(session, instance, events)` gives the sequence number and the message of its first
    fault, or None.
    """
    _EVIDENCE.append(check)
    return check


def append(
    session: Session,
    instance: ProcessInstance,
    kind: EventKind,
    *,
    actor: Actor | None,
    now: datetime,
    post: Post | None = None,
    **details: object,
) -> None:
    """Write the next event of the instance's chain, in the transaction of the change it tells.

    The caller holds the instance's lock; an automatic act has no actor.
    """
    event = link(instance, kind, actor=actor, now=now, post=post, **details)
    gathered: list[dict[str, object]] | None = session.info.get(_GATHERED)
    if gathered is None:
        insert(session, HistoryEvent, **event)
    else:
        gathered.append(event)


def link(
    instance: ProcessInstance,
    kind: EventKind,
    *,
    actor: Actor | None,
    now: datetime,
    post: Post | None = None,
    **details: object,
) -> dict[str, object]:
    """The row of the next event of a chain, whose head the instance now carries."""
    sequence = instance.history_length + 1
    text = canonical(
        {
            "format": FORMAT,
            "instance": instance.id,
            "business_key": instance.business_key,
            "sequence": sequence,
            "kind": kind.value,
            "at": _stamp(now),
            "actor": actor.id if actor else None,
            "post": post.id if post else None,
            **_behalf(post),
            "details": details,
            "previous": instance.history_head,
        }
    )
    head = sha256(text)
    instance.history_length, instance.history_head = sequence, head
    return {
        "instance_id": instance.id,
        "sequence": sequence,
        "kind": kind,
        "actor_id": actor.id if actor else None,
        "at": now,
        "body": text,
        "hash": head,
    }


def _behalf(post: Post | None) -> dict[str, int]:
    """In whose name, where the post is somebody else's."""
    holder = post.on_behalf_of if post else None
    return {} if holder is None else {"on_behalf_of": holder}


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Write the events of an act in one statement, once it has come to its end.

    Within it nobody may look for them, or roll back a part of the act.
    """
    if _GATHERED in session.info:  # part of a larger act
        yield
        return
    gathered: list[dict[str, object]] = []
    session.info[_GATHERED] = gathered
    try:
        yield
    finally:
        del session.info[_GATHERED]
    insert_all(session, HistoryEvent, gathered)


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """Forget the events of what fails inside; its savepoint takes back the rest."""
    gathered: list[dict[str, object]] = session.info.get(_GATHERED, [])
    count = len(gathered)
    try:
        yield
    except BaseException:
        del gathered[count:]
        raise


def of(session: Session, instance_id: int) -> Sequence[HistoryEvent]:
    """All events of an instance, oldest first."""
    query = select(HistoryEvent).where(HistoryEvent.instance_id == instance_id)
    return session.scalars(query.order_by(HistoryEvent.sequence)).all()


def body(event: HistoryEvent) -> dict[str, Any]:
    """What the event says, as it was hashed."""
    found: dict[str, Any] = json.loads(event.body)
    return found


def details(event: HistoryEvent) -> dict[str, object]:
    """What the event says beyond who and when."""
    found: dict[str, object] = body(event)["details"]
    return found


def erased(events: Sequence[HistoryEvent], what: str) -> set[int]:
    """The ids of those submissions, comments and the like whose words were erased by an act."""
    acts = [details(e) for e in events if e.kind == EventKind.WORDS_ERASED]
    found: set[int] = set()
    for told in acts:
        named = told.get(what)
        found |= {int(id_) for id_ in named} if isinstance(named, list) else set()
    return found


def verify(session: Session, instance: ProcessInstance) -> Fault | None:
    """The first fault in an instance's history, or None when every link holds.

    Checks each body against its hash, its columns and the body before it, the head kept with the
    instance, what was entered against the salted hashes, and all that was registered as evidence.
    """
    events = of(session, instance.id)
    query = select(Submission).where(Submission.instance_id == instance.id)
    submissions = {row.id: row for row in session.scalars(query)}
    gone = _erased_submissions(events)
    previous = GENESIS
    for position, event in enumerate(events, start=1):
        try:
            message = _fault(event, position, previous, submissions, gone)
        except (AttributeError, KeyError, TypeError, ValueError):  # no event of ours
            message = N_("Không đọc được nội dung sự kiện.")
        if message:
            return Fault(instance.business_key, position, message)
        previous = event.hash
    if len(events) != instance.history_length or previous != instance.history_head:
        return Fault(
            instance.business_key,
            len(events) + 1,
            N_("Chuỗi sự kiện bị thiếu hoặc thừa ở cuối."),
        )
    for check in _EVIDENCE:
        if found := check(session, instance, events):
            return Fault(instance.business_key, *found)
    return None


def verify_all(
    session: Session,
) -> Generator[tuple[ProcessInstance, Fault | None], None, None]:
    """Every instance with its first fault, in the order they were started."""
    query = select(ProcessInstance).order_by(ProcessInstance.id)
    with session.scalars(query.execution_options(yield_per=500)) as instances:
        for instance in instances:
            yield instance, verify(session, instance)


def _fault(
    event: HistoryEvent,
    position: int,
    previous: str,
    submissions: dict[int, Submission],
    gone: set[int],
) -> str:
    if sha256(event.body) != event.hash:
        return N_("Nội dung sự kiện không khớp với mã băm của nó.")
    told = body(event)
    if event.sequence != position or told["sequence"] != position:
        return N_("Số thứ tự sự kiện không liên tục.")
    if told["instance"] != event.instance_id:
        return N_("Sự kiện thuộc về hồ sơ khác.")
    if told["previous"] != previous:
        return N_("Sự kiện không nối với sự kiện ngay trước nó.")
    if (told["kind"], told["actor"], told["at"]) != (
        event.kind.value,
        event.actor_id,
        _stamp(event.at),
    ):
        return N_("Các cột của sự kiện không khớp với nội dung đã băm.")
    return _submission_fault(told["details"], submissions, gone)


def _erased_submissions(events: Sequence[HistoryEvent]) -> set[int]:
    try:
        return erased(events, "submissions")
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ):  # the event itself will be told
        return set()


def _submission_fault(
    told: dict[str, object], submissions: dict[int, Submission], gone: set[int]
) -> str:
    if told.get("submission") is None:
        return ""
    row = submissions.get(int(str(told["submission"])))
    if row is None:
        return N_("Nội dung đã nhập ở bước này không còn.")
    if row.id in gone:
        is_empty = row.salt == NO_SALT and row.content.keys() <= {"outcome"}
        is_same = is_empty and row.digest == told["submission_digest"]
        return "" if is_same else N_("Nội dung đã xóa ở bước này lại có chữ.")
    if (
        row.digest != told["submission_digest"]
        or salted(row.salt, row.content) != row.digest
    ):
        return N_("Nội dung đã nhập ở bước này đã bị sửa.")
    return ""


@lru_cache(maxsize=1_000)
def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
