"""Instances of processes that tests draw, walked by one person who may do everything."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import HistoryEvent
from models.process import ProcessDefinition, ProcessInstance
from models.tasks import OPEN, UserTask
from tests import factories
from tests.conftest import NOW
from workflows import definitions, history, instances, tasks
from workflows.submissions import Entry

ROLE = "department_specialist"  # a role whose queue needs no scope
ME = factories.stand_in(1_001, ROLE)


def deploy(session: Session, xml: bytes) -> ProcessDefinition:
    """A version that serves, whatever it says."""
    definition = definitions.parse(xml)
    query = select(ProcessDefinition).where(ProcessDefinition.sha256 == definition.sha256)
    if known := session.scalars(query).first():
        return known
    row = ProcessDefinition(
        key=definition.key,
        version=uuid4().int % 1_000_000,
        sha256=definition.sha256,
        xml=xml,
        deployed_at=NOW,
        confirmed_by=1,
        confirmed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def begin(session: Session, xml: bytes, *, now: datetime = NOW) -> ProcessInstance:
    """A new instance of a process that has just been drawn."""
    return instances.start(
        session,
        deploy(session, xml),
        business_key=uuid4().hex,
        variables={"unit": factories.UNIT, "block": "K01"},
        actor=ME,
        post=None,
        now=now,
    )


def waiting(session: Session, instance: ProcessInstance) -> dict[str, UserTask]:
    """The open tasks by element."""
    query = select(UserTask).where(
        UserTask.instance_id == instance.id, UserTask.state.in_(OPEN)
    )
    query = query.execution_options(populate_existing=True)
    return {task.element_id: task for task in session.scalars(query)}


def answer(
    session: Session,
    instance: ProcessInstance,
    element: str,
    *,
    now: datetime = NOW,
    **variables: object,
) -> None:
    """Complete an open task."""
    task = waiting(session, instance)[element]
    tasks.complete(
        session,
        task.id,
        actor=ME,
        now=now,
        revision=task.revision,
        command_key=uuid4().hex,
        entry=Entry(element, content={}),
        variables={"outcome": "approve"} | variables,
    )


def told(session: Session, instance: ProcessInstance) -> list[str]:
    """The kinds of events so far, with their elements."""
    session.flush()
    return [_line(event) for event in history.of(session, instance.id)]


def _line(event: HistoryEvent) -> str:
    details = history.details(event)
    return f"{event.kind} {details.get('element') or details.get('clock') or ''}".strip()
