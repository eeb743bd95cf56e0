"""What is filled in for each kind of record. Lines are rows of fields; an empty row is none."""

from typing import Any, ClassVar, cast

from wtforms import BooleanField, Field
from wtforms.fields.choices import SelectChoice

from awards.records.facts import (
    CommunicationFacts,
    EvaluationFacts,
    Facts,
    Finding,
    InspectionFacts,
    OwnAwardFacts,
    RegistrationFacts,
    Target,
)
from awards.records.kinds import CHANNELS, OWN_AWARD_FORMS, Record
from forms.base import CommandForm, RevisionField
from forms.fields import (
    LONG,
    ChoiceField,
    PickField,
    Required,
    VietnameseDateField,
    WholeNumberField,
    line,
    paragraph,
)
from forms.simple import KINDS
from languages import lazy_gettext as _l
from models.awards import NomineeKind
from models.records import Channel, OwnAwardForm, RecordKind

LINES = 8
_MOST = 1_000_000
_POINTS = 100


class RecordForm(CommandForm):
    """A record of a unit. To correct one takes the reason; it can be voided by the same form."""

    parts: ClassVar[tuple[str, ...]]
    """The fields of the record itself, in the order of the page."""

    lines: ClassVar[tuple[str, ...]] = ()
    """The fields of each of its lines."""

    is_correction = False

    unit = PickField(_l("Đơn vị"))
    revision = RevisionField()
    reason = paragraph(_l("Lý do sửa"))
    is_void = BooleanField(_l("Hủy bản ghi này: không tính nữa, nội dung vẫn lưu"))

    def shown(self) -> list[Field]:
        """The fields of the record itself."""
        return [self[name] for name in self.parts]

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each line."""
        if not self.lines:
            return []
        return [
            {name: self[f"line_{n}_{name}"] for name in self.lines} for n in range(LINES)
        ]

    def filled(self) -> dict[int, dict[str, Any]]:
        """What was entered in the lines that have something, by their place."""
        rows = {
            n: {name: field.data for name, field in row.items()}
            for n, row in enumerate(self.rows())
        }
        return {n: row for n, row in rows.items() if row[self.lines[0]]}

    def validate(self, extra_validators: Any = None) -> bool:
        """A correction says why; a line that is begun is finished."""
        is_good = bool(super().validate(extra_validators))
        if self.is_correction and not self.reason.data:
            self.reason.errors = [_l("Ghi rõ lý do.")]
            is_good = False
        for row in self.rows():
            first, *others = row.values()
            if not first.data and any(field.data for field in others):
                first.errors = [_l("Ghi nội dung của dòng này.")]
                is_good = False
        return is_good

    def facts(self) -> Facts:
        """What was filled in."""
        raise NotImplementedError

    def show(self, row: Record) -> None:
        """Fill in what is kept."""
        self.revision.data = row.revision
        for name in self.parts:
            kept = getattr(row, "movement_id" if name == "movement" else name)
            self[name].data = str(kept or "") if name == "movement" else kept

    def show_lines(self, kept: Any) -> None:
        """Fill in the lines that are kept, each at its place."""
        for one in kept:
            if one.position < LINES:
                for name in self.lines:
                    self[f"line_{one.position}_{name}"].data = getattr(one, name)

    def chosen_movement(self) -> int | None:
        """The movement by its id, if one was chosen."""
        text = self["movement"].data
        return int(text) if text else None


def _year() -> WholeNumberField:
    return WholeNumberField(_l("Năm"), Required(_l("Ghi năm.")), low=2000, high=2100)


def _day(label: Any) -> VietnameseDateField:
    return VietnameseDateField(label, Required(_l("Ghi ngày.")))


class EvaluationForm(RecordForm):
    """The yearly evaluation, which the unit's head signs."""

    parts = ("year", "score", "leadership", "results", "shortcomings", "next_year")

    year = _year()
    score = WholeNumberField(
        _l("Điểm tự chấm (trên 100)"), Required(_l("Ghi điểm.")), low=0, high=_POINTS
    )
    leadership = paragraph(
        _l("Công tác lãnh đạo, chỉ đạo, phát động"), Required(_l("Ghi việc đã làm."))
    )
    results = paragraph(_l("Kết quả phong trào"), Required(_l("Ghi kết quả.")))
    shortcomings = paragraph(_l("Tồn tại, hạn chế"))
    next_year = paragraph(
        _l("Giải pháp, tiêu chí cho năm sau"), Required(_l("Ghi giải pháp."))
    )

    def facts(self) -> EvaluationFacts:
        """What was filled in."""
        return EvaluationFacts(
            cast("int", self.year.data),
            cast("int", self.score.data),
            self.leadership.data,
            self.results.data,
            self.shortcomings.data or "",
            self.next_year.data,
        )


class RegistrationForm(RecordForm):
    """What the unit sets out to do, with targets of its own."""

    parts = ("movement", "year", "solutions")
    lines = ("name", "goal", "measure", "reached")

    movement = PickField(_l("Phong trào"), validators=[Required(_l("Chọn phong trào."))])
    year = _year()
    solutions = paragraph(
        _l("Giải pháp của đơn vị"), Required(_l("Ghi giải pháp của đơn vị."))
    )

    def facts(self) -> RegistrationFacts:
        """What was filled in."""
        targets = {
            n: Target(row["name"], row["goal"], row["measure"] or "", row["reached"])
            for n, row in self.filled().items()
        }
        return RegistrationFacts(
            self.chosen_movement(),
            cast("int", self.year.data),
            self.solutions.data,
            targets,
        )


