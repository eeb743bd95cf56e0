"""One decision for many: what waits to be numbered is gathered, numbered once and sent to its end.

Nominations of one award that one person has signed for go into one decision, whatever proposals
they came by.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from awards import decisions
from awards.errors import NoLongerWaiting, NoSigner, NotForThisSigner, NothingToPropose
from awards.proposals.gathering import order
from models.awards import Award, Movement, Nomination, Outcome
from models.batches import Batch, BatchItem, BatchState, ItemState
from models.organisation import Post
from models.papers import Decision
from models.process import ProcessInstance
from models.tasks import OPEN, UserTask
from workflows import barriers, commands, deployments
from workflows.actors import Actor

DECISION = "decision"
"""What a step's property `signs` says where decisions are issued."""

FORM = "issue_decision"


@dataclass(frozen=True, slots=True)
class Group:
    """What one decision may award: one movement, one award, one signature."""

    movement: Movement
    award: Award
    signer: Post | None
    waiting: Sequence[tuple[Nomination, UserTask]]

    @property
    def key(self) -> str:
        """How a page names the group."""
        signer = self.signer.id if self.signer else 0
        return f"{self.movement.id}.{self.award.id}.{signer}"


def groups(session: Session, actor: Actor) -> list[Group]:
    """All that waits for the actor to be numbered, as decisions may be made of it."""
    query = (
        select(Nomination, UserTask)
        .join(UserTask, UserTask.instance_id == Nomination.instance_id)
        .where(UserTask.queue.in_(actor.queues), UserTask.state.in_(OPEN))
        .options(
            joinedload(Nomination.nominee),
            joinedload(Nomination.unit),
            joinedload(Nomination.award),
            joinedload(Nomination.movement),
            joinedload(Nomination.instance).joinedload(ProcessInstance.definition),
            joinedload(UserTask.instance),
        )
    )
    found: dict[tuple[int, int, int], list[tuple[Nomination, UserTask]]] = {}
    for nomination, task in session.execute(query):
        definition = deployments.definition_of(session, nomination.instance)
        if definition.elements[task.element_id].signs != DECISION:
            continue
        signer = nomination.instance.variables.get("signer_post")
        of_one = (nomination.movement_id, nomination.award_id, int(str(signer or 0)))
        found.setdefault(of_one, []).append((nomination, task))
    return [
        Group(
            rows[0][0].movement,
            rows[0][0].award,
            session.get(Post, signer) if signer else None,
            sorted(rows, key=lambda row: order(row[0])),
        )
        for (_movement, _award, signer), rows in sorted(found.items())
    ]


def group(session: Session, actor: Actor, key: str) -> Group | None:
    """The group with this key, if anything of it still waits."""
    return next((one for one in groups(session, actor) if one.key == key), None)


def issue(
    session: Session,
    key: str,
    nomination_ids: Collection[int],
    *,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> Decision:
    """Number one decision for these nominations of a group; its batch brings them to their end.

    The batch is confirmed and not carried out yet. The same command key gives the same decision.
    Raises NoSigner, NothingToPropose, NoLongerWaiting and NotForThisSigner.
    """
    command = commands.take(session, command_key, kind="issue", actor=actor, now=now)
    if command is None:
        return session.get_one(Decision, commands.subject_of(session, command_key))
    if not nomination_ids:
        raise NothingToPropose
    found = group(session, actor, key)
    waiting = {n.id: (n, task) for n, task in found.waiting} if found else {}
    if gone := sum(id_ not in waiting for id_ in nomination_ids):
        raise NoLongerWaiting(count=gone)
    assert found is not None  # noqa: S101 - something of it waits
    if found.signer is None:
        raise NoSigner
    chosen = [row for id_, row in waiting.items() if id_ in nomination_ids]
    if barred := barriers.against(session, actor, [task for _n, task in chosen]):
        raise NotForThisSigner(count=len(barred))
    decision = decisions.issue(
        session,
        [nomination for nomination, _task in chosen],
        signer_post_id=found.signer.id,
        issued_by=actor,
        now=now,
    )
    _send(session, chosen, actor, command_key, now)
    command.subject_id = decision.id
    session.flush()
    return decision


def batch_of(session: Session, command_key: str) -> Batch:
    """The batch that an issue with this key has begun."""
    return session.scalars(select(Batch).where(Batch.command_key == command_key)).one()


def _send(
    session: Session,
    chosen: Sequence[tuple[Nomination, UserTask]],
    actor: Actor,
    command_key: str,
    now: datetime,
) -> None:
    first, task = chosen[0]
    element = deployments.definition_of(session, first.instance).elements[task.element_id]
    batch = Batch(
        kind=DECISION,
        actor_id=actor.id,
        created_at=now,
        step=element.name,
        form_key=element.form_key,
        state=BatchState.CONFIRMED,
        total=len(chosen),
        done=0,
        outcome=Outcome.APPROVE.value,
        form_version=1,
        content={"outcome": Outcome.APPROVE.value},
        variables={"outcome": Outcome.APPROVE.value},
        command_key=command_key,
        confirmed_at=now,
    )
    session.add(batch)
    session.flush()
    session.execute(
        insert(BatchItem),
        [
            {
                "batch_id": batch.id,
                "task_id": one.id,
                "position": position,
                "revision": one.revision,
                "state": ItemState.WAITING,
                "message": "",
                "values": {},
                "answer": None,
            }
            for position, (_nomination, one) in enumerate(chosen, start=1)
        ],
    )
