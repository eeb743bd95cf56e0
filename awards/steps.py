"""What completing a step also does: keep the facts, stamp the receipt, take a number.

Each listener runs inside the act that completes the task, before the token moves. What it returns
is added to the process variables.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from awards import decisions, files, nominations, people
from awards.errors import DossierIncomplete, FilesWithheld, NoSigner
from awards.nominations import Facts
from models.awards import Nomination, NomineeKind, Outcome
from models.organisation import BLOCK_ROLES, UNIT_ROLES, Role
from models.process import ProcessInstance
from models.tasks import UserTask
from workflows import calendar, queues
from workflows.actors import Actor
from workflows.handlers import Variables, on_complete
from workflows.submissions import Kept


@queues.resolver
def queue(instance: ProcessInstance, role: str) -> str:
    """Unit roles work within the nomination's unit, block roles within its block."""
    if role in UNIT_ROLES:
        return f"{role}:{instance.variables['unit']}"
    if role in BLOCK_ROLES:
        return f"{role}:{instance.variables['block']}"
    return role


@queues.directory
def person(session: Session, person_id: int, now: datetime) -> Actor | None:
    """Who somebody is today, by the posts held; None for those who may not sign in."""
    found = people.find(session, person_id)
    if found is None or not found.is_active:
        return None
    return people.actor_of(found, calendar.today(now))


SUPERIORS = {
    Role.UNIT_OFFICER: Role.UNIT_HEAD,
    Role.UNIT_HEAD: Role.BLOCK_LEAD,
    Role.BLOCK_LEAD: Role.DEPARTMENT_HEAD,
    Role.DEPARTMENT_CLERK: Role.DEPARTMENT_HEAD,
    Role.DEPARTMENT_SPECIALIST: Role.DEPARTMENT_HEAD,
    Role.DEPARTMENT_HEAD: Role.CHAIRMAN,
    Role.OFFICE_SPECIALIST: Role.CHAIRMAN,
    Role.RECORDS_CLERK: Role.OFFICE_SPECIALIST,
}
"""To whom a step is escalated that nobody has finished; the Chairman has nobody above."""


@queues.superiors
def superior(instance: ProcessInstance, held_by: str) -> str:
    """The queue of those who stand above the people of a queue, for the same nomination."""
    role = Role(held_by.partition(":")[0])
    return queue(instance, SUPERIORS.get(role, role))


@on_complete("prepare_nomination")
def prepare_nomination(
    session: Session, task: UserTask, submission: Kept, actor: Actor, now: datetime
) -> Variables:
    """The nomination's facts are those last submitted; every required paper must be there.

    Nothing goes on that those after could not open, or had better not: here is who can replace it.
    """
    del actor, now
    nomination = nominations.of_instance(session, task.instance_id)
    content = submission.content
    if content["outcome"] == Outcome.APPROVE:
        nominations.restate(nomination, facts_of(content))
        if missing := files.missing_items(session, nomination):
            raise DossierIncomplete(items="; ".join(item.name for item in missing))
        if withheld := files.withheld(session, nomination):
            raise FilesWithheld(names="; ".join(file.file_name for file in withheld))
        nomination.supplement_by = None
    return {}


@on_complete("receive_by_department")
def receive_by_department(
    session: Session, task: UserTask, submission: Kept, actor: Actor, now: datetime
) -> Variables:
    """The date of receipt chooses the law that applies: it is set once, on a complete dossier."""
    del actor
    nomination = nominations.of_instance(session, task.instance_id)
    if submission.content["outcome"] == Outcome.APPROVE and nomination.received_on is None:
        received_on = _date(submission.content.get("received_on"))
        nomination.received_on = received_on or calendar.today(now)
    return _returned(nomination, submission)


@on_complete("appraise")
def appraise(
    session: Session, task: UserTask, submission: Kept, actor: Actor, now: datetime
) -> Variables:
    """What the specialist proposes travels on, so that the head sees it first."""
    del actor, now
    nomination = nominations.of_instance(session, task.instance_id)
    return _returned(nomination, submission) | {"proposal": submission.content["outcome"]}


@on_complete("decide_by_chairman", is_pure=True)
def decide_by_chairman(
    session: Session, task: UserTask, submission: Kept, actor: Actor, now: datetime
) -> Variables:
    """Remember who decides, in which post: that person's name goes under the decision."""
    del session, submission, now
    post = actor.post_for(task.queue)
    return {"signer": actor.id, "signer_post": post.id if post else None}


@on_complete("issue_decision")
def issue_decision(
    session: Session, task: UserTask, submission: Kept, actor: Actor, now: datetime
) -> Variables:
    """A number is taken now and not before, unless it was taken for many just now."""
    if submission.content["outcome"] != Outcome.APPROVE:
        return {}
    nomination = nominations.of_instance(session, task.instance_id)
    if taken := decisions.of_nomination(session, nomination.id):
        return {"decision": taken.id}
    signer_post = task.instance.variables.get("signer_post")
    if not isinstance(signer_post, int):
        raise NoSigner
    decision = decisions.issue(
        session, [nomination], signer_post_id=signer_post, issued_by=actor, now=now
    )
    return {"decision": decision.id}


def facts_of(content: dict[str, object]) -> Facts:
    """The facts in what was entered at `prepare_nomination`."""
    return Facts(
        kind=NomineeKind(str(content["nominee_kind"])),
        name=str(content["nominee_name"]),
        honorific=str(content.get("honorific") or ""),
        birth_date=_date(content.get("birth_date")),
        position=str(content.get("position") or ""),
        is_serving_public=bool(content.get("is_serving_public")),
        is_leader=bool(content.get("is_leader")),
        achievements=str(content.get("achievements") or ""),
    )


def _returned(nomination: Nomination, submission: Kept) -> Variables:
    if submission.content["outcome"] == Outcome.RETURN:
        nomination.supplement_by = _date(submission.content.get("supplement_by"))
    return {}


def _date(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
