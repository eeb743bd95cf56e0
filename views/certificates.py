"""Certificates: their places on an award's blank, and the book and the print of a decision."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards import access, amendments, register
from awards.certificates import book, layouts, printing
from awards.errors import BadChange
from forms.certificates import LayoutForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.awards import Award
from models.papers import Decision, DecisionKind
from views.guards import allow
from views.handing import document
from views.parsing import row_number
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar
from workflows.errors import WorkflowError

certificates = Blueprint("certificates", __name__)


@certificates.get("/awards/<int:award_id>/certificate")
@allow(access.keeps_organisation)
def places(award_id: int) -> ResponseReturnValue:
    """Where the words stand on the award's blank."""
    form = LayoutForm(formdata=None)
    form.show(layouts.of_award(reader(), award_id))
    return _places_page(_award(award_id), form)


@certificates.post("/awards/<int:award_id>/certificate")
@allow(access.keeps_organisation)
def set_places(award_id: int) -> ResponseReturnValue:
    """Set them. Sending it twice changes nothing."""
    award, form = _award(award_id), LayoutForm()
    if not form.validate():
        return _places_page(award, form), 422
    try:
        with transaction() as session:
            layouts.keep(session, award_id, form.layout())
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _places_page(award, form), 422
    flash(_("Đã ghi vị trí. In trang thử để đối chiếu với phôi."), "success")
    return redirect(url_for("certificates.places", award_id=award_id), 303)


@certificates.get("/awards/<int:award_id>/certificate.pdf")
@allow(access.keeps_organisation)
def test_page(award_id: int) -> ResponseReturnValue:
    """The sheet that is laid over the blank."""
    _award(award_id)
    layout, today = layouts.of_award(reader(), award_id), calendar.today(now())
    try:
        made = printing.make_test(reader(), layout, day=today)
    except WorkflowError as error:
        flash(sentence(error), "warning")
        return redirect(url_for("certificates.places", award_id=award_id), 303)
    return document(made.content, f"trang-thu-{award_id}.pdf", made.media_type)


@certificates.get("/decisions/<int:decision_id>/certificates")
@allow(register.sees_register)
def index(decision_id: int) -> ResponseReturnValue:
    """Who of a decision stands in the book, and under which number."""
    decision = _decision(decision_id)
    lines = book.lines(reader(), decision)
    missing = [n for n in lines if n.number is None and n.standing.revoked_by is None]
    return render_template(
        "certificates/index.html",
        decision=decision,
        award=decision.content["award"],
        lines=lines,
        printed=sum(line.is_printed for line in lines),
        missing=len(missing),
        may_take=amendments.prepares(actor()) and decision.cancelled_at is None,
        form=ConfirmForm(formdata=None),
    )


@certificates.post("/decisions/<int:decision_id>/certificates")
@allow(amendments.prepares)
def take_numbers(decision_id: int) -> ResponseReturnValue:
    """Enter those who are not in the book yet."""
    _decision(decision_id)
    if ConfirmForm().validate():
        try:
            with transaction() as session:
                made = book.take_numbers(session, decision_id, actor=actor(), now=now())
                count = len(made)
        except WorkflowError as error:
            flash(sentence(error), "warning")
        else:
            flash(_("Đã vào sổ %(count)s bằng.", count=count), "success")
    return redirect(url_for("certificates.index", decision_id=decision_id), 303)


@certificates.get("/decisions/<int:decision_id>/certificates.pdf")
@allow(register.sees_register)
def paper(decision_id: int) -> ResponseReturnValue:
    """All certificates of a decision in the annex's order, or `of` one nomination."""
    decision = _decision(decision_id)
    lines = [line for line in book.lines(reader(), decision) if line.is_printed]
    if "of" in request.args:
        wanted = row_number(request.args["of"])
        lines = [line for line in lines if line.nomination.id == wanted]
    if not lines:
        flash(_("Chưa có bằng nào để in: vào sổ trước."), "warning")
        return redirect(url_for("certificates.index", decision_id=decision_id), 303)
    try:
        layout = layouts.of_award(reader(), lines[0].nomination.award_id)
        made = printing.make(reader(), decision, lines, layout)
    except WorkflowError as error:
        flash(sentence(error), "warning")
        return redirect(url_for("certificates.index", decision_id=decision_id), 303)
    name = f"bang-khen-{decision.number:02}-{decision.year}.pdf"
    return document(made.content, name, made.media_type)


def _award(award_id: int) -> Award:
    found = reader().get(Award, award_id)
    if found is None:
        abort(404)
    return found


def _decision(decision_id: int) -> Decision:
    found = register.find(reader(), decision_id)
    if found is None or found.kind != DecisionKind.AWARD:
        abort(404)
    return found


def _places_page(award: Award, form: LayoutForm) -> str:
    return render_template("certificates/places.html", award=award, form=form)
