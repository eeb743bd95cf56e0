"""How papers look: the templates of each kind, new versions, and the second person's approval."""

from datetime import date
from typing import cast

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from awards.templates import choosing, keeping, reading
from awards.templates.choosing import Template
from awards.templates.registry import KINDS, PaperKind
from awards.templates.trying import MAX_BYTES
from forms.simple import ConfirmForm
from languages import gettext as _
from models.templates import PaperTemplate, TemplateFormat
from views import template_pages as pages
from views.confirming import confirmed
from views.downloads import inert
from views.guards import allow
from views.parsing import row_number
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows.errors import WorkflowError

paper_templates = Blueprint("paper_templates", __name__, url_prefix="/paper-templates")


@paper_templates.get("")
@allow(keeping.keeps)
def index() -> ResponseReturnValue:
    """Every kind of paper with what makes it today, and what waits for a second person."""
    return pages.index()


@paper_templates.get("/<kind>")
@allow(keeping.keeps)
def show(kind: str) -> ResponseReturnValue:
    """One kind: its versions, the words a template may use, and where to bring a new one."""
    found = _kind(kind)
    return pages.kind(found, pages.form_for(found, formdata=None))


@paper_templates.post("/<kind>")
@allow(keeping.uploads)
def upload(kind: str) -> ResponseReturnValue:
    """Try a template on the sample; keep it for a second person, or say what is wrong with it."""
    found = _kind(kind)
    form = pages.form_for(found)
    if not form.validate():
        return pages.kind(found, form), 422
    content = None if form.is_built_in.data else form.file.data.read(MAX_BYTES + 1)
    try:
        tried = keeping.try_out(found, TemplateFormat(form.format_.data), content)
    except WorkflowError as error:
        form.file.errors = [sentence(error)]
        return pages.kind(found, form), 422
    with transaction() as session:
        row = keeping.upload(
            session,
            tried,
            valid_from=cast("date", form.valid_from.data),
            valid_to=form.valid_to.data,
            note=form.note.data,
            actor=actor(),
            command_key=form.command_key.data,
            now=now(),
        )
    flash(_("Mẫu đã lập được văn bản thử. Chờ người thứ hai duyệt."), "success")
    return redirect(url_for("paper_templates.version", template_id=row.id), 303)


@paper_templates.get("/<kind>/built-in")
@allow(keeping.keeps)
def built_in(kind: str) -> ResponseReturnValue:
    """Our own template, to begin a new one from."""
    found = _kind(kind)
    template = choosing.built_in(found, _format(found))
    return _file(keeping.source(template), template, f"{kind}-mau")


@paper_templates.get("/<kind>/sample")
@allow(keeping.keeps)
def sample(kind: str) -> ResponseReturnValue:
    """A made-up paper by the template of today."""
    found = _kind(kind)
    template = keeping.in_force(reader(), found, _format(found), now())
    is_pdf = template.format == TemplateFormat.TYPST
    return _file(keeping.sample(template), template, f"{kind}-thu", is_pdf=is_pdf)


@paper_templates.get("/versions/<int:template_id>")
@allow(keeping.keeps)
def version(template_id: int) -> ResponseReturnValue:
    """One version with the paper it makes of the sample."""
    row, template = _version(template_id)
    return pages.version(row, template, ConfirmForm(formdata=None))


@paper_templates.get("/versions/<int:template_id>/page.png")
@allow(keeping.keeps)
def picture(template_id: int) -> ResponseReturnValue:
    """A page of the sample as a picture."""
    _row, template = _version(template_id)
    if template.format != TemplateFormat.TYPST:
        abort(404)
    number = row_number(request.args.get("number", "1"))
    png = reading.picture(keeping.sample(template), number)
    if png is None:
        abort(404)
    return Response(png, mimetype="image/png")


@paper_templates.get("/versions/<int:template_id>/file")
@allow(keeping.keeps)
def download(template_id: int) -> ResponseReturnValue:
    """The template as it was uploaded."""
    row, template = _version(template_id)
    return _file(keeping.source(template), template, f"{row.kind}-{row.version}")


@paper_templates.post("/versions/<int:template_id>/approve")
@allow(keeping.keeps)
@confirmed
def approve(template_id: int) -> ResponseReturnValue:
    """Let a version that somebody else has brought make papers from its date on."""
    said = _("Đã duyệt; văn bản từ ngày đã ghi dùng mẫu này.")
    return _act(template_id, keeping.approve, said)


@paper_templates.post("/versions/<int:template_id>/decline")
@allow(keeping.keeps)
def decline(template_id: int) -> ResponseReturnValue:
    """Do away with a version that waits."""
    return _act(
        template_id, keeping.decline, _("Đã bỏ phiên bản này; chưa văn bản nào dùng.")
    )


def _act(template_id: int, operation: object, said: str) -> ResponseReturnValue:
    _version(template_id)
    if ConfirmForm().validate():
        try:
            with transaction() as session:
                operation(session, template_id, actor=actor(), now=now())  # type: ignore[operator] # one of keeping's
        except WorkflowError as error:
            flash(sentence(error), "warning")
        else:
            flash(said, "success")
    return redirect(url_for("paper_templates.version", template_id=template_id), 303)


def _kind(key: str) -> PaperKind:
    if key not in KINDS:
        abort(404)
    return KINDS[key]


def _version(template_id: int) -> tuple[PaperTemplate, Template]:
    row = reader().get(PaperTemplate, template_id)
    if row is None:
        abort(404)
    return row, choosing.of_row(_kind(row.kind), row)


def _format(kind: PaperKind) -> TemplateFormat:
    is_word = request.args.get("as") == "docx"
    asked = TemplateFormat.DOCX if is_word else TemplateFormat.TYPST
    if asked not in kind.formats:
        abort(404)
    return asked


def _file(
    content: bytes, template: Template, name: str, *, is_pdf: bool = False
) -> ResponseReturnValue:
    is_word = template.format == TemplateFormat.DOCX
    ending = "docx" if is_word else "pdf" if is_pdf else "typ"
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    return inert(response)
