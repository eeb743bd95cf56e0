"""What is filled in about the calendar and the law."""

from wtforms.fields.choices import SelectChoice

from forms.base import CommandForm, Form
from forms.fields import PickField, Required, VietnameseDateField, line, paragraph
from languages import lazy_gettext as _l


class SpecialDayForm(CommandForm):
    """A day off, or a weekend day that is worked."""

    day = VietnameseDateField(_l("Ngày"), Required(_l("Ghi ngày.")))
    is_working = PickField(
        _l("Ngày này"),
        choices=[
            SelectChoice("", _l("được nghỉ")),
            SelectChoice("1", _l("làm việc (làm bù)")),
        ],
        default="",
    )
    name = line(_l("Tên"), Required(_l("Ghi tên, ví dụ: nghỉ hoán đổi dịp Quốc khánh.")))
    source = line(
        _l("Văn bản thông báo"), Required(_l("Ghi số, ngày của văn bản.")), limit=300
    )


class LegalBasisForm(CommandForm):
    """A line of law, as decisions print it."""

    text = paragraph(_l("Căn cứ"), Required(_l("Ghi căn cứ, như in trên quyết định.")))
    valid_from = VietnameseDateField(_l("Dùng từ ngày"), Required(_l("Ghi ngày bắt đầu.")))


class EndBasisForm(Form):
    """Until when a line of law is cited."""

    last_day = VietnameseDateField(_l("Ngày cuối"), Required(_l("Ghi ngày cuối.")))
