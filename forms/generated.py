"""Step forms made from the fields that a diagram draws: a new step without any Python.

Texts, dates and the rest are kept in the submission as any step's; whole numbers, flags and choices
also become process variables under the field's id, so that conditions may read them.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import BooleanField
from wtforms.form import FormMeta
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from forms.base import StepForm
from forms.fields import (
    LONG,
    SHORT,
    ChoiceField,
    Required,
    VietnameseDateField,
    WholeNumberField,
    line,
    paragraph,
)
from languages import lazy_gettext as _l
from models.awards import Outcome
from workflows.diagrams import Element
from workflows.fields import FieldKind, FormField

ANY_NUMBER = 999_999_999
OUTCOMES = {
    Outcome.APPROVE.value: _l("Đồng ý, chuyển bước tiếp theo"),
    Outcome.RETURN.value: _l("Trả lại bổ sung"),
    Outcome.NOT_SELECTED.value: _l("Không suy tôn"),
    Outcome.FAIL_VOTE.value: _l("Không đủ phiếu"),
    Outcome.REFUSE.value: _l("Không khen"),
    Outcome.WITHDRAW.value: _l("Rút hồ sơ"),
}
_DECIDED_ON = {FieldKind.LONG, FieldKind.BOOLEAN, FieldKind.ENUM}
_REQUIRED = _l("Điền mục này.")


class Given(Required):
    """Something must be there; what could not be read has been said already."""

    def __call__(self, form: object, field: Any) -> None:
        if not field.process_errors:
            super().__call__(form, field)


class DrawnForm(StepForm):
    """A form whose fields stand in the diagram. Going back needs a reason and nothing else."""

    drawn: ClassVar[tuple[FormField, ...]] = ()

    @property
    def drawn_fields(self) -> list[Any]:
        """The form's fields in the order in which they are drawn."""
        return [self[field.id] for field in self.drawn]

    def variables(self) -> dict[str, object]:
        kept = [field.id for field in self.drawn if field.kind in _DECIDED_ON]
        return super().variables() | {name: self[name].data for name in kept}

    def validate(self, extra_validators: Any = None) -> bool:
        if self.outcome.data not in (None, "", Outcome.APPROVE):
            for field in self.drawn_fields:
                field.validators = [Optional(), *map(_lenient, field.validators)]
        sound = super().validate(extra_validators)
        others = [outcome for outcome in OUTCOMES if outcome != Outcome.APPROVE]
        return self.require_reason(*others) and sound


def forms(elements: Mapping[str, Element]) -> dict[str, type[StepForm]]:
    """The drawn forms of a definition by form key."""
    return {
        element.form_key: _form(element)
        for element in elements.values()
        if element.form_fields
    }


@lru_cache(maxsize=256)
def _form(element: Element) -> type[StepForm]:
    offered = element.outcomes or (Outcome.APPROVE.value,)
    parts: dict[str, Any] = {field.id: _made(field) for field in element.form_fields}
    parts["outcome"] = ChoiceField(
        _l("Kết quả"),
        {outcome: OUTCOMES[outcome] for outcome in offered},
        Required(_l("Chọn kết quả xử lý.")),
        default=offered[0] if len(offered) == 1 else None,
    )
    parts["reason"] = paragraph(_l("Lý do"))
    made: type[StepForm] = FormMeta(
        "DrawnForm", (DrawnForm,), parts | {"drawn": element.form_fields}
    )
    return made


def _made(field: FormField) -> Any:
    label = _l(field.label)
    match field.kind:
        case FieldKind.STRING:
            limit = min(field.high or LONG, LONG)
            make = line if limit <= SHORT else paragraph
            return make(label, *_text_rules(field), limit=limit, default=field.default)
        case FieldKind.LONG:
            low = -ANY_NUMBER if field.low is None else field.low
            high = ANY_NUMBER if field.high is None else field.high
            number = int(field.default) if field.default else None
            return WholeNumberField(
                label, _presence(field), low=low, high=high, default=number
            )
        case FieldKind.BOOLEAN:
            rules = [DataRequired(_REQUIRED)] if field.is_required else []
            return BooleanField(label, validators=rules, default=field.default == "true")
        case FieldKind.DATE:
            day = field.default_date
            return VietnameseDateField(label, _presence(field), default=day)
        case FieldKind.ENUM:
            choices = {value: _l(name) for value, name in field.choices}
            chosen = field.default or None
            return ChoiceField(label, choices, _presence(field), default=chosen)


def _presence(field: FormField) -> Any:
    return Given(_REQUIRED) if field.is_required else Optional()


def _text_rules(field: FormField) -> list[Any]:
    rules = [_presence(field)]
    if field.low:
        message = _l("Ghi ít nhất %(min)d ký tự.")
        rules.append(Length(min=field.low, message=message))
    return rules


def _lenient(rule: Any) -> Any:
    """The rule, unless it demands that something is there."""
    return Optional() if isinstance(rule, InputRequired | DataRequired) else rule
