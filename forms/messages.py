"""Where somebody's mail goes, and what of it."""

from wtforms import PasswordField
from wtforms.fields.choices import SelectChoice

from awards.messages import choices, words
from forms.base import Form
from forms.fields import PickField, Required, line
from languages import lazy_gettext
from languages import lazy_gettext as _l
from models.messages import MessageKind, Way

WAYS = {
    Way.AT_ONCE: _l("Gửi thư ngay"),
    Way.DIGEST: _l("Gộp vào thư mỗi ngày"),
    Way.APPLICATION: _l("Chỉ trong ứng dụng"),
}


class AddressForm(Form):
    """Somebody's address, as an administrator enters it. Empty: no mail."""

    email = line(
        _l("Địa chỉ thư điện tử"),
        limit=choices.LONGEST,
        description=_l("Để trống thì không gửi thư; thông báo vẫn có trong ứng dụng."),
    )


class OwnAddressForm(AddressForm):
    """One's own address, with the password once more: who sits at a browser left open has none."""

    email_password = PasswordField(
        _l("Mật khẩu hiện tại"), validators=[Required(_l("Ghi mật khẩu hiện tại."))]
    )


def _pick(kind: MessageKind) -> PickField:
    return PickField(
        lazy_gettext(words.KINDS[kind]),
        choices=[SelectChoice(way.value, name) for way, name in WAYS.items()],
    )


class ChoicesForm(Form):
    """For each kind of message, how it comes."""

    task = _pick(MessageKind.TASK)
    return_ = _pick(MessageKind.RETURN)
    decision = _pick(MessageKind.DECISION)
    delegation = _pick(MessageKind.DELEGATION)
    signature = _pick(MessageKind.SIGNATURE)
    reassignment = _pick(MessageKind.REASSIGNMENT)

    def wanted(self) -> dict[MessageKind, Way]:
        """What was chosen."""
        return {kind: Way(self.of(kind).data) for kind in MessageKind}

    def of(self, kind: MessageKind) -> PickField:
        """The field of a kind: `return` is no name in Python."""
        found: PickField = self["return_" if kind == MessageKind.RETURN else kind.value]
        return found

    def fill(self, ways: dict[MessageKind, Way]) -> None:
        """Show what holds now."""
        for kind, way in ways.items():
            self.of(kind).data = way.value
