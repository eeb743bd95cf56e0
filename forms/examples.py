"""What is filled in to tell of the awarded, to note who does well, and to answer such a note."""

from datetime import date
from typing import Any, cast

from wtforms import BooleanField, HiddenField

from awards.examples.discoveries import Sight
from awards.examples.stories import Words
from forms.base import CommandForm, Form
from forms.fields import PickField, Required, VietnameseDateField, line, paragraph
from languages import lazy_gettext as _l
from models.examples import Story


class StoryForm(Form):
    """A story; sent again it says the same."""

    title = line(_l("Tên bài"), Required(_l("Ghi tên bài.")), limit=200)
    text = paragraph(
        _l("Nội dung"),
        Required(_l("Ghi nội dung.")),
        description=_l(
            "Việc đã làm, cách làm, kết quả đo được, và điều đơn vị khác học được."
        ),
    )
    topic = line(
        _l("Chủ đề"),
        description=_l("Ví dụ: cải cách thủ tục, giao tiếp, sáng kiến."),
        limit=100,
    )
    agreed_on = VietnameseDateField(
        _l("Ngày người được nêu đồng ý"), Required(_l("Ghi ngày người được nêu đồng ý."))
    )
    agreed_how = line(
        _l("Đồng ý bằng"),
        Required(_l("Ghi sự đồng ý lưu ở đâu.")),
        description=_l("Ví dụ: giấy đồng ý, lưu tại Văn phòng đơn vị."),
        limit=300,
    )
    is_ready = HiddenField()

    def words(self) -> Words:
        """What was filled in."""
        return Words(
            self.title.data,
            self.text.data,
            self.topic.data or "",
            cast("date", self.agreed_on.data),
            self.agreed_how.data,
        )

    def show(self, story: Story) -> None:
        """Fill in what is kept."""
        for name in ("title", "text", "topic", "agreed_on", "agreed_how"):
            self[name].data = getattr(story, name)


class RemarkForm(Form):
    """Why a story goes back, or is taken away."""

    remark = paragraph(_l("Lý do"), Required(_l("Ghi rõ lý do.")), limit=1_000)


class DiscoveryForm(CommandForm):
    """Who was seen to do well."""

    unit = PickField(_l("Đơn vị của người đó"))
    name = line(_l("Họ tên người hoặc tên tập thể"), Required(_l("Ghi họ tên.")), limit=200)
    is_serving_public = BooleanField(_l("Trực tiếp phục vụ tổ chức, công dân"))
    happened_on = VietnameseDateField(_l("Ngày"), Required(_l("Ghi ngày.")))
    text = paragraph(
        _l("Việc đã thấy"),
        Required(_l("Ghi việc đã thấy.")),
        description=_l("Vài câu là đủ: việc gì, ở đâu, ai được lợi."),
        limit=2_000,
    )

    def sight(self) -> Sight:
        """What was filled in."""
        return Sight(
            self.unit.data,
            self.name.data,
            bool(self.is_serving_public.data),
            cast("date", self.happened_on.data),
            self.text.data,
        )


class AnswerForm(Form):
    """Why no nomination comes of a note."""

    answer: Any = paragraph(
        _l("Lý do không lập hồ sơ"), Required(_l("Ghi rõ lý do.")), limit=1_000
    )


class AcknowledgementForm(Form):
    """For which of one's units one says that it has read a movement's purpose and criteria."""

    unit = HiddenField()
