"""The pages of acts on many, from the list as it was frozen to what came of each."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask import render_template

from awards import results
from forms import many
from forms.answers import answers, outcome_text
from forms.base import StepContext, StepForm
from languages import gettext as _
from models.awards import Nomination, Outcome
from models.batches import Batch, BatchItem, BatchState, ItemState
from views import choices, confirming
from views.parsing import Pages, page_number
from views.web import now, reader
from views.wording import number, told
from workflows import calendar

_LEFT_OUT = (ItemState.EXCLUDED,)
_GOOD = (ItemState.WAITING,)


def index(found: Sequence[Batch], total: int) -> str:
    """The batches of one person."""
    page = Pages(page_number(), total)
    return render_template(
        "batches/index.html", batches=[_batch(batch) for batch in found], page=page
    )


def prepare(batch: Batch, form: StepForm | None) -> str:
    """The frozen list, and the form that is answered once for all of it."""
    found = page_number()
    return render_template(
        "batches/prepare.html",
        batch=_batch(batch),
        form=form,
        singles=many.leaves_out(batch.form_key) if form else [],
        rows=_rows(batch, _GOOD, found),
        left_out=_rows(batch, _LEFT_OUT, 1),
        page=Pages(found, batch.total),
    )


def check(batch: Batch, form: StepForm) -> str:
    """All that is about to be done, looked at once more."""
    context, content = StepContext(calendar.today(now())), form.content()
    without = frozenset({"outcome"})
    return render_template(
        "batches/check.html",
        batch=_batch(batch),
        outcome=outcome_text(batch.form_key, context, content),
        answers=answers(batch.form_key, context, content, without=without),
        is_against_advice=form.outcome.data == Outcome.APPROVE,
        warning=_warning(batch, form),
        fields=confirming.sent(without="confirmed"),
        rows=_rows(batch, _GOOD, 1),
        left_out=_rows(batch, _LEFT_OUT, 1),
    )


def outcome(batch: Batch) -> str:
    """How far the batch has come, and what came of each task."""
    counted, found = results.counts(reader(), batch), page_number()
    return render_template(
        "batches/show.html",
        batch=_batch(batch),
        outcome=choices.outcome(batch.outcome),
        answers=_answers(batch),
        rows=_rows(batch, tuple(ItemState), found),
        page=Pages(found, sum(counted.values())),
    )


def _answers(batch: Batch) -> list[tuple[str, str]]:
    context = StepContext(calendar.today(now()))
    return answers(batch.form_key, context, batch.content, without=frozenset({"outcome"}))


def _warning(batch: Batch, form: StepForm) -> str:
    count = number(batch.total)
    if form.is_final():
        return str(
            _(
                "Sau khi xác nhận, %(count)s hồ sơ kết thúc ở đây và không mở lại được.",
                count=count,
            )
        )
    return str(_("Sau khi xác nhận, %(count)s hồ sơ rời khỏi bước này ngay.", count=count))


def _batch(batch: Batch) -> SimpleNamespace:
    counted = results.counts(reader(), batch)
    return SimpleNamespace(
        id=batch.id,
        step=told(batch.step),
        form_key=batch.form_key,
        state=batch.state.value,
        at=batch.confirmed_at or batch.created_at,
        outcome=choices.outcome(batch.outcome),
        total=batch.total,
        done=batch.done,
        succeeded=counted[ItemState.DONE],
        failed=counted[ItemState.FAILED],
        left_out=counted[ItemState.EXCLUDED],
        warned=results.warned(reader(), batch) if batch.state == BatchState.FROZEN else 0,
    )


def _rows(
    batch: Batch, states: tuple[ItemState, ...], page: int
) -> list[dict[str, object]]:
    found = results.items(reader(), batch, states, page=page)
    return [_row(item, nomination) for item, nomination in found]


def _row(item: BatchItem, nomination: Nomination) -> dict[str, object]:
    values: dict[str, Any] = dict(item.values)
    if "step" in values:
        values["step"] = told(values["step"])
    return {
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "unit": nomination.unit.name,
        "task_id": item.task_id,
        "state": item.state.value,
        "message": told(item.message, **values),
    }
