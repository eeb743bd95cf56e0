"""The history of one nomination, event by event with its hashes, for those who audit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from awards import access, interventions, nominations, timeline
from awards.interventions import OPERATED
from awards.names import EVENTS, OUTCOMES
from awards.sheets import Column, Table
from awards.tables.asking import Asked, Source
from models.awards import Nomination, Outcome
from models.history import HistoryEvent
from workflows import deployments, history
from workflows.definitions import Definition
from workflows.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Told:
    """One event, and the names of those it speaks of."""

    event: HistoryEvent
    who: str
    post: str
    on_behalf_of: str
    detail: str


_COLUMNS = (
    Column("Số", lambda row: row.event.sequence, 8),
    Column("Lúc", lambda row: row.event.at, 17),
    Column("Sự kiện", lambda row: EVENTS[row.event.kind], 28),
    Column("Chi tiết", lambda row: row.detail, 48),
    Column("Ai", lambda row: row.who or "hệ thống", 28),
    Column("Chức vụ", lambda row: row.post, 36),
    Column("Thay cho", lambda row: row.on_behalf_of, 28),
    Column("Mã băm", lambda row: row.event.hash, 68),
    Column("Nội dung đã băm", lambda row: row.event.body, 80),
)


def seen(asked: Asked) -> Nomination:
    """The nomination asked for. Raises NotAllowed where the actor may not see it, or none is."""
    nomination = nominations.find(asked.session, asked.filters.get("code", ""))
    if nomination is None or not access.may_see(asked.actor, nomination):
        raise NotAllowed
    return nomination


def told(
    event: HistoryEvent,
    people: Mapping[int, str],
    posts: Mapping[int, str],
    definition: Definition,
) -> Told:
    """One event with the names that belong to it."""
    return Told(
        event,
        who=people.get(event.actor_id or 0, ""),
        post=posts.get(int(history.body(event)["post"] or 0), ""),
        on_behalf_of=people.get(timeline.on_behalf_of(event), ""),
        detail=_detail(event, people, definition),
    )


def table(session: Session, nomination: Nomination) -> Table:
    """The events of one nomination as a sheet."""
    events = history.of(session, nomination.instance_id)
    people, posts = timeline.names(session, events)
    definition = deployments.definition_of(session, nomination.instance)
    rows = [told(event, people, posts, definition) for event in events]
    return Table("Lịch sử", _COLUMNS, rows)


def _tables(asked: Asked) -> Sequence[Table]:
    return [table(asked.session, seen(asked))]


def _detail(event: HistoryEvent, people: Mapping[int, str], definition: Definition) -> str:
    if event.kind in OPERATED:
        values = interventions.values(event, people, definition)
        return interventions.sentence(event) % values
    details = history.details(event)
    element = definition.elements.get(str(details.get("element")))
    outcome = details.get("outcome")
    said = (
        element.name if element else "",
        OUTCOMES[Outcome(str(outcome))] if outcome else "",
    )
    return " · ".join(text for text in said if text)


SOURCE = Source(
    title="Lịch sử hồ sơ",
    file_name="lich-su",
    may=access.audits,
    count=lambda asked: seen(asked).instance.history_length,
    tables=_tables,
)
