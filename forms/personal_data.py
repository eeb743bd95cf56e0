"""What is filled in to give somebody a copy of all that is held about them, or to erase it."""

from wtforms import HiddenField

from forms.base import CommandForm, Form
from forms.fields import Required, line, paragraph
from languages import lazy_gettext as _l


class CopyForm(Form):
    """Whose data, and why they are handed out."""

    code = line(_l("Mã hồ sơ"), Required(_l("Ghi mã hồ sơ.")), limit=32)
    reason = paragraph(
        _l("Lý do"),
        Required(_l("Ghi lý do, ví dụ: theo đơn đề nghị ngày 05/11/2026.")),
        limit=1000,
    )


class HoldForm(CommandForm):
    """Which nomination is kept from being erased, and why."""

    hold_code = line(_l("Mã hồ sơ"), Required(_l("Ghi mã hồ sơ.")), limit=32)
    hold_reason = paragraph(
        _l("Lý do giữ lại"),
        Required(_l("Ghi lý do.")),
        description=_l("Ví dụ: số và ngày của yêu cầu. Đừng ghi tên người."),
        limit=1000,
    )


class LiftForm(CommandForm):
    """Which nomination need not be kept from that any longer, and why."""

    lift_code = line(_l("Mã hồ sơ"), Required(_l("Ghi mã hồ sơ.")), limit=32)
    lift_reason = paragraph(_l("Lý do thôi giữ"), Required(_l("Ghi lý do.")), limit=1000)


class ErasureForm(CommandForm):
    """Whose words are erased, on what ground, and why. Sent twice: filled in, then confirmed."""

    erase_code = line(_l("Mã hồ sơ"), Required(_l("Ghi mã hồ sơ.")), limit=32)
    legal_ground = line(
        _l("Căn cứ pháp lý"),
        Required(_l("Ghi điều luật cho phép hoặc buộc phải xóa.")),
        limit=300,
    )
    erase_reason = paragraph(
        _l("Lý do xóa"),
        Required(_l("Ghi lý do.")),
        description=_l(
            "Dòng này được giữ lại: đừng ghi tên hay số định danh của người đó."
        ),
        limit=1000,
    )
    confirmed = HiddenField()
