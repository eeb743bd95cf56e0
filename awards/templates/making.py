"""Papers made of their words, as PDF or as DOCX, by the template that holds on their date."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from awards.templates import choosing, filling, trying, typesetting
from awards.templates.choosing import Template
from awards.templates.registry import PaperKind, Words
from awards.templates.typesetting import Standard
from models.templates import TemplateFormat

_MEDIA_TYPES = {
    TemplateFormat.TYPST: ("application/pdf", "pdf"),
    TemplateFormat.DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A paper, and the template it was made with."""

    content: bytes
    template: Template

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self.template.format][0]

    @property
    def extension(self) -> str:
        """How the file's name ends: pdf or docx."""
        return _MEDIA_TYPES[self.template.format][1]


def make(
    session: Session,
    kind: PaperKind,
    words: Words,
    *,
    day: date,
    format_: TemplateFormat = TemplateFormat.TYPST,
    standard: Standard = "1.7",
) -> Made:
    """Make a paper of that day. Raises UnprintableText and TemplateFailed."""
    template = choosing.chosen(session, kind, format_, day)
    return Made(render(template, words, standard=standard), template)


def render(template: Template, words: Words, *, standard: Standard = "1.7") -> bytes:
    """The paper's bytes: the same words in the same template."""
    marked = {**words, "made_with": template.mark}
    if template.content is not None:
        return trying.run(template.format, template.content, marked, standard=standard)
    if template.format == TemplateFormat.DOCX:
        content = template.kind.built_in(template.format).read_bytes()
        return filling.fill(content, marked)
    name = template.kind.built_in(template.format).name
    return typesetting.compile_paper(name, marked, standard=standard)
