"""Samples drawn by lot: from which nominations, with which seed; the same draw gives the same.

A nomination's place in the draw is that of the SHA-256 of `seed:code`, smallest first, so that
anybody can draw again with paper, pencil and `sha256sum`. A draw is kept, also one that nobody
likes; the population is narrowed by what does not change any more.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from awards.errors import NothingToDraw
from models.awards import Award, Movement, Nomination, Result
from models.organisation import Role
from models.process import ProcessInstance
from models.samples import AuditSample, AuditSampleItem
from workflows import commands
from workflows.actors import Actor
from workflows.errors import NotAllowed

MOST = 500


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a draw gives: how many it was drawn from, the hash of their codes, and who was drawn."""

    population_size: int
    population_sha256: str
    chosen: tuple[tuple[int, str], ...]


def draws(actor: Actor) -> bool:
    """Auditors draw, and write down what they find."""
    return actor.has(Role.AUDITOR)


def draw(
    session: Session,
    *,
    purpose: str,
    population: Mapping[str, str],
    size: int,
    seed: str,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> AuditSample:
    """Draw that many nominations and keep the draw. Without a seed one is made up.

    `population` may name a `movement`, an `award` (codes) and a `result`. Raises NotAllowed, and
    NothingToDraw where there is no such nomination. The same command key again changes nothing.
    """
    if not draws(actor):
        raise NotAllowed
    command = commands.take(session, command_key, kind="draw", actor=actor, now=now)
    if command is None:
        return session.get_one(AuditSample, commands.subject_of(session, command_key))
    last = session.scalar(select(func.max(Nomination.id))) or 0
    chosen_seed = seed or secrets.token_hex(8)
    drawn = _drawn(session, population, last, now, chosen_seed, min(size, MOST))
    if not drawn.chosen:
        raise NothingToDraw
    sample = AuditSample(
        purpose=purpose,
        seed=chosen_seed,
        population=dict(population),
        last_nomination_id=last,
        population_size=drawn.population_size,
        population_sha256=drawn.population_sha256,
        size=len(drawn.chosen),
        drawn_by=actor.id,
        drawn_at=now,
    )
    sample.items = [
        AuditSampleItem(place=place, nomination_id=id_, is_checked=False, remark="")
        for place, (id_, _code) in enumerate(drawn.chosen, start=1)
    ]
    session.add(sample)
    session.flush()
    command.subject_id = sample.id
    session.flush()
    return sample


def again(session: Session, sample: AuditSample) -> bool:
    """Whether the same draw, made again now, gives the same nominations in the same order."""
    drawn = _drawn(
        session,
        sample.population,
        sample.last_nomination_id,
        sample.drawn_at,
        sample.seed,
        sample.size,
    )
    kept = tuple(item.nomination_id for item in sample.items)
    found = tuple(id_ for id_, _code in drawn.chosen)
    return (found, drawn.population_sha256) == (kept, sample.population_sha256)


def tick(
    session: Session,
    item: AuditSampleItem,
    *,
    is_checked: bool,
    remark: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down what was found of one nomination. Raises NotAllowed."""
    if not draws(actor):
        raise NotAllowed
    if (item.is_checked, item.remark) == (is_checked, remark):
        return
    item.is_checked, item.remark = is_checked, remark
    item.written_by, item.written_at = actor.id, now
    session.flush()


def every(session: Session) -> Sequence[tuple[AuditSample, int]]:
    """All draws, the latest first, each with how many of its nominations are ticked off."""
    done = (
        select(func.count())
        .where(AuditSampleItem.sample_id == AuditSample.id, AuditSampleItem.is_checked)
        .correlate(AuditSample)
        .scalar_subquery()
    )
    query = select(AuditSample, done).options(joinedload(AuditSample.drawer))
    rows = session.execute(query.order_by(AuditSample.id.desc()))
    return [(sample, count) for sample, count in rows]


def find(session: Session, sample_id: int) -> AuditSample | None:
    """A draw with all that its page shows."""
    items = joinedload(AuditSample.items)
    shown = (
        joinedload(AuditSample.drawer),
        items.joinedload(AuditSampleItem.writer),
        items.joinedload(AuditSampleItem.nomination).joinedload(Nomination.nominee),
        items.joinedload(AuditSampleItem.nomination).joinedload(Nomination.unit),
        items.joinedload(AuditSampleItem.nomination).joinedload(Nomination.award),
    )
    query = select(AuditSample).where(AuditSample.id == sample_id).options(*shown)
    return session.scalars(query).unique().first()


def _drawn(
    session: Session,
    population: Mapping[str, str],
    last: int,
    at: datetime,
    seed: str,
    size: int,
) -> Drawn:
    query = select(Nomination.id, Nomination.code).where(Nomination.id <= last)
    if movement := population.get("movement"):
        query = query.join(Movement).where(Movement.code == movement)
    if award := population.get("award"):
        query = query.join(Award).where(Award.code == award)
    if result := population.get("result"):
        query = query.join(Nomination.instance).where(
            ProcessInstance.result == Result(result), ProcessInstance.ended_at <= at
        )
    rows = session.execute(query.order_by(Nomination.code)).all()
    codes = "".join(f"{code}\n" for _id, code in rows)
    ranked = sorted(rows, key=lambda row: _lot(seed, row[1]))
    return Drawn(
        len(rows), hashlib.sha256(codes.encode()).hexdigest(), tuple(ranked[:size])
    )


def _lot(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()
