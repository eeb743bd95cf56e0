"""For the administrators of the system: the calendar's special days, and the law decisions cite."""

from datetime import date
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards import access, legal_bases, special_days
from awards.errors import BadChange
from forms.law import EndBasisForm, LegalBasisForm, SpecialDayForm
from forms.simple import ConfirmForm
from languages import gettext as _
from views.guards import allow
from views.parsing import row_number
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar, commands

law = Blueprint("law", __name__)
_YEARS = range(2000, 2100)


@law.get("/calendar")
@allow(access.keeps_organisation)
def days() -> ResponseReturnValue:
    """A year's holidays, days off and swapped working days."""
    return _days_page(SpecialDayForm(formdata=None))


@law.post("/calendar")
@allow(access.keeps_organisation)
def record_day() -> ResponseReturnValue:
    """Record a day."""
    form = SpecialDayForm()
    if not form.validate():
        return _days_page(form), 422
    day = cast("date", form.day.data)
    try:
        with transaction() as session:
            special_days.record(
                session,
                day,
                is_working=bool(form.is_working.data),
                name=form.name.data,
                source=form.source.data,
                by=actor(),
                now=now(),
            )
    except BadChange as error:
        form.day.errors = [sentence(error)]
        return _days_page(form), 422
    special_days.load(reader())
    flash(_("Đã ghi. Thời hạn mở từ nay tính theo ngày này."), "success")
    return redirect(url_for("law.days", year=day.year), 303)


@law.post("/calendar/forget")
@allow(access.keeps_organisation)
def forget_day() -> ResponseReturnValue:
    """Take back a day that has not come yet."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
        with transaction() as session:
            special_days.forget(session, day, now())
    except BadChange as error:
        flash(sentence(error), "error")
    except ValueError:
        flash(_("Không phải ngày có thật. Ghi theo dạng ngày/tháng/năm."), "error")
    else:
        special_days.load(reader())
        flash(_("Đã bỏ ngày này."), "success")
        return redirect(url_for("law.days", year=day.year), 303)
    return redirect(url_for("law.days"), 303)


@law.get("/legal-bases")
@allow(access.keeps_organisation)
def bases() -> ResponseReturnValue:
    """The lines of law."""
    return _bases_page(LegalBasisForm(formdata=None))


@law.post("/legal-bases")
@allow(access.keeps_organisation)
def add_basis() -> ResponseReturnValue:
    """One more line of law."""
    form = LegalBasisForm()
    if not form.validate():
        return _bases_page(form), 422
    with transaction() as session:
        key = form.command_key.data
        if commands.take(session, key, kind="legal_basis", actor=actor(), now=now()):
            legal_bases.add(session, form.text.data, cast("date", form.valid_from.data))
    flash(_("Đã thêm căn cứ; quyết định ban hành từ ngày đó sẽ dẫn."), "success")
    return redirect(url_for("law.bases"), 303)


@law.post("/legal-bases/<int:basis_id>/end")
@allow(access.keeps_organisation)
def end_basis(basis_id: int) -> ResponseReturnValue:
    """Let a line of law be cited no longer."""
    form = EndBasisForm()
    if not form.validate():
        flash(form.last_day.errors[0], "error")
        return redirect(url_for("law.bases"), 303)
    try:
        with transaction() as session:
            legal_bases.end(session, basis_id, cast("date", form.last_day.data))
    except BadChange as error:
        flash(sentence(error), "error")
    else:
        flash(_("Đã ghi ngày cuối của căn cứ."), "success")
    return redirect(url_for("law.bases"), 303)


def _days_page(form: SpecialDayForm) -> str:
    today = calendar.today(now())
    asked = row_number(request.args.get("year", ""))
    year = asked if asked in _YEARS else today.year
    return render_template(
        "law/days.html",
        form=form,
        button=ConfirmForm(formdata=None),
        year=year,
        today=today,
        days=special_days.of_year(reader(), year),
    )


def _bases_page(form: LegalBasisForm) -> str:
    today = calendar.today(now())
    return render_template(
        "law/bases.html",
        form=form,
        end_form=EndBasisForm(formdata=None, last_day=today),
        today=today,
        bases=legal_bases.every(reader()),
    )
