"""“Few honours for those who work directly with people”: direct staff beside leaders, by stage."""

from collections import Counter
from collections.abc import Callable, Iterator

from sqlalchemy import distinct, func, select

from awards import routes
from awards.quality.asking import Answer, Asked, Figures, Head, Line, Question, Value, share
from awards.quality.counts import DIRECT, LEADER, OTHER, WHO, Done, of_movement, who
from awards.quality.tables import board, of_units
from models.awards import Nomination, Nominee, NomineeKind
from models.tasks import UserTask
from workflows import deployments
from workflows.words import N_

_KEY = "people"


def _answer(asked: Asked) -> Answer:
    nominated = _sum(asked, lambda done: done.people)
    awarded = _sum(asked, lambda done: done.people_awarded)
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
            list(_figures(asked, nominated, awarded)),
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
                lambda _unit, done: _row(done),
                lambda unit: {1: board(asked, unit), 2: board(asked, unit)},
            ),
        ),
        unit=N_("cá nhân"),
        is_stacked=True,
    )


def _sum(asked: Asked, of: Callable[[Done], Counter[str]]) -> Counter[str]:
    return sum(map(of, asked.counts.values()), Counter())


def _figures(
    asked: Asked, nominated: Counter[str], awarded: Counter[str]
) -> Iterator[Line]:
    own = _sum(asked, lambda done: done.people_commended)
    yield _line(N_("Được đơn vị tự khen"), own)
    yield _line(N_("Được đề nghị"), nominated)
    at_step = _at_steps(asked)
    for element_id, name in _steps(asked):
        if element_id in at_step:
            yield _line(name, at_step[element_id])
    yield _line(N_("Được Chủ tịch UBND tỉnh khen"), awarded)


def _line(name: str, of: Counter[str]) -> Line:
    return Line((name, of[DIRECT], of[LEADER], of[OTHER], share(of[DIRECT], of.total())))


def _row(done: Done) -> tuple[Value, ...]:
    both = (done.people, done.people_awarded)
    return tuple(of[kind] for of in both for kind in (DIRECT, LEADER))


def _steps(asked: Asked) -> Iterator[tuple[str, str]]:
    """The steps after the first of all routes, each once, in their order."""
    seen = set()
    for row in routes.in_force(asked.session):
        for element in deployments.parsed(asked.session, row).user_tasks[1:]:
            if element.id not in seen:
                seen.add(element.id)
                yield element.id, element.name


def _at_steps(asked: Asked) -> dict[str, Counter[str]]:
    """How many people came to each step, however often they came back to it."""
    since, until = asked.scope.moments(asked.scope.year)
    query = select(
        UserTask.element_id, who(Nominee), func.count(distinct(UserTask.instance_id))
    )
    query = query.join(Nomination, Nomination.instance_id == UserTask.instance_id)
    query = query.join(Nominee, Nominee.id == Nomination.nominee_id)
    query = query.where(
        Nomination.created_at >= since,
        Nomination.created_at < until,
        Nominee.kind == NomineeKind.INDIVIDUAL,
        of_movement(asked.scope, Nomination),
        UserTask.opened_at < asked.scope.known_until,
    )
    found: dict[str, Counter[str]] = {}
    for element_id, kind, many in asked.session.execute(
        query.group_by(UserTask.element_id, WHO)
    ):
        found.setdefault(element_id, Counter())[kind] += many
    return found


QUESTION = Question(
    key=_KEY,
    title=N_("Người làm việc trực tiếp với dân có được tôn vinh không?"),
    said=N_(
        "“chưa có nhiều hình thức biểu dương, tôn vinh khen thưởng hướng tới các đối tượng làm "
        "việc ở vị trí làm việc trực tiếp với các tổ chức, công dân”"
    ),
    answer=_answer,
)
