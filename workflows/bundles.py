"""The bundle: everything that proves a history, in one file that tools/verify_history.py reads.

JSON, one object a line, in one fixed spelling and order: the same log gives the same bytes.
docs/bundle.md describes it. What people wrote is not in it, only the salted hashes.
"""

import base64
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any, BinaryIO, TypeAlias

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from models.log import Checkpoint, CheckpointKey, HistoryLeaf, LeafSource
from models.process import ProcessInstance
from models.tasks import Submission
from workflows import calendar, checkpoints, merkle, notes, sealing, tree
from workflows.canonical import canonical
from workflows.sealing import SOURCES, Source

VERSION = 1
AT_ONCE = 1_000

Line: TypeAlias = dict[str, object]


def write(
    session: Session, target: BinaryIO, *, instances: Sequence[int] | None = None
) -> int:
    """Write the bundle of these process instances, or of everything; gives how many events.

    Of everything, the log can be built anew from its leaves. Of some, each event carries the proof
    that it stands in the log of the newest checkpoint, and nothing is said of the others.
    Seal and sign before, so that the newest events are covered too.
    """
    chosen = None if instances is None else _instances(session, instances)
    shown = _shown(session)
    lines, events = 0, 0
    for line in chain(
        _head(session, chosen, shown),
        _submissions(session, chosen),
        _leaves(session) if chosen is None else _proved(session, chosen, shown),
        _ends(session, chosen),
    ):
        target.write(canonical(line).encode() + b"\n")
        lines += 1
        events += line["type"] == "event"
    target.write(canonical({"type": "end", "lines": lines + 1}).encode() + b"\n")
    return events


def _instances(session: Session, ids: Sequence[int]) -> Sequence[ProcessInstance]:
    query = select(ProcessInstance).where(ProcessInstance.id.in_(ids))
    return session.scalars(query.order_by(ProcessInstance.id)).all()


def _shown(session: Session) -> list[Checkpoint]:
    """The first and the last checkpoint of every day: those that were sent are among them."""
    query = select(Checkpoint).order_by(Checkpoint.size)
    found: list[Checkpoint] = []
    for _day, written in groupby(
        session.scalars(query), key=lambda one: calendar.today(one.signed_at)
    ):
        first, *rest = written
        found += [first, *rest[-1:]]
    return found


def _head(
    session: Session, chosen: Sequence[ProcessInstance] | None, shown: Sequence[Checkpoint]
) -> Iterator[Line]:
    keys = checkpoints.keys(session)
    yield {
        "type": "bundle",
        "version": VERSION,
        "log": keys[0].name if keys else None,
        "scope": "all" if chosen is None else [one.business_key for one in chosen],
    }
    yield from map(_key, keys)
    before = None
    node = tree.stored(session)
    for one in shown:
        line: Line = {"type": "checkpoint", "size": one.size}
        line["note"] = str(checkpoints.note(one))
        if chosen is not None and before is not None:
            proof = merkle.consistency(before.size, one.size, node)
            line["consistency"] = _texts(proof)
        yield line
        before = one


def _key(key: CheckpointKey) -> Line:
    introduction = key.endorsement and base64.b64encode(key.endorsement).decode()
    return {
        "type": "key",
        "id": key.id,
        "verifier": notes.verifier(key.name, key.public_key),
        "first_used_at": key.first_used_at.isoformat(),
        "introduced_by": key.endorsed_by,
        "introduction": introduction,
    }


def _submissions(
    session: Session, chosen: Sequence[ProcessInstance] | None
) -> Iterator[Line]:
    query = select(Submission.id, Submission.instance_id, Submission.digest)
    query = query.where(_among(Submission.instance_id, chosen)).order_by(Submission.id)
    for id_, instance, digest in session.execute(
        query.execution_options(yield_per=AT_ONCE)
    ):
        yield {"type": "submission", "id": id_, "instance": instance, "digest": digest}


def _leaves(session: Session) -> Iterator[Line]:
    """Every leaf in its place, then what has none yet."""
    size = tree.size(session)
    columns = HistoryLeaf.place, HistoryLeaf.source, HistoryLeaf.event_id, HistoryLeaf.hash
    for start in range(0, size, AT_ONCE):
        query = select(*columns).where(HistoryLeaf.place >= start)
        leaves = session.execute(query.order_by(HistoryLeaf.place).limit(AT_ONCE)).all()
        written = sealing.written(session, [(kind, id_) for _, kind, id_, _ in leaves])
        for place, source, id_, sealed in leaves:
            body, digest = written.get((source, id_), (None, None))
            line = _event(source, id_, place, body, digest)
            yield line | {"leaf": base64.b64encode(sealed).decode()}
    for one in SOURCES.values():
        for row in _with_places(session, one, HistoryLeaf.place.is_(None)):
            yield _event(one.kind, *row)


def _proved(
    session: Session, chosen: Sequence[ProcessInstance], shown: Sequence[Checkpoint]
) -> Iterator[Line]:
    """The events of some instances, each with the way from its leaf to the newest root."""
    size, node = (shown[-1].size if shown else 0), tree.stored(session)
    for source in SOURCES.values():
        for row in _with_places(session, source, source.belongs(chosen)):
            line, place = _event(source.kind, *row), row[1]
            if place is not None and place < size:
                line["proof"] = _texts(merkle.inclusion(place, size, node))
            yield line


def _with_places(
    session: Session, source: Source, condition: ColumnElement[bool]
) -> Iterator[Any]:
    table = source.table
    is_leaf = (HistoryLeaf.source == source.kind) & (HistoryLeaf.event_id == table.id)
    query = select(table.id, HistoryLeaf.place, table.body, table.hash).select_from(table)
    query = query.outerjoin(HistoryLeaf, is_leaf).where(condition).order_by(table.id)
    return iter(session.execute(query.execution_options(yield_per=AT_ONCE)))


def _event(
    source: LeafSource, id_: int, place: int | None, body: str | None, digest: str | None
) -> Line:
    return {
        "type": "event",
        "source": source.value,
        "id": id_,
        "place": place,
        "body": body,
        "hash": digest,
    }


def _ends(session: Session, chosen: Sequence[ProcessInstance] | None) -> Iterator[Line]:
    """How long each chain is and with which hash it ends."""
    query = select(
        ProcessInstance.id,
        ProcessInstance.business_key,
        ProcessInstance.history_length,
        ProcessInstance.history_head,
    )
    query = query.where(_among(ProcessInstance.id, chosen)).order_by(ProcessInstance.id)
    for id_, key, length, head in session.execute(
        query.execution_options(yield_per=AT_ONCE)
    ):
        yield {"type": "instance", "id": id_, "key": key, "events": length, "head": head}


def _among(column: Any, chosen: Sequence[ProcessInstance] | None) -> ColumnElement[bool]:  # noqa: ANN401 - a column of any table
    if chosen is None:
        return true()
    condition: ColumnElement[bool] = column.in_([one.id for one in chosen])
    return condition


def _texts(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]
