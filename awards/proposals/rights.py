"""Who may prepare, sign and see proposals. `docs/permissions.md` says it in prose."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from awards import access
from models.organisation import Block, Role
from models.proposals import Proposal, ProposalKind
from workflows.actors import Actor

SIGNERS = {
    ProposalKind.UNIT: Role.UNIT_HEAD,
    ProposalKind.BLOCK: Role.BLOCK_LEAD,
    ProposalKind.DEPARTMENT: Role.DEPARTMENT_HEAD,
}
_PREPARERS = {
    ProposalKind.UNIT: access.UNIT,
    ProposalKind.BLOCK: (Role.BLOCK_LEAD,),
    ProposalKind.DEPARTMENT: access.DEPARTMENT,
}


def works_with_proposals(actor: Actor) -> bool:
    """Who prepares, signs or receives proposals; those who only watch read signed ones."""
    return access.works_on_tasks(actor)


def prepared_by(actor: Actor) -> Iterator[tuple[ProposalKind, str]]:
    """Kind and queue of the signature of all proposals that the actor may prepare."""
    for kind, roles in _PREPARERS.items():
        for scope in sorted(actor.scopes(*roles)):
            role = SIGNERS[kind].value
            yield kind, f"{role}:{scope}" if scope else role


def prepares(actor: Actor, kind: ProposalKind, queue: str) -> bool:
    """Whether the actor may gather a proposal for this signature."""
    return (kind, queue) in prepared_by(actor)


def signs(actor: Actor, proposal: Proposal) -> bool:
    """Whether the proposal waits for the actor's signature, or one that the actor stands in for."""
    return proposal.queue in actor.queues


def may_see(actor: Actor, proposal: Proposal) -> bool:
    """A draft is its office's alone; a signed one is seen by those to whom it goes as well."""
    if prepares(actor, proposal.kind, proposal.queue):
        return True
    if proposal.signed_at is None:
        return False
    block = proposal.block
    return access.sees_everything(actor) or (
        block is not None and block.code in actor.scopes(Role.BLOCK_LEAD)
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """`may_see` as a condition on queries over proposals."""
    own = or_(
        false(),
        *(
            and_(Proposal.kind == kind, Proposal.queue == queue)
            for kind, queue in prepared_by(actor)
        ),
    )
    if access.sees_everything(actor):
        received: ColumnElement[bool] = true()
    elif blocks := actor.scopes(Role.BLOCK_LEAD):
        received = Proposal.block_id.in_(select(Block.id).where(Block.code.in_(blocks)))
    else:
        received = false()
    return or_(own, and_(Proposal.signed_at.is_not(None), received))
