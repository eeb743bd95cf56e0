"""The forms of the award process, one per step, in the order of the route."""

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField
from wtforms.validators import ValidationError

from forms.base import StepForm
from forms.fields import (
    VERY_LONG,
    ChoiceField,
    Required,
    VietnameseDateField,
    WholeNumberField,
    line,
    paragraph,
)
from forms.rows import (
    AnswersForm,
    ChecklistForm,
    CriteriaForm,
    FindingsForm,
    ReturnsItems,
)
from languages import lazy_gettext as _l
from models.awards import NomineeKind, Outcome

_CHOOSE = Required(_l("Chọn kết quả xử lý."))
_RETURN = {Outcome.RETURN.value: _l("Trả lại bổ sung")}
_HONORIFICS = {"Ông": _l("Ông"), "Bà": _l("Bà")}


def _outcome(**choices: Any) -> ChoiceField:
    return ChoiceField(_l("Kết quả"), choices, _CHOOSE)


class PrepareNomination(CriteriaForm, AnswersForm):
    """The unit's own statement of the case: who, for what, proved by what."""

    form_key = "prepare_nomination"

    honorific = line(_l("Danh xưng"), limit=32)
    nominee_name = line(_l("Tên cá nhân, tập thể, hộ gia đình"), Required(_l("Ghi tên.")))
    birth_date = VietnameseDateField(_l("Ngày sinh"))
    position = line(_l("Chức vụ"))
    is_serving_public = BooleanField(
        _l("Trực tiếp giải quyết công việc với tổ chức, công dân")
    )
    is_leader = BooleanField(_l("Là lãnh đạo, quản lý"))
    achievements = paragraph(
        _l("Tóm tắt thành tích"), Required(_l("Ghi tóm tắt thành tích.")), limit=VERY_LONG
    )
    outcome = _outcome(
        approve=_l("Trình thủ trưởng đơn vị"), withdraw=_l("Rút hồ sơ, không đề nghị nữa")
    )
    reason = paragraph(_l("Lý do rút"))

    @classmethod
    def fields_for(cls, context: Any) -> dict[str, Any]:
        files = {
            f"file__{item.code}": MultipleFileField(item.name) for item in context.items
        }
        return super().fields_for(context) | files

    @property
    def file_rows(self) -> list[tuple[Any, Any, list[Any]]]:
        """Each paper the dossier needs, its upload field, and the files already there."""
        return [
            (item, self[f"file__{item.code}"], self.files_of(item.code))
            for item in self.context.items
        ]

    def content(self) -> dict[str, object]:
        return super().content() | {"nominee_kind": self.context.nominee_kind.value}

    def validate(self, extra_validators: Any = None) -> bool:
        """A withdrawn nomination needs a reason and nothing else."""
        if self.outcome.data == Outcome.WITHDRAW:
            for field in self.content_fields:
                if field.name not in ("outcome", "reason"):
                    field.validators = [
                        v for v in field.validators if not isinstance(v, Required)
                    ]
        sound = super().validate(extra_validators)
        return self.require_reason(Outcome.WITHDRAW) and sound

    def validate_birth_date(self, field: Any) -> None:
        if field.data and self.context.nominee_kind != NomineeKind.INDIVIDUAL:
            field.data = None
        if field.data and field.data >= self.context.today:
            message = _l("Ngày sinh phải trước hôm nay.")
            raise ValidationError(str(message))


