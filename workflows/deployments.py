"""Deployed process definitions: kept for ever, one version after another."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from models.process import ProcessDefinition, ProcessInstance
from models.session import take_turns
from workflows import definitions, diagrams, linter
from workflows.definitions import Definition
from workflows.errors import AlreadyServing, BadDefinition, SamePerson
from workflows.linter import Known, Outline
from workflows.words import N_

AT_INSTALLATION = 0  # who confirms what a new installation begins with
_PARSED: dict[str, Definition] = {}


def deploy(
    session: Session, xml: bytes, *, deployed_by: int | None, now: datetime
) -> ProcessDefinition:
    """Keep a BPMN file as the next version of its process; the same content is no new version.

    The processes it calls are pinned in the versions that serve now. Files that people bring are
    to be checked by the linter first. Raises BadDefinition.
    """
    serving = [latest(session, key) for key in diagrams.read(xml).calls]
    definition = definitions.parse(xml, tuple(parsed(session, row) for row in serving))
    take_turns(session, f"deploy {definition.key}")  # or two would get one number
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
        calls={row.key: row.sha256 for row in serving},
        deployed_by=deployed_by,
        deployed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def confirm(
    session: Session, row: ProcessDefinition, *, confirmed_by: int, now: datetime
) -> None:
    """Let a deployed version serve new cases; a confirmed one stays as it is.

    Raises SamePerson for whoever deployed it.
    """
    if row.confirmed_by is not None:
        return
    if row.deployed_by == confirmed_by:
        raise SamePerson
    row.confirmed_by, row.confirmed_at = confirmed_by, now
    session.flush()


def confirm_first(session: Session, row: ProcessDefinition, *, now: datetime) -> None:
    """Let the first version of a process serve, where nobody is there yet to confirm it.

    Raises AlreadyServing once some version of it is confirmed.
    """
    if row.confirmed_by is None and serving(session, row.key) is not None:
        raise AlreadyServing
    confirm(session, row, confirmed_by=AT_INSTALLATION, now=now)


def latest(session: Session, key: str) -> ProcessDefinition:
    """The newest confirmed version: the one that new cases start on."""
    row = serving(session, key)
    if row is None:
        raise BadDefinition(
            N_("Quy trình “%(key)s” chưa có phiên bản nào được xác nhận."), key=key
        )
    return row


def every(session: Session) -> Sequence[ProcessDefinition]:
    """All versions of all processes, by key, newest first."""
    query = select(ProcessDefinition).order_by(
        ProcessDefinition.key, ProcessDefinition.version.desc()
    )
    return session.scalars(query).all()


def outlines(session: Session, known: Known) -> dict[str, Outline]:
    """What the linter must know of the processes that a diagram may call: those that serve."""
    query = select(ProcessDefinition).where(ProcessDefinition.confirmed_by.is_not(None))
    rows = session.scalars(
        query.order_by(ProcessDefinition.version).options(undefer(ProcessDefinition.xml))
    )
    files = {row.key: row.xml for row in rows}
    return linter.outlines(files, known)


def parsed(session: Session, row: ProcessDefinition) -> Definition:
    """The definition behind a row, with those it calls in the versions pinned; read once."""
    if row.sha256 not in _PARSED:
        called = [_pinned(session, key, sha256) for key, sha256 in row.calls.items()]
        _PARSED[row.sha256] = definitions.parse(row.xml, tuple(called))
    return _PARSED[row.sha256]


def known(session: Session, row_id: int, sha256: str) -> Definition:
    """The definition in a row of which only the hash was read; one file has one hash."""
    return _PARSED.get(sha256) or parsed(
        session, session.get_one(ProcessDefinition, row_id)
    )


def definition_of(session: Session, instance: ProcessInstance) -> Definition:
    """The version that the instance runs on: that of its start, unless operators moved it."""
    if "definition" in instance.__dict__:  # it was loaded with the instance
        return parsed(session, instance.definition)
    return parsed(session, session.get_one(ProcessDefinition, instance.definition_id))


def serving(session: Session, key: str) -> ProcessDefinition | None:
    """The newest confirmed version, or None."""
    query = (
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key, ProcessDefinition.confirmed_by.is_not(None))
        .order_by(ProcessDefinition.version.desc())
    )
    return session.scalars(query).first()


def _pinned(session: Session, key: str, sha256: str) -> Definition:
    query = select(ProcessDefinition).where(
        ProcessDefinition.key == key, ProcessDefinition.sha256 == sha256
    )
    return parsed(session, session.scalars(query).one())
