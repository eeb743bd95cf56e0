"""What was entered in a form, as labels and texts: for findings, confirmations and comparisons."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.base import STEP_FORMS, StepContext, make
from languages import gettext as _

Answers = list[tuple[str, str]]


def answers(
    form_key: str,
    context: StepContext,
    content: Mapping[str, Any],
    *,
    without: frozenset[str] = frozenset(),
) -> Answers:
    """Label and text of every field that was filled in, in the form's order."""
    return [
        (label, text)
        for name, label, text in _all(form_key, context, content)
        if text and name not in without
    ]


def outcome_text(form_key: str, context: StepContext, content: Mapping[str, Any]) -> str:
    """The chosen outcome in words."""
    found = [
        text for name, _l, text in _all(form_key, context, content) if name == "outcome"
    ]
    return found[0] if found else ""


def changes(
    form_key: str, context: StepContext, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Label, old text and new text of every field that differs; the answer itself left out."""
    old = {name: text for name, _l, text in _all(form_key, context, before)}
    return [
        (label, old.get(name, ""), text)
        for name, label, text in _all(form_key, context, after)
        if name not in ("outcome", "reason") and text != old.get(name, "")
    ]


def _all(
    form_key: str, context: StepContext, content: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    if form_key not in STEP_FORMS and form_key not in context.drawn:
        return []
    form = make(form_key, context, formdata=None, meta={"csrf": False})
    return [
        (field.name, str(field.label.text), _text(field, content.get(field.name)))
        for field in form.content_fields
    ]


def _text(field: Any, value: object) -> str:
    if value is None or value == "":
        return ""
    if field.type == "ChoiceField":
        return str({c.value: c.label for c in field.choices}.get(value, value))
    if isinstance(value, bool):
        return _("Có") if value else ""
    if field.type == "VietnameseDateField":
        return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
    return str(value)
