"""Deployed process definitions: kept for ever, one version after another."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.process import ProcessDefinition, ProcessInstance
from workflows import definitions
from workflows.definitions import Definition
from workflows.errors import BadDefinition
from workflows.words import N_

_PARSED: dict[str, Definition] = {}


def deploy(
    session: Session, xml: bytes, *, deployed_by: int | None, now: datetime
) -> ProcessDefinition:
    """Keep a BPMN file as the next version of its process; the same file is no new version."""
    definition = definitions.parse(xml)
    query = select(ProcessDefinition).where(ProcessDefinition.key == definition.key)
    known = session.scalars(
        query.where(ProcessDefinition.sha256 == definition.sha256)
    ).first()
    if known is not None:
        return known
    last = session.scalar(
        select(func.max(ProcessDefinition.version)).where(
            ProcessDefinition.key == definition.key
        )
    )
    row = ProcessDefinition(
        key=definition.key,
        version=(last or 0) + 1,
        sha256=definition.sha256,
        xml=xml,
        deployed_by=deployed_by,
        deployed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def confirm(
    session: Session, row: ProcessDefinition, *, confirmed_by: int, now: datetime
) -> None:
    """Let a deployed version serve new cases."""
    row.confirmed_by, row.confirmed_at = confirmed_by, now
    session.flush()


def latest(session: Session, key: str) -> ProcessDefinition:
    """The newest confirmed version: the one that new cases start on."""
    query = (
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key, ProcessDefinition.confirmed_by.is_not(None))
        .order_by(ProcessDefinition.version.desc())
    )
    row = session.scalars(query).first()
    if row is None:
        raise BadDefinition(
            N_("Quy trình “%(key)s” chưa có phiên bản nào được xác nhận."), key=key
        )
    return row


def parsed(row: ProcessDefinition) -> Definition:
    """The definition behind a row, read once per process."""
    if row.sha256 not in _PARSED:
        _PARSED[row.sha256] = definitions.parse(row.xml)
    return _PARSED[row.sha256]


def definition_of(session: Session, instance: ProcessInstance) -> Definition:
    """The version that the instance started on."""
    if "definition" in instance.__dict__:  # it was loaded with the instance
        return parsed(instance.definition)
    return parsed(session.get_one(ProcessDefinition, instance.definition_id))
