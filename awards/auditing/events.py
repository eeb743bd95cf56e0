"""The events of all nominations, narrowed by person, unit, kind, time span and nomination.

The newest come first, a page at a time: a page begins after the last event of the one before, so
a later page costs no more than the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, joinedload

from awards import access
from awards.listings import PAGE
from awards.text import fold, nfc
from models.awards import Nomination
from models.history import RARE, ROUTINE, EventKind, HistoryEvent
from models.organisation import Person
from workflows import calendar

MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty means any. `person` is a login or a name, the unit a code."""

    person: str = ""
    unit: str = ""
    kind: str = ""
    code: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An event and the nomination it is of."""

    event: HistoryEvent
    nomination: Nomination


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ends: the moment and the number of its last event."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"


def filters(wanted: Mapping[str, str]) -> Filters:
    """What is asked for as addresses and exports write it: days as ISO."""
    return Filters(
        person=wanted.get("person", ""),
        unit=wanted.get("unit", ""),
        kind=wanted.get("kind", ""),
        code=wanted.get("code", ""),
        since=day(wanted.get("since")),
        until=day(wanted.get("until")),
    )


def day(text: str | None) -> date | None:
    """A day that is written as ISO; None for none."""
    return date.fromisoformat(text) if text else None


def cursor(text: str) -> Cursor | None:
    """What an address says of where a page begins; None where it makes no sense."""
    at, _, number = text.partition("_")
    try:
        moment, id_ = datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
    is_known = moment.tzinfo is not None and 0 < id_ < 2**63
    return Cursor(moment, id_) if is_known else None


def page(
    session: Session, filters: Filters, after: Cursor | None
) -> tuple[list[Row], Cursor | None]:
    """A page of events, newest first, and where the next one begins if there is one."""
    query = _ordered(session, filters)
    if after is not None:
        at, id_ = HistoryEvent.at, HistoryEvent.id
        query = query.where(at <= after.at, (at < after.at) | (id_ < after.id))
    rows = [Row(*row) for row in session.execute(query.limit(PAGE + 1))]
    if len(rows) <= PAGE:
        return rows, None
    last = rows[PAGE - 1].event
    return rows[:PAGE], Cursor(last.at, last.id)


def pages(session: Session, filters: Filters) -> Iterator[list[Row]]:
    """All of them, a page at a time."""
    after: Cursor | None = None
    while True:
        rows, after = page(session, filters, after)
        yield rows
        if after is None:
            return


def count(session: Session, filters: Filters, *, limit: int) -> int:
    """How many there are; counts no further than `limit`."""
    found = _narrowed(session, select(HistoryEvent.id), filters).limit(limit).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def people_called(session: Session, words: str) -> list[int]:
    """The ids of those whose login this is, or whose name holds it, with tone marks or without."""
    wanted = fold(nfc(words))
    query = select(Person.id, Person.login, Person.name).order_by(Person.id)
    found = (
        id_
        for id_, login, name in session.execute(query)
        if wanted == login or wanted in fold(name)
    )
    return list(islice(found, MOST_PEOPLE))


def is_kind(kinds: Sequence[EventKind]) -> ColumnElement[bool]:
    """Events of these kinds; where all of them are rare, by way of the index of the rare ones."""
    condition = HistoryEvent.kind.in_(kinds)
    return condition if set(kinds) & set(ROUTINE) else condition & RARE


def within(since: date | None, until: date | None) -> ColumnElement[bool]:
    """Events of these days, both included, as days are in Vietnam."""
    condition: ColumnElement[bool] = true()
    if since is not None:
        condition &= HistoryEvent.at >= calendar.midnight(since)
    if until is not None:
        condition &= HistoryEvent.at < calendar.midnight(until + timedelta(days=1))
    return condition


def _ordered(session: Session, filters: Filters) -> Select[HistoryEvent, Nomination]:
    query = (
        select(HistoryEvent, Nomination)
        .join(Nomination, Nomination.instance_id == HistoryEvent.instance_id)
        .options(
            joinedload(Nomination.instance),
            joinedload(Nomination.nominee),
            joinedload(Nomination.unit),
        )
    )
    order = (HistoryEvent.at.desc(), HistoryEvent.id.desc())
    ordered: Select[HistoryEvent, Nomination] = _narrowed(session, query, filters)
    return ordered.order_by(*order)


def _narrowed(session: Session, query: Any, filters: Filters) -> Any:  # noqa: ANN401 - any columns
    query = query.where(within(filters.since, filters.until))
    if filters.person:
        query = query.where(
            HistoryEvent.actor_id.in_(people_called(session, filters.person))
        )
    if filters.kind in {*EventKind}:
        query = query.where(is_kind([EventKind(filters.kind)]))
    if filters.unit:
        units = access.kept_by([filters.unit])
        mine = select(Nomination.instance_id).where(Nomination.unit_id.in_(units))
        query = query.where(HistoryEvent.instance_id.in_(mine))
    if filters.code:
        one = select(Nomination.instance_id).where(Nomination.code == filters.code.upper())
        query = query.where(HistoryEvent.instance_id.in_(one))
    return query
