"""What the history tells of operators and of the clock, in sentences for the timeline."""

from collections.abc import Mapping

from models.history import EventKind, HistoryEvent
from workflows import history
from workflows.definitions import Definition
from workflows.words import N_

TO_QUEUE = N_("trả việc về nhóm, theo đề nghị của %(asker)s")
OPERATED = {
    EventKind.TASK_REASSIGNED: N_("giao việc cho %(assignee)s, theo đề nghị của %(asker)s"),
    EventKind.INSTANCE_CANCELLED: N_("hủy hồ sơ, theo đề nghị của %(asker)s"),
    EventKind.INSTANCE_PLACED: N_(
        "đưa hồ sơ về bước “%(step)s”, theo đề nghị của %(asker)s"
    ),
    EventKind.INSTANCE_SUSPENDED: N_("cho hồ sơ tạm dừng, theo đề nghị của %(asker)s"),
    EventKind.INSTANCE_RESUMED: N_("cho hồ sơ chạy tiếp, theo đề nghị của %(asker)s"),
    EventKind.INSTANCE_MIGRATED: N_(
        "chuyển hồ sơ sang phiên bản %(version)s của quy trình, theo đề nghị của %(asker)s"
    ),
}
AUTOMATIC = {
    EventKind.TASK_RELEASED: N_(
        "Việc trở về nhóm vì người giữ không còn phụ trách hoặc đã ủy quyền"
    ),
    EventKind.INSTANCE_REHOMED: N_(
        "Hồ sơ chuyển sang đơn vị tiếp nhận, theo quyết định về tổ chức"
    ),
    EventKind.DEADLINE_FIRED: N_("Hết hạn chờ, hồ sơ tự chuyển bước"),
    EventKind.TASK_REMINDED: N_("Hệ thống nhắc việc sắp đến hạn"),
    EventKind.TASK_OVERDUE: N_("Việc đã quá hạn"),
    EventKind.TASK_ESCALATED: N_("Việc quá hạn được báo lên cấp trên"),
    EventKind.CLOCK_STARTED: N_("Bắt đầu tính thời hạn giải quyết"),
    EventKind.CLOCK_PAUSED: N_("Tạm ngừng tính thời hạn giải quyết"),
    EventKind.CLOCK_RESUMED: N_("Tính tiếp thời hạn giải quyết"),
    EventKind.CLOCK_STOPPED: N_("Thôi tính thời hạn giải quyết"),
    EventKind.CLOCK_EXTENDED: N_("gia hạn thời hạn giải quyết"),
    EventKind.CLOCK_EXPIRED: N_("Hết thời hạn giải quyết"),
    EventKind.AWARD_CORRECTED: N_("ban hành quyết định đính chính"),
    EventKind.AWARD_REVOKED: N_("ban hành quyết định hủy bỏ khen thưởng"),
    EventKind.CERTIFICATE_NUMBERED: N_("vào sổ cấp bằng"),
    EventKind.INCIDENT_RAISED: N_("Bước tự động gặp sự cố, đang chờ quản trị quy trình"),
    EventKind.INCIDENT_RESOLVED: N_("xử lý sự cố của bước tự động"),
}


def people_of(event: HistoryEvent) -> set[int]:
    """Ids of the people an operator's event names beside its actor."""
    if event.kind not in OPERATED:
        return set()
    told = history.details(event)
    return {int(str(told[name])) for name in ("asked_by", "assignee") if told.get(name)}


def sentence(event: HistoryEvent) -> str:
    """What happened, to be translated and filled with `values`."""
    is_to_queue = (
        event.kind == EventKind.TASK_REASSIGNED
        and history.details(event)["assignee"] is None
    )
    return TO_QUEUE if is_to_queue else OPERATED[event.kind]


def values(
    event: HistoryEvent, people: Mapping[int, str], definition: Definition
) -> dict[str, str]:
    """What the sentence speaks of. A step that the newest version lacks goes by its id."""
    told = history.details(event)
    element_id = str(told.get("element") or "")
    element = definition.elements.get(element_id)
    return {
        "asker": people.get(int(str(told["asked_by"])), ""),
        "assignee": people.get(int(str(told.get("assignee") or 0)), ""),
        "step": element.name if element else element_id,
        "version": str(told.get("version") or ""),
    }
