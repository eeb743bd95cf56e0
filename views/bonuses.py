"""Bonuses: the rules that administrators of the system keep, and the list of a decision."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from awards import access, register, seasons, sheets
from awards.bonuses import lists, printing, rules
from awards.bonuses import sheets as payments
from awards.bonuses.lists import PaymentList
from awards.errors import BadChange
from forms.bonuses import MultipleForm, PolicyForm, RuleForm, SalaryForm
from forms.law import EndBasisForm
from forms.simple import KINDS
from languages import gettext as _
from models.awards import NomineeKind
from models.bonuses import BaseSalary, BonusMultiple, BonusPolicy
from models.papers import DecisionKind
from models.templates import TemplateFormat
from views.guards import allow
from views.handing import document
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar, commands
from workflows.errors import WorkflowError

bonuses = Blueprint("bonuses", __name__)


@bonuses.get("/bonus-rules")
@allow(access.keeps_organisation)
def index() -> ResponseReturnValue:
    """All rules, each with its time and its law."""
    return _page()


@bonuses.post("/bonus-rules/salaries")
@allow(access.keeps_organisation)
def add_salary() -> ResponseReturnValue:
    """A base salary."""
    form = SalaryForm()

    def add(session: Session) -> None:
        rules.add_salary(session, cast("int", form.amount.data), **_law(form))

    return _add(form, "salary", add)


@bonuses.post("/bonus-rules/multiples")
@allow(access.keeps_organisation)
def add_multiple() -> ResponseReturnValue:
    """What an award brings a kind of awardee."""
    form = _multiple_form()

    def add(session: Session) -> None:
        kind = NomineeKind(form.nominee_kind.data)
        hundredths = cast("int", form.multiple.data)
        rules.add_multiple(session, int(form.award.data), kind, hundredths, **_law(form))

    return _add(form, "multiple", add)


@bonuses.post("/bonus-rules/policies")
@allow(access.keeps_organisation)
def add_policy() -> ResponseReturnValue:
    """How bonuses are rounded and which fund pays."""
    form = PolicyForm()

    def add(session: Session) -> None:
        step = int(form.rounds_up_to.data)
        rules.add_policy(session, step, fund=form.fund.data, **_law(form))

    return _add(form, "policy", add)


@bonuses.post("/bonus-rules/salaries/<int:rule_id>/end")
@allow(access.keeps_organisation)
def end_salary(rule_id: int) -> ResponseReturnValue:
    """Let a base salary hold no longer."""
    return _end(BaseSalary, rule_id)


@bonuses.post("/bonus-rules/multiples/<int:rule_id>/end")
@allow(access.keeps_organisation)
def end_multiple(rule_id: int) -> ResponseReturnValue:
    """Let a multiple hold no longer."""
    return _end(BonusMultiple, rule_id)


@bonuses.post("/bonus-rules/policies/<int:rule_id>/end")
@allow(access.keeps_organisation)
def end_policy(rule_id: int) -> ResponseReturnValue:
    """Let a rounding and its fund hold no longer."""
    return _end(BonusPolicy, rule_id)


@bonuses.get("/decisions/<int:decision_id>/bonuses.pdf")
@allow(register.sees_register)
def paper(decision_id: int) -> ResponseReturnValue:
    """The list of payments, to be printed and signed."""
    return _printed(decision_id, TemplateFormat.TYPST)


@bonuses.get("/decisions/<int:decision_id>/bonuses.docx")
@allow(register.sees_register)
def word(decision_id: int) -> ResponseReturnValue:
    """The list of payments in Word, for those who add to it before it is signed."""
    return _printed(decision_id, TemplateFormat.DOCX)


@bonuses.get("/decisions/<int:decision_id>/bonuses.xlsx")
@allow(register.sees_register)
def sheet(decision_id: int) -> ResponseReturnValue:
    """The list of payments as a spreadsheet."""

    def written(found: PaymentList) -> Response:
        book = io.BytesIO()
        payments.write(book, found, now=now())
        return document(book.getvalue(), _name(found, "xlsx"), sheets.MEDIA_TYPE)

    return _listed(decision_id, written)


def _printed(decision_id: int, format_: TemplateFormat) -> ResponseReturnValue:
    def made(found: PaymentList) -> Response:
        paper = printing.make(reader(), found, format_=format_)
        return document(paper.content, _name(found, paper.extension), paper.media_type)

    return _listed(decision_id, made)


def _listed(
    decision_id: int, hand_out: Callable[[PaymentList], Response]
) -> ResponseReturnValue:
    decision = register.find(reader(), decision_id)
    if decision is None or decision.kind != DecisionKind.AWARD or not decision.entries:
        abort(404)
    try:
        return hand_out(lists.of_decision(reader(), decision))
    except WorkflowError as error:
        flash(sentence(error), "warning")
        return redirect(url_for("decisions.show", decision_id=decision_id), 303)


def _name(found: PaymentList, ending: str) -> str:
    decision = found.decision
    return f"danh-sach-chi-thuong-{decision.number:02}-{decision.year}.{ending}"


def _add(
    form: RuleForm, name: str, add: Callable[[Session], object]
) -> ResponseReturnValue:
    if not form.validate():
        return _page(**{name: form}), 422
    key = form.command_key.data
    try:
        with transaction() as session:
            if commands.take(session, key, kind="bonus_rule", actor=actor(), now=now()):
                add(session)
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _page(**{name: form}), 422
    flash(_("Đã ghi. Quyết định từ ngày đó tính thưởng theo quy định này."), "success")
    return redirect(url_for("bonuses.index"), 303)


def _end(table: Any, rule_id: int) -> ResponseReturnValue:
    if reader().get(table, rule_id) is None:
        abort(404)
    form = EndBasisForm()
    if not form.validate():
        flash(form.last_day.errors[0], "error")
        return redirect(url_for("bonuses.index"), 303)
    try:
        with transaction() as session:
            rules.end(session, table, rule_id, cast("date", form.last_day.data))
    except BadChange as error:
        flash(sentence(error), "error")
    else:
        flash(_("Đã ghi ngày cuối."), "success")
    return redirect(url_for("bonuses.index"), 303)


def _law(form: RuleForm) -> Any:
    return {"basis": form.legal_basis.data, "since": form.valid_from.data}


def _multiple_form(**arguments: Any) -> MultipleForm:
    form = MultipleForm(**arguments)
    form.award.choices = [
        SelectChoice(str(award.id), award.name) for award in seasons.awards(reader())
    ]
    return form


def _page(
    salary: RuleForm | None = None,
    multiple: RuleForm | None = None,
    policy: RuleForm | None = None,
) -> str:
    return render_template(
        "bonuses/rules.html",
        salary_form=salary or SalaryForm(formdata=None),
        multiple_form=multiple or _multiple_form(formdata=None),
        policy_form=policy or PolicyForm(formdata=None),
        end_form=EndBasisForm(formdata=None, last_day=calendar.today(now())),
        salaries=rules.salaries(reader()),
        multiples=rules.multiples(reader()),
        policies=rules.policies(reader()),
        kinds=KINDS,
    )
