"""“Criteria too general to be judged by numbers”: criteria and targets that have one."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from awards.names import NOMINEE_KINDS
from awards.quality.asking import (
    Answer,
    Asked,
    Behind,
    Figures,
    Head,
    Line,
    Question,
    Where,
    share,
)
from awards.quality.counts import of_movement
from awards.quality.measures import names_a_number
from awards.quality.tables import within
from models.awards import Criterion, Movement, NomineeKind
from models.records import Registration, RegistrationTarget
from workflows.words import N_

_KEY = "criteria"
_TARGETS = "targets"


def _answer(asked: Asked) -> Answer:
    listed = [*_criteria(asked), *_targets(asked)]
    figures = [
        Line(
            (name, len(of), measured := sum(map(_is_measured, of)), len(of) - measured),
            {0: within(asked, _KEY, group)},
        )
        for group, name in GROUPS.items()
        if (of := [line for line in listed if line.group == group])
    ]
    criteria = [line for line in listed if line.group != _TARGETS]
    targets = [line for line in listed if line.group == _TARGETS]
    measured, numbered = sum(map(_is_measured, criteria)), sum(map(_is_measured, targets))
    return Answer(
        sentence=N_(
            "%(measured)s trên %(criteria)s tiêu chí (%(share)s %%) đo được bằng con số; của mục "
            "tiêu các đơn vị tự đề ra cho năm %(year)s là %(numbered)s trên %(targets)s."
        ),
        values={
            "measured": measured,
            "criteria": len(criteria),
            "share": share(measured, len(criteria)),
            "numbered": numbered,
            "targets": len(targets),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Áp dụng cho"), width=28),
                Head(N_("Tất cả")),
                Head(N_("Có con số"), "awarded"),
                Head(N_("Chưa có con số"), "diagram-rest"),
            ),
            figures,
        ),
        listing=Figures(
            (
                Head(N_("Tiêu chí, mục tiêu"), width=48),
                Head(N_("Của"), width=40),
                Head(N_("Đo bằng"), width=36),
                Head(N_("Con số"), width=16),
            ),
            listed,
        ),
        unit=N_("tiêu chí"),
        is_stacked=True,
    )


GROUPS = {kind.value: name for kind, name in NOMINEE_KINDS.items()} | {
    _TARGETS: N_("Mục tiêu của đơn vị")
}
_WITH, _WITHOUT = N_("Có"), N_("Chưa có")


def _is_measured(line: Line) -> bool:
    return line.cells[-1] == _WITH


def _criteria(asked: Asked) -> list[Line]:
    """Those of the movement asked about, or of all that ran in the year."""
    first, last = asked.scope.days(asked.scope.year)
    query = select(Criterion, Movement.name).join(
        Movement, Movement.id == Criterion.movement_id
    )
    if asked.scope.movement:
        query = query.where(Movement.id == asked.scope.movement.id)
    else:
        query = query.where(
            Movement.nominations_from <= last, Movement.nominations_to >= first
        )
    query = query.order_by(Movement.id, Criterion.nominee_kind, Criterion.position)
    order = list(NomineeKind)
    rows = sorted(
        asked.session.execute(query), key=lambda row: order.index(row[0].nominee_kind)
    )
    return [
        Line(
            (
                criterion.name,
                movement,
                criterion.measure,
                _WITH if names_a_number(criterion.measure) else _WITHOUT,
            ),
            group=criterion.nominee_kind.value,
        )
        for criterion, movement in rows
    ]


def _targets(asked: Asked) -> list[Line]:
    query = select(RegistrationTarget, Registration).join(Registration.targets)
    query = query.where(
        Registration.voided_at.is_(None),
        Registration.year == asked.scope.year,
        of_movement(asked.scope, Registration),
    ).options(joinedload(Registration.unit))
    query = query.order_by(Registration.unit_id, RegistrationTarget.position)
    return [
        Line(
            (
                target.name,
                registration.unit.name,
                f"{target.goal} {target.measure}".strip()
                if target.goal is not None
                else target.measure,
                _WITH if target.goal is not None else _WITHOUT,
            ),
            {
                0: Behind(
                    Where.RECORD,
                    {"path": "registrations", "record": str(registration.id)},
                )
            },
            group=_TARGETS,
        )
        for target, registration in asked.session.execute(query)
    ]


QUESTION = Question(
    key=_KEY,
    title=N_("Tiêu chí có đo được bằng con số không?"),
    said=N_("“tiêu chuẩn, tiêu chí còn chung chung khó đánh giá bằng định lượng”"),
    answer=_answer,
)
