"""What is filled in when a post's work is given to somebody else for a time."""

from datetime import date
from typing import cast

from awards.delegations import Mandate
from forms.base import CommandForm
from forms.fields import PickField, Required, VietnameseDateField, line
from languages import lazy_gettext as _l


class DelegationForm(CommandForm):
    """Whose post it is says the page."""

    delegate = PickField(_l("Người được ủy quyền"))
    valid_from = VietnameseDateField(_l("Từ ngày"), Required(_l("Ghi ngày bắt đầu.")))
    valid_to = VietnameseDateField(_l("Đến hết ngày"), Required(_l("Ghi ngày cuối.")))
    legal_basis = line(
        _l("Căn cứ"),
        Required(_l("Ghi số văn bản ủy quyền hoặc phân công.")),
        description=_l("Số văn bản ủy quyền hoặc phân công."),
        limit=300,
    )

    def mandate(self, post_id: int) -> Mandate:
        """What was filled in, for this post."""
        return Mandate(
            post_id,
            int(self.delegate.data),
            cast("date", self.valid_from.data),
            cast("date", self.valid_to.data),
            self.legal_basis.data,
        )