class InspectionForm(RecordForm):
    """Who inspected the unit when, and what it has to put right until when."""

    parts = ("movement", "inspected_on", "basis", "team", "conclusion")
    lines = ("finding", "due_on")

    movement = PickField(_l("Phong trào"))
    inspected_on = _day(_l("Ngày kiểm tra"))
    basis = line(_l("Căn cứ"), Required(_l("Ghi số, ngày của kế hoạch hoặc quyết định.")))
    team = line(
        _l("Đoàn kiểm tra"), Required(_l("Ghi ai kiểm tra, ai làm trưởng đoàn.")), limit=300
    )
    conclusion = paragraph(_l("Kết luận"), Required(_l("Ghi kết luận.")))

    def validate(self, extra_validators: Any = None) -> bool:
        """Every finding has its day."""
        is_good = bool(super().validate(extra_validators))
        for row in self.rows():
            if row["finding"].data and not row["due_on"].data:
                row["due_on"].errors = [*row["due_on"].errors, _l("Ghi hạn khắc phục.")][:1]
                is_good = False
        return is_good

    def facts(self) -> InspectionFacts:
        """What was filled in."""
        findings = {
            n: Finding(row["finding"], row["due_on"]) for n, row in self.filled().items()
        }
        return InspectionFacts(
            self.chosen_movement(),
            cast("Any", self.inspected_on.data),
            self.basis.data,
            self.team.data,
            self.conclusion.data,
            findings,
        )


class OwnAwardRecordForm(RecordForm):
    """A commendation that the unit gave itself."""

    parts = (
        "number",
        "decided_on",
        "form",
        "kind",
        "name",
        "position",
        "is_serving_public",
        "is_leader",
        "merit",
        "movement",
    )

    number = line(_l("Số quyết định"), Required(_l("Ghi số quyết định.")), limit=100)
    decided_on = _day(_l("Ngày quyết định"))
    form = ChoiceField(
        _l("Hình thức"), {one.value: _l(name) for one, name in OWN_AWARD_FORMS.items()}
    )
    kind = ChoiceField(_l("Loại đối tượng"), KINDS)
    name = line(_l("Người, tập thể được khen"), Required(_l("Ghi người hoặc tập thể.")))
    position = line(_l("Chức vụ, nơi công tác"))
    is_serving_public = BooleanField(_l("Làm việc trực tiếp với tổ chức, công dân"))
    is_leader = BooleanField(_l("Là lãnh đạo, quản lý"))
    merit = line(_l("Thành tích"), Required(_l("Ghi thành tích.")), limit=300)
    movement = PickField(_l("Phong trào"))

    def facts(self) -> OwnAwardFacts:
        """What was filled in; only people are leaders, or serve."""
        kind = NomineeKind(self.kind.data)
        is_person = kind == NomineeKind.INDIVIDUAL
        return OwnAwardFacts(
            self.chosen_movement(),
            self.number.data,
            cast("Any", self.decided_on.data),
            OwnAwardForm(self.form.data),
            kind,
            self.name.data,
            self.position.data or "",
            is_person and bool(self.is_serving_public.data),
            is_person and bool(self.is_leader.data),
            self.merit.data,
        )


class CommunicationForm(RecordForm):
    """Something by which people were told."""

    parts = ("held_on", "channel", "title", "people_reached", "evidence", "movement")

    held_on = _day(_l("Ngày"))
    channel = PickField(
        _l("Hình thức"),
        choices=[SelectChoice(one.value, _l(name)) for one, name in CHANNELS.items()],
    )
    title = line(_l("Nội dung"), Required(_l("Ghi nội dung.")), limit=300)
    people_reached = WholeNumberField(_l("Số người tiếp cận"), low=0, high=_MOST)
    evidence = line(_l("Đường dẫn, số văn bản"), limit=300)
    movement = PickField(_l("Phong trào"))

    def facts(self) -> CommunicationFacts:
        """What was filled in."""
        return CommunicationFacts(
            self.chosen_movement(),
            cast("Any", self.held_on.data),
            Channel(self.channel.data),
            self.title.data,
            self.people_reached.data,
            self.evidence.data or "",
        )


class RemedyForm(CommandForm):
    """How a finding was put right, and when."""

    remedy = paragraph(_l("Đã khắc phục thế nào"), Required(_l("Ghi việc đã khắc phục.")))
    closed_on = _day(_l("Ngày khắc phục"))


class SignForm(CommandForm):
    """The head signs what the page shows, in the state it shows."""

    revision = RevisionField()


FORMS: dict[RecordKind, type[RecordForm]] = {
    RecordKind.EVALUATION: EvaluationForm,
    RecordKind.REGISTRATION: RegistrationForm,
    RecordKind.INSPECTION: InspectionForm,
    RecordKind.OWN_AWARD: OwnAwardRecordForm,
    RecordKind.COMMUNICATION: CommunicationForm,
}

for _n in range(LINES):
    setattr(RegistrationForm, f"line_{_n}_name", line(_l("Mục tiêu"), limit=300))
    setattr(
        RegistrationForm,
        f"line_{_n}_goal",
        WholeNumberField(_l("Con số"), low=0, high=_MOST),
    )
    setattr(RegistrationForm, f"line_{_n}_measure", line(_l("Đơn vị tính"), limit=100))
    setattr(
        RegistrationForm,
        f"line_{_n}_reached",
        WholeNumberField(_l("Đã đạt"), low=0, high=_MOST),
    )
    setattr(InspectionForm, f"line_{_n}_finding", line(_l("Kiến nghị"), limit=LONG))
    setattr(InspectionForm, f"line_{_n}_due_on", VietnameseDateField(_l("Hạn khắc phục")))
