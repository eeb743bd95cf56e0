"""What is filled in about units and Khối."""

from datetime import date
from typing import Any, cast

from wtforms import HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Regexp
from wtforms.widgets import HiddenInput

from awards import names, units
from awards.blocks import Handover
from awards.units import Change, NewUnit
from forms.base import CommandForm, Form
from forms.fields import (
    ChoiceField,
    PickField,
    Required,
    VietnameseDateField,
    WholeNumberField,
    line,
)
from languages import lazy_gettext
from languages import lazy_gettext as _l
from models.organisation import UnitEventKind

KINDS = {kind: lazy_gettext(name) for kind, name in names.UNIT_KINDS.items()}
CHANGES = {
    UnitEventKind.RENAME.value: _l("Đổi tên"),
    UnitEventKind.MERGE.value: _l("Hợp nhất, sáp nhập"),
    UnitEventKind.SPLIT.value: _l("Chia tách"),
    UnitEventKind.DISSOLVE.value: _l("Giải thể"),
}
NEW_UNITS = 4  # that one decision can make
CODE = Regexp(
    units.CODE,
    message=_l("Mã gồm chữ in hoa không dấu, chữ số, nối bằng gạch: XA-VG."),
)


def coded(label: Any, *validators: Any) -> Any:
    """A code, in capitals however it is typed."""
    field = line(label, *validators, limit=32)
    field.kwargs["filters"] = [
        *field.kwargs["filters"],
        lambda value: value.upper() if value else value,
    ]
    return field


def _decision_number() -> Any:
    return line(_l("Số quyết định"), Required(_l("Ghi số quyết định.")), limit=100)


class UnitForm(CommandForm):
    """A unit that comes of no other."""

    name = line(_l("Tên đơn vị"), Required(_l("Ghi tên đơn vị, như trên văn bản.")))
    code = coded(_l("Mã đơn vị"), Required(_l("Ghi mã đơn vị.")), CODE)
    kind = PickField(
        _l("Loại đơn vị"),
        choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()],
    )
    block = PickField(_l("Khối thi đua"), default="")
    since = VietnameseDateField(_l("Từ ngày"), Required(_l("Ghi ngày bắt đầu.")))
    decision_number = _decision_number()

    def new(self) -> NewUnit:
        """What it is to be called."""
        return NewUnit(self.code.data, self.name.data)


class ChangeForm(CommandForm):
    """What a decision does to units; `code_0`, `name_0` and so on are those that begin."""

    kind = ChoiceField(_l("Quyết định"), CHANGES)
    ending = SelectMultipleField(
        _l("Đơn vị chấm dứt"),
        validators=[DataRequired(_l("Chọn ít nhất một đơn vị."))],
        validate_choice=False,  # sent twice, it names units that have ended by then
    )
    heir = PickField(_l("Đơn vị có sẵn tiếp nhận"), default="")
    effective_on = VietnameseDateField(
        _l("Có hiệu lực từ ngày"), Required(_l("Ghi ngày có hiệu lực."))
    )
    decision_number = _decision_number()
    confirmed = HiddenField()

    @property
    def new_units(self) -> list[tuple[Any, Any]]:
        """The pairs of fields of those that begin."""
        return [(self[f"code_{n}"], self[f"name_{n}"]) for n in range(NEW_UNITS)]

    def change(self) -> Change:
        """What was filled in. What its kind has no place for does not count."""
        kind = UnitEventKind(self.kind.data)
        takes_new = kind != UnitEventKind.DISSOLVE
        takes_heir = kind in (UnitEventKind.MERGE, UnitEventKind.DISSOLVE)
        filled = [(c.data, n.data) for c, n in self.new_units if c.data and n.data]
        return Change(
            kind=kind,
            effective_on=cast("date", self.effective_on.data),
            decision_number=self.decision_number.data,
            ending=tuple(self.ending.data),
            new=tuple(NewUnit(*pair) for pair in filled) if takes_new else (),
            heir=self.heir.data if takes_heir else "",
        )


for _n in range(NEW_UNITS):
    setattr(ChangeForm, f"code_{_n}", coded(_l("Mã đơn vị mới")))
    setattr(ChangeForm, f"name_{_n}", line(_l("Tên đơn vị mới")))


class BlockForm(CommandForm):
    """A Khối, still without members."""

    code = coded(_l("Mã Khối"), Required(_l("Ghi mã Khối.")), CODE)
    name = line(_l("Tên Khối"), Required(_l("Ghi tên Khối.")))


class JoinForm(CommandForm):
    """A unit's move into a Khối, or out of all."""

    block = PickField(_l("Khối thi đua"), default="")
    since = VietnameseDateField(_l("Từ ngày"), Required(_l("Ghi ngày bắt đầu.")))
    decision_number = _decision_number()


class HandoverForm(CommandForm):
    """Who leads a Khối, and for how long."""

    head = PickField(_l("Đơn vị Khối trưởng"))
    deputy = PickField(_l("Đơn vị Phó Khối trưởng"), default="")
    valid_from = VietnameseDateField(_l("Từ ngày"), Required(_l("Ghi ngày bắt đầu.")))
    valid_to = VietnameseDateField(_l("Đến hết ngày"), Required(_l("Ghi ngày cuối.")))
    decision_number = _decision_number()

    def handover(self) -> Handover:
        """What was filled in."""
        return Handover(
            head=self.head.data,
            deputy=self.deputy.data,
            valid_from=cast("date", self.valid_from.data),
            valid_to=cast("date", self.valid_to.data),
            decision_number=self.decision_number.data,
        )


class YearForm(CommandForm):
    """An emulation year; the heads and deputies of its Khối are fields of the page's own."""

    year = WholeNumberField(
        _l("Năm thi đua"),
        Required(_l("Ghi năm.")),
        low=2000,
        high=2200,
        widget=HiddenInput(),
    )
    decision_number = _decision_number()


class DayForm(Form):
    """As of which day."""

    on = VietnameseDateField(_l("Vào ngày"))
