"""Incidents and operators' acts as the pages list them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from awards import people
from models.awards import Nomination
from models.operations import Incident, OperatorAct
from views import choices, operating
from views.web import actor, reader
from workflows import deployments, instances, operations
from workflows.operations.deciding import Decided

Verb: TypeAlias = Callable[..., Decided]


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines of the lists speak of, read once: nominations by instance, people by id."""

    nominations: dict[int, Nomination]
    names: dict[int, str]


def gather(acts: Sequence[OperatorAct], failed: Sequence[Incident]) -> Known:
    """Read it for these acts and incidents."""
    found = nominations_of(
        [*(act.instance_id for act in acts), *(one.instance_id for one in failed)]
    )
    ids = {act.asked_by for act in acts} | {act.decided_by or 0 for act in acts}
    for act in acts:
        ids |= {operations.of(act).assignee, operations.of(act).holder}
        if act.decided_at is None:
            opened = instances.open_tasks(reader(), act.instance_id)
            ids |= {task.assignee_id or 0 for task in opened}
    return Known(found, people.named(reader(), ids))


def nominations_of(instance_ids: Sequence[int]) -> dict[int, Nomination]:
    """The nominations that these instances carry, by instance."""
    query = select(Nomination).options(
        joinedload(Nomination.nominee),
        joinedload(Nomination.award),
        joinedload(Nomination.unit),
    )
    rows = reader().scalars(query.where(Nomination.instance_id.in_(instance_ids)))
    return {row.instance_id: row for row in rows}


def incident(one: Incident, known: Known) -> dict[str, object]:
    """A step that failed."""
    definition = deployments.definition_of(reader(), one.instance)
    return _case(known, one.instance_id) | {
        "id": one.id,
        "step": choices.step(definition, one.element_id),
        "message": one.message,
        "raised_at": one.raised_at,
        "failed_at": one.failed_at,
        "attempts": one.attempts,
    }


def batches(waiting: Sequence[OperatorAct], known: Known) -> list[dict[str, object]]:
    """Acts that wait, those that were asked for together as one."""
    return [
        _batch(list(acts), known) for _key, acts in groupby(waiting, key=_asked_together)
    ]


def decided(act: OperatorAct, known: Known) -> dict[str, object]:
    """An act with both people and what came of it."""
    return _case(known, act.instance_id) | {
        "kind": operating.kind(act),
        "reason": act.reason,
        "asked_by": known.names.get(act.asked_by, ""),
        "decided_by": known.names.get(act.decided_by or 0, ""),
        "decided_at": act.decided_at,
        "is_carried_out": act.is_carried_out,
    }


def _asked_together(act: OperatorAct) -> tuple[object, ...]:
    return act.asked_by, act.asked_at, act.kind, act.reason


def _batch(acts: list[OperatorAct], known: Known) -> dict[str, object]:
    first = acts[0]
    lines = [_line(act, known) for act in acts]
    return {
        "kind": operating.kind(first),
        "reason": first.reason,
        "asked_by": known.names.get(first.asked_by, ""),
        "asked_at": first.asked_at,
        "is_mine": first.asked_by == actor().id,
        "may_confirm": any(not line["obstacle"] for line in lines),
        "lines": lines,
    }


def _line(act: OperatorAct, known: Known) -> dict[str, object]:
    outlook = operating.outlook(reader(), act, known.names)
    return _case(known, act.instance_id) | {
        "id": act.id,
        "effects": outlook.effects,
        "obstacle": outlook.obstacle,
    }


def _case(known: Known, instance_id: int) -> dict[str, object]:
    nomination = known.nominations[instance_id]
    return {
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
    }
