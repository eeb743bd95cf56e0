"""What is filled in about papers: a Khối's meeting, a new version of a template."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField
from wtforms import BooleanField
from wtforms.form import FormMeta
from wtforms.validators import ValidationError

from awards.proposals.meetings import Facts
from forms.base import CommandForm, Form
from forms.fields import ChoiceField, Required, VietnameseDateField, line, paragraph
from languages import lazy_gettext as _l
from models.organisation import Unit
from models.templates import TemplateFormat

FORMATS = {
    TemplateFormat.TYPST.value: _l("Bản in PDF (tệp Typst, .typ)"),
    TemplateFormat.DOCX.value: _l("Bản Word để sửa (.docx)"),
}


class TemplateForm(CommandForm):
    """A new version of how a paper looks, or our own template again."""

    format_ = ChoiceField(_l("Dùng cho"), FORMATS)
    file = FileField(_l("Tệp mẫu"))
    is_built_in = BooleanField(_l("Dùng lại mẫu của hệ thống, không cần tệp"))
    valid_from = VietnameseDateField(
        _l("Dùng cho văn bản từ ngày"), Required(_l("Ghi ngày bắt đầu."))
    )
    valid_to = VietnameseDateField(_l("Đến hết ngày"))
    note = paragraph(
        _l("Thay đổi gì, vì sao"),
        Required(_l("Ghi thay đổi để người duyệt biết.")),
        limit=1_000,
    )

    def validate_file(self, field: Any) -> None:
        if not self.is_built_in.data and not field.data:
            raise ValidationError(str(_l("Chọn tệp mẫu.")))

    def validate_valid_to(self, field: Any) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(str(_l("Ngày cuối không thể trước ngày đầu.")))


class MeetingForm(Form):
    """When and where a Khối met, who led, who wrote, who came."""

    held_on = VietnameseDateField(_l("Ngày họp"), Required(_l("Ghi ngày họp.")))
    began = line(_l("Bắt đầu lúc"), limit=32)
    ended = line(_l("Kết thúc lúc"), limit=32)
    place = line(_l("Địa điểm"), Required(_l("Ghi địa điểm họp.")))
    chair = line(_l("Người chủ trì"), Required(_l("Ghi tên người chủ trì.")))
    secretary = line(_l("Thư ký"), Required(_l("Ghi tên thư ký.")))

    def facts(self, members: Sequence[Unit]) -> Facts:
        """What was filled in."""
        came = {unit.id: self[f"present__{unit.id}"].data for unit in members}
        return Facts(
            held_on=cast("date", self.held_on.data),
            began=self.began.data or "",
            ended=self.ended.data or "",
            place=self.place.data,
            chair=self.chair.data,
            secretary=self.secretary.data,
            present={id_: name for id_, name in came.items() if name},
        )


def meeting(members: Sequence[Unit], **arguments: Any) -> MeetingForm:
    """The form with a line for whoever came for each member."""
    lines = {f"present__{unit.id}": line(unit.name) for unit in members}
    made: type[MeetingForm] = FormMeta("Meeting", (MeetingForm,), lines)
    return made(**arguments)
