"""For auditors: samples drawn by lot, kept with their seed, ticked off one by one."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from awards import access
from awards.auditing import samples as operations
from awards.names import STATUSES
from forms.auditing import DrawForm, TickForm
from languages import gettext as _
from models.awards import Award, Movement, Result
from models.samples import AuditSample, AuditSampleItem
from views import choices
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence, told
from workflows.errors import WorkflowError

sampling = Blueprint("sampling", __name__, url_prefix="/history/samples")
_POPULATION = ("movement", "award", "result")


@sampling.get("")
@allow(access.audits)
def index() -> ResponseReturnValue:
    """All draws so far, and the form for another one."""
    return _index_page(_draw_form(formdata=None))


@sampling.post("")
@allow(operations.draws)
def draw() -> ResponseReturnValue:
    """Draw, and keep the draw."""
    form = _draw_form()
    if not form.validate():
        return _index_page(form), 422
    wanted = {name: form[name].data for name in _POPULATION if form[name].data}
    try:
        with transaction() as session:
            sample = operations.draw(
                session,
                purpose=form.purpose.data,
                population=wanted,
                size=form.size.data or 1,
                seed=form.seed.data or "",
                actor=actor(),
                command_key=form.command_key.data,
                now=now(),
            )
            sample_id = sample.id
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return _index_page(form), 422
    return redirect(url_for("sampling.show", sample_id=sample_id), 303)


@sampling.get("/<int:sample_id>")
@allow(access.audits)
def show(sample_id: int) -> ResponseReturnValue:
    """One draw: how to draw it again, and its nominations to tick off."""
    return _page(_found(sample_id))


@sampling.post("/<int:sample_id>/items/<int:place>")
@allow(operations.draws)
def tick(sample_id: int, place: int) -> ResponseReturnValue:
    """Write down what was found of one nomination."""
    form = TickForm(prefix=f"item{place}")
    if reader().get(AuditSampleItem, (sample_id, place)) is None:
        abort(404)
    if not form.validate():
        return _page(_found(sample_id), (place, form)), 422
    with transaction() as session:
        operations.tick(
            session,
            session.get_one(AuditSampleItem, (sample_id, place)),
            is_checked=form.is_checked.data,
            remark=form.remark.data or "",
            actor=actor(),
            now=now(),
        )
    flash(_("Đã ghi hồ sơ thứ %(place)s của mẫu.", place=place), "success")
    address = url_for("sampling.show", sample_id=sample_id, _anchor=f"item-{place}")
    return redirect(address, 303)


def _found(sample_id: int) -> AuditSample:
    sample = operations.find(reader(), sample_id)
    if sample is None:
        abort(404)
    return sample


def _index_page(form: DrawForm) -> str:
    return render_template(
        "auditing/samples.html",
        form=form if operations.draws(actor()) else None,
        samples=[
            _head(sample) | {"done": done} for sample, done in operations.every(reader())
        ],
        most=operations.MOST,
    )


def _page(sample: AuditSample, sent: tuple[int, TickForm] | None = None) -> str:
    return render_template(
        "auditing/sample.html",
        sample=_head(sample),
        items=[_item(item, sent) for item in sample.items],
        done=sum(item.is_checked for item in sample.items),
        is_same=operations.again(reader(), sample),
        may_tick=operations.draws(actor()),
    )


def _head(sample: AuditSample) -> dict[str, object]:
    return {
        "id": sample.id,
        "purpose": sample.purpose,
        "seed": sample.seed,
        "population": _population(sample),
        "population_size": sample.population_size,
        "population_sha256": sample.population_sha256,
        "size": sample.size,
        "who": sample.drawer.name,
        "at": sample.drawn_at,
    }


def _population(sample: AuditSample) -> str:
    """From which nominations it was drawn, in words."""
    wanted = sample.population
    movement = select(Movement.name).where(Movement.code == wanted.get("movement", ""))
    award = select(Award.name).where(Award.code == wanted.get("award", ""))
    result = wanted.get("result", "")
    said = [
        reader().scalar(movement),
        reader().scalar(award),
        _results().get(result, ""),
    ]
    return " · ".join(text for text in said if text) or _("Mọi hồ sơ")


def _item(item: AuditSampleItem, sent: tuple[int, TickForm] | None) -> dict[str, object]:
    nomination = item.nomination
    if sent and sent[0] == item.place:
        form = sent[1]
    else:
        form = TickForm(formdata=None, obj=item, prefix=f"item{item.place}")
    return {
        "place": item.place,
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "unit": nomination.unit.name,
        "is_checked": item.is_checked,
        "remark": item.remark,
        "who": item.writer.name if item.writer else "",
        "at": item.written_at,
        "form": form,
    }


def _results() -> dict[str, str]:
    names = {status.value: name for status, name in STATUSES.items()}
    return {one.value: told(names[one.value]) for one in Result}


def _draw_form(**options: object) -> DrawForm:
    form = DrawForm(**options)
    offered = {
        form.movement: (_("Mọi phong trào"), choices.movements()),
        form.award: (_("Mọi hình thức"), choices.awards()),
        form.result: (_("Mọi kết quả, cả chưa xong"), list(_results().items())),
    }
    for field, (everything, pairs) in offered.items():
        field.choices = [
            SelectChoice(value, text) for value, text in [("", everything), *pairs]
        ]
    return form
