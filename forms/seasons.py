"""What is filled in to set up a season: a movement's dates and criteria, an award's papers.

Lines are rows of fields with numbers; a row that is left empty is none.
"""

from datetime import date
from typing import Any, cast

from wtforms import BooleanField

from awards.seasons import CriterionLine, MovementFacts, PaperLine
from forms.base import CommandForm
from forms.fields import (
    PickField,
    Required,
    VietnameseDateField,
    WholeNumberField,
    line,
    paragraph,
)
from forms.organisation import CODE, coded
from languages import lazy_gettext as _l
from models.awards import Award, Movement, NomineeKind

LINES = 10  # criteria for each kind of nominee, and papers of a dossier
MOST_POINTS = 1_000
_PARTS = ("name", "points", "measure", "evidence")


def _day(label: Any) -> Any:
    return VietnameseDateField(label, Required(_l("Ghi ngày.")))


class MovementForm(CommandForm):
    """A movement, with a table of criteria for each kind of nominee."""

    takes_lines = True

    name = line(_l("Tên phong trào"), Required(_l("Ghi tên phong trào.")), limit=300)
    code = coded(_l("Mã phong trào"), Required(_l("Ghi mã phong trào.")), CODE)
    launched_by = line(
        _l("Văn bản phát động"),
        Required(_l("Ghi số, ngày của văn bản phát động.")),
        limit=300,
    )
    purpose = paragraph(
        _l("Mục đích"),
        description=_l("Ai cũng đọc được: phong trào nhằm thay đổi điều gì."),
    )
    period_from = _day(_l("Phong trào từ ngày"))
    period_to = _day(_l("Phong trào đến ngày"))
    nominations_from = _day(_l("Nhận đề nghị từ ngày"))
    nominations_to = _day(_l("Nhận đề nghị đến ngày"))

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The fields of each line for a kind of nominee."""
        return [{part: self[f"{kind}_{n}_{part}"] for part in _PARTS} for n in range(LINES)]

    def validate(self, extra_validators: Any = None) -> bool:
        """A line that is begun has a name and points."""
        is_good = bool(super().validate(extra_validators))
        for kind in NomineeKind if self.takes_lines else ():
            for row in self.rows(kind.value):
                if not any(field.data for field in row.values()):
                    continue
                if not row["name"].data:
                    row["name"].errors = [_l("Ghi tên tiêu chí.")]
                    is_good = False
                if row["points"].data is None and not row["points"].errors:
                    row["points"].errors = [_l("Ghi điểm tối đa.")]
                    is_good = False
        return is_good

    def facts(self) -> MovementFacts:
        """What was filled in, but for the criteria."""
        days = (
            self.period_from,
            self.period_to,
            self.nominations_from,
            self.nominations_to,
        )
        return MovementFacts(
            self.name.data,
            self.launched_by.data,
            self.purpose.data or "",
            *(cast("date", day.data) for day in days),
        )

    def lines(self) -> list[CriterionLine]:
        """The criteria that were filled in."""
        return [
            CriterionLine(
                kind,
                row["name"].data,
                row["points"].data,
                row["measure"].data or "",
                row["evidence"].data or "",
            )
            for kind in NomineeKind
            for row in self.rows(kind.value)
            if row["name"].data
        ]

    def show(self, movement: Movement) -> None:
        """Fill in what is kept."""
        for name in ("name", "code", "launched_by", "purpose", "period_from", "period_to"):
            self[name].data = getattr(movement, name)
        self.nominations_from.data = movement.nominations_from
        self.nominations_to.data = movement.nominations_to
        for kind in NomineeKind:
            kept = [one for one in movement.criteria if one.nominee_kind == kind]
            for row, one in zip(self.rows(kind.value), kept, strict=False):
                row["name"].data, row["points"].data = one.name, one.max_points
                row["measure"].data, row["evidence"].data = one.measure, one.evidence


for _kind in NomineeKind:
    for _n in range(LINES):
        _start = f"{_kind.value}_{_n}"
        setattr(MovementForm, f"{_start}_name", line(_l("Tiêu chí"), limit=300))
        setattr(
            MovementForm,
            f"{_start}_points",
            WholeNumberField(_l("Điểm tối đa"), low=1, high=MOST_POINTS),
        )
        setattr(MovementForm, f"{_start}_measure", line(_l("Đo bằng"), limit=300))
        setattr(MovementForm, f"{_start}_evidence", line(_l("Minh chứng"), limit=300))


class AwardForm(CommandForm):
    """An award, the process its nominations take, and the papers they need."""

    takes_lines = True

    name = line(_l("Tên hình thức khen thưởng"), Required(_l("Ghi tên hình thức.")))
    code = coded(_l("Mã"), Required(_l("Ghi mã.")), CODE)
    process_key = PickField(_l("Quy trình"))

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each paper."""
        return [
            {part: self[f"paper_{n}_{part}"] for part in ("name", "is_required", "basis")}
            for n in range(LINES)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A line that is begun has a name."""
        is_good = bool(super().validate(extra_validators))
        for row in self.rows() if self.takes_lines else ():
            if not row["name"].data and (row["is_required"].data or row["basis"].data):
                row["name"].errors = [_l("Ghi tên giấy tờ.")]
                is_good = False
        return is_good

    def lines(self) -> list[PaperLine]:
        """The papers that were filled in."""
        return [
            PaperLine(row["name"].data, row["is_required"].data, row["basis"].data or "")
            for row in self.rows()
            if row["name"].data
        ]

    def show(self, award: Award) -> None:
        """Fill in what is kept."""
        self.name.data, self.code.data = award.name, award.code
        self.process_key.data = award.process_key
        for row, item in zip(self.rows(), award.dossier_items, strict=False):
            row["name"].data, row["basis"].data = item.name, item.legal_basis
            row["is_required"].data = item.is_required


for _n in range(LINES):
    setattr(AwardForm, f"paper_{_n}_name", line(_l("Giấy tờ"), limit=300))
    setattr(AwardForm, f"paper_{_n}_is_required", BooleanField(_l("Bắt buộc")))
    setattr(AwardForm, f"paper_{_n}_basis", line(_l("Căn cứ"), limit=200))
