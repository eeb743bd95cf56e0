"""What is filled in about bonuses: base salaries, multiples, rounding and the fund that pays."""

import re
from typing import Any, ClassVar

from wtforms import IntegerField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TextInput

from awards import number_words
from forms.base import CommandForm
from forms.fields import PickField, Required, VietnameseDateField, WholeNumberField, line
from forms.simple import KINDS
from languages import lazy_gettext as _l

LOWEST, HIGHEST = 100_000, 100_000_000
MOST = 100  # times the base salary
STEPS = (1_000, 10_000, 100_000)
_MULTIPLE = re.compile(r"(\d{1,3})(?:[,.](\d{1,2}))?")


class DongField(WholeNumberField):
    """An amount in đồng; dots and blanks between thousands are understood."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the digits."""
        super().process_formdata([re.sub(r"[.\s]", "", text) for text in valuelist[:1]])


class MultipleField(IntegerField):
    """A multiple as people write it, 1,5 or 0,15; kept in hundredths."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read 1,5 as 150."""
        entered = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not entered:
            return
        found = _MULTIPLE.fullmatch(entered) if entered.isascii() else None
        if found is None:
            raise ValueError(str(_l("Ghi hệ số như 1,5 hoặc 0,15.")))
        self.data = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        if not 0 < self.data <= MOST * 100:
            raise ValueError(
                str(_l("Ghi hệ số lớn hơn 0 và không quá %(most)d.", most=MOST))
            )

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return number_words.multiple(self.data) if self.data is not None else ""


class RuleForm(CommandForm):
    """What every rule has: its law, and the day from which it holds.

    Three of these stand on one page, so each calls its fields after itself.
    """

    about: ClassVar[str]

    legal_basis = line(
        _l("Căn cứ"), Required(_l("Ghi số, ngày của văn bản, điều khoản.")), limit=300
    )
    valid_from = VietnameseDateField(_l("Từ ngày"), Required(_l("Ghi ngày bắt đầu.")))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self:
            field.id = field.label.field_id = f"{self.about}-{field.short_name}"


class SalaryForm(RuleForm):
    """A base salary."""

    about = "salary"

    amount = DongField(
        _l("Mức lương cơ sở (đồng/tháng)"),
        Required(_l("Ghi số tiền.")),
        low=LOWEST,
        high=HIGHEST,
    )


class MultipleForm(RuleForm):
    """What an award brings one kind of awardee."""

    about = "multiple"

    award = PickField(_l("Hình thức khen thưởng"))
    nominee_kind = PickField(
        _l("Đối tượng"), choices=[SelectChoice(kind, name) for kind, name in KINDS.items()]
    )
    multiple = MultipleField(
        _l("Hệ số (lần mức lương cơ sở)"), validators=[Required(_l("Ghi hệ số."))]
    )


class PolicyForm(RuleForm):
    """How bonuses are rounded, and which fund pays."""

    about = "policy"

    rounds_up_to = PickField(
        _l("Làm tròn"),
        choices=[
            SelectChoice("1", _l("không làm tròn")),
            *(
                SelectChoice(
                    str(step),
                    _l("lên hàng %(step)s đồng", step=number_words.figures(step)),
                )
                for step in STEPS
            ),
        ],
        default="10000",
    )
    fund = line(_l("Nguồn chi"), Required(_l("Ghi nguồn chi.")))
