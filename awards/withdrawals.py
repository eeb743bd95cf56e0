"""Withdrawing a nomination: its unit's head may, at any time before the Chairman decides."""

from datetime import datetime

from sqlalchemy.orm import Session

from awards import access
from models.awards import Nomination, Outcome
from workflows import deployments, instances, messages, states
from workflows.actors import Actor
from workflows.errors import MessageNotAwaited, NotAllowed
from workflows.submissions import Entry

MESSAGE = "withdrawal"


def is_open(session: Session, nomination: Nomination) -> bool:
    """Whether the nomination stands where the diagram still lets its unit withdraw."""
    instance = nomination.instance
    definition = deployments.definition_of(session, instance)
    try:
        instances.message_wait(
            definition, states.load(session, instance.state_hash), MESSAGE
        )
    except MessageNotAwaited:
        return False
    return True


def withdraw(
    session: Session,
    nomination: Nomination,
    *,
    reason: str,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> None:
    """End the nomination as withdrawn. Raises MessageNotAwaited once it is too late."""
    post = access.withdrawing_post(actor, nomination)
    if post is None:
        raise NotAllowed
    messages.receive(
        session,
        nomination.instance_id,
        message=MESSAGE,
        actor=actor,
        post=post,
        now=now,
        command_key=command_key,
        entry=Entry(
            "withdraw", content={"outcome": Outcome.WITHDRAW.value, "reason": reason}
        ),
        variables={"outcome": Outcome.WITHDRAW.value},
    )
