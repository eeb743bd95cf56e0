"""Which template holds for a kind of paper on the paper's own date."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from awards.templates.registry import PaperKind
from models.templates import PaperTemplate, TemplateFormat

BUILT_IN = 0
"""The version of our own template."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that makes papers. Without `content` it is the built-in one."""

    kind: PaperKind
    format: TemplateFormat
    version: int
    sha256: str
    content: bytes | None = None

    @property
    def mark(self) -> str:
        """What a paper carries with it, to tell what it was made with."""
        return f"{self.kind.key} {self.format.value} {self.version} {self.sha256}"


def chosen(
    session: Session, kind: PaperKind, format_: TemplateFormat, day: date
) -> Template:
    """The approved template of that day: the one that began last, else the built-in one."""
    query = (
        select(PaperTemplate)
        .where(PaperTemplate.kind == kind.key, PaperTemplate.format == format_)
        .where(PaperTemplate.approved_at.is_not(None), PaperTemplate.valid_from <= day)
        .where(or_(PaperTemplate.valid_to.is_(None), PaperTemplate.valid_to >= day))
        .order_by(PaperTemplate.valid_from.desc(), PaperTemplate.version.desc())
        .options(undefer(PaperTemplate.content))
    )
    found = session.scalars(query.limit(1)).first()
    return built_in(kind, format_) if found is None else of_row(kind, found)


def of_row(kind: PaperKind, row: PaperTemplate) -> Template:
    """A version as it would be used."""
    if row.content is None or row.sha256 is None:
        return built_in(kind, row.format, version=row.version)
    return Template(kind, row.format, row.version, row.sha256, row.content)


def built_in(
    kind: PaperKind, format_: TemplateFormat, *, version: int = BUILT_IN
) -> Template:
    """Our own template, as it stands now."""
    content = kind.built_in(format_).read_bytes()
    return Template(kind, format_, version, hashlib.sha256(content).hexdigest())
