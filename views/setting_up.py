"""What an administrator has yet to set up, as a list to be worked through on the first pages."""

from types import SimpleNamespace

from flask import url_for

from awards import setting_up
from awards.names import ROLES
from awards.setting_up import Part
from languages import gettext as _
from views.web import now, reader
from views.wording import told
from workflows import calendar


def parts() -> list[SimpleNamespace]:
    """Every part, done or not, and where to do it; none once all is there."""
    state = setting_up.state(reader(), calendar.today(now()))
    if state.is_whole:
        return []
    vacant = ", ".join(told(ROLES[role]) for role in state.roles)
    words = {
        Part.BLOCKS: ("blocks.index", _("Khối thi đua"), _("Thêm từng Khối: tên và mã.")),
        Part.UNITS: (
            "rosters.create",
            _("Đơn vị"),
            _("Nhập cả tỉnh từ một bảng tính, hoặc thêm từng đơn vị."),
        ),
        Part.PEOPLE: (
            "rosters.create",
            _("Người và chức vụ"),
            _("Chưa ai giữ: %(roles)s.", roles=vacant) if vacant else "",
        ),
        Part.LEADS: (
            "blocks.plan_year",
            _("Khối trưởng năm nay"),
            _("Sau khi các đơn vị có thủ trưởng: mở năm thi đua cho mọi Khối một lần."),
        ),
        Part.PROCESS: (
            "processes.index",
            _("Quy trình"),
            _("Quản trị quy trình đưa lên; bạn xem và xác nhận."),
        ),
        Part.AWARDS: (
            "seasons.awards",
            _("Hình thức khen thưởng"),
            _("Quy trình và giấy tờ của từng hình thức."),
        ),
        Part.MOVEMENTS: (
            "seasons.movements",
            _("Phong trào"),
            _("Thời gian nhận đề nghị và tiêu chí."),
        ),
        Part.LAW: (
            "law.bases",
            _("Căn cứ pháp lý"),
            _("Những dòng luật mà quyết định dẫn."),
        ),
    }
    return [
        SimpleNamespace(name=name, url=url_for(page), hint=hint, is_done=part in state.done)
        for part, (page, name, hint) in words.items()
    ]
