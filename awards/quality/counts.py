"""What units did in a year, counted per unit, in one statement for each table."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    and_,
    case,
    distinct,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from awards.quality.scope import Scope
from models.awards import Nomination, Nominee, NomineeKind, Result
from models.examples import Acknowledgement, Discovery, Story, StoryState
from models.process import ProcessInstance
from models.records import (
    Communication,
    Inspection,
    InspectionFinding,
    OwnAward,
    Registration,
    RegistrationTarget,
    UnitEvaluation,
)


@dataclass(slots=True)
class Done:
    """What one unit did in the year, and what is left to do of what inspections found."""

    nominations: int = 0
    awarded: int = 0
    registrations: int = 0
    targets: int = 0
    numbered: int = 0
    own_awards: int = 0
    communications: int = 0
    people_reached: int = 0
    evaluations: int = 0
    signed: int = 0
    score: int | None = None
    inspections: int = 0
    inspected_on: date | None = None
    open_findings: int = 0
    late_findings: int = 0
    stories: int = 0
    noticed: int = 0
    noticed_begun: int = 0
    acknowledged: int = 0
    """Movements whose purpose and criteria the unit says it has read."""
    people: Counter[str] = field(default_factory=Counter)
    """Individuals that were nominated, by who they are: `DIRECT`, `LEADER`, `OTHER`."""
    people_awarded: Counter[str] = field(default_factory=Counter)
    people_commended: Counter[str] = field(default_factory=Counter)
    """The same, of the unit's own awards."""
    channels: Counter[str] = field(default_factory=Counter)
    reached_by: Counter[str] = field(default_factory=Counter)
    years: set[int] = field(default_factory=set)
    """The years, of those looked at, in which there is anything of the unit's own."""

    @property
    def is_active(self) -> bool:
        """Whether the unit did anything for the movement in the year."""
        return bool(
            self.nominations
            or self.registrations
            or self.own_awards
            or self.communications
            or self.signed
        )


IN_YEAR, WHO = "in_year", "who"
DIRECT, LEADER, OTHER, GROUP = "direct", "leader", "other", "group"
Counts = dict[int, Done]
"""By the unit's id; every unit of the scope is there."""


def collect(session: Session, scope: Scope) -> Counts:
    """Count what there is, for the units that answer for it on the day."""
    counts = {unit.id: Done() for unit in scope.units}
    _nominations(session, scope, counts)
    _registrations(session, scope, counts)
    _evaluations(session, scope, counts)
    _own_awards(session, scope, counts)
    _communications(session, scope, counts)
    _inspections(session, scope, counts)
    _examples(session, scope, counts)
    return counts


def year_of(
    scope: Scope, when: InstrumentedAttribute[Any], *, is_moment: bool = False
) -> Label[int]:
    """Which of the scope's years a day or a moment lies in, as a column; group by `IN_YEAR`."""
    bounds = {y: scope.moments(y) if is_moment else scope.days(y) for y in scope.years}
    last = bounds[scope.year][0]
    found = case(
        *((when < bounds[y + 1][0], y) for y in scope.years if y != scope.year),
        (when >= last, scope.year),
    )
    return found.label(IN_YEAR)


def who(table: type[Nominee | OwnAward]) -> Label[str]:
    """Whom a row is about; group by `WHO`. A leader counts as one, whomever he serves."""
    found = case(
        (table.kind != NomineeKind.INDIVIDUAL, GROUP),
        (table.is_leader.is_(True), LEADER),
        (table.is_serving_public.is_(True), DIRECT),
        else_=OTHER,
    )
    return found.label(WHO)


def of_movement(scope: Scope, table: type[Any]) -> ColumnElement[bool]:
    """Only what belongs to the movement, if one is asked about."""
    return table.movement_id == scope.movement.id if scope.movement else true()


def in_years(scope: Scope, table: type[Any], when: Any) -> ColumnElement[bool]:  # noqa: ANN401 - of any table
    """Records in force of the years looked at, up to the day."""
    first, last = scope.days(scope.years[0])[0], scope.days(scope.year)[1]
    return and_(
        table.voided_at.is_(None), when.between(first, last), of_movement(scope, table)
    )


