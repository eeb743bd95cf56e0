"""Setting up a season: movements with their criteria, and awards with what their dossiers need.

Names and dates may be put right at any time; what nominations are filled in by stays as it is from
the first of them on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from awards.errors import BadChange
from models.awards import Award, Criterion, DossierItem, Movement, Nomination, NomineeKind
from workflows.words import N_


@dataclass(frozen=True, slots=True)
class MovementFacts:
    """A movement as its launching document states it."""

    name: str
    launched_by: str
    purpose: str
    period_from: date
    period_to: date
    nominations_from: date
    nominations_to: date


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion for one kind of nominee; its points, its measure, what proves it."""

    kind: NomineeKind
    name: str
    max_points: int
    measure: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper that a dossier needs, or may have."""

    name: str
    is_required: bool
    legal_basis: str


def movements(session: Session) -> Sequence[tuple[Movement, int]]:
    """All movements, the newest first, and how many nominations each has."""
    count = func.count(Nomination.id)
    query = select(Movement, count).outerjoin(Nomination).group_by(Movement.id)
    rows = session.execute(query.order_by(Movement.id.desc()))
    return [(movement, number) for movement, number in rows]


def awards(session: Session) -> Sequence[Award]:
    """All awards with what their dossiers need."""
    query = select(Award).options(selectinload(Award.dossier_items))
    return session.scalars(query.order_by(Award.id)).all()


def is_used(session: Session, row: Movement | Award) -> bool:
    """Whether there are nominations by it, so that what they are filled in by stays."""
    mine = Nomination.movement if isinstance(row, Movement) else Nomination.award
    return (
        session.scalars(select(Nomination.id).where(mine == row).limit(1)).first()
        is not None
    )


def set_up_movement(
    session: Session, code: str, facts: MovementFacts, lines: Sequence[CriterionLine]
) -> Movement:
    """A new movement. Raises BadChange for a code that is taken, and dates that cannot be."""
    _check_code(session, Movement.code == code, code)
    _check_dates(facts)
    movement = Movement(code=code, **_values(facts), criteria=_criteria(lines))
    session.add(movement)
    session.flush()
    return movement


def revise_movement(
    session: Session, movement_id: int, facts: MovementFacts, lines: Sequence[CriterionLine]
) -> Movement:
    """Put a movement right. Its criteria stay once there are nominations. Raises BadChange."""
    movement = session.get_one(Movement, movement_id, with_for_update=True)
    _check_dates(facts)
    for name, value in _values(facts).items():
        setattr(movement, name, value)
    if not is_used(session, movement):
        for criterion in movement.criteria:
            session.delete(criterion)
        session.flush()
        session.expire(movement, ["criteria"])
        movement.criteria.extend(_criteria(lines))
    session.flush()
    return movement


def set_up_award(
    session: Session, code: str, name: str, process_key: str, lines: Sequence[PaperLine]
) -> Award:
    """A new award. Raises BadChange for a code that is taken."""
    _check_code(session, Award.code == code, code)
    award = Award(
        code=code, name=name, process_key=process_key, dossier_items=_papers(lines)
    )
    session.add(award)
    session.flush()
    return award


def revise_award(
    session: Session, award_id: int, name: str, process_key: str, lines: Sequence[PaperLine]
) -> Award:
    """Put an award right; new nominations take its process. Its papers stay once there are any."""
    award = session.get_one(Award, award_id, with_for_update=True)
    award.name, award.process_key = name, process_key
    if not is_used(session, award):
        for item in award.dossier_items:
            session.delete(item)
        session.flush()
        session.expire(award, ["dossier_items"])
        award.dossier_items.extend(_papers(lines))
    session.flush()
    return award


def _check_code(session: Session, same: ColumnElement[bool], code: str) -> None:
    if session.scalar(select(func.count()).where(same)):
        raise BadChange(N_("Mã “%(code)s” đã có."), code=code)


def _check_dates(facts: MovementFacts) -> None:
    if facts.period_to < facts.period_from or facts.nominations_to < facts.nominations_from:
        raise BadChange(N_("Ngày cuối không thể trước ngày đầu."))


def _values(facts: MovementFacts) -> dict[str, object]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def _criteria(lines: Sequence[CriterionLine]) -> list[Criterion]:
    if not lines:
        raise BadChange(N_("Ghi ít nhất một tiêu chí."))
    found = []
    for kind in NomineeKind:
        of_kind = [line for line in lines if line.kind == kind]
        found += [
            Criterion(
                nominee_kind=kind,
                code=f"c{n}",
                position=n,
                name=line.name,
                max_points=line.max_points,
                measure=line.measure,
                evidence=line.evidence,
            )
            for n, line in enumerate(of_kind, start=1)
        ]
    return found


def _papers(lines: Sequence[PaperLine]) -> list[DossierItem]:
    return [
        DossierItem(
            code=f"p{n}",
            position=n,
            name=line.name,
            is_required=line.is_required,
            legal_basis=line.legal_basis,
        )
        for n, line in enumerate(lines, start=1)
    ]
