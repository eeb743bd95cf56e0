"""The pages of templates of papers."""

from typing import Any

from flask import render_template

from awards.templates import choosing, keeping, reading
from awards.templates.choosing import BUILT_IN, Template
from awards.templates.registry import KINDS, PaperKind
from forms.papers import FORMATS, TemplateForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.templates import PaperTemplate, TemplateFormat
from views.web import actor, now, reader
from views.wording import sentence, told
from workflows import calendar
from workflows.errors import WorkflowError


def index() -> str:
    """Every kind, and what waits."""
    session = reader()
    return render_template(
        "paper_templates/index.html",
        waiting=[_version(row) for row in keeping.waiting(session)],
        kinds=[
            {
                "key": kind.key,
                "name": told(kind.name),
                "formats": [
                    _in_force(keeping.in_force(session, kind, format_, now()))
                    for format_ in kind.formats
                ],
            }
            for kind in KINDS.values()
        ],
    )


def form_for(found: PaperKind, **arguments: Any) -> TemplateForm:
    """What is filled in about a new version, with the formats that the kind has."""
    form = TemplateForm(**arguments)
    form.format_.choices = [
        choice for choice in form.format_.choices if choice.value in found.formats
    ]
    if len(found.formats) == 1 and not form.format_.data:
        form.format_.data = found.formats[0].value
    return form


def kind(found: PaperKind, form: TemplateForm) -> str:
    """One kind with its versions."""
    session = reader()
    return render_template(
        "paper_templates/kind.html",
        kind={"key": found.key, "name": told(found.name)},
        formats=[
            {
                "key": format_.value,
                "name": str(FORMATS[format_.value]),
                "is_word": format_ == TemplateFormat.DOCX,
                "now": _in_force(keeping.in_force(session, found, format_, now())),
                "rows": [_version(row) for row in keeping.of(session, found, format_)],
            }
            for format_ in found.formats
        ],
        words=[(word, told(meaning)) for word, meaning in found.words.items()],
        form=form if keeping.uploads(actor()) else None,
    )


def version(row: PaperTemplate, template: Template, confirm: ConfirmForm) -> str:
    """One version with what it makes of the sample."""
    error, count, blocks = "", 0, []
    try:
        made = keeping.sample(template)
        if template.format == TemplateFormat.DOCX:
            blocks = reading.outline(made)
        else:
            count = reading.pages(made)
    except WorkflowError as failed:  # what was sound once may not be with today's words
        error = sentence(failed)
    return render_template(
        "paper_templates/version.html",
        version=_version(row),
        pages=range(1, count + 1),
        blocks=blocks,
        error=error,
        confirm=confirm,
        may_approve=_waits(row) and row.uploaded_by != actor().id,
        may_decline=_waits(row),
    )


def _version(row: PaperTemplate) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_name": told(KINDS[row.kind].name),
        "format": str(FORMATS[row.format.value]),
        "number": row.version,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "is_built_in": row.sha256 is None,
        "sha256": row.sha256,
        "note": row.note,
        "uploaded_by": row.uploader.name,
        "uploaded_at": row.uploaded_at,
        "approved_by": row.approver.name if row.approver else "",
        "approved_at": row.approved_at,
        "state": _state(row),
    }


def _state(row: PaperTemplate) -> dict[str, str]:
    """A word for how a version stands, and how it is coloured."""
    today = calendar.today(now())
    if row.declined_at is not None:
        return {"key": "refused", "name": str(_("Đã bỏ"))}
    if row.approved_at is None:
        return {"key": "waiting", "name": str(_("Chờ duyệt"))}
    if row.valid_from > today:
        return {"key": "waiting", "name": str(_("Chưa tới ngày"))}
    if row.valid_to is not None and row.valid_to < today:
        return {"key": "withdrawn", "name": str(_("Đã hết hạn"))}
    found = choosing.chosen(reader(), KINDS[row.kind], row.format, today)
    if found.version == row.version:
        return {"key": "awarded", "name": str(_("Đang dùng"))}
    return {"key": "withdrawn", "name": str(_("Đã được thay"))}


def _waits(row: PaperTemplate) -> bool:
    return row.approved_at is None and row.declined_at is None


def _in_force(template: Template) -> dict[str, object]:
    return {
        "format": str(FORMATS[template.format.value]),
        "is_word": template.format == TemplateFormat.DOCX,
        "version": template.version,
        "is_built_in": template.content is None,
        "is_first": template.version == BUILT_IN,
        "sha256": template.sha256,
    }
