"""Steps with a line per criterion or per paper, whose number only the case knows."""

from collections.abc import Mapping
from typing import Any

from wtforms.validators import Optional

from forms.base import StepContext, StepForm
from forms.fields import ChoiceField, Required, WholeNumberField, line, paragraph
from languages import lazy_gettext as _l
from models.awards import Outcome


class CriteriaForm(StepForm):
    """The unit scores itself, criterion by criterion, and says where the evidence is."""

    @classmethod
    def fields_for(cls, context: StepContext) -> dict[str, Any]:
        made = super().fields_for(context)
        for criterion in context.criteria:
            made[f"score__{criterion.code}"] = WholeNumberField(
                _l("Điểm tự chấm: %(name)s", name=criterion.name),
                low=0,
                high=criterion.max_points,
            )
            made[f"evidence__{criterion.code}"] = paragraph(
                _l("Minh chứng: %(name)s", name=criterion.name)
            )
        return made

    @property
    def criteria_rows(self) -> list[tuple[Any, Any, Any]]:
        """Criterion, score, evidence."""
        return [
            (
                criterion,
                self[f"score__{criterion.code}"],
                self[f"evidence__{criterion.code}"],
            )
            for criterion in self.context.criteria
        ]

    def files_of(self, item_code: str) -> list[Any]:
        return [file for file in self.context.attachments if file.item_code == item_code]


class AnswersForm(StepForm):
    """What a return asked for, answered item by item."""

    @classmethod
    def fields_for(cls, context: StepContext) -> dict[str, Any]:
        made = super().fields_for(context)
        for n, item in enumerate(context.requested):
            made[f"answer__{n}"] = paragraph(
                item, Required(_l("Trả lời mục này: đã bổ sung gì, ở đâu.")), limit=1_000
            )
        return made

    @property
    def answer_rows(self) -> list[tuple[str, Any]]:
        """Item and the field of its answer."""
        asked = self.context.requested
        return [(item, self[f"answer__{n}"]) for n, item in enumerate(asked)]

    def content(self) -> dict[str, object]:
        asked = list(self.context.requested)
        return super().content() | ({"requested": asked} if asked else {})

    def restored(self, content: Mapping[str, object]) -> None:
        """Answers are given anew: those before were to another request."""
        kept = {k: v for k, v in content.items() if not k.startswith("answer__")}
        super().restored(kept)


def answered(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each item that a return asked for, with the unit's answer."""
    return [
        (str(item), str(content.get(f"answer__{n}") or ""))
        for n, item in enumerate(content.get("requested", []))
    ]


class ChecklistForm(StepForm):
    """Each paper of the dossier: there, or missing with a note."""

    @classmethod
    def fields_for(cls, context: StepContext) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for item in context.items:
            made[f"item__{item.code}"] = ChoiceField(
                item.name, {"present": _l("Đã có"), "missing": _l("Còn thiếu")}, Optional()
            )
            made[f"note__{item.code}"] = line(_l("Ghi chú: %(name)s", name=item.name))
        return made

    @property
    def checklist_rows(self) -> list[tuple[Any, Any, Any, list[Any]]]:
        """Paper, there or missing, note, files."""
        return [
            (
                item,
                self[f"item__{item.code}"],
                self[f"note__{item.code}"],
                [file for file in self.context.attachments if file.item_code == item.code],
            )
            for item in self.context.items
        ]

    def everything_is_present(self) -> bool:
        """A dossier is received when every required paper was seen."""
        sound = True
        for item, state, _note, _files in self.checklist_rows:
            if item.is_required and state.data != "present":
                state.errors = [_l("Giấy tờ bắt buộc: xác nhận có, hoặc trả lại bổ sung.")]
                sound = False
        return sound


class FindingsForm(StepForm):
    """What the specialist found, criterion by criterion, beside what the unit claimed."""

    @classmethod
    def fields_for(cls, context: StepContext) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for criterion in context.criteria:
            made[f"verdict__{criterion.code}"] = ChoiceField(
                _l("Kết luận: %(name)s", name=criterion.name),
                {"met": _l("Đạt"), "not_met": _l("Không đạt")},
                Optional(),
            )
            made[f"points__{criterion.code}"] = WholeNumberField(
                _l("Điểm thẩm định: %(name)s", name=criterion.name),
                low=0,
                high=criterion.max_points,
            )
            made[f"note__{criterion.code}"] = line(
                _l("Ghi chú: %(name)s", name=criterion.name), limit=1_000
            )
        return made

    @property
    def finding_rows(self) -> list[tuple[Any, Any, Any, Any, Any, Any]]:
        """Criterion, self score, self evidence, verdict, points, note."""
        own = self.context.earlier.get("prepare_nomination", {})
        return [
            (
                criterion,
                own.get(f"score__{criterion.code}"),
                own.get(f"evidence__{criterion.code}"),
                self[f"verdict__{criterion.code}"],
                self[f"points__{criterion.code}"],
                self[f"note__{criterion.code}"],
            )
            for criterion in self.context.criteria
        ]

    def everything_is_judged(self) -> bool:
        """A proposal rests on a verdict for every criterion."""
        open_ones = [row for row in self.finding_rows if not row[3].data]
        for row in open_ones:
            row[3].errors = [_l("Kết luận đạt hay không đạt.")]
        return not open_ones


class ReturnsItems(StepForm):
    """A return that lists what is missing and says until when it is awaited."""

    def items_text(self) -> str:
        """The list of what is missing, one a line."""
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.outcome.data != Outcome.RETURN:
            return bool(sound)
        if not self.items_text():
            self.form_errors.append(_l("Trả lại phải nêu ít nhất một mục cần bổ sung."))
            sound = False
        if self.supplement_by.errors:
            return False
        if self.supplement_by.data is None or self.supplement_by.data <= self.context.today:
            self.supplement_by.errors = [_l("Ghi hạn bổ sung sau hôm nay.")]
            sound = False
        return bool(sound)
