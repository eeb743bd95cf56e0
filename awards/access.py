"""Who may see and do what, apart from working on a task. `docs/permissions.md` says it in prose.

Every predicate takes the actor first. No rule means no.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import aliased

from models.awards import Nomination, NomineeList
from models.batches import Batch
from models.exports import Export
from models.organisation import Block, Role, Unit
from models.process import InstanceStatus
from workflows import operations
from workflows.actors import Actor, Post

UNIT = (Role.UNIT_OFFICER, Role.UNIT_HEAD)
DEPARTMENT = (Role.DEPARTMENT_CLERK, Role.DEPARTMENT_SPECIALIST, Role.DEPARTMENT_HEAD)
PROVINCE = (*DEPARTMENT, Role.OFFICE_SPECIALIST, Role.CHAIRMAN, Role.RECORDS_CLERK)
WATCHERS = (Role.COUNCIL_MEMBER, Role.AUDITOR, Role.PROCESS_ADMIN)
WORKERS = (*UNIT, Role.BLOCK_LEAD, *PROVINCE)


def signed_in(actor: Actor) -> bool:
    """Anybody with an account."""
    return actor.id > 0


def works_on_tasks(actor: Actor) -> bool:
    """People with an inbox."""
    return actor.has(*WORKERS)


def follows_nominations(actor: Actor) -> bool:
    """People who may see any nomination at all."""
    return actor.has(*WORKERS, *WATCHERS)


def keeps_nominations(actor: Actor) -> bool:
    """Those who have nominations of their own to set up, import and answer for."""
    return actor.has(*UNIT, Role.DEPARTMENT_CLERK)


def sees_everything(actor: Actor) -> bool:
    """The province's own offices, and those who watch over the whole."""
    return actor.has(*PROVINCE, *WATCHERS)


def sees_inside(actor: Actor) -> bool:
    """Those to whom the offices' own affairs are told: who has what, and what they advise."""
    return sees_everything(actor)


def may_see(actor: Actor, nomination: Nomination) -> bool:
    """The unit its own, the block lead those of the block, the province's offices all."""
    block = nomination.block
    return (
        sees_everything(actor)
        or nomination.unit.kept_by.code in actor.scopes(*UNIT)
        or (block is not None and block.code in actor.scopes(Role.BLOCK_LEAD))
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """`may_see` as a condition on queries over nominations."""
    if sees_everything(actor):
        return true()
    conditions = []
    if units := actor.scopes(*UNIT):
        conditions.append(Nomination.unit_id.in_(kept_by(units)))
    if blocks := actor.scopes(Role.BLOCK_LEAD):
        inside = select(Block.id).where(Block.code.in_(blocks))
        conditions.append(Nomination.block_id.in_(inside))
    return or_(false(), *conditions)


def kept_by(codes: Collection[str]) -> Select[int]:
    """The ids of these units and of those that ended in them."""
    keeper = aliased(Unit)
    code = func.coalesce(keeper.code, Unit.code)
    return select(Unit.id).outerjoin(keeper, Unit.keeper).where(code.in_(codes))


def may_comment(actor: Actor, nomination: Nomination) -> bool:
    """Those who work on it, not those who only watch."""
    return works_on_tasks(actor) and may_see(actor, nomination)


def may_identify(actor: Actor, nomination: Nomination) -> bool:
    """Who needs a nominee's identity number: the officer who states it, and who appraises."""
    officer = nomination.unit.kept_by.code in actor.scopes(Role.UNIT_OFFICER)
    return officer or actor.has(Role.DEPARTMENT_SPECIALIST)


def identifies(actor: Actor) -> bool:
    """Those who may need the identity number of some nominee."""
    return actor.has(Role.UNIT_OFFICER, Role.DEPARTMENT_SPECIALIST)


def answers_for_data(actor: Actor) -> bool:
    """Who gives people a copy of what is held about them."""
    return actor.has(Role.SYSTEM_ADMIN, Role.UNIT_OFFICER)


def may_answer_for(actor: Actor, nomination: Nomination) -> bool:
    """The administrators of the system for everybody, a unit's officer for its own nominations."""
    officer = nomination.unit.kept_by.code in actor.scopes(Role.UNIT_OFFICER)
    return officer or keeps_accounts(actor)


def answers_for_unit(actor: Actor) -> bool:
    """A unit's officer and head."""
    return actor.has(*UNIT)


def nominates(actor: Actor) -> bool:
    """Unit officers set up nominations, each for the own unit."""
    return actor.has(Role.UNIT_OFFICER)


def imports_lists(actor: Actor) -> bool:
    """A unit's officer for the own unit, the department's clerk for any."""
    return actor.has(Role.UNIT_OFFICER, Role.DEPARTMENT_CLERK)


def may_import_for(actor: Actor, unit_code: str) -> bool:
    """Whether a nomination of this unit may come from this person."""
    return actor.has(Role.DEPARTMENT_CLERK) or unit_code in actor.scopes(Role.UNIT_OFFICER)


def may_see_list(actor: Actor, nominee_list: NomineeList) -> bool:
    """A list is its sender's alone."""
    return imports_lists(actor) and nominee_list.uploaded_by == actor.id


def may_see_batch(actor: Actor, batch: Batch) -> bool:
    """What somebody does to many at once is that person's alone to confirm and to look at."""
    return works_on_tasks(actor) and batch.actor_id == actor.id


def owns_export(actor: Actor, export: Export) -> bool:
    """A spreadsheet is whoever's who had it made, and nobody else's."""
    return signed_in(actor) and export.person_id == actor.id


def audits(actor: Actor) -> bool:
    """Auditors, and those who run the processes, read the history with its hashes."""
    return actor.has(Role.AUDITOR, Role.PROCESS_ADMIN)


def operates(actor: Actor) -> bool:
    """Those who run the processes put right what is stuck, two of them for every act."""
    return operations.may_operate(actor)


def deploys(actor: Actor) -> bool:
    """Administrators of the processes bring new versions."""
    return actor.has(Role.PROCESS_ADMIN)


def keeps_organisation(actor: Actor) -> bool:
    """The administrators of the system record what becomes of units and Khối."""
    return actor.has(Role.SYSTEM_ADMIN)


def keeps_accounts(actor: Actor) -> bool:
    """The administrators of the system give people accounts, and take them away."""
    return actor.has(Role.SYSTEM_ADMIN)


def delegates(actor: Actor) -> bool:
    """Who has work that another may do meanwhile, and the administrators who arrange it."""
    return works_on_tasks(actor) or keeps_accounts(actor)


def keeps_processes(actor: Actor) -> bool:
    """Those who look after the processes, and may confirm what another has deployed."""
    return actor.has(Role.PROCESS_ADMIN, Role.SYSTEM_ADMIN)


def withdrawing_post(actor: Actor, nomination: Nomination) -> Post | None:
    """The post in which the actor may withdraw the nomination: head of its unit."""
    return actor.post_for(f"{Role.UNIT_HEAD.value}:{nomination.unit.kept_by.code}")


def may_withdraw(actor: Actor, nomination: Nomination) -> bool:
    """The unit's head, while it runs. Whether it has gone too far is the diagram's to say."""
    instance = nomination.instance
    running = instance.status == InstanceStatus.RUNNING and instance.suspended_at is None
    return running and withdrawing_post(actor, nomination) is not None


def extending_post(actor: Actor, nomination: Nomination) -> Post | None:
    """The post in which the actor may extend the appraisal: head of the department."""
    post = actor.post_for(Role.DEPARTMENT_HEAD.value)
    return post if may_see(actor, nomination) else None
