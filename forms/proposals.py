"""Forms of proposals: a page of a draft as rows, and what each row enters at its step."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.form import FormMeta

from awards.proposals.gathering import Row
from forms.base import STEP_FORMS, CommandForm, StepContext, StepForm, make
from forms.fields import PickField, line, plain
from languages import lazy_gettext as _l
from models.awards import Outcome
from models.proposals import ProposalEntry
from workflows.canonical import canonical, sha256


class OpenForm(CommandForm):
    """Gathers what waits for a signature; sent twice, it makes one draft."""

    queue = HiddenField()
    movement = HiddenField()


class SignForm(CommandForm):
    """The signature: only once, and only under what was seen, whose hash is `seen`."""

    seen = HiddenField()

    def has_seen(self, entries: Iterable[ProposalEntry]) -> bool:
        """Whether the page has shown the draft as it is; it says so if not."""
        if self.seen.data == shown(entries):
            return True
        self.form_errors.append(_l("Dự thảo đã thay đổi từ khi bạn mở. Xem lại rồi ký."))
        return False


def shown(entries: Iterable[ProposalEntry]) -> str:
    """What a draft says of everybody in it, as a hash."""
    rows = [[e.nomination_id, e.outcome.value, e.reason, e.values] for e in entries]
    return sha256(canonical(rows))


def rows(form_key: str, entries: Iterable[ProposalEntry], **arguments: Any) -> CommandForm:
    """A form with the fields of every entry, named `field__nomination`."""
    step = STEP_FORMS[form_key]
    choices = [SelectChoice(c.value, c.label) for c in _blank(form_key).outcome.choices]
    parts: dict[str, Any] = {}
    for entry in entries:
        n = entry.nomination_id
        parts[f"outcome__{n}"] = PickField(
            _l("Kết quả"), choices=choices, default=entry.outcome.value
        )
        parts[f"reason__{n}"] = line(_l("Lý do"), limit=1_000, default=entry.reason)
        for name in step.row_fields:
            parts[f"{name}__{n}"] = _copy(getattr(step, name), entry.values.get(name))
    made: type[CommandForm] = FormMeta("Rows", (CommandForm,), parts)
    return made(**arguments)


def read(
    form: CommandForm, form_key: str, entries: Iterable[ProposalEntry]
) -> dict[int, Row]:
    """What the rows say now, by nomination."""
    names = STEP_FORMS[form_key].row_fields
    return {
        n: Row(
            Outcome(form[f"outcome__{n}"].data),
            form[f"reason__{n}"].data or "",
            {name: plain(form[f"{name}__{n}"].data) for name in names},
        )
        for n in (entry.nomination_id for entry in entries)
    }


def labels(form_key: str) -> list[tuple[str, str]]:
    """The columns that the step adds to a list: field name and label."""
    form = _blank(form_key)
    return [(name, str(form[name].label.text)) for name in form.row_fields]


def entered(form_key: str, entry: ProposalEntry, today: date) -> StepForm:
    """The step's own form as the entry fills it in: `validate` says whether it may be sent."""
    fields: Mapping[str, object] = entry.values
    typed = {name: str(value) for name, value in fields.items() if value is not None}
    typed |= {
        "outcome": entry.outcome.value,
        "reason": entry.reason,
        "command_key": "of the proposal",
    }
    context = StepContext(today)
    return make(form_key, context, formdata=MultiDict(typed), meta={"csrf": False})


def first_error(form: StepForm) -> str:
    """The first thing that is wrong with what was entered, with the field's label."""
    for field in form:
        if field.errors:
            return f"{field.label.text}: {field.errors[0]}"
    return ""


def _blank(form_key: str) -> StepForm:
    context = StepContext(date.min)
    return make(form_key, context, formdata=None, meta={"csrf": False})


def _copy(field: Any, default: object) -> Any:
    """The step's field again, under another name and with what was entered before."""
    options = {**field.kwargs, "default": default}
    return type(field)(field.field_class, *field.args, **options)
