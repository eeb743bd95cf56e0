"""What auditors fill in: by what to narrow, how to draw, what was found."""

from wtforms import BooleanField, StringField
from wtforms.validators import Optional, ValidationError

from awards import names
from awards.auditing import samples
from forms.base import CommandForm, Form
from forms.fields import (
    PickField,
    Required,
    VietnameseDateField,
    WholeNumberField,
    line,
    paragraph,
)
from languages import lazy_gettext as _l

KINDS = {kind.value: name for kind, name in names.EVENTS.items()}
_SEED = 64


class SpanForm(Form):
    """Of which days, both included."""

    since = VietnameseDateField(_l("Từ ngày"), Optional())
    until = VietnameseDateField(_l("Đến ngày"), Optional())

    def validate_until(self, field: VietnameseDateField) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_l("Ngày cuối phải sau ngày đầu."))


class ReaderForm(SpanForm):
    """Whose reads, of what."""

    person = line(_l("Người"), limit=200)
    code = line(_l("Mã hồ sơ"), limit=32)


class EventForm(ReaderForm):
    """By what to narrow the events of all nominations."""

    unit = PickField(_l("Đơn vị"), default="")
    kind = PickField(_l("Sự kiện"), default="")


class DrawForm(CommandForm):
    """From which nominations to draw, how many, by which lot, and what for."""

    purpose = line(
        _l("Mục đích"), Required(_l("Ghi mẫu này để kiểm tra điều gì.")), limit=300
    )
    movement = PickField(_l("Phong trào"), default="")
    award = PickField(_l("Hình thức khen thưởng"), default="")
    result = PickField(_l("Kết quả"), default="")
    size = WholeNumberField(_l("Số hồ sơ"), low=1, high=samples.MOST, default=20)
    seed = line(
        _l("Số gieo"),
        description=_l(
            "Dãy chữ, số quyết định kết quả bốc; ví dụ do hai bên cùng đọc. Để trống thì máy chọn."
        ),
        limit=_SEED,
    )

    def validate_seed(self, field: StringField) -> None:
        if not (field.data or "").isprintable():
            raise ValidationError(_l("Số gieo chỉ gồm chữ và số."))


class TickForm(Form):
    """What was found of one nomination."""

    is_checked = BooleanField(_l("Đã kiểm tra"))
    remark = paragraph(_l("Nhận xét"), limit=2_000)
