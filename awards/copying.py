"""A new nomination begun from one that has ended: its words as a draft, its papers as copies.

Nothing is sent by it. Scores are given anew; of the papers those are copied that the new award's
dossier asks for too, and they go on saying from when they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from sqlalchemy.orm import Session

from awards import files, listings, nominations
from awards.errors import NotToBeCopied
from awards.files import StoredFile
from awards.nominations import Facts
from models.awards import Award, Movement, Nomination
from models.history import EventKind
from models.organisation import Role, Unit
from models.papers import Attachment
from models.process import InstanceStatus
from workflows import commands, drafts, history, instances, submissions, tasks
from workflows.actors import Actor
from workflows.drafts import Fields

PREPARING = listings.PREPARING
Copies: TypeAlias = Sequence[tuple[Attachment, StoredFile]]


def may_copy(actor: Actor, nomination: Nomination) -> bool:
    """The officer of its unit, or of the one that took over, once it has ended."""
    has_ended = nomination.instance.status != InstanceStatus.RUNNING
    return has_ended and nomination.unit.kept_by.code in actor.scopes(Role.UNIT_OFFICER)


def find(session: Session, code: str, *, actor: Actor) -> Nomination:
    """The ended nomination with this code. Raises NotToBeCopied when there is none to copy."""
    found = nominations.find(session, code)
    if found is None or not may_copy(actor, found):
        raise NotToBeCopied(code=code)
    return found


def papers(session: Session, source: Nomination, award: Award) -> list[Attachment]:
    """The papers that the new dossier asks for too; what a scanner holds back stays behind."""
    wanted = {item.code for item in award.dossier_items}
    return [
        row
        for row in files.of(session, source.id)
        if row.item_code in wanted and row.is_clean
    ]


def store(rows: Sequence[Attachment], folder: Path) -> list[tuple[Attachment, StoredFile]]:
    """Copy their bytes, before the transaction; a file that is not what it was stays behind."""
    copied = ((row, files.copy(row, folder)) for row in rows)
    return [(row, stored) for row, stored in copied if stored is not None]


def begin(
    session: Session,
    source: Nomination,
    copies: Copies,
    *,
    movement: Movement,
    award: Award,
    unit: Unit,
    facts: Facts,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> Nomination:
    """Set up a nomination from an old one, as a draft at its first step that nobody has sent.

    The same command key again gives the one it made the first time. Raises NotToBeCopied when the
    old one is not this unit's.
    """
    if unit.kept_by.code != source.unit.kept_by.code or not may_copy(actor, source):
        raise NotToBeCopied(code=source.code)
    command = commands.take(session, command_key, kind="copy", actor=actor, now=now)
    if command is None:
        return session.get_one(Nomination, commands.subject_of(session, command_key))
    stated = _facts(source, facts)
    made = nominations.create(
        session,
        movement=movement,
        award=award,
        unit=unit,
        facts=stated,
        actor=actor,
        now=now,
    )
    command.subject_id = made.id
    _attach(session, made, source, copies, actor, now)
    task, _holder = listings.open_task(session, made)
    assert task is not None  # noqa: S101 - every route begins with a step
    tasks.claim(session, task.id, actor=actor, now=now)
    typed = _typed(made, stated, _content(session, source))
    drafts.save(session, task.id, actor=actor, fields=typed, now=now)
    session.flush()
    return made


def source_of(session: Session, nomination: Nomination) -> str:
    """The code of the nomination that this one was begun from, or nothing."""
    for event in history.of(session, nomination.instance_id):
        if event.kind == EventKind.DOSSIER_COPIED:
            return str(history.details(event)["source"])
    return ""


def _facts(source: Nomination, facts: Facts) -> Facts:
    """Name and honorific as they were typed now; what else is known, as it was."""
    if facts.kind != source.nominee.kind:
        return replace(facts, achievements=source.achievements)
    old = source.nominee
    return replace(
        facts,
        birth_date=old.birth_date,
        position=old.position,
        is_serving_public=old.is_serving_public,
        is_leader=old.is_leader,
        achievements=source.achievements,
    )


def _attach(
    session: Session,
    made: Nomination,
    source: Nomination,
    copies: Copies,
    actor: Actor,
    now: datetime,
) -> None:
    copied = {}
    for row, stored in copies:
        attached = files.attach(
            session, made, stored, item_code=row.item_code, actor=actor, now=now
        )
        if attached.token == stored.token:
            attached.copied_from_id = row.id
            copied[str(attached.id)] = row.id
    history.append(
        session,
        instances.lock(session, made.instance_id),
        EventKind.DOSSIER_COPIED,
        actor=actor,
        post=actor.posts[0],
        now=now,
        source=source.code,
        attachments=copied,
    )
    session.flush()


def _content(session: Session, source: Nomination) -> Mapping[str, object]:
    """What the unit entered last, where both nominees are judged by lines of one kind."""
    entry = submissions.latest(session, source.instance_id, PREPARING)
    return entry.content if entry else {}


def _typed(made: Nomination, facts: Facts, content: Mapping[str, object]) -> Fields:
    """The first step's fields as somebody would have typed them."""
    said: dict[str, object] = {
        "honorific": facts.honorific,
        "nominee_name": facts.name,
        "birth_date": facts.birth_date,
        "position": facts.position,
        "is_serving_public": facts.is_serving_public,
        "is_leader": facts.is_leader,
        "achievements": facts.achievements,
    }
    is_same_kind = content.get("nominee_kind") == facts.kind.value
    for criterion in made.movement.criteria if is_same_kind else []:
        name = f"evidence__{criterion.code}"
        if criterion.nominee_kind == facts.kind and name in content:
            said[name] = content[name]
    return [[name, _text(value)] for name, value in said.items() if value]


def _text(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "y" if value is True else str(value)
