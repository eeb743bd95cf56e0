"""Where the words stand on an award's blank: four whole numbers for each text."""

from typing import Any

from wtforms.fields.choices import SelectChoice

from awards.certificates.layouts import (
    BLOCKS,
    LARGEST,
    MAX_SHIFT,
    PAGES,
    SMALLEST,
    Block,
    Layout,
)
from forms.base import Form
from forms.fields import PickField, Required, WholeNumberField
from languages import lazy_gettext
from languages import lazy_gettext as _l
from models.certificates import PageSize

PARTS = {
    "x": _l("Cách mép trái (mm)"),
    "y": _l("Cách mép trên (mm)"),
    "width": _l("Rộng (mm)"),
    "size": _l("Cỡ chữ"),
}
_WIDEST = max(width for width, _height in PAGES.values())


def _shift(label: Any) -> WholeNumberField:
    return WholeNumberField(label, Required(_l("Ghi số.")), low=-MAX_SHIFT, high=MAX_SHIFT)


class LayoutForm(Form):
    """The page, the shift of all texts, and a line for each of them."""

    page = PickField(
        _l("Khổ phôi bằng"),
        choices=[
            SelectChoice(
                page.value,
                _l(
                    "%(page)s ngang, %(width)d × %(height)d mm",
                    page=page.upper(),
                    width=width,
                    height=height,
                ),
            )
            for page, (width, height) in PAGES.items()
        ],
    )
    shift_x = _shift(_l("Dịch cả trang sang phải (mm)"))
    shift_y = _shift(_l("Dịch cả trang xuống (mm)"))

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each text, with what it is called."""
        return [
            {"title": lazy_gettext(title)}
            | {part: self[f"{name}_{part}"] for part in PARTS}
            for name, title in BLOCKS.items()
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A size is one that can be read, or 0 for a text that is not printed."""
        is_good = bool(super().validate(extra_validators))
        for name in BLOCKS:
            field = self[f"{name}_size"]
            if not field.errors and 0 < field.data < SMALLEST:
                field.errors = [_l("Cỡ chữ từ %(low)d, hoặc 0 nếu không in.", low=SMALLEST)]
                is_good = False
        return is_good

    def layout(self) -> Layout:
        """What was filled in."""
        blocks = {
            name: Block(**{part: self[f"{name}_{part}"].data for part in PARTS})
            for name in BLOCKS
        }
        shift = (self.shift_x.data or 0, self.shift_y.data or 0)
        return Layout(PageSize(self.page.data), *shift, blocks)

    def show(self, layout: Layout) -> None:
        """Fill in what is kept."""
        self.page.data = layout.page.value
        self.shift_x.data, self.shift_y.data = layout.shift_x, layout.shift_y
        for name, block in layout.blocks.items():
            for part in PARTS:
                self[f"{name}_{part}"].data = getattr(block, part)


for _name in BLOCKS:
    for _part, _label in PARTS.items():
        _high = LARGEST if _part == "size" else _WIDEST
        _field = WholeNumberField(_label, Required(_l("Ghi số.")), low=0, high=_high)
        setattr(LayoutForm, f"{_name}_{_part}", _field)
