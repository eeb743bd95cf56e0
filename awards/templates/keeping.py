"""New versions of templates: tried, kept, and used once a second person has approved them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from awards import access
from awards.templates import choosing, making, trying
from awards.templates.choosing import Template
from awards.templates.registry import KINDS, PaperKind
from models.organisation import Role
from models.session import take_turns
from models.templates import PaperTemplate, TemplateFormat
from workflows import calendar, commands
from workflows.actors import Actor
from workflows.errors import NotAllowed, SamePerson, TaskChanged
from workflows.words import N_


@dataclass(frozen=True, slots=True)
class Tried:
    """A template that has made its kind's sample; None as content is our own template again."""

    kind: PaperKind
    format: TemplateFormat
    content: bytes | None


def uploads(actor: Actor) -> bool:
    """The administrators of the system bring new versions."""
    return actor.has(Role.SYSTEM_ADMIN)


def keeps(actor: Actor) -> bool:
    """Those who may look at templates and approve what another has brought."""
    return access.keeps_processes(actor)


def try_out(kind: PaperKind, format_: TemplateFormat, content: bytes | None) -> Tried:
    """Let a template make the sample. Takes seconds: no transaction may wait for it.

    Raises TemplateFailed and UnprintableText.
    """
    if content is not None:
        trying.run(format_, content, {**kind.sample(), "made_with": ""})
    return Tried(kind, format_, content)


def upload(
    session: Session,
    tried: Tried,
    *,
    valid_from: date,
    valid_to: date | None,
    note: str,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> PaperTemplate:
    """Keep a version that waits for approval. The same command key gives it again."""
    if not uploads(actor):
        raise NotAllowed
    command = commands.take(session, command_key, kind="template", actor=actor, now=now)
    if command is None:
        return session.get_one(PaperTemplate, commands.subject_of(session, command_key))
    take_turns(session, "paper_template")
    last = session.scalar(
        select(func.max(PaperTemplate.version)).where(
            PaperTemplate.kind == tried.kind.key, PaperTemplate.format == tried.format
        )
    )
    content = tried.content
    row = PaperTemplate(
        kind=tried.kind.key,
        format=tried.format,
        version=(last or choosing.BUILT_IN) + 1,
        valid_from=valid_from,
        valid_to=valid_to,
        content=content,
        sha256=None if content is None else hashlib.sha256(content).hexdigest(),
        note=note,
        uploaded_by=actor.id,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    command.subject_id = row.id
    session.flush()
    return row


def approve(
    session: Session, template_id: int, *, actor: Actor, now: datetime
) -> PaperTemplate:
    """Let a version be used from its date on. Approving twice changes nothing.

    Raises NotAllowed, SamePerson for whoever uploaded it, TaskChanged when it was declined.
    """
    row = _locked(session, template_id)
    if not keeps(actor):
        raise NotAllowed
    if row.uploaded_by == actor.id:
        raise SamePerson(N_("Người tải mẫu lên không tự duyệt."))
    if row.declined_at is not None:
        raise TaskChanged
    if row.approved_at is None:
        row.approved_by, row.approved_at = actor.id, now
    session.flush()
    return row


def decline(
    session: Session, template_id: int, *, actor: Actor, now: datetime
) -> PaperTemplate:
    """Do away with a version that waits: by another, or by whoever brought it."""
    row = _locked(session, template_id)
    if not keeps(actor):
        raise NotAllowed
    if row.approved_at is not None:
        raise TaskChanged
    row.declined_at = row.declined_at or now
    session.flush()
    return row


def of(
    session: Session, kind: PaperKind, format_: TemplateFormat
) -> Sequence[PaperTemplate]:
    """Every version that was ever brought, the newest first."""
    query = (
        select(PaperTemplate)
        .where(PaperTemplate.kind == kind.key, PaperTemplate.format == format_)
        .options(joinedload(PaperTemplate.uploader), joinedload(PaperTemplate.approver))
    )
    return session.scalars(query.order_by(PaperTemplate.version.desc())).all()


def find(
    session: Session, kind: PaperKind, format_: TemplateFormat, version: int
) -> PaperTemplate | None:
    """One version."""
    query = select(PaperTemplate).where(
        PaperTemplate.kind == kind.key,
        PaperTemplate.format == format_,
        PaperTemplate.version == version,
    )
    return session.scalars(query).first()


def waiting(session: Session) -> Sequence[PaperTemplate]:
    """What waits for a second person, the oldest first."""
    query = (
        select(PaperTemplate)
        .where(PaperTemplate.approved_at.is_(None), PaperTemplate.declined_at.is_(None))
        .options(joinedload(PaperTemplate.uploader))
    )
    rows = session.scalars(query.order_by(PaperTemplate.id)).all()
    return [row for row in rows if row.kind in KINDS]


def in_force(
    session: Session, kind: PaperKind, format_: TemplateFormat, now: datetime
) -> Template:
    """What makes papers of today."""
    return choosing.chosen(session, kind, format_, calendar.today(now))


@lru_cache(maxsize=4)
def sample(template: Template) -> bytes:
    """The kind's made-up paper by this template; the last few are kept: a page shows each often.

    Raises TemplateFailed.
    """
    return making.render(template, template.kind.sample())


def source(template: Template) -> bytes:
    """The template's own file."""
    if template.content is not None:
        return template.content
    return template.kind.built_in(template.format).read_bytes()


def _locked(session: Session, template_id: int) -> PaperTemplate:
    query = select(PaperTemplate).where(PaperTemplate.id == template_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
