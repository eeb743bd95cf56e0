"""The book of certificates (sổ vào bằng): a number for each award and year, taken once, no gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import amendments, codes
from awards.amendments import Standing
from awards.bonuses.reckoning import NOUNS
from awards.errors import BadAmendment
from models.awards import Nomination
from models.certificates import Certificate
from models.history import EventKind
from models.papers import Decision, DecisionKind
from models.process import ProcessInstance
from workflows import history, instances
from workflows.actors import Actor
from workflows.errors import NotAllowed
from workflows.words import N_


@dataclass(frozen=True, slots=True)
class Line:
    """An awardee of a decision, and the certificate's number if one was taken."""

    nomination: Nomination
    standing: Standing
    number: int | None

    @property
    def is_printed(self) -> bool:
        """Whether there is a certificate to print: numbered, and not taken back since."""
        return self.number is not None and self.standing.revoked_by is None


def lines(session: Session, decision: Decision) -> list[Line]:
    """The awardees of a decision in the annex's order."""
    standings = amendments.standings(session, decision)
    nominations = {entry.nomination_id: entry.nomination for entry in decision.entries}
    numbers = _numbers(session, decision.id)
    return [
        Line(nominations[id_], standings[id_], numbers.get(id_))
        for id_ in _in_order(standings)
    ]


def take_numbers(
    session: Session, decision_id: int, *, actor: Actor, now: datetime
) -> Sequence[Certificate]:
    """Enter those of a decision who are not in the book yet, in the annex's order.

    Gives the new lines. The book is that of the decision's year, whenever its certificates are
    made. Who was revoked gets no number; a number that was taken stays. Doing it twice changes
    nothing. Raises NotAllowed, and BadAmendment for a decision that awards nobody.
    """
    if not amendments.prepares(actor):
        raise NotAllowed
    query = select(Decision).where(Decision.id == decision_id).with_for_update()
    decision = session.scalars(query).one()
    if decision.kind != DecisionKind.AWARD or decision.cancelled_at is not None:
        raise BadAmendment(N_("Quyết định này không khen ai nên không có bằng."))
    waiting = [
        line.nomination
        for line in lines(session, decision)
        if line.number is None and line.standing.revoked_by is None
    ]
    if not waiting:
        return []
    series = f"BANG-{waiting[0].award.code}"  # a decision is of one award
    numbers = codes.next_numbers(session, series, decision.year, len(waiting))
    held = instances.lock_all(session, [one.instance_id for one in waiting])
    with history.together(session):
        return [
            _enter(session, decision, one, held[one.instance_id], number, actor, now)
            for one, number in zip(waiting, numbers, strict=True)
        ]


def _enter(
    session: Session,
    decision: Decision,
    nomination: Nomination,
    instance: ProcessInstance,
    number: int,
    actor: Actor,
    now: datetime,
) -> Certificate:
    made = Certificate(
        nomination_id=nomination.id,
        decision_id=decision.id,
        award_id=nomination.award_id,
        year=decision.year,
        number=number,
        numbered_by=actor.id,
        numbered_at=now,
    )
    session.add(made)
    history.append(
        session,
        instance,
        EventKind.CERTIFICATE_NUMBERED,
        actor=actor,
        now=now,
        number=number,
        year=decision.year,
        decision=decision.id,
    )
    return made


def _numbers(session: Session, decision_id: int) -> dict[int, int]:
    query = select(Certificate.nomination_id, Certificate.number)
    rows = session.execute(query.where(Certificate.decision_id == decision_id))
    return {nomination_id: number for nomination_id, number in rows}  # noqa: C416 - rows, not pairs


def _in_order(standings: Mapping[int, Standing]) -> list[int]:
    """Collectives, individuals, households, each as the decision names them."""
    kinds = [kind.value for kind in NOUNS]
    return sorted(standings, key=lambda id_: kinds.index(standings[id_].awardee["kind"]))
