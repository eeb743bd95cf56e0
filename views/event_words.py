"""Events and reads as the auditor's pages name them."""

from awards import interventions
from awards.interventions import OPERATED
from awards.names import EVENTS
from awards.timeline import on_behalf_of
from models.history import EventKind, HistoryEvent
from models.papers import ScanState
from models.reads import ReadKind
from views import choices, story
from views.wording import acting_as, told
from workflows import history as chain
from workflows.definitions import Definition
from workflows.history import Fault
from workflows.words import N_

_SCANS = {
    ScanState.CLEAN: N_("không thấy mã độc"),
    ScanState.INFECTED: N_("có mã độc"),
    ScanState.FAILED: N_("không kiểm tra được"),
}
_READS = {
    ReadKind.DOSSIER_OPENED: N_("Mở hồ sơ"),
    ReadKind.HISTORY_OPENED: N_("Mở trang lịch sử"),
    ReadKind.FILE_DOWNLOADED: N_("Tải giấy tờ"),
    ReadKind.PROPOSAL_OPENED: N_("Mở tờ trình"),
    ReadKind.DECISION_OPENED: N_("Mở quyết định"),
    ReadKind.IDENTITY_REVEALED: N_("Xem số định danh"),
    ReadKind.NAMES_SEARCHED: N_("Tìm kiếm"),
    ReadKind.LIST_EXPORTED: N_("Xuất danh sách"),
    ReadKind.COPY_MADE: N_("Xuất toàn bộ dữ liệu của người này"),
    ReadKind.STORY_OPENED: N_("Đọc bài điển hình"),
}


def event(
    event_: HistoryEvent,
    people: dict[int, str],
    posts: dict[int, str],
    definition: Definition,
    fault: Fault | None,
) -> dict[str, object]:
    """One line of a list of events; `definition` is that of its nomination."""
    body = chain.body(event_)
    details = body["details"]
    element = definition.elements.get(details.get("element"))
    said = [told(element.name) if element else "", choices.outcome(details.get("outcome"))]
    if event_.kind == EventKind.FILE_SCANNED:
        said = [told(_SCANS[details["scan"]]), details["finding"]]
    if event_.kind in OPERATED:
        values = interventions.values(event_, people, definition)
        said = [story.filled(interventions.sentence(event_), values)]
    return {
        "sequence": event_.sequence,
        "at": event_.at,
        "who": people.get(event_.actor_id or 0, ""),
        "acting_as": acting_as(
            posts.get(body["post"] or 0, ""), people.get(on_behalf_of(event_), "")
        ),
        "kind": told(EVENTS[event_.kind]),
        "detail": " · ".join(text for text in said if text),
        "hash": event_.hash,
        "is_bad": fault is not None and fault.sequence == event_.sequence,
    }


def read(kind: ReadKind) -> str:
    """What somebody has read, in the reader's language."""
    return told(_READS[kind])
