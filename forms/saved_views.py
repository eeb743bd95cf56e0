"""Keeping filters under a name."""

from wtforms.fields.choices import SelectChoice

from awards import names, saved_views
from forms.base import Form
from forms.fields import PickField, Required, line
from languages import lazy_gettext
from languages import lazy_gettext as _l
from models.organisation import Role

NOBODY = ""


class SavedViewForm(Form):
    """A name, and with whom it is shared. The same name again replaces what it stood for."""

    name = line(_l("Tên chế độ xem"), Required(_l("Đặt tên cho chế độ xem.")), limit=100)
    role = PickField(_l("Dùng chung với"))

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        shared = [
            (role.value, lazy_gettext(names.ROLES[role])) for role in saved_views.ROLES
        ]
        choices = [(NOBODY, _l("Chỉ mình tôi")), *shared]
        self.role.choices = [SelectChoice(value, name) for value, name in choices]

    @property
    def chosen_role(self) -> Role | None:
        """With whom it is shared; nobody where it is one's own."""
        return Role(self.role.data) if self.role.data else None
