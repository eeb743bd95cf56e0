"""What operators fill in: which act, on what, and why."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import ValidationError

from forms.base import CommandForm
from forms.fields import ChoiceField, PickField, Required, paragraph
from languages import lazy_gettext as _l
from models.operations import OperatorActKind
from workflows.operations import Wish

KINDS = {
    OperatorActKind.REASSIGN.value: _l("Giao lại việc"),
    OperatorActKind.PLACE.value: _l("Đưa về bước trước"),
    OperatorActKind.SUSPEND.value: _l("Tạm dừng hồ sơ"),
    OperatorActKind.RESUME.value: _l("Cho hồ sơ chạy tiếp"),
    OperatorActKind.MIGRATE.value: _l("Chuyển sang phiên bản mới của quy trình"),
    OperatorActKind.CANCEL.value: _l("Hủy hồ sơ"),
}
_NEEDS = {  # which field each act needs, and what to say without it
    OperatorActKind.REASSIGN.value: ("handover", _l("Chọn người hoặc nhóm nhận việc.")),
    OperatorActKind.PLACE.value: ("element", _l("Chọn bước để đưa hồ sơ về.")),
    OperatorActKind.MIGRATE.value: ("definition", _l("Chọn phiên bản.")),
}


def _reason() -> TextAreaField:
    return paragraph(_l("Lý do"), Required(_l("Ghi rõ lý do.")))


class OperationForm(CommandForm):
    """One act on one case. Of the fields that belong to acts, those of the chosen one count."""

    kind = ChoiceField(_l("Cần làm gì với hồ sơ này"), KINDS)
    handover = PickField(_l("Giao cho"), default="")
    element = PickField(_l("Đưa về bước"), default="")
    definition = PickField(_l("Chuyển sang"), default="")
    reason = _reason()
    confirmed = HiddenField()

    def wish(self) -> Wish:
        """What was chosen."""
        chosen = OperatorActKind(self.kind.data)
        match chosen:
            case OperatorActKind.REASSIGN:
                task, _dash, assignee = self.handover.data.partition("-")
                return Wish(chosen, task=int(task), assignee=int(assignee))
            case OperatorActKind.PLACE:
                return Wish(chosen, element=self.element.data)
            case OperatorActKind.MIGRATE:
                return Wish(chosen, definition=int(self.definition.data))
            case _:
                return Wish(chosen)

    def validate_handover(self, field: Any) -> None:
        """A task, and who is to have it: `812-7`, `812-0` for the queue."""
        self._need(field)

    def validate_element(self, field: Any) -> None:
        """A step that the case has completed."""
        self._need(field)

    def validate_definition(self, field: Any) -> None:
        """A newer version of the process."""
        self._need(field)

    def _need(self, field: Any) -> None:
        name, message = _NEEDS.get(self.kind.data or "", ("", ""))
        if field.name == name and not field.data:
            raise ValidationError(message)


class RowsField(SelectMultipleField):
    """Rows ticked in a table, by their numbers; what is no number is left out."""

    def __init__(self, label: Any = "", **options: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the numbers."""
        fine = (text for text in valuelist if text.isdecimal() and len(text) < 10)  # noqa: PLR2004 - int's digits
        self.data = [int(text) for text in fine]


class MigrationForm(CommandForm):
    """The same act on many cases."""

    instance = RowsField(_l("Hồ sơ"))
    whole = BooleanField(_l("Chọn tất cả hồ sơ chuyển được, cả ở các trang khác"))
    reason = _reason()


class ActsForm(CommandForm):
    """Acts that one decides on together."""

    act = RowsField()


class RetryForm(CommandForm):
    """An incident to be tried again."""

    incident = RowsField()
