"""A step's form answered once for many cases, and the form that chooses them."""

from datetime import date
from typing import Any

from forms import base
from forms.base import STEP_FORMS, CommandForm, StepContext, StepForm


class ChooseForm(CommandForm):
    """Sends the ticked rows of a list; sent twice, it makes one list of them."""


def suits(form_key: str) -> bool:
    """Whether any outcome of the step can be given to many at once."""
    return form_key in STEP_FORMS and bool(STEP_FORMS[form_key].bulk_outcomes)


def make(form_key: str, today: date, **arguments: Any) -> StepForm:
    """The step's form with the outcomes that ask for nothing of a single case."""
    form = base.make(form_key, StepContext(today), **arguments)
    form.outcome.choices = [
        choice for choice in form.outcome.choices if choice.value in form.bulk_outcomes
    ]
    return form


def leaves_out(form_key: str) -> list[str]:
    """The outcomes in words that are only for one case at a time."""
    form = base.make(form_key, StepContext(date.min), formdata=None, meta={"csrf": False})
    return [
        str(choice.label)
        for choice in form.outcome.choices
        if choice.value not in form.bulk_outcomes
    ]
