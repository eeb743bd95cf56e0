"""Forms of the register: issue for many, correct, revoke, cancel a number."""

from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.form import FormMeta

from awards.amendments import FIELDS, Standing
from forms.base import CommandForm, Form
from forms.fields import Required, line, paragraph
from languages import lazy_gettext as _l
from models.papers import DecisionKind

_LABELS = {"name": _l("Tên"), "position": _l("Chức vụ"), "unit": _l("Đơn vị")}


class IssueForm(CommandForm):
    """Issues one decision for what is not ticked; sent twice, it takes one number.

    `seen` are those whom the page has shown: nobody is issued for whom its reader has not seen.
    """

    seen = HiddenField()


class CancelNumberForm(Form):
    reason = paragraph(_l("Lý do hủy số"), Required(_l("Ghi rõ lý do.")))


class AmendmentForm(CommandForm):
    """A correction or a revocation: who, how it reads from now on, and why."""

    reason = paragraph(
        _l("Lý do, căn cứ"), Required(_l("Ghi rõ lý do và căn cứ.")), limit=1_000
    )


def amendment(
    kind: DecisionKind, standing: dict[int, Standing], **arguments: Any
) -> AmendmentForm:
    """The form with a line for every awardee who is still one."""
    parts: dict[str, Any] = {}
    for id_, one in standing.items():
        parts[f"pick__{id_}"] = BooleanField(one.awardee["name"])
        if kind == DecisionKind.CORRECTION:
            for name in FIELDS:
                parts[f"{name}__{id_}"] = line(
                    _LABELS[name], default=str(one.awardee.get(name, ""))
                )
    made: type[AmendmentForm] = FormMeta("Amendment", (AmendmentForm,), parts)
    return made(**arguments)


def picked(
    form: AmendmentForm, kind: DecisionKind, ids: list[int]
) -> dict[int, dict[str, str]]:
    """The ticked awardees with how they are to read; a revocation says nothing of that."""
    names = FIELDS if kind == DecisionKind.CORRECTION else ()
    return {
        id_: {name: form[f"{name}__{id_}"].data or "" for name in names}
        for id_ in ids
        if form[f"pick__{id_}"].data
    }
