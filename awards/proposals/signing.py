"""Signing a proposal: its number is taken, its paper made, and all in it are sent on in one act.

What the signature speaks of is kept with each nomination's own act: the proposal, the hash of its
paper, and the unit's submission that stood in the dossier then. The history proves it with the act.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, joinedload

from awards import codes
from awards.errors import NoLongerWaiting, NotForThisSigner, NothingToPropose
from awards.proposals import gathering, papers, rights
from models.awards import Nomination
from models.batches import Batch, BatchItem, BatchState, ItemState
from models.proposals import Proposal, ProposalEntry
from models.tasks import Submission, UserTask
from workflows import barriers, calendar, deployments
from workflows.actors import Actor, Post
from workflows.diagrams import Element
from workflows.errors import NotAllowed, TaskChanged

PREPARING = "prepare_nomination"
Contents = Mapping[int, Mapping[str, object]]
"""What is entered at the step for each nomination, by its id, as its form gives it."""


def sign(
    session: Session,
    proposal_id: int,
    contents: Contents,
    *,
    form_version: int,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> Proposal:
    """Number a draft, make its paper, and let its batch send all that is in it on.

    The batch is confirmed and not carried out yet. The same command key again changes nothing.
    Raises NotAllowed for whoever does not sign here, NoLongerWaiting and NotForThisSigner when some
    of it cannot be sent, TaskChanged when the draft is not as the signer saw it.
    """
    proposal = _locked(session, proposal_id)
    post = actor.post_for(proposal.queue)
    if post is None:
        raise NotAllowed
    if proposal.signed_at is not None:
        if session.get_one(Batch, proposal.batch_id).command_key == command_key:
            return proposal
        raise TaskChanged
    if not proposal.entries:
        raise NothingToPropose
    if {entry.nomination_id for entry in proposal.entries} != contents.keys():
        raise TaskChanged
    tasks = open_tasks(session, proposal)
    if gone := len(proposal.entries) - len(tasks):
        raise NoLongerWaiting(count=gone)
    if barred := barriers.against(session, actor, list(tasks.values())):
        raise NotForThisSigner(count=len(barred))
    _put_on_paper(session, proposal, actor, post, now)
    proposal.batch_id = _send(
        session, proposal, tasks, contents, form_version, actor, command_key, now
    )
    session.flush()
    return proposal


def open_tasks(session: Session, proposal: Proposal) -> dict[int, UserTask]:
    """The tasks at which a draft's nominations wait for its signature, by nomination."""
    waiting = gathering.at_steps(session, proposal.kind, proposal.queue)
    query = (
        waiting.join(ProposalEntry, ProposalEntry.nomination_id == Nomination.id)
        .where(ProposalEntry.proposal_id == proposal.id)
        .with_only_columns(Nomination.id, UserTask)
        .options(joinedload(UserTask.instance))
    )
    return {nomination_id: task for nomination_id, task in session.execute(query)}  # noqa: C416 - rows, not pairs


def form_of(session: Session, tasks: Mapping[int, UserTask]) -> str:
    """The key of the form that is filled in at the steps of these tasks."""
    task = next(iter(tasks.values()))
    return _element(session, task).form_key


def is_signed_by(actor: Actor, proposal: Proposal) -> bool:
    """Whether this draft waits for the actor's signature."""
    return proposal.signed_at is None and rights.signs(actor, proposal)


def _put_on_paper(
    session: Session, proposal: Proposal, actor: Actor, post: Post, now: datetime
) -> None:
    day = calendar.today(now)
    suffix = papers.suffix(proposal)
    proposal.number = codes.next_number(session, suffix, day.year)
    proposal.year, proposal.suffix = day.year, suffix
    proposal.signed_on, proposal.signed_at = day, now
    proposal.signed_by = actor.id
    proposal.content = papers.content(session, proposal, actor=actor, post=post, day=day)
    papers.print_on(session, proposal)
    dossiers = _dossiers(session, [entry.nomination_id for entry in proposal.entries])
    for entry in proposal.entries:
        entry.dossier = dossiers.get(entry.nomination_id)
    session.flush()


def _send(
    session: Session,
    proposal: Proposal,
    tasks: Mapping[int, UserTask],
    contents: Contents,
    form_version: int,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> int:
    first = next(iter(tasks.values()))
    element = _element(session, first)
    batch = Batch(
        kind="proposal",
        actor_id=actor.id,
        created_at=now,
        step=element.name,
        form_key=element.form_key,
        state=BatchState.CONFIRMED,
        total=len(tasks),
        done=0,
        form_version=form_version,
        content={},
        variables={},
        command_key=command_key,
        confirmed_at=now,
    )
    session.add(batch)
    session.flush()
    items = [
        {
            "batch_id": batch.id,
            "task_id": tasks[entry.nomination_id].id,
            "position": entry.position,
            "revision": tasks[entry.nomination_id].revision,
            "state": ItemState.WAITING,
            "message": "",
            "values": {},
            "answer": _answer(proposal, entry, contents[entry.nomination_id]),
        }
        for entry in proposal.entries
    ]
    session.execute(insert(BatchItem), items)
    return batch.id


def _answer(
    proposal: Proposal, entry: ProposalEntry, content: Mapping[str, object]
) -> dict[str, object]:
    paper = {
        "proposal": proposal.id,
        "symbol": proposal.symbol,
        "sha256": proposal.paper_sha256,
        "dossier": entry.dossier,
    }
    outcome = entry.outcome.value
    return {
        "content": {**content, "outcome": outcome, "paper": paper},
        "variables": {"outcome": outcome},
    }


def _dossiers(session: Session, nomination_ids: Sequence[int]) -> dict[int, int]:
    """The unit's last submission for each nomination: the version of the dossier."""
    query = (
        select(Nomination.id, func.max(Submission.id))
        .join(Submission, Submission.instance_id == Nomination.instance_id)
        .where(Nomination.id.in_(nomination_ids), Submission.form_key == PREPARING)
        .group_by(Nomination.id)
    )
    return {nomination_id: last for nomination_id, last in session.execute(query)}  # noqa: C416 - rows, not pairs


def _element(session: Session, task: UserTask) -> Element:
    definition = deployments.definition_of(session, task.instance)
    return definition.elements[task.element_id]


def _locked(session: Session, proposal_id: int) -> Proposal:
    query = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise TaskChanged
    return found
