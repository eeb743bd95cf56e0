"""The forms that are no steps."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from awards import identities, names
from awards.extensions import MAX_DAYS
from forms.base import CommandForm, Form
from forms.fields import (
    ChoiceField,
    PickField,
    Required,
    WholeNumberField,
    line,
    paragraph,
)
from languages import lazy_gettext
from languages import lazy_gettext as _l
from models.awards import NomineeKind

KINDS = {kind.value: lazy_gettext(name) for kind, name in names.NOMINEE_KINDS.items()}
_NUMBER = _l("Số định danh cá nhân")
_WHOLE_NUMBER = _l("Ghi đủ 12 chữ số trên căn cước, hoặc số hiệu cán bộ.")


class SignInForm(Form):
    login = line(_l("Tên đăng nhập"), Required(_l("Ghi tên đăng nhập.")))
    password = PasswordField(_l("Mật khẩu"), validators=[Required(_l("Ghi mật khẩu."))])
    next = HiddenField()


class NominationForm(CommandForm):
    """Enough to set up a nomination; the rest is entered at its first step."""

    movement = PickField(_l("Phong trào"))
    unit = PickField(_l("Đơn vị"))
    nominee_kind = ChoiceField(_l("Loại đối tượng"), KINDS)
    honorific = line(_l("Danh xưng"), limit=32)
    nominee_name = line(
        _l("Tên cá nhân, tập thể, hộ gia đình"), Required(_l("Ghi tên người hoặc tập thể."))
    )
    identity_number = line(
        _NUMBER,
        description=_l(
            "12 chữ số trên căn cước, hoặc số hiệu cán bộ; không bắt buộc. "
            "Để phân biệt người trùng tên."
        ),
        limit=identities.MAX_LENGTH,
    )
    award = PickField(_l("Hình thức khen thưởng"))
    source = line(
        _l("Chép từ hồ sơ cũ"),
        description=_l(
            "Mã hồ sơ đã kết thúc của đơn vị, ví dụ HS-2025-00123. Không có thì để trống."
        ),
        limit=32,
    )
    discovery = HiddenField()
    """The note of somebody's good work that it comes of, by its number."""

    def validate_identity_number(self, field: StringField) -> None:
        if field.data and self.nominee_kind.data != NomineeKind.INDIVIDUAL:
            raise ValidationError(_l("Chỉ cá nhân có số định danh."))
        _tidy(field)


class IdentityForm(CommandForm):
    """The right identity number of a nominee, and why the one before was not."""

    identity_number = line(
        _NUMBER,
        Required(_WHOLE_NUMBER),
        description=_l("12 chữ số trên căn cước, hoặc số hiệu cán bộ."),
        limit=identities.MAX_LENGTH,
    )
    reason = paragraph(_l("Lý do sửa"), Required(_l("Ghi rõ lý do.")))
    warned_of = HiddenField()
    """The number of which the page has said that somebody else has it."""

    def validate_identity_number(self, field: StringField) -> None:
        _tidy(field)


def _tidy(field: StringField) -> None:
    """Make the number what is kept of it; what is none is to be mended."""
    field.data = identities.tidy(field.data or "")
    if field.data and not identities.is_one(field.data):
        raise ValidationError(_WHOLE_NUMBER)


class CommentForm(CommandForm):
    text = paragraph(_l("Ý kiến trao đổi"), Required(_l("Ghi ý kiến trước khi gửi.")))


class WithdrawForm(CommandForm):
    """Withdrawing from the nomination's page: final, so it asks for the reason and says so."""

    reason = paragraph(_l("Lý do rút hồ sơ"), Required(_l("Ghi rõ lý do.")))


class ExtensionForm(CommandForm):
    """More working days for the appraisal, and why."""

    days = WholeNumberField(
        _l("Gia hạn thêm (ngày làm việc)"),
        Required(_l("Ghi số ngày làm việc.")),
        low=1,
        high=MAX_DAYS,
    )
    reason = paragraph(_l("Lý do gia hạn"), Required(_l("Ghi rõ lý do.")))


class NomineeListForm(CommandForm):
    movement = PickField(_l("Phong trào"))
    file = FileField(
        _l("Danh sách (.xlsx)"), validators=[FileRequired(_l("Chọn tệp danh sách."))]
    )


class RosterForm(CommandForm):
    """A spreadsheet of units, of people, or of both. The second time it comes as `rows`."""

    file = FileField(_l("Danh sách (.xlsx)"))
    decision_number = line(
        _l("Số quyết định"), description=_l("Của các đơn vị mới, nếu có."), limit=100
    )
    rows = HiddenField()


class ProcessForm(CommandForm):
    """A process to deploy: a file, or the one that comes with the program."""

    file = FileField(_l("Tệp quy trình (.bpmn)"))
    shipped = HiddenField()

    def validate_file(self, field: FileField) -> None:
        if not field.data and not self.shipped.data:
            raise ValidationError(str(_l("Chọn tệp quy trình.")))


class ConfirmVersionForm(CommandForm):
    """Letting a version of a process serve; only once, however often it is sent."""


class SignedPaperForm(Form):
    """A PDF that was signed elsewhere. The very same file sent again changes nothing."""

    file = FileField(
        _l("Tệp PDF đã ký số"), validators=[FileRequired(_l("Chọn tệp đã ký."))]
    )
    confirmed = BooleanField(_l("Tôi đã so số và ngày trong tệp với văn bản này"))


class ConfirmForm(Form):
    """Nothing but the token that proves the page was ours."""


class ExportForm(CommandForm):
    """Asking for a spreadsheet; what is to be in it stands in the address."""
