"""For the administrators of the system: units and people by the list, shown before they come."""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from awards import access, posts
from awards import rosters as workings
from awards.lists import MAX_FILE_BYTES, UnreadableList, blanks
from awards.lists.rosters import Row, read
from awards.names import ROLES, UNIT_KINDS
from awards.rosters import Found
from forms.simple import RosterForm
from languages import gettext as _
from views import confirming
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence

rosters = Blueprint("rosters", __name__, url_prefix="/rosters")
SHOWN = 100  # rows of a sheet
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@rosters.get("/new")
@allow(access.keeps_organisation)
def create() -> ResponseReturnValue:
    """Ask for the spreadsheet, and say how it has to look."""
    return _page(RosterForm(formdata=None))


@rosters.get("/blank.xlsx")
@allow(access.keeps_organisation)
def blank() -> ResponseReturnValue:
    """An empty list with the right columns, to be filled in."""
    content = blanks.roster([block.code for block in posts.blocks(reader())])
    response = Response(content, mimetype=_XLSX)
    response.headers.set(
        "Content-Disposition", "attachment", filename="danh-sach-don-vi-nguoi-dung.xlsx"
    )
    return response


@rosters.post("/new")
@allow(access.keeps_organisation)
def bring_in() -> ResponseReturnValue:
    """Show what a spreadsheet would bring; the second time, bring it in."""
    form = RosterForm()
    if not form.validate():
        return _page(form), 422
    try:
        rows = _rows(form)
    except UnreadableList as error:
        form.file.errors = [sentence(error)]
        return _page(form), 422
    plan: dict[str, Any] = {
        "decision_number": form.decision_number.data or "",
        "by": actor(),
        "now": now(),
    }
    if not form.rows.data:
        with transaction() as session:
            found = workings.outlook(session, rows, **plan)
        return _preview(form, rows, found)
    if (asked := confirming.ask()) is not None:
        return asked
    with transaction() as session:
        key = form.command_key.data
        found = workings.bring_in(session, rows, command_key=key, **plan)
    if found.problems:
        return _preview(form, rows, found), 422
    flash(
        _(
            "Đã ghi %(units)s đơn vị, %(people)s tài khoản, %(posts)s chức vụ.",
            units=found.units,
            people=found.people,
            posts=found.posts,
        ),
        "success",
    )
    return redirect(url_for("units.index"), 303)


def _rows(form: RosterForm) -> list[Row]:
    """The rows of the file, or those that our own page has sent back."""
    if form.rows.data:
        try:
            return [Row(**row) for row in _serializer().loads(form.rows.data)]
        except BadSignature:
            form.rows.data = ""
    if form.file.data is None:
        raise UnreadableList(_("Chọn tệp danh sách."))
    return read(form.file.data.read(MAX_FILE_BYTES + 1))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SIGNING_KEYS"], salt="roster")


def _preview(form: RosterForm, rows: list[Row], found: Found) -> str:
    form.rows.data = _serializer().dumps([asdict(row) for row in rows])
    return render_template(
        "rosters/preview.html",
        form=form,
        sheets=_sheets(rows),
        total=len(rows),
        found=found,
        problems=[
            {
                "sheet": one.row.sheet,
                "row": one.row.number,
                "said": [text for text in one.row.cells.values() if text][:3],
                "why": sentence(one.error),
            }
            for one in found.problems
        ],
    )


def _sheets(rows: list[Row]) -> list[SimpleNamespace]:
    """The rows as the sheets have them, in columns; of long ones the first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.sheet, []).append(row)
    return [
        SimpleNamespace(
            name=name,
            columns=list(mine[0].cells),
            rows=[(row.number, list(row.cells.values())) for row in mine[:SHOWN]],
            total=len(mine),
        )
        for name, mine in found.items()
    ]


def _page(form: RosterForm) -> str:
    return render_template(
        "rosters/create.html",
        form=form,
        columns={
            "units": [column.value for column in blanks.UNIT_SHEET],
            "people": [column.value for column in blanks.PEOPLE_SHEET],
        },
        roles=list(ROLES.values()),
        kinds=list(UNIT_KINDS.values()),
    )
