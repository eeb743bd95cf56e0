"""“Few honours for those who work directly with people”: direct staff beside leaders, by stage."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select

from awards.quality.asking import Answer, Asked, Figures, Head, Line, Question, Value, share
from awards.quality.counts import in_years, of_movement
from awards.quality.tables import board, of_units
from models.awards import Award, Nomination, Nominee, NomineeKind, Result
from models.process import ProcessInstance
from models.records import OwnAward
from models.tasks import UserTask
from workflows import deployments
from workflows.words import N_

_KEY = "people"
DIRECT, LEADER, OTHER = "direct", "leader", "other"
_AWARDED = "awarded"


@dataclass(slots=True)
class _People:
    """Individuals by who they are: nominated, awarded, per unit; and how many came to each step."""

    nominated: Counter[str] = field(default_factory=Counter)
    awarded: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)
    of_unit: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)
    at_step: dict[str, Counter[str]] = field(default_factory=dict)


def _answer(asked: Asked) -> Answer:
    people = _people(asked)
    nominated, awarded = people.nominated, people.awarded
    return Answer(
        sentence=N_(
            "Trong %(nominated)s cá nhân được đề nghị năm %(year)s, %(direct_share)s %% làm việc "
            "trực tiếp với dân, %(leader_share)s %% là lãnh đạo, quản lý; trong %(awarded)s người "
            "đã được khen là %(direct_awarded)s %% và %(leader_awarded)s %%."
        ),
        values={
            "nominated": nominated.total(),
            "direct_share": share(nominated[DIRECT], nominated.total()),
            "leader_share": share(nominated[LEADER], nominated.total()),
            "awarded": awarded.total(),
            "direct_awarded": share(awarded[DIRECT], awarded.total()),
            "leader_awarded": share(awarded[LEADER], awarded.total()),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Đã đến bước"), width=36),
                Head(N_("Trực tiếp"), "awarded"),
                Head(N_("Lãnh đạo, quản lý"), "waiting"),
                Head(N_("Còn lại"), "muted"),
                Head(N_("Phần trăm trực tiếp")),
            ),
            list(_figures(asked, people)),
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Trực tiếp được đề nghị")),
                Head(N_("Lãnh đạo được đề nghị")),
                Head(N_("Trực tiếp được khen")),
                Head(N_("Lãnh đạo được khen")),
            ),
            of_units(
                asked,
                lambda unit, _done: _row(people.of_unit.get(unit.id, Counter())),
                lambda unit: {1: board(asked, unit), 2: board(asked, unit)},
            ),
        ),
        unit=N_("cá nhân"),
        is_stacked=True,
    )


def _figures(asked: Asked, people: _People) -> Iterator[Line]:
    yield _line(N_("Được đơn vị tự khen"), people.own)
    yield _line(N_("Được đề nghị"), people.nominated)
    for element_id, name in _steps(asked):
        if element_id in people.at_step:
            yield _line(name, people.at_step[element_id])
    yield _line(N_("Được Chủ tịch UBND tỉnh khen"), people.awarded)


def _line(name: str, of: Counter[str]) -> Line:
    return Line((name, of[DIRECT], of[LEADER], of[OTHER], share(of[DIRECT], of.total())))


def _row(of: Counter[tuple[str, str]]) -> tuple[Value, ...]:
    return of["", DIRECT], of["", LEADER], of[_AWARDED, DIRECT], of[_AWARDED, LEADER]


def _steps(asked: Asked) -> Iterator[tuple[str, str]]:
    """The steps after the first of all routes, each once, in their order."""
    keys = dict.fromkeys(asked.session.scalars(select(Award.process_key)))
    seen = set()
    for key in keys:
        route = deployments.parsed(asked.session, deployments.latest(asked.session, key))
        for element in route.user_tasks[1:]:
            if element.id not in seen:
                seen.add(element.id)
                yield element.id, element.name


def _people(asked: Asked) -> _People:
    people = _People()
    for unit_id, who, many, awarded in asked.session.execute(_nominees(asked)).all():
        owner = asked.scope.owners.get(unit_id, 0)
        if owner:
            of_unit = people.of_unit.setdefault(owner, Counter())
            people.nominated[who] += many
            people.awarded[who] += awarded
            of_unit["", who] += many
            of_unit[_AWARDED, who] += awarded
    for element_id, who, many in asked.session.execute(_at_steps(asked)):
        people.at_step.setdefault(element_id, Counter())[who] += many
    own = select(_who(OwnAward), func.count()).where(
        in_years(asked.scope, OwnAward, OwnAward.decided_on),
        OwnAward.decided_on >= asked.scope.days(asked.scope.year)[0],
        OwnAward.kind == NomineeKind.INDIVIDUAL,
    )
    for who, many in asked.session.execute(own.group_by("who")):
        people.own[who] += many
    return people


def _nominees(asked: Asked) -> Select[int, str, int, int]:
    is_awarded = and_(
        ProcessInstance.result == Result.AWARDED.value,
        ProcessInstance.ended_at < asked.scope.known_until,
    )
    query = select(
        Nomination.unit_id, _who(Nominee), func.count(), func.count(case((is_awarded, 1)))
    )
    query = query.join(Nominee, Nominee.id == Nomination.nominee_id)
    query = query.join(ProcessInstance, ProcessInstance.id == Nomination.instance_id)
    return query.where(_is_asked(asked)).group_by(Nomination.unit_id, "who")


def _at_steps(asked: Asked) -> Select[str, str, int]:
    """How many came to each step, however often they came back to it."""
    query = select(
        UserTask.element_id, _who(Nominee), func.count(distinct(UserTask.instance_id))
    )
    query = query.join(Nomination, Nomination.instance_id == UserTask.instance_id)
    query = query.join(Nominee, Nominee.id == Nomination.nominee_id)
    query = query.where(_is_asked(asked), UserTask.opened_at < asked.scope.known_until)
    return query.group_by(UserTask.element_id, "who")


def _is_asked(asked: Asked) -> ColumnElement[bool]:
    since, until = asked.scope.moments(asked.scope.year)
    return and_(
        Nomination.created_at >= since,
        Nomination.created_at < until,
        Nominee.kind == NomineeKind.INDIVIDUAL,
        of_movement(asked.scope, Nomination),
    )


def _who(table: type[Nominee | OwnAward]) -> ColumnElement[str]:
    """A leader counts as one, whomever he serves; so the three sum up to all."""
    return case(
        (table.is_leader.is_(True), LEADER),
        (table.is_serving_public.is_(True), DIRECT),
        else_=OTHER,
    ).label("who")


QUESTION = Question(
    key=_KEY,
    title=N_("Người làm việc trực tiếp với dân có được tôn vinh không?"),
    said=N_(
        "“chưa có nhiều hình thức biểu dương, tôn vinh khen thưởng hướng tới các đối tượng làm "
        "việc ở vị trí làm việc trực tiếp với các tổ chức, công dân”"
    ),
    answer=_answer,
)