def _nominations(session: Session, scope: Scope, counts: Counts) -> None:
    since, until = scope.moments(scope.year)
    is_awarded = and_(
        ProcessInstance.result == Result.AWARDED.value,
        ProcessInstance.ended_at < scope.known_until,
    )
    query = select(
        Nomination.unit_id, who(Nominee), func.count(), func.count(case((is_awarded, 1)))
    )
    query = query.join(Nominee, Nominee.id == Nomination.nominee_id)
    query = query.join(ProcessInstance, ProcessInstance.id == Nomination.instance_id)
    query = query.where(Nomination.created_at >= since, Nomination.created_at < until)
    query = query.where(of_movement(scope, Nomination)).group_by(WHO)
    for done, (_unit, kind, many, awarded) in _owned(
        session, scope, counts, query, Nomination.unit_id
    ):
        done.years.add(scope.year)
        done.nominations += many
        done.awarded += awarded
        if kind != GROUP:
            done.people[kind] += many
            done.people_awarded[kind] += awarded
    _earlier_nominations(session, scope, counts)


def _earlier_nominations(session: Session, scope: Scope, counts: Counts) -> None:
    """In which of the years before there were any: an index knows, whatever became of them."""
    first = scope.moments(scope.years[0])[0]
    last = min(scope.moments(scope.year)[0], scope.known_until)
    year = year_of(scope, Nomination.created_at, is_moment=True)
    query = select(Nomination.unit_id, year).distinct()
    query = query.where(Nomination.created_at >= first, Nomination.created_at < last)
    for unit_id, in_year in session.execute(query.where(of_movement(scope, Nomination))):
        if done := counts.get(scope.owners.get(unit_id, 0)):
            done.years.add(in_year)


def _registrations(session: Session, scope: Scope, counts: Counts) -> None:
    query = select(
        Registration.unit_id,
        Registration.year,
        func.count(distinct(Registration.id)),
        func.count(RegistrationTarget.id),
        func.count(RegistrationTarget.goal),
    ).outerjoin(Registration.targets)
    query = query.where(
        Registration.voided_at.is_(None),
        Registration.year.between(scope.years[0], scope.year),
        of_movement(scope, Registration),
    ).group_by(Registration.unit_id, Registration.year)
    for done, (_unit, _year, many, targets, numbered) in _of_year(
        session, scope, counts, query
    ):
        done.registrations += many
        done.targets += targets
        done.numbered += numbered


def _evaluations(session: Session, scope: Scope, counts: Counts) -> None:
    """They speak of the whole year, whatever the movement. A draft is no activity yet."""
    is_signed = case((UnitEvaluation.signed_at < scope.known_until, 1), else_=0)
    query = select(
        UnitEvaluation.unit_id, UnitEvaluation.year, is_signed, UnitEvaluation.score
    )
    query = query.where(
        UnitEvaluation.voided_at.is_(None),
        UnitEvaluation.year.between(scope.years[0], scope.year),
    )
    for unit_id, year, signed, score in session.execute(query):
        done = counts.get(scope.owners.get(unit_id, 0))
        if done is None:
            continue
        if signed:
            done.years.add(year)
        if year == scope.year:
            done.evaluations += 1
            done.signed += signed
            done.score = score if signed else done.score


def _own_awards(session: Session, scope: Scope, counts: Counts) -> None:
    year = year_of(scope, OwnAward.decided_on)
    query = select(OwnAward.unit_id, year, who(OwnAward), func.count())
    query = query.where(in_years(scope, OwnAward, OwnAward.decided_on))
    query = query.group_by(OwnAward.unit_id, IN_YEAR, WHO)
    for done, (_unit, _year, kind, many) in _of_year(session, scope, counts, query):
        done.own_awards += many
        if kind != GROUP:
            done.people_commended[kind] += many


