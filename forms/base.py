"""What every step form has: an outcome, a reason, and the keys that make sending it safe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import HiddenField
from wtforms.form import FormMeta
from wtforms.validators import DataRequired, Length

from forms.fields import NoControlCharacters, plain
from languages import lazy_gettext as _l
from models.awards import Criterion, DossierItem, NomineeKind, Outcome
from models.papers import Attachment

STEP_FORMS: dict[str, type["StepForm"]] = {}
_TECHNICAL = {"csrf_token", "revision", "command_key", "confirmed"}
FINAL = {Outcome.NOT_SELECTED, Outcome.REFUSE, Outcome.WITHDRAW}


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step's form is made from.

    `earlier` holds what was entered last at each step, `drawn` the forms of the diagram's own,
    `requested` what the return that is to be answered asks for, item by item.
    """

    today: date
    nominee_kind: NomineeKind = NomineeKind.INDIVIDUAL
    criteria: Sequence[Criterion] = ()
    items: Sequence[DossierItem] = ()
    attachments: Sequence[Attachment] = ()
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    drawn: Mapping[str, type["StepForm"]] = field(default_factory=dict)
    requested: Sequence[str] = ()
    received_on: date | None = None
    created_on: date = date.min


class Form(FlaskForm):
    """Reads what was typed from the form's text, and files from file fields alone."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is not _Auto or request.method != "POST":
                return super().wrap_formdata(form, formdata)
            wanted = {f.name for f in form if f.type in ("FileField", "MultipleFileField")}
            sent = request.files.items(multi=True)
            files = MultiDict([(name, file) for name, file in sent if name in wanted])
            return CombinedMultiDict([files, request.form])


class CommandForm(Form):
    """A form that can be sent twice and acts once."""

    command_key = HiddenField(
        validators=[
            DataRequired(_l("Trang này đã cũ. Tải lại trang rồi gửi lại.")),
            Length(max=64, message=_l("Trang này đã cũ. Tải lại trang rồi gửi lại.")),
            NoControlCharacters(),
        ],
        default=lambda: uuid4().hex,
    )


class RevisionField(HiddenField):
    """Which state of the task the page shows; what is no number shows none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or 0."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - int's digits


class StepForm(CommandForm):
    """A form for one user task. `form_key` is the task's `camunda:formKey`."""

    form_key: ClassVar[str]
    version: ClassVar[int] = 1
    final_outcomes: ClassVar[frozenset[str]] = frozenset(FINAL)
    bulk_outcomes: ClassVar[frozenset[str]] = frozenset()
    """What can be answered for many cases at once, because it asks for nothing of a single one."""

    row_fields: ClassVar[tuple[str, ...]] = ()
    """What it asks for of every single case, where many stand in one list."""

    context: ClassVar[StepContext]

    revision = RevisionField()
    confirmed = HiddenField()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "form_key" in cls.__dict__:
            STEP_FORMS[cls.form_key] = cls

    @classmethod
    def fields_for(cls, context: StepContext) -> dict[str, Any]:
        """The fields that depend on the case: a line per criterion, per paper."""
        del context
        return {}

    @property
    def content_fields(self) -> list[Any]:
        """The fields that people fill in."""
        return [
            f for f in self if f.name not in _TECHNICAL and f.type != "MultipleFileField"
        ]

    def content(self) -> dict[str, object]:
        """What was entered, as the submission keeps it."""
        return {f.name: plain(f.data) for f in self.content_fields}

    def variables(self) -> dict[str, object]:
        """The process variables this step sets: ids and decisions, no texts, no names."""
        return {"outcome": self.outcome.data}

    def restored(self, content: Mapping[str, object]) -> None:
        """Fill in what was entered here before; the outcome is to be chosen anew."""
        for f in self.content_fields:
            if f.name in content and f.name not in ("outcome", "reason"):
                value = content[f.name]
                is_date = f.type == "VietnameseDateField" and value
                f.data = date.fromisoformat(str(value)) if is_date else value

    def is_final(self) -> bool:
        """Whether the outcome ends the nomination, so that it is to be confirmed on a page."""
        return self.outcome.data in self.final_outcomes

    def require_reason(self, *outcomes: str) -> bool:
        """Demand a reason with these outcomes. Used by the `validate` of steps."""
        if self.outcome.data in outcomes and not self.reason.data:
            self.reason.errors = [*self.reason.errors, _l("Ghi rõ lý do.")]
            return False
        return True


def make(form_key: str, context: StepContext, **arguments: Any) -> StepForm:
    """The form of a step for one case, with the lines that the case brings."""
    base = context.drawn.get(form_key) or STEP_FORMS[form_key]
    parts = base.fields_for(context) | {"context": context}
    made: type[StepForm] = FormMeta(base.__name__, (base,), parts)
    return made(**arguments)
