"""For the administrators of the system: the units of the province, and what became of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound
from wtforms.fields.choices import SelectChoice

from awards import access, blocks, posts, text, unit_posts
from awards import units as workings
from awards.errors import BadChange
from forms.accounts import ROLES
from forms.organisation import CHANGES, KINDS, ChangeForm, DayForm, JoinForm, UnitForm
from forms.simple import ExportForm
from languages import gettext as _
from models.organisation import Person, Unit, UnitEvent, UnitEventKind, UnitKind
from views import confirming, setting_up
from views.confirming import confirmed
from views.guards import allow
from views.parsing import asked
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar, commands

units = Blueprint("units", __name__, url_prefix="/units")
UNFOLDED = 40  # units that are shown without opening their Khối


@units.get("")
@allow(access.keeps_organisation)
def index() -> ResponseReturnValue:
    """All units as of a day, by Khối; or those whose name or code holds what is searched for."""
    form = DayForm(formdata=request.args, meta={"csrf": False})
    is_day = form.validate() and form.on.data
    day = form.on.data if is_day else calendar.today(now())
    heads = workings.heads_on(reader(), day)
    standings = blocks.standings(reader(), day)
    grouped = {unit.id for standing in standings for unit in standing.members}
    rest = [unit for unit in workings.on(reader(), day) if unit.id not in grouped]
    wanted = asked("q").get("q", "")
    groups = [(s.block, s.term, _rows(s.members, heads, wanted)) for s in standings]
    return render_template(
        "units/index.html",
        form=form,
        day=day,
        is_today=day == calendar.today(now()),
        wanted=wanted,
        groups=[group for group in groups if group[2]],
        rest=_rows(rest, heads, wanted),
        over=_rows(workings.over(reader(), day), {}, wanted) if wanted else [],
        count=len(grouped) + len(rest),
        is_folded=not wanted and len(grouped) > UNFOLDED,
        planned=[_told(event) for event in workings.planned(reader())],
        set_up=[] if wanted else setting_up.parts(),
        export_form=ExportForm(formdata=None),
    )


@units.get("/new")
@allow(access.keeps_organisation)
def create() -> ResponseReturnValue:
    """A form for a unit that comes of no other."""
    return _create_page(_unit_form(formdata=None, since=calendar.today(now())))


@units.post("/new")
@allow(access.keeps_organisation)
def found() -> ResponseReturnValue:
    """Record it."""
    form = _unit_form()
    if not form.validate():
        return _create_page(form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="unit", actor=actor(), now=now()):
                workings.found(
                    session,
                    form.new(),
                    UnitKind(form.kind.data),
                    since=cast("date", form.since.data),
                    decision_number=form.decision_number.data,
                    block=blocks.find(session, form.block.data)
                    if form.block.data
                    else None,
                    by=actor(),
                    now=now(),
                )
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _create_page(form), 422
    flash(_("Đã ghi đơn vị mới."), "success")
    return redirect(url_for("units.show", unit_code=form.code.data), 303)


@units.get("/changes/new")
@allow(access.keeps_organisation)
def plan() -> ResponseReturnValue:
    """A form for what a decision does to units."""
    unit = asked("unit").get("unit", "")
    ending = [unit] if unit else []
    form = _change_form(formdata=None, ending=ending, effective_on=calendar.today(now()))
    return _change_page(form)


@units.post("/changes/new")
@allow(access.keeps_organisation)
@confirmed
def change() -> ResponseReturnValue:
    """Show what it would bring; once that is confirmed, record it."""
    form = _change_form()
    if "revise" in request.form:
        return _change_page(form)
    if not form.validate():
        return _change_page(form), 422
    try:
        if not form.confirmed.data:
            return _check_page(form)
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="unit_event", actor=actor(), now=now()):
                workings.record(session, form.change(), by=actor(), now=now())
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _change_page(form), 422
    flash(_("Đã ghi thay đổi tổ chức."), "success")
    return redirect(url_for("units.show", unit_code=form.ending.data[0]), 303)


@units.get("/<unit_code>")
@allow(access.keeps_organisation)
def show(unit_code: str) -> ResponseReturnValue:
    """One unit: its people, its Khối, what became of it."""
    unit = _found(unit_code)
    return _page(unit, _join_form(formdata=None, since=calendar.today(now())))


@units.post("/<unit_code>/block")
@allow(access.keeps_organisation)
@confirmed
def join(unit_code: str) -> ResponseReturnValue:
    """Put it into a Khối, or out of all."""
    unit = _found(unit_code)
    form = _join_form()
    if not form.validate():
        return _page(unit, form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="block_member", actor=actor(), now=now()):
                blocks.join(
                    session,
                    blocks.find(session, form.block.data) if form.block.data else None,
                    workings.find(session, unit_code),
                    since=cast("date", form.since.data),
                    decision_number=form.decision_number.data,
                )
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _page(_found(unit_code), form), 422
    flash(_("Đã ghi Khối của đơn vị."), "success")
    return redirect(url_for("units.show", unit_code=unit_code), 303)


def _found(code: str) -> Unit:
    try:
        return workings.find(reader(), code)
    except NoResultFound:
        abort(404)


def _rows(
    units: Iterable[Unit], heads: dict[int, list[Person]], wanted: str
) -> list[dict[str, object]]:
    words = text.fold(wanted)
    return [_row(u, heads) for u in units if words in text.fold(f"{u.name} {u.code}")]


def _row(unit: Unit, heads: dict[int, list[Person]]) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": KINDS[unit.kind],
        "heads": ", ".join(person.name for person in heads.get(unit.id, [])),
        "valid_to": unit.valid_to,
    }


def _offered(pairs: Iterable[tuple[str, str]], nothing: str) -> list[SelectChoice]:
    return [SelectChoice("", nothing), *(SelectChoice(code, name) for code, name in pairs)]


def _blocks() -> list[SelectChoice]:
    found = posts.blocks(reader())
    return _offered(((row.code, row.name) for row in found), _("Không thuộc Khối nào"))


def _unit_form(**arguments: Any) -> UnitForm:
    form = UnitForm(**arguments)
    form.block.choices = _blocks()
    return form


def _join_form(**arguments: Any) -> JoinForm:
    form = JoinForm(**arguments)
    form.block.choices = _blocks()
    return form


def _change_form(**arguments: Any) -> ChangeForm:
    form = ChangeForm(**arguments)
    lasting = [
        (unit.code, unit.name)
        for unit in workings.on(reader(), calendar.today(now()))
        if unit.valid_to is None
    ]
    form.ending.choices = [SelectChoice(code, name) for code, name in lasting]
    form.heir.choices = _offered(lasting, "–")
    return form


def _create_page(form: UnitForm) -> str:
    return render_template("units/create.html", form=form)


def _change_page(form: ChangeForm) -> str:
    return render_template("units/change.html", form=form)


def _check_page(form: ChangeForm) -> str:
    change = form.change()
    outlook = workings.outlook(reader(), change, now())
    return render_template(
        "units/check.html",
        kind=CHANGES[change.kind.value],
        change=change,
        outlook=outlook,
        posts=[(post, ROLES[post.role]) for post in outlook.posts],
        fields=confirming.sent(without="confirmed"),
    )


def _page(unit: Unit, form: JoinForm) -> str:
    today = calendar.today(now())
    held = unit_posts.held_in(reader(), unit)
    return render_template(
        "units/show.html",
        unit=unit,
        kind=KINDS[unit.kind],
        is_over=unit.valid_to is not None and unit.valid_to < today,
        posts=[(post, ROLES[post.role]) for post in held if _lasts(post.valid_to, today)],
        former=[
            (post, ROLES[post.role]) for post in held if not _lasts(post.valid_to, today)
        ],
        memberships=blocks.memberships(reader(), unit),
        events=[_told(event) for event in workings.events(reader(), unit)],
        form=form,
    )


def _lasts(valid_to: date | None, today: date) -> bool:
    return valid_to is None or valid_to >= today


def _told(event: UnitEvent) -> dict[str, object]:
    """A line of a unit's history."""
    ended = ", ".join(unit.name for unit in event.ended)
    begun = ", ".join(unit.name for unit in event.begun)
    into = begun or (event.heir.name if event.heir else "")
    words = {
        UnitEventKind.FOUND: _("Thành lập %(begun)s", begun=begun),
        UnitEventKind.RENAME: _("%(ended)s đổi tên thành %(into)s", ended=ended, into=into),
        UnitEventKind.MERGE: _("%(ended)s nhập thành %(into)s", ended=ended, into=into),
        UnitEventKind.SPLIT: _("%(ended)s tách thành %(into)s", ended=ended, into=into),
        UnitEventKind.DISSOLVE: _(
            "Giải thể %(ended)s, %(into)s tiếp nhận", ended=ended, into=into
        ),
    }
    return {
        "on": event.effective_on,
        "words": words[event.kind],
        "decision_number": event.decision_number,
        "is_planned": event.carried_out_at is None,
        "units": [*event.ended, *event.begun],
    }
