"""The processes: their versions, bringing a new one, letting another's serve."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from awards import access
from forms import vocabulary
from forms.simple import ConfirmVersionForm, ProcessForm
from languages import gettext as _
from models.process import ProcessDefinition
from views import versions
from views.confirming import confirmed
from views.downloads import inert
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence, told
from workflows import commands, deployments, diagrams, linter
from workflows.errors import BadDefinition, WorkflowError
from workflows.linter import Finding
from workflows.linter.findings import short

processes = Blueprint("processes", __name__, url_prefix="/processes")
SHIPPED = Path(__file__).parents[1] / "bpmn" / "movement_award.bpmn"  # to begin with


@processes.get("")
@allow(access.keeps_processes)
def index() -> ResponseReturnValue:
    """Every version of every process, and where to bring a new one."""
    return _index_page(ProcessForm(formdata=None))


@processes.post("")
@allow(access.deploys)
def upload() -> ResponseReturnValue:
    """Check a file; keep it as the next version, or show all that is wrong and keep nothing."""
    form = ProcessForm()
    if not form.validate():
        return _index_page(form), 422
    xml = _content(form)
    findings = linter.check(xml, vocabulary.known(reader()))
    if findings:
        return _findings_page(form, xml, findings), 422
    try:
        with transaction() as session:
            row_id = _deploy(session, form, xml)
    except BadDefinition as error:
        form.file.errors = [sentence(error)]
        return _index_page(form), 422
    return redirect(url_for("processes.show", definition_id=row_id), 303)


@processes.get("/<int:definition_id>")
@allow(access.keeps_processes)
def show(definition_id: int) -> ResponseReturnValue:
    """One version: who brought it, who let it serve, its steps and its diagram."""
    return _page(definition_id, ConfirmVersionForm(formdata=None))


@processes.post("/<int:definition_id>/confirm")
@allow(access.keeps_processes)
@confirmed
def confirm(definition_id: int) -> ResponseReturnValue:
    """Let a version that somebody else has deployed serve new cases."""
    form = ConfirmVersionForm()
    if not form.validate():
        return _page(definition_id, form, 422)
    try:
        with transaction() as session:
            row = session.get_one(ProcessDefinition, definition_id, with_for_update=True)
            deployments.confirm(session, row, confirmed_by=actor().id, now=now())
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return _page(definition_id, form, 422)
    flash(_("Phiên bản này nhận hồ sơ mới từ bây giờ."), "success")
    return redirect(url_for("processes.show", definition_id=definition_id), 303)


@processes.get("/<int:definition_id>/diagram.bpmn")
@allow(access.keeps_processes)
def diagram(definition_id: int) -> ResponseReturnValue:
    """The version as the page draws it, in the reader's language."""
    row = reader().get_one(ProcessDefinition, definition_id)
    xml = diagrams.translated(row.xml, told)
    return inert(Response(xml, mimetype="application/xml"))


@processes.get("/<int:definition_id>.bpmn")
@allow(access.keeps_processes)
def download(definition_id: int) -> ResponseReturnValue:
    """The file as it was deployed, to be opened in a modeler."""
    row = reader().get_one(ProcessDefinition, definition_id)
    response = Response(row.xml, mimetype="application/xml")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{row.key}-{row.version}.bpmn"
    )
    return inert(response)


def _content(form: ProcessForm) -> bytes:
    if form.shipped.data:
        return SHIPPED.read_bytes()
    sent: bytes = form.file.data.read(diagrams.MAX_BYTES + 1)
    return sent


def _deploy(session: Session, form: ProcessForm, xml: bytes) -> int:
    command = commands.take(
        session, form.command_key.data, kind="deploy", actor=actor(), now=now()
    )
    if command is None:
        return commands.subject_of(session, form.command_key.data)
    row = deployments.deploy(session, xml, deployed_by=actor().id, now=now())
    command.subject_id = row.id
    return row.id


def _index_page(form: ProcessForm) -> str:
    rows = deployments.every(reader())
    serving = {row.key: row.id for row in reversed(rows) if row.confirmed_by is not None}
    return render_template(
        "processes/index.html",
        form=form,
        rows=[versions.row(row, serving) for row in rows],
        may_deploy=access.deploys(actor()),
    )


def _page(definition_id: int, form: Any, code: int = 200) -> ResponseReturnValue:
    row = reader().get_one(ProcessDefinition, definition_id)
    serving = {}
    if row.confirmed_by is not None:
        serving = {row.key: deployments.latest(reader(), row.key).id}
    page = render_template(
        "processes/show.html",
        version=versions.row(row, serving),
        steps=versions.steps(row),
        form=form,
        may_confirm=row.confirmed_by is None and row.deployed_by != actor().id,
    )
    return page, code


def _findings_page(form: ProcessForm, xml: bytes, findings: list[Finding]) -> str:
    marked = sorted({found.element for found in findings if found.element})
    return render_template(
        "processes/findings.html",
        file_name=short(form.file.data.filename),
        form=form,
        findings=[versions.finding(found) for found in findings],
        xml=diagrams.translated(xml, told).decode() if marked else "",
        marked=" ".join(marked),
    )
