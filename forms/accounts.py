"""What is filled in about accounts: passwords, and whom to give one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import ValidationError

from awards import passwords
from forms.base import CommandForm, Form
from forms.fields import Required, line

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


class AccountForm(CommandForm):
    """Somebody who is to get an account."""

    honorific = line(_l("Danh xưng"), limit=16)
    name = line(_l("Họ và tên"), Required(_l("Ghi họ và tên.")))
    login = line(_l("Tên đăng nhập"), Required(_l("Ghi tên đăng nhập.")), limit=64)
