"""How the nominations of a movement ended: by which decision awarded, or for which reason not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from awards import access, listings
from awards.filters import Filters
from awards.listings import AT_ONCE, Row
from awards.names import STATUSES
from awards.sheets import Column, Table
from awards.tables.asking import Asked, Source
from awards.tables.nominations import NOMINEE, PLACE
from models.awards import Nomination, Result
from models.papers import Decision, DecisionEntry, Notice
from models.process import ProcessInstance
from models.tasks import Submission
from workflows import calendar

_ENDED = ProcessInstance.result.is_not(None)


@dataclass(frozen=True, slots=True)
class Ended:
    """A nomination that came to its end, with what it owes its nominee: the paper or the reason."""

    nomination: Nomination
    outcome: str
    decision: Decision | None
    reason: str


_COLUMNS = (
    *NOMINEE,
    Column("Chức vụ", lambda row: row.nomination.nominee.position, 24),
    *PLACE,
    Column("Kết quả", lambda row: row.outcome, 16),
    Column("Ngày kết thúc", lambda row: _ended_on(row.nomination), 14),
    Column("Số quyết định", lambda row: row.decision and row.decision.symbol, 20),
    Column("Ngày quyết định", lambda row: row.decision and row.decision.issued_on, 14),
    Column("Người ký", lambda row: row.decision and row.decision.signer_name, 24),
    Column("Lý do nếu không khen", lambda row: row.reason, 60),
)


def _ended_on(nomination: Nomination) -> date | None:
    ended_at = nomination.instance.ended_at
    return ended_at and calendar.today(ended_at)


def _count(asked: Asked) -> int:
    filters = _listed(asked)
    return listings.count(asked.session, asked.actor, filters, asked.at, _ENDED)


def _tables(asked: Asked) -> Sequence[Table]:
    return [Table("Kết quả", _COLUMNS, _rows(asked))]


def _listed(asked: Asked) -> Filters:
    """Whatever step or state the reader looks at: all that have ended, by unit."""
    return replace(asked.listed, stage="", status="", sort="unit")


def _rows(asked: Asked) -> Iterator[Ended]:
    session = asked.session
    rows = listings.every(session, asked.actor, _listed(asked), asked.at, _ENDED)
    while some := list(islice(rows, AT_ONCE)):
        decisions = _decisions(session, some)
        reasons = _reasons(session, some)
        for row in some:
            one = row.nomination
            yield Ended(
                one, STATUSES[row.status], decisions.get(one.id), reasons.get(one.id, "")
            )


def _decisions(session: Session, rows: Sequence[Row]) -> dict[int, Decision]:
    ids = [row.nomination.id for row in rows]
    query = select(DecisionEntry.nomination_id, Decision).join(DecisionEntry.decision)
    query = query.where(DecisionEntry.nomination_id.in_(ids))
    found = session.execute(query.options(defer(Decision.content)))
    return {id_: decision for id_, decision in found}  # noqa: C416 - rows, not pairs


def _reasons(session: Session, rows: Sequence[Row]) -> dict[int, str]:
    """What the unit was told; where it was told nothing, what the last act gave as its reason."""
    ended = [row.nomination for row in rows if row.status.value != Result.AWARDED.value]
    ids = {nomination.instance_id: nomination.id for nomination in ended}
    query = select(Submission.instance_id, Submission.content).order_by(Submission.id)
    reasons = {
        ids[instance_id]: str(content.get("reason") or content.get("opinion") or "")
        for instance_id, content in session.execute(
            query.where(Submission.instance_id.in_(ids))
        )
    }
    told = select(Notice.nomination_id, Notice.reason).order_by(Notice.id)
    told = told.where(Notice.nomination_id.in_(ids.values()))
    return reasons | {id_: reason for id_, reason in session.execute(told)}  # noqa: C416 - rows, not pairs


SOURCE = Source(
    title="Kết quả xét khen thưởng",
    file_name="ket-qua",
    may=access.follows_nominations,
    count=_count,
    tables=_tables,
)
