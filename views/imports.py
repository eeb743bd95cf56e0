"""Nominee lists: upload, preview with an error per bad cell, confirm, follow the import."""

import io
import zipfile
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms.fields.choices import SelectChoice

from awards import access, identities, text
from awards import imports as operations
from awards.listings import PAGE
from forms.simple import KINDS, ConfirmForm, NomineeListForm
from languages import gettext as _
from models.awards import Movement, NomineeList, NomineeListState
from models.organisation import Person
from views import choices
from views.guards import allow
from views.parsing import Pages, page_number
from views.web import actor, now, reader, start_job, transaction
from views.wording import told

imports = Blueprint("imports", __name__, url_prefix="/imports")
_AT_WORK = (NomineeListState.UPLOADED, NomineeListState.CONFIRMED)


@imports.get("")
@allow(access.imports_lists)
def index() -> ResponseReturnValue:
    """Upload a list; see those uploaded before."""
    return _index_page(_form())


@imports.post("")
@allow(access.imports_lists)
def upload() -> ResponseReturnValue:
    """Keep the file and have it read."""
    form = _form()
    if not form.validate():
        return _index_page(form), 422
    content = form.file.data.read(operations.MAX_BYTES + 1)
    if len(content) > operations.MAX_BYTES:
        form.file.errors = [_("Tệp lớn quá 10 MB. Tách danh sách rồi tải lên từng phần.")]
        return _index_page(form), 422
    if not zipfile.is_zipfile(io.BytesIO(content)):  # every .xlsx is one
        form.file.errors = [
            _("Tệp này không phải bảng tính .xlsx. Lưu lại thành .xlsx rồi gửi.")
        ]
        return _index_page(form), 422
    with transaction() as session:
        query = select(Movement).where(Movement.code == form.movement.data)
        nominee_list = operations.upload(
            session,
            movement=session.scalars(query).one(),
            file_name=_name(form.file.data.filename),
            content=content,
            actor=actor(),
            command_key=form.command_key.data,
            now=now(),
        )
    start_job("read_list", nominee_list.id)
    return redirect(url_for("imports.show", list_id=nominee_list.id), 303)


@imports.get("/<int:list_id>")
@allow(access.imports_lists)
def show(list_id: int) -> ResponseReturnValue:
    """How far the list has come: progress, preview with errors, or what was imported."""
    found = _seen(list_id)
    is_read = found.state == NomineeListState.READ
    rows = found.rows if is_read else []
    number = page_number()
    return render_template(
        "imports/show.html",
        list=_list(found),
        errors=[_error(error) for error in found.errors] if is_read else [],
        columns=_columns(),
        rows=[_row(row) for row in rows[(number - 1) * PAGE : number * PAGE]],
        valid=len(rows),
        page=Pages(number, len(rows)),
        form=ConfirmForm(formdata=None),
    )


@imports.get("/<int:list_id>/progress")
@allow(access.imports_lists)
def progress(list_id: int) -> ResponseReturnValue:
    """The part of the page that is asked for again and again while work goes on."""
    found = _seen(list_id)
    response = Response(render_template("imports/_progress.html", list=_list(found)))
    if found.state not in _AT_WORK:
        response.headers["HX-Refresh"] = "true"
    return response


@imports.post("/<int:list_id>/confirm")
@allow(access.imports_lists)
def confirm(list_id: int) -> ResponseReturnValue:
    """Let the faultless rows become nominations."""
    _seen(list_id)
    with transaction() as session:
        operations.confirm(session, list_id, actor=actor(), now=now())
    start_job("import_list", list_id)
    return redirect(url_for("imports.show", list_id=list_id), 303)


def _name(sent: str) -> str:
    """The file's name as it can be shown."""
    shown = "".join(c for c in text.one_line(sent) if c.isprintable())
    return shown[-200:].strip() or "danh-sach.xlsx"


def _form() -> NomineeListForm:
    form = NomineeListForm()
    form.movement.choices = [SelectChoice(*pair) for pair in choices.open_movements()]
    return form


def _index_page(form: NomineeListForm) -> str:
    mine = NomineeList.uploaded_by == actor().id
    number = page_number()
    total = reader().scalar(select(func.count(NomineeList.id)).where(mine)) or 0
    query = select(NomineeList).where(mine).order_by(NomineeList.id.desc())
    rows = reader().scalars(query.offset((number - 1) * PAGE).limit(PAGE))
    return render_template(
        "imports/index.html",
        form=form,
        lists=[_list(row) for row in rows],
        page=Pages(number, total),
    )


def _seen(list_id: int) -> NomineeList:
    found = reader().get(NomineeList, list_id)
    if found is None or not access.may_see_list(actor(), found):
        abort(404)
    return found


def _list(found: NomineeList) -> SimpleNamespace:
    sender = reader().get(Person, found.uploaded_by)
    unreadable = found.state == NomineeListState.UNREADABLE
    return SimpleNamespace(
        id=found.id,
        file_name=found.file_name,
        movement=found.movement.name,
        uploaded_at=found.uploaded_at,
        who=sender.name if sender else "",
        state=found.state.value,
        done=found.done,
        total=found.total,
        errors=len(found.errors),
        message=_message(found.errors[0]) if unreadable else "",
    )


def _message(error: dict[str, Any]) -> str:
    return told(error["message"], **error["values"])


def _error(error: dict[str, Any]) -> dict[str, object]:
    return {
        "row": error["row"],
        "column": f"{error['column_letter']} · {error['column']}",
        "value": error["values"].get("value", ""),
        "message": _message(error),
    }


def _columns() -> list[str]:
    return [
        _("Tên"),
        _("Loại"),
        _("Ngày sinh"),
        _("Số định danh"),
        _("Chức vụ"),
        _("Đơn vị"),
        _("Hình thức khen"),
        _("Trực tiếp phục vụ"),
        _("Tóm tắt thành tích"),
    ]


def _row(row: dict[str, Any]) -> SimpleNamespace:
    units, awards = dict(choices.units()), dict(choices.awards())
    born = row["birth_date"]
    cells = [
        f"{row['honorific']} {row['name']}".strip(),
        str(KINDS[row["kind"]]),
        "/".join(reversed(born.split("-"))) if born else "",
        identities.masked(row.get("identity_number", "")),
        row["position"],
        units.get(row["unit_code"], row["unit_code"]),
        awards.get(row["award_code"], row["award_code"]),
        "x" if row["is_serving_public"] else "",
        row["achievements"],
    ]
    return SimpleNamespace(
        number=row["row"], cells=cells, bad=[False] * len(cells), is_bad=False
    )
