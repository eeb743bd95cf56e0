"""For the administrators of the system: the Khối, who is in them, and who leads them."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound
from wtforms.fields.choices import SelectChoice

from awards import access
from awards import blocks as workings
from awards.blocks import Standing
from awards.errors import BadChange
from forms.organisation import BlockForm, HandoverForm, YearForm
from languages import gettext as _
from models.organisation import Block
from views.confirming import confirmed
from views.guards import allow
from views.parsing import asked
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar, commands

blocks = Blueprint("blocks", __name__, url_prefix="/blocks")


@blocks.get("")
@allow(access.keeps_organisation)
def index() -> ResponseReturnValue:
    """All Khối as they stand today."""
    return _index_page(BlockForm(formdata=None))


@blocks.post("")
@allow(access.keeps_organisation)
def create() -> ResponseReturnValue:
    """A new Khối."""
    form = BlockForm()
    if not form.validate():
        return _index_page(form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="block", actor=actor(), now=now()):
                workings.create(session, form.code.data, form.name.data)
    except BadChange as error:
        form.code.errors = [sentence(error)]
        return _index_page(form), 422
    flash(_("Đã ghi Khối mới. Xếp đơn vị vào Khối ở trang của từng đơn vị."), "success")
    return redirect(url_for("blocks.show", block_code=form.code.data), 303)


@blocks.get("/<block_code>")
@allow(access.keeps_organisation)
def show(block_code: str) -> ResponseReturnValue:
    """One Khối: members, leads, and the form to hand it over."""
    block = _found(block_code)
    day = calendar.today(now())
    year_end = date(day.year, 12, 31)
    return _page(
        block, _handover_form(block, formdata=None, valid_from=day, valid_to=year_end)
    )


@blocks.post("/<block_code>/handover")
@allow(access.keeps_organisation)
@confirmed
def hand_over(block_code: str) -> ResponseReturnValue:
    """Give the lead to other members."""
    block = _found(block_code)
    form = _handover_form(block)
    if not form.validate():
        return _page(block, form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="block_term", actor=actor(), now=now()):
                workings.hand_over(
                    session,
                    workings.find(session, block_code),
                    form.handover(),
                    by=actor(),
                    now=now(),
                )
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _page(_found(block_code), form), 422
    flash(_("Đã ghi bàn giao; quyền Khối trưởng theo đơn vị mới từ ngày đó."), "success")
    return redirect(url_for("blocks.show", block_code=block_code), 303)


@blocks.get("/years/new")
@allow(access.keeps_organisation)
def plan_year() -> ResponseReturnValue:
    """Every Khối with who would lead it next year."""
    text = asked("year").get("year", "")
    is_year = text.isdecimal() and len(text) == 4  # noqa: PLR2004 - a year's digits
    year = int(text) if is_year else _year_to_open()
    return _year_page(YearForm(formdata=None, year=year), year)


@blocks.post("/years/new")
@allow(access.keeps_organisation)
@confirmed
def open_year() -> ResponseReturnValue:
    """Hand every Khối over for the year."""
    form = YearForm()
    year = form.year.data or _year_to_open()
    if not form.validate():
        return _year_page(form, year), 422
    leads = {
        standing.block.code: (
            request.form.get(f"head-{standing.block.code}", head),
            request.form.get(f"deputy-{standing.block.code}", deputy),
        )
        for standing, head, deputy in _planned(year)
    }
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="year", actor=actor(), now=now()):
                workings.open_year(
                    session,
                    year,
                    leads,
                    decision_number=form.decision_number.data,
                    by=actor(),
                    now=now(),
                )
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _year_page(form, year, leads), 422
    flash(_("Đã mở năm thi đua %(year)s.", year=str(year)), "success")
    return redirect(url_for("blocks.index"), 303)


def _found(code: str) -> Block:
    try:
        return workings.find(reader(), code)
    except NoResultFound:
        abort(404)


def _handover_form(block: Block, **arguments: Any) -> HandoverForm:
    form = HandoverForm(**arguments)
    today = calendar.today(now())
    units = [
        member.unit
        for member in workings.members(reader(), block)
        if member.valid_to is None or member.valid_to >= today
    ]
    choices = [SelectChoice(unit.code, unit.name) for unit in units]
    form.head.choices = choices
    form.deputy.choices = [SelectChoice("", _("Không có")), *choices]
    return form


def _planned(year: int) -> list[tuple[Standing, str, str]]:
    """Every Khối that waits for its leads of a year, with those proposed."""
    since = workings.first_day(year, calendar.today(now()))
    return workings.next_year(reader(), year, since)


def _year_to_open() -> int:
    """The year that has begun, while there is a Khối that nobody leads; or the next one."""
    year = calendar.today(now()).year
    return year if _planned(year) else year + 1


def _index_page(form: BlockForm) -> str:
    today = calendar.today(now())
    return render_template(
        "blocks/index.html",
        form=form,
        standings=workings.standings(reader(), today),
        next_year=_year_to_open(),
    )


def _page(block: Block, form: HandoverForm) -> str:
    today = calendar.today(now())
    members = workings.members(reader(), block)
    former = [m for m in members if m.valid_to is not None and m.valid_to < today]
    return render_template(
        "blocks/show.html",
        block=block,
        members=[member for member in members if member not in former],
        former=former,
        terms=workings.terms(reader(), block),
        form=form,
    )


def _year_page(
    form: YearForm, year: int, leads: dict[str, tuple[str, str]] | None = None
) -> str:
    rows = [
        (standing, *(leads or {}).get(standing.block.code, (head, deputy)))
        for standing, head, deputy in _planned(year)
    ]
    return render_template("blocks/year.html", form=form, year=year, rows=rows)