class ApproveByUnit(StepForm):
    """The head of the unit signs for the dossier (Luật TĐKT Điều 13.1)."""

    form_key = "approve_by_unit"
    bulk_outcomes = frozenset({Outcome.APPROVE, Outcome.RETURN})

    outcome = _outcome(
        approve=_l("Duyệt, gửi tới Khối thi đua"),
        **_RETURN,
        withdraw=_l("Rút hồ sơ, không đề nghị nữa"),
    )
    opinion = paragraph(_l("Ý kiến"))
    reason = paragraph(_l("Lý do"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        return self.require_reason(Outcome.RETURN, Outcome.WITHDRAW) and sound


class ReviewByBlock(StepForm):
    """The Khối's score and ballot. A vote of the Khối selects; it does not decide."""

    form_key = "review_by_block"
    row_fields = ("score", "votes_for", "votes_total")

    score = WholeNumberField(_l("Điểm Khối chấm"), low=0, high=100)
    votes_for = WholeNumberField(_l("Số phiếu suy tôn"), low=0, high=200)
    votes_total = WholeNumberField(_l("Tổng số phiếu"), low=1, high=200)
    outcome = _outcome(
        approve=_l("Suy tôn, chuyển Sở Nội vụ"), **_RETURN, not_selected=_l("Không suy tôn")
    )
    opinion = paragraph(_l("Nhận xét của Khối"))
    reason = paragraph(_l("Lý do"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        voted = self._voted() if self.outcome.data != Outcome.RETURN else True
        return self.require_reason(Outcome.RETURN, Outcome.NOT_SELECTED) and voted and sound

    def _voted(self) -> bool:
        for field in (self.score, self.votes_for, self.votes_total):
            if field.data is None and not field.errors:
                field.errors = [_l("Ghi kết quả bình xét của Khối.")]
        cast, total = self.votes_for.data, self.votes_total.data
        if cast is not None and total is not None and cast > total:
            self.votes_for.errors = [_l("Số phiếu suy tôn nhiều hơn tổng số phiếu.")]
        return not (self.score.errors or self.votes_for.errors or self.votes_total.errors)


class ReceiveByDepartment(ReturnsItems, ChecklistForm):
    """Completeness, paper by paper. The date of receipt is stamped once."""

    form_key = "receive_by_department"

    received_on = VietnameseDateField(_l("Ngày tiếp nhận để thẩm định"))
    outcome = _outcome(approve=_l("Đủ thành phần, tiếp nhận"), **_RETURN)
    supplement_by = VietnameseDateField(_l("Hạn bổ sung"))
    reason = paragraph(_l("Ghi chú cho đơn vị"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.outcome.data == Outcome.APPROVE:
            return self.everything_is_present() and sound
        return sound

    def validate_received_on(self, field: Any) -> None:
        if self.context.received_on is not None:
            field.data = self.context.received_on
        elif field.data and field.data > self.context.today:
            message = _l("Ngày tiếp nhận không thể sau hôm nay.")
            raise ValidationError(str(message))
        elif field.data and field.data < self.context.created_on:
            message = _l("Ngày tiếp nhận không thể trước ngày đơn vị lập hồ sơ.")
            raise ValidationError(str(message))

    def content(self) -> dict[str, object]:
        return super().content() | {"items": self.items_text()}

    def items_text(self) -> str:
        """What is missing, paper by paper, as the unit will read it."""
        return "\n".join(
            f"{item.name}: {note.data}" if note.data else item.name
            for item, state, note, _files in self.checklist_rows
            if state.data == "missing"
        )


class Appraise(ReturnsItems, FindingsForm):
    """Findings per criterion and the specialist's proposal."""

    form_key = "appraise"
    final_outcomes = frozenset()

    opinion = paragraph(_l("Nhận xét thẩm định"))
    outcome = _outcome(
        approve=_l("Đề nghị khen"), **_RETURN, refuse=_l("Đề nghị không khen")
    )
    return_items = paragraph(_l("Nội dung cần bổ sung, mỗi dòng một mục"))
    supplement_by = VietnameseDateField(_l("Hạn bổ sung"))
    reason = paragraph(_l("Lý do, căn cứ"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        judged = self.outcome.data == Outcome.RETURN or self.everything_is_judged()
        return self.require_reason(Outcome.REFUSE) and judged and sound

    def content(self) -> dict[str, object]:
        return super().content() | {"items": self.items_text()}

    def items_text(self) -> str:
        return self.return_items.data or ""


class ApproveByDepartment(StepForm):
    """The department's leader takes the proposal over, sends it back, or refuses."""

    form_key = "approve_by_department"
    bulk_outcomes = frozenset({Outcome.APPROVE, Outcome.RETURN, Outcome.REFUSE})

    outcome = _outcome(
        approve=_l("Phê duyệt, trình Văn phòng UBND tỉnh"),
        **{Outcome.RETURN.value: _l("Trả lại chuyên viên thẩm định")},
        refuse=_l("Không khen, thông báo cho đơn vị"),
    )
    opinion = paragraph(_l("Ý kiến"))
    reason = paragraph(_l("Lý do"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        return self.require_reason(Outcome.RETURN, Outcome.REFUSE) and sound


class CheckByOffice(StepForm):
    """The Office checks form and law before the case goes to the Chairman."""

    form_key = "check_by_office"
    bulk_outcomes = frozenset({Outcome.APPROVE, Outcome.RETURN})

    is_form_right = BooleanField(_l("Thể thức, thành phần hồ sơ đúng quy định"))
    is_law_right = BooleanField(_l("Đối tượng, điều kiện, thẩm quyền đúng pháp luật"))
    outcome = _outcome(
        approve=_l("Trình Chủ tịch UBND tỉnh"),
        **{Outcome.RETURN.value: _l("Trả lại Sở Nội vụ")},
    )
    opinion = paragraph(_l("Ý kiến"))
    reason = paragraph(_l("Lý do"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.outcome.data == Outcome.APPROVE:
            for field in (self.is_form_right, self.is_law_right):
                if not field.data:
                    field.errors = [
                        _l("Đánh dấu khi đã kiểm tra và đúng; nếu không, trả lại.")
                    ]
                    sound = False
        return self.require_reason(Outcome.RETURN) and sound


class DecideByChairman(StepForm):
    """The Chairman decides (Luật TĐKT Điều 79.4); whoever signs is named on the decision."""

    form_key = "decide_by_chairman"
    bulk_outcomes = frozenset({Outcome.APPROVE, Outcome.RETURN, Outcome.REFUSE})

    outcome = _outcome(
        approve=_l("Khen thưởng"),
        **{Outcome.RETURN.value: _l("Trả lại Văn phòng để làm rõ")},
        refuse=_l("Không khen"),
    )
    opinion = paragraph(_l("Ý kiến chỉ đạo"))
    reason = paragraph(_l("Lý do"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        return self.require_reason(Outcome.RETURN, Outcome.REFUSE) and sound


class IssueDecision(StepForm):
    """The number is taken when this form is sent with `approve`, and never given back."""

    form_key = "issue_decision"

    outcome = _outcome(
        approve=_l("Cấp số và ban hành"),
        **{Outcome.RETURN.value: _l("Trả lại Văn phòng để chỉnh sửa")},
    )
    reason = paragraph(_l("Lý do trả lại"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        return self.require_reason(Outcome.RETURN) and sound
