"""Moving running instances to a newer version of their process: where each would stand there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.process import InstanceStatus, ProcessDefinition, ProcessInstance
from models.tasks import UserTask
from workflows import deployments, engine, instances, queues, states
from workflows.definitions import Definition
from workflows.definitions.branches import is_in_branch
from workflows.engine import Marking
from workflows.errors import ActRefused, WorkflowError
from workflows.words import N_


@dataclass(frozen=True, slots=True)
class Move:
    """Where an instance would stand in the newer version, and what that changes for people.

    `cancelled` are the tasks that open anew because another queue serves the step there;
    `missing` the variables that the newer version's conditions read and the instance lacks.
    """

    row: ProcessDefinition
    definition: Definition
    element: str
    marking: Marking
    cancelled: tuple[UserTask, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of a dry run: the instance, and its move or what stands against it."""

    instance: ProcessInstance
    move: Move | None
    obstacle: WorkflowError | None


def targets(
    session: Session, key: str = "", *, after: int = 0
) -> Sequence[ProcessDefinition]:
    """The confirmed versions one may move to, newest first: of one process, or of all."""
    query = select(ProcessDefinition).where(
        ProcessDefinition.confirmed_by.is_not(None), ProcessDefinition.version > after
    )
    if key:
        query = query.where(ProcessDefinition.key == key)
    newest = (ProcessDefinition.key, ProcessDefinition.version.desc())
    return session.scalars(query.order_by(*newest)).all()


def candidates(session: Session, target: ProcessDefinition) -> Sequence[ProcessInstance]:
    """The running instances of the process's older versions, by their business keys."""
    query = (
        select(ProcessInstance)
        .join(ProcessInstance.definition)
        .options(joinedload(ProcessInstance.definition))
        .where(
            ProcessInstance.status == InstanceStatus.RUNNING,
            ProcessDefinition.key == target.key,
            ProcessDefinition.version < target.version,
        )
        .order_by(ProcessInstance.business_key)
    )
    return session.scalars(query).all()


def trials(
    session: Session, target: ProcessDefinition, found: Sequence[ProcessInstance]
) -> list[Trial]:
    """A dry run: what moving each of these instances to the target would change."""
    return [_trial(session, instance, target) for instance in found]


def find(session: Session, instance: ProcessInstance, target_id: int) -> Move:
    """Where the instance would stand in the target. Raises ActRefused when it cannot be moved."""
    row = session.get(ProcessDefinition, target_id)
    current = session.get_one(ProcessDefinition, instance.definition_id)
    is_newer = row is not None and (row.key, True) == (
        current.key,
        row.version > current.version,
    )
    if row is None or row.confirmed_by is None or not is_newer:
        raise ActRefused(
            N_("Chỉ chuyển được sang phiên bản mới hơn, đã xác nhận, của cùng quy trình.")
        )
    old, new = (
        deployments.parsed(session, current),
        deployments.parsed(session, row),
    )
    element = _standing(session, instance, old, new)
    opened = instances.open_tasks(session, instance.id)
    queue = queues.resolve(instance, new.elements[element].role)
    return Move(
        row,
        new,
        element,
        engine.place(new, new.path(element)),
        tuple(task for task in opened if task.queue != queue),
        tuple(sorted(new.reads - old.reads - instance.variables.keys())),
    )


def _trial(session: Session, instance: ProcessInstance, target: ProcessDefinition) -> Trial:
    try:
        return Trial(instance, find(session, instance, target.id), None)
    except WorkflowError as error:
        return Trial(instance, None, error)


def _standing(
    session: Session, instance: ProcessInstance, old: Definition, new: Definition
) -> str:
    here = engine.standing(old, states.load(session, instance.state_hash))
    if here is None:
        raise ActRefused(N_("Hồ sơ đang ở nhiều bước cùng lúc nên chưa chuyển được."))
    before, after = old.elements[here], new.elements.get(here)
    if after is None or after.kind != before.kind:
        raise ActRefused(
            N_("Phiên bản mới không còn bước “%(step)s”."), step=before.name or here
        )
    if is_in_branch(new.elements, new.flows, here):
        raise ActRefused(
            N_("Trong phiên bản mới, bước “%(step)s” chạy song song với bước khác."),
            step=before.name or here,
        )
    return here