def _communications(session: Session, scope: Scope, counts: Counts) -> None:
    year = year_of(scope, Communication.held_on)
    reached = func.coalesce(func.sum(Communication.people_reached), 0)
    query = select(
        Communication.unit_id, year, Communication.channel, func.count(), reached
    )
    query = query.where(in_years(scope, Communication, Communication.held_on))
    query = query.group_by(Communication.unit_id, IN_YEAR, Communication.channel)
    for done, (_unit, _year, channel, many, people) in _of_year(
        session, scope, counts, query
    ):
        done.communications += many
        done.people_reached += people
        done.channels[channel] += many
        done.reached_by[channel] += people


def _inspections(session: Session, scope: Scope, counts: Counts) -> None:
    """Those of the year; and of all that were ever found, what is still open on the day."""
    first, last = scope.days(scope.year)
    in_year = Inspection.inspected_on.between(first, last)
    is_open = or_(
        InspectionFinding.closed_on.is_(None), InspectionFinding.closed_on > scope.day
    )
    is_late = and_(is_open, InspectionFinding.due_on < scope.day)
    query = select(
        Inspection.unit_id,
        func.count(distinct(case((in_year, Inspection.id)))),
        func.max(case((in_year, Inspection.inspected_on))),
        func.count(case((is_open, InspectionFinding.id))),
        func.count(case((is_late, InspectionFinding.id))),
    ).outerjoin(Inspection.findings)
    query = query.where(
        Inspection.voided_at.is_(None),
        Inspection.inspected_on <= scope.day,
        of_movement(scope, Inspection),
    ).group_by(Inspection.unit_id)
    for unit_id, many, latest, still_open, late in session.execute(query):
        done = counts.get(scope.owners.get(unit_id, 0))
        if done is not None:
            done.inspections += many
            done.inspected_on = max(filter(None, (done.inspected_on, latest)), default=None)
            done.open_findings += still_open
            done.late_findings += late


def _examples(session: Session, scope: Scope, counts: Counts) -> None:
    """Stories published, people noticed, criteria read, in the scope's own year."""
    since, until = scope.moments(scope.year)
    stories = select(Nomination.unit_id, func.count(Story.id)).join(Story.nomination)
    stories = stories.where(
        Story.state == StoryState.PUBLISHED,
        Story.published_at >= since,
        Story.published_at < until,
        of_movement(scope, Nomination),
    )
    noticed = select(
        Discovery.unit_id, func.count(), func.count(Discovery.nomination_id)
    ).where(Discovery.noted_at >= since, Discovery.noted_at < until)
    read = select(Acknowledgement.unit_id, func.count()).where(
        Acknowledgement.at >= since,
        Acknowledgement.at < until,
        of_movement(scope, Acknowledgement),
    )
    for done, (_, many) in _owned(session, scope, counts, stories, Nomination.unit_id):
        done.stories += many
    for done, (_, many, begun) in _owned(
        session, scope, counts, noticed, Discovery.unit_id
    ):
        done.noticed += many
        done.noticed_begun += begun
    for done, (_, many) in _owned(session, scope, counts, read, Acknowledgement.unit_id):
        done.acknowledged += many


def _owned(
    session: Session,
    scope: Scope,
    counts: Counts,
    query: Any,  # noqa: ANN401 - of any columns
    unit_id: Any,  # noqa: ANN401 - its first column
) -> Iterable[tuple[Done, tuple[Any, ...]]]:
    """The rows, grouped by unit, with what is counted of whoever answers for it."""
    for row in session.execute(query.group_by(unit_id)):
        done = counts.get(scope.owners.get(row[0], 0))
        if done is not None:
            yield done, tuple(row)


def _of_year(
    session: Session,
    scope: Scope,
    counts: Counts,
    query: Any,  # noqa: ANN401 - of any columns
) -> Iterable[tuple[Done, tuple[Any, ...]]]:
    """The rows of the scope's own year, with what is counted of their unit; years are noted."""
    for row in session.execute(query):
        done = counts.get(scope.owners.get(row[0], 0))
        if done is not None:
            done.years.add(row[1])
            if row[1] == scope.year:
                yield done, tuple(row)
