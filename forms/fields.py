"""Fields as Vietnamese offices fill them in, with sentences of ours when they are wrong."""

import unicodedata
from datetime import date
from typing import Any

from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    InputRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import TextInput

from awards import text
from languages import lazy_gettext as _l

SHORT = 200
LONG = 4_000
VERY_LONG = 20_000

_ALLOWED_CONTROLS = "\n\r\t"


class Required(InputRequired):
    """Something must be there once blanks are taken off, zero included."""

    def __call__(self, form: object, field: Any) -> None:
        del form
        if field.data is None or field.data == "":
            if (
                field.process_errors
            ):  # something is there, and what is wrong with it was said
                raise StopValidation
            field.errors = []
            raise StopValidation(self.message)


class NoControlCharacters:
    """Refuses NUL and its kin: databases, papers and spreadsheets choke on them."""

    def __call__(self, form: object, field: Any) -> None:
        del form
        if any(
            unicodedata.category(c) == "Cc" and c not in _ALLOWED_CONTROLS
            for c in field.data or ""
        ):
            raise ValidationError(
                _l("Có ký tự điều khiển không dùng được. Xóa rồi nhập lại.")
            )


def _length(limit: int) -> Length:
    return Length(max=limit, message=_l("Dài quá %(max)d ký tự. Rút gọn rồi gửi lại."))


def line(label: Any, *validators: Any, limit: int = SHORT, **options: Any) -> StringField:
    """One line of text: NFC, inner blanks made one, at most `limit` characters."""
    return StringField(
        label,
        validators=[*(validators or (Optional(),)), _length(limit), NoControlCharacters()],
        filters=[lambda value: text.one_line(value) if value else value],
        **options,
    )


def paragraph(
    label: Any, *validators: Any, limit: int = LONG, **options: Any
) -> TextAreaField:
    """Text of several lines: NFC, at most `limit` characters."""
    return TextAreaField(
        label,
        validators=[*(validators or (Optional(),)), _length(limit), NoControlCharacters()],
        filters=[lambda value: text.nfc(value.replace("\r\n", "\n")) if value else value],
        **options,
    )


class VietnameseDateField(DateField):
    """A date written day/month/year; year-month-day is understood too."""

    widget = TextInput()

    def __init__(self, label: Any, *validators: Any, **options: Any) -> None:
        super().__init__(
            label,
            validators=[*(validators or (Optional(),))],
            format=["%d/%m/%Y", "%Y-%m-%d"],
            render_kw={"placeholder": "dd/mm/yyyy", "inputmode": "numeric"},
            **options,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text for one in valuelist if (text := one.strip())])
        except ValueError as error:
            self.data = None
            message = str(_l("Không phải ngày có thật. Ghi theo dạng ngày/tháng/năm."))
            raise ValueError(message) from error
        if self.data is not None and not 1900 <= self.data.year <= 2200:  # noqa: PLR2004 - any sane date
            message = str(_l("Năm phải trong khoảng 1900 đến 2200."))
            raise ValueError(message)


class WholeNumberField(IntegerField):
    """A whole number between two bounds."""

    def __init__(
        self, label: Any, *validators: Any, low: int, high: int, **options: Any
    ) -> None:
        self.low, self.high = low, high
        super().__init__(label, validators=[*(validators or (Optional(),))], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        entered = valuelist[0].strip() if valuelist else ""
        if not entered:
            self.data = None
            return
        if not entered.removeprefix("-").isdecimal() or len(entered) > 9:  # noqa: PLR2004 - int's digits
            self.data = None
            raise ValueError(str(_l("Ghi một số nguyên.")))
        self.data = int(entered)
        if not self.low <= self.data <= self.high:
            message = _l("Ghi số từ %(low)d đến %(high)d.", low=self.low, high=self.high)
            raise ValueError(str(message))


class ChoiceField(RadioField):
    """A radio group."""

    def __init__(
        self, label: Any, choices: dict[str, Any], *validators: Any, **options: Any
    ) -> None:
        super().__init__(
            label,
            choices=[SelectChoice(value, name) for value, name in choices.items()],
            validators=[*(validators or (Required(_l("Chọn một trong các mục.")),))],
            **options,
        )

    def pre_validate(self, form: object) -> None:
        del form
        if self.data and self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(str(_l("Lựa chọn này không có. Chọn một trong các mục.")))


class PickField(SelectField):
    """A drop-down list."""

    def pre_validate(self, form: object) -> None:
        del form
        if self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(str(_l("Lựa chọn này không có. Chọn một trong các mục.")))


def plain(value: object) -> object:
    """A field's value as a submission keeps it: JSON, dates as year-month-day."""
    return value.isoformat() if isinstance(value, date) else value
