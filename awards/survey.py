"""The overview: how the nominations of a scope stand, how fast they move, and where they wait.

What waits is counted as it is: it is never more than the offices hold. What is over is read from
the counts that awards/tallies.py keeps.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

from sqlalchemy.orm import Session

from awards import access, listings, routes, scopes, tallies, waiting
from awards.filters import Filters
from awards.listings import Row
from awards.tallies import Tallies
from awards.waiting import Holder, Waits
from models.awards import Result
from models.tallies import ARRIVED
from workflows import deployments
from workflows.actors import Actor
from workflows.diagrams import Element

OLDEST = 12
SLOWEST = 3
WEEKS = 26
_HALF, _MOST = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: what waits at it, and how long those took that have passed it, in working days.

    `median` and `most` (the 90th percentile) are None while nobody has passed. `rank` is 1 for the
    slowest, and 0 for those that are not among the slowest.
    """

    element_id: str
    name: str
    allowed: int | None
    waits: Waits
    passed: int
    median: int | None
    most: int | None
    rank: int = 0

    @property
    def is_slow(self) -> bool:
        """Whether one in ten or more took longer than the diagram allows."""
        return (
            self.allowed is not None and self.most is not None and self.most > self.allowed
        )


@dataclass(frozen=True, slots=True)
class Week:
    """What came and went in the week from a Monday on, and what waited at its end."""

    monday: date
    arrived: int
    ended: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Survey:
    """All that the overview says. Names of steps are to be translated where they are shown."""

    stages: Sequence[Stage]
    ends: Mapping[Result, int]
    holders: Sequence[Holder]
    weeks: Sequence[Week]
    oldest: Sequence[Row]
    behind_since: datetime | None

    @property
    def waiting(self) -> int:
        """How many steps wait for somebody."""
        return sum(stage.waits.count for stage in self.stages)

    @property
    def late(self) -> int:
        """How many of them past their date."""
        return sum(stage.waits.late for stage in self.stages)

    @property
    def ended(self) -> int:
        """How many nominations are over."""
        return sum(self.ends.values())

    @property
    def slowest(self) -> list[Stage]:
        """The slowest steps, the slowest first."""
        return sorted((one for one in self.stages if one.rank), key=lambda one: one.rank)


def make(session: Session, actor: Actor, filters: Filters, now: datetime) -> Survey:
    """The overview as the actor may see it, narrowed by movement, year, Khối, unit and step."""
    scope = scopes.of(
        session,
        actor,
        movement=filters.movement,
        year=filters.year,
        block=filters.block,
        unit=filters.unit,
    )
    counted = tallies.of(session, scope)
    waits = waiting.by_step(session, scope, now)
    by_person = access.sees_inside(actor)
    ids = waiting.oldest(session, scope, filters.stage, OLDEST)
    return Survey(
        stages=_stages(_steps(session), waits, counted, filters.stage),
        ends={result: counted.ends.get(result.value, 0) for result in Result},
        holders=waiting.late_holders(
            session, scope, filters.stage, now, by_person=by_person
        ),
        weeks=_weeks(counted, tallies.monday(now)),
        oldest=listings.these(session, ids, now),
        behind_since=counted.behind_since,
    )


def percentile(took: Mapping[int, int], share: float) -> int | None:
    """The number of days within which this share of all was done; of (days, how many)."""
    left = ceil(sum(took.values()) * share)
    for days in sorted(took):
        left -= took[days]
        if left <= 0:
            return days
    return None


def _steps(session: Session) -> dict[str, Element]:
    """The steps of all routes, each once, in the order of the first award's route."""
    found: dict[str, Element] = {}
    for row in routes.in_force(session):
        for element in deployments.parsed(session, row).user_tasks:
            found.setdefault(element.id, element)
    return found


def _stages(
    steps: Mapping[str, Element],
    waits: Mapping[str, Waits],
    counted: Tallies,
    only: str,
) -> list[Stage]:
    took: dict[str, Counter[int]] = {step: Counter() for step in steps}
    for (step, days), count in counted.steps.items():
        took.setdefault(step, Counter())[days] += count
    found = [
        _stage(step, steps.get(step), waits.get(step, Waits()), took[step]) for step in took
    ]
    ranks = {
        one.element_id: rank
        for rank, one in enumerate(sorted(found, key=_slowness)[:SLOWEST], start=1)
        if one.median is not None
    }
    return [
        replace(one, rank=ranks.get(one.element_id, 0))
        for one in found
        if only in ("", one.element_id)
    ]


def _stage(
    step: str, element: Element | None, waits: Waits, took: Mapping[int, int]
) -> Stage:
    return Stage(
        element_id=step,
        name=(element.stage or element.name) if element else step,
        allowed=element.due_days if element else None,
        waits=waits,
        passed=sum(took.values()),
        median=percentile(took, _HALF),
        most=percentile(took, _MOST),
    )


def _slowness(stage: Stage) -> tuple[int, int]:
    return -(stage.median or 0), -(stage.most or 0)


def _weeks(counted: Tallies, this_week: date) -> list[Week]:
    """The last weeks, from the first in which anything came; what came earlier waits in them."""
    if not counted.weeks:
        return []
    first = min(week for week, _kind in counted.weeks)
    begin = max(first, this_week - timedelta(weeks=WEEKS - 1))
    return list(_run(counted, begin, this_week))


def _run(counted: Tallies, begin: date, this_week: date) -> Iterator[Week]:
    came: Counter[date] = Counter()
    went: Counter[date] = Counter()
    for (week, kind), count in counted.weeks.items():
        (came if kind == ARRIVED else went)[week] += count
    stands = sum(n for week, n in came.items() if week < begin)
    stands -= sum(n for week, n in went.items() if week < begin)
    week = begin
    while week <= this_week:
        stands += came[week] - went[week]
        yield Week(week, came[week], went[week], stands)
        week += timedelta(weeks=1)
