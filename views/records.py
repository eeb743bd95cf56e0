"""Records of a movement: the same pages for every kind, each under its own address."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from awards.errors import BadChange
from awards.records import keeping, reading, rights
from awards.records.kinds import KINDS, Kind, Record
from awards.records.reading import Wanted
from forms.records import FORMS, LINES, RecordForm, RemedyForm, SignForm
from forms.simple import ExportForm
from languages import gettext as _
from languages import lazy_gettext as _l
from models.awards import Movement
from models.organisation import Role, Unit
from models.records import Inspection, InspectionFinding, RecordKind
from views import choices, record_pages
from views.guards import allow
from views.parsing import Pages, asked, page_number
from views.web import actor, now, reader, transaction
from views.wording import sentence, told
from workflows import calendar
from workflows.errors import TaskChanged
from workflows.words import N_

_STATES = {
    RecordKind.EVALUATION: {
        "signed": N_("Đã ký"),
        "unsigned": N_("Chờ thủ trưởng ký"),
    },
    RecordKind.INSPECTION: {
        "open": N_("Còn kiến nghị mở"),
        "late": N_("Quá hạn khắc phục"),
    },
}


def pages(kind: Kind) -> Blueprint:
    """The list of a kind of record, one record, and the forms to record and to correct it."""
    name = kind.path.replace("-", "_")
    made = Blueprint(name, __name__, url_prefix=f"/records/{kind.path}")
    keepers = rights.keepers(kind.key)

    def index() -> ResponseReturnValue:
        return _index(kind)

    def plan() -> ResponseReturnValue:
        return _form_page(kind, _new_form(kind, formdata=None))

    def record() -> ResponseReturnValue:
        return _record(kind)

    def show(record_id: int) -> ResponseReturnValue:
        return _show(kind, _found(kind, record_id))

    def edit(record_id: int) -> ResponseReturnValue:
        return _edit(kind, _kept(kind, record_id))

    def correct(record_id: int) -> ResponseReturnValue:
        return _correct(kind, _kept(kind, record_id))

    reads: Callable[[Any], Any] = allow(rights.reads_records)
    keeps: Callable[[Any], Any] = allow(keepers)
    made.get("")(reads(index))
    made.get("/new")(keeps(plan))
    made.post("/new")(keeps(record))
    made.get("/<int:record_id>")(reads(show))
    made.get("/<int:record_id>/edit")(keeps(edit))
    made.post("/<int:record_id>/edit")(keeps(correct))
    return made


RECORDS = {kind.key: pages(kind) for kind in KINDS.values()}
"""A blueprint for each kind."""


@RECORDS[RecordKind.EVALUATION].post("/<int:record_id>/sign")
@allow(rights.signs_records)
def sign(record_id: int) -> ResponseReturnValue:
    """The head signs the evaluation as the page shows it."""
    kind = KINDS[RecordKind.EVALUATION]
    record = _found(kind, record_id)
    form = SignForm()
    if not form.validate():
        flash(form.command_key.errors[0], "error")
        return _back_to(kind, record.id)
    try:
        with transaction() as session:
            keeping.sign(
                session, record.id, revision=form.revision.data, actor=actor(), now=now()
            )
    except TaskChanged:
        flash(_("Bản đánh giá vừa được sửa. Đọc lại rồi ký."), "error")
    else:
        flash(_("Đã ký đánh giá năm %(year)s.", year=str(record.year)), "success")  # type: ignore[union-attr] # it is an evaluation
    return _back_to(kind, record.id)


@RECORDS[RecordKind.INSPECTION].post("/findings/<int:finding_id>/close")
@allow(rights.keeps_inspections)
def close_finding(finding_id: int) -> ResponseReturnValue:
    """The department has seen that a finding was put right."""
    kind = KINDS[RecordKind.INSPECTION]
    found = reader().get(InspectionFinding, finding_id)
    if found is None:
        abort(404)
    record = _found(kind, found.inspection_id)
    form = RemedyForm()
    if not form.validate():
        return _show(kind, record, remedy=form, closing=finding_id), 422
    try:
        with transaction() as session:
            keeping.close_finding(
                session,
                finding_id,
                remedy=form.remedy.data,
                closed_on=form.closed_on.data,  # type: ignore[arg-type] # it was required
                actor=actor(),
                now=now(),
            )
    except TaskChanged as error:
        flash(sentence(error), "error")
    except BadChange as error:
        form.closed_on.errors = [sentence(error)]
        return _show(kind, record, remedy=form, closing=finding_id), 422
    else:
        flash(_("Đã khép lại kiến nghị."), "success")
    return _back_to(kind, found.inspection_id)


def _index(kind: Kind) -> ResponseReturnValue:
    filters = asked("year", "unit", "movement", "state")
    today = calendar.today(now())
    wanted, page = Wanted(kind.key, **filters), page_number()
    rows, total = reading.page(reader(), actor(), wanted, today, page)
    states = _STATES.get(kind.key, {}) | {"void": N_("Đã hủy")}
    return render_template(
        "records/index.html",
        kind=kind,
        endpoint=_endpoint(kind, "index"),
        rows=[record_pages.row(row, kind, today) for row in rows],
        heads=[told(column.title) for column in kind.columns],
        filters=filters,
        years=[(str(year), str(year)) for year in range(today.year + 1, 2018, -1)],
        units=_readable_units(),
        movements=choices.movements() if kind.has_movement else [],
        states=[(key, told(name)) for key, name in states.items()],
        may_add=rights.keepers(kind.key)(actor()),
        page=Pages(page, total),
        export_form=ExportForm(formdata=None),
    )


def _record(kind: Kind) -> ResponseReturnValue:
    form = _new_form(kind)
    if not form.validate():
        return _form_page(kind, form), 422
    unit = reader().scalars(select(Unit).where(Unit.code == form.unit.data)).one()
    try:
        with transaction() as session:
            made = keeping.record(
                session,
                kind.key,
                unit,
                form.facts(),
                actor=actor(),
                command_key=form.command_key.data,
                now=now(),
            )
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _form_page(kind, form), 422
    flash(_("Đã ghi."), "success")
    return _back_to(kind, made.id)


def _edit(kind: Kind, record: Record) -> ResponseReturnValue:
    form = _edit_form(kind, record, formdata=None)
    form.show(record)
    if kind.lines:
        form.show_lines(getattr(record, kind.lines))
    return _form_page(kind, form, record)


def _correct(kind: Kind, record: Record) -> ResponseReturnValue:
    """Put it right, or say that it should not be there."""
    form = _edit_form(kind, record)
    if not form.validate():
        return _form_page(kind, form, record), 422
    how: dict[str, Any] = {
        "reason": form.reason.data,
        "revision": form.revision.data,
        "actor": actor(),
        "now": now(),
    }
    try:
        with transaction() as session:
            if form.is_void.data:
                keeping.void(session, kind.key, record.id, **how)
            else:
                keeping.correct(session, kind.key, record.id, form.facts(), **how)
    except TaskChanged:
        form.form_errors.append(
            _("Bản ghi vừa được người khác sửa. Mở lại trang để thấy nội dung mới.")
        )
        return _form_page(kind, form, record), 409
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _form_page(kind, form, record), 422
    flash(_("Đã hủy bản ghi.") if form.is_void.data else _("Đã sửa."), "success")
    return _back_to(kind, record.id)


def _show(
    kind: Kind, record: Record, *, remedy: RemedyForm | None = None, closing: int = 0
) -> str:
    today = calendar.today(now())
    shown = record_pages.shown(record, kind, today)
    may_sign = (
        kind.key == RecordKind.EVALUATION
        and not shown.is_void
        and record.signed_at is None  # type: ignore[union-attr] # it is an evaluation
        and rights.signing_post(actor(), record) is not None  # type: ignore[arg-type] # as above
    )
    return render_template(
        "records/show.html",
        kind=kind,
        index=url_for(_endpoint(kind, "index")),
        edit=url_for(_endpoint(kind, "edit"), record_id=record.id),
        record=shown,
        signed=getattr(record, "signed_at", None) and record,
        may_sign=may_sign,
        sign_form=SignForm(formdata=None, revision=record.revision),
        may_close=not shown.is_void
        and isinstance(record, Inspection)
        and rights.may_close(actor(), record),
        remedy=remedy or RemedyForm(formdata=None, closed_on=today),
        closing=closing,
    )


def _form_page(kind: Kind, form: RecordForm, record: Record | None = None) -> str:
    this = {"record_id": record.id} if record else {}
    back, action = ("show", "correct") if record else ("index", "record")
    return render_template(
        "records/form.html",
        kind=kind,
        form=form,
        record=record,
        index=url_for(_endpoint(kind, "index")),
        back=url_for(_endpoint(kind, back), **this),  # type: ignore[arg-type] # a row's number
        action=url_for(_endpoint(kind, action), **this),  # type: ignore[arg-type] # as above
        most=LINES,
    )


def _new_form(kind: Kind, **arguments: Any) -> RecordForm:
    form = _form(kind, **arguments)
    if kind.key == RecordKind.INSPECTION:
        pairs = choices.units()
    else:
        pairs = choices.units(actor().scopes(Role.UNIT_OFFICER))
    form.unit.choices = [SelectChoice(*pair) for pair in pairs]
    if "formdata" in arguments and kind.is_yearly:
        form["year"].data = calendar.today(now()).year
    return form


def _edit_form(kind: Kind, record: Record, **arguments: Any) -> RecordForm:
    form = _form(kind, **arguments)
    form.is_correction = True
    form.unit.choices = [SelectChoice(record.unit.code, record.unit.name)]
    form.unit.data = record.unit.code
    return form


def _form(kind: Kind, **arguments: Any) -> RecordForm:
    form = FORMS[kind.key](**arguments)
    if kind.has_movement:
        rows = reader().execute(
            select(Movement.id, Movement.name).order_by(Movement.id.desc())
        )
        pairs = [SelectChoice(str(id_), name) for id_, name in rows]
        none = SelectChoice("", _l("Không gắn với phong trào nào"))
        is_free = kind.key != RecordKind.REGISTRATION
        form["movement"].choices = [none, *pairs] if is_free else pairs
    return form


def _readable_units() -> list[tuple[str, str]]:
    """The units whose records may be here: all for the offices, the own for a unit."""
    mine = actor().scopes(Role.UNIT_OFFICER, Role.UNIT_HEAD)
    is_unit_alone = not rights.reads_quality(actor()) and not actor().has(Role.BLOCK_LEAD)
    return choices.units(mine) if is_unit_alone else choices.units()


def _found(kind: Kind, record_id: int) -> Record:
    today = calendar.today(now())
    record = reading.find(reader(), actor(), kind.key, record_id, today)
    if record is None:
        abort(404)
    return record


def _kept(kind: Kind, record_id: int) -> Record:
    """A record that the person may correct."""
    record = _found(kind, record_id)
    if record.voided_at or not rights.may_keep(actor(), kind.key, record.unit):
        abort(404)
    return record


def _endpoint(kind: Kind, page: str) -> str:
    return f"{RECORDS[kind.key].name}.{page}"


def _back_to(kind: Kind, record_id: int) -> ResponseReturnValue:
    return redirect(url_for(_endpoint(kind, "show"), record_id=record_id), 303)
