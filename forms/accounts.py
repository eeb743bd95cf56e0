"""What is filled in about accounts: passwords, and whom to give one."""

from datetime import date
from typing import Any, cast

from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from awards import names, passwords
from awards.posts import Appointment
from forms.base import CommandForm, Form
from forms.fields import PickField, Required, VietnameseDateField, line
from languages import lazy_gettext
from languages import lazy_gettext as _l
from models.organisation import Role

_OLD = PasswordField(
    _l("Mật khẩu hiện tại"), validators=[Required(_l("Ghi mật khẩu hiện tại."))]
)  # made before those below, so that it stands before them


class NewPasswordForm(Form):
    """A password typed twice. Whether it is good enough is the account's to say."""

    password = PasswordField(
        _l("Mật khẩu mới"),
        validators=[Required(_l("Ghi mật khẩu mới."))],
        description=_l(
            "Ít nhất %(count)d ký tự. Một câu vài từ dễ nhớ hơn nhiều ký hiệu.",
            count=passwords.MIN_LENGTH,
        ),
    )
    again = PasswordField(
        _l("Ghi lại mật khẩu mới"), validators=[Required(_l("Ghi lại mật khẩu mới."))]
    )

    def validate_again(self, field: Any) -> None:
        """The same as above."""
        if field.data != self.password.data:
            raise ValidationError(str(_l("Hai lần ghi không giống nhau.")))


class ChangePasswordForm(NewPasswordForm):
    old = _OLD


ROLES = {role: lazy_gettext(name) for role, name in names.ROLES.items()}


class PostForm(CommandForm):
    """A post for somebody. Of unit and Khối, the one that the role needs counts."""

    role = PickField(
        _l("Vai trò trong hệ thống"),
        choices=[SelectChoice(role.value, name) for role, name in ROLES.items()],
    )
    title = line(_l("Chức danh"), Required(_l("Ghi chức danh, như trên văn bản.")))
    organisation = line(
        _l("Nơi làm việc"),
        description=_l("Với vai trò ở đơn vị: để trống, lấy tên đơn vị."),
    )
    unit = PickField(_l("Đơn vị"), default="")
    block = PickField(_l("Khối"), default="")
    is_deputy = BooleanField(_l("Là cấp phó, ký thay cấp trưởng"))
    valid_from = VietnameseDateField(_l("Từ ngày"), Required(_l("Ghi ngày bắt đầu.")))
    valid_to = VietnameseDateField(
        _l("Đến hết ngày"), description=_l("Để trống nếu chưa biết ngày kết thúc.")
    )

    def appointment(self) -> Appointment:
        """What was filled in."""
        return Appointment(
            role=Role(self.role.data),
            title=self.title.data,
            organisation=self.organisation.data or "",
            valid_from=cast("date", self.valid_from.data),
            valid_to=self.valid_to.data,
            unit=self.unit.data,
            block=self.block.data,
            is_deputy=self.is_deputy.data,
        )


class EndPostForm(Form):
    """The last day of a post."""

    last_day = VietnameseDateField(_l("Ngày cuối"), Required(_l("Ghi ngày cuối.")))


class CodeForm(Form):
    """A one-time code, or a recovery code."""

    code = line(_l("Mã xác thực"), Required(_l("Nhập mã xác thực.")), limit=64)
    next = HiddenField()


class ProviderNameForm(Form):
    """What a provider calls somebody: an e-mail address or a login, as the settings say."""

    name = line(
        _l("Tên ở nơi đăng nhập chung"),
        Required(_l("Ghi tên hoặc thư điện tử.")),
        description=_l("Đúng như ở đó. Người này phải đăng nhập lần đầu trong 7 ngày."),
        limit=300,
    )


class AccountForm(CommandForm):
    """Somebody who is to get an account."""

    honorific = line(_l("Danh xưng"), limit=16)
    name = line(_l("Họ và tên"), Required(_l("Ghi họ và tên.")))
    login = line(_l("Tên đăng nhập"), Required(_l("Ghi tên đăng nhập.")), limit=64)
