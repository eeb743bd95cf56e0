"""A nomination's history told in plain sentences: who, acting as what, when, what, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import interventions
from awards.interventions import AUTOMATIC, OPERATED
from models.awards import Nomination, Outcome, Result
from models.history import EventKind, HistoryEvent
from models.organisation import Person, Post
from models.papers import ScanState
from models.tasks import Submission, UserTask
from workflows import deployments, history, operations, submissions
from workflows.definitions import Definition
from workflows.words import N_

_ACTS = {
    ("prepare_nomination", Outcome.APPROVE): N_("trình hồ sơ lên thủ trưởng đơn vị"),
    ("prepare_nomination", Outcome.WITHDRAW): N_("rút hồ sơ"),
    ("approve_by_unit", Outcome.APPROVE): N_("duyệt, gửi hồ sơ tới Khối thi đua"),
    ("approve_by_unit", Outcome.RETURN): N_("trả lại để chỉnh sửa"),
    ("review_by_block", Outcome.APPROVE): N_("suy tôn, chuyển hồ sơ tới Sở Nội vụ"),
    ("review_by_block", Outcome.NOT_SELECTED): N_("không suy tôn"),
    ("receive_by_department", Outcome.APPROVE): N_("tiếp nhận hồ sơ để thẩm định"),
    ("appraise", Outcome.APPROVE): N_("thẩm định, đề nghị khen"),
    ("appraise", Outcome.REFUSE): N_("thẩm định, đề nghị không khen"),
    ("approve_by_department", Outcome.APPROVE): N_("phê duyệt, trình Văn phòng UBND tỉnh"),
    ("approve_by_department", Outcome.RETURN): N_("yêu cầu thẩm định lại"),
    ("check_by_office", Outcome.APPROVE): N_("kiểm tra, trình Chủ tịch UBND tỉnh"),
    ("check_by_office", Outcome.RETURN): N_("trả lại Sở Nội vụ"),
    ("decide_by_chairman", Outcome.APPROVE): N_("quyết định khen thưởng"),
    ("decide_by_chairman", Outcome.RETURN): N_("trả lại Văn phòng để làm rõ"),
    ("issue_decision", Outcome.APPROVE): N_("cấp số, ban hành quyết định"),
    ("issue_decision", Outcome.RETURN): N_("trả lại Văn phòng để chỉnh sửa"),
}
_ANY_STEP = {
    Outcome.APPROVE: N_("đồng ý, chuyển bước tiếp theo"),
    Outcome.RETURN: N_("trả lại để bổ sung"),
    Outcome.NOT_SELECTED: N_("không suy tôn"),
    Outcome.FAIL_VOTE: N_("không đủ phiếu"),
    Outcome.REFUSE: N_("không khen"),
    Outcome.WITHDRAW: N_("rút hồ sơ"),
}
_ENDS = {
    Result.AWARDED: N_("Hồ sơ kết thúc: được khen thưởng"),
    Result.NOT_SELECTED: N_("Hồ sơ kết thúc: không được suy tôn"),
    Result.REFUSED: N_("Hồ sơ kết thúc: không khen, đã thông báo cho đơn vị"),
    Result.WITHDRAWN: N_("Hồ sơ kết thúc: đơn vị đã rút"),
    Result.CANCELLED: N_("Hồ sơ kết thúc: đã bị hủy"),
}
_OTHERS = {
    EventKind.INSTANCE_STARTED: N_("lập hồ sơ"),
    EventKind.TASK_CLAIMED: N_("nhận việc"),
    EventKind.TASK_UNCLAIMED: N_("nhả việc"),
    EventKind.MESSAGE_RECEIVED: N_("rút hồ sơ"),
    EventKind.COMMENT_ADDED: N_("ghi ý kiến trao đổi"),
    EventKind.FILE_ATTACHED: N_("đính kèm giấy tờ"),
    EventKind.FILE_REMOVED: N_("gỡ giấy tờ"),
    EventKind.PAPER_SIGNED: N_("đưa lên văn bản đã ký"),
    EventKind.DOSSIER_COPIED: N_("chép từ hồ sơ cũ"),
    EventKind.STORY_PUBLISHED: N_("đăng bài điển hình tiên tiến"),
    EventKind.STORY_WITHDRAWN: N_("gỡ bài điển hình tiên tiến"),
    EventKind.IDENTITY_CORRECTED: N_("ghi lại số định danh"),
    **AUTOMATIC,
}
_SCANNED = {
    ScanState.INFECTED: N_("Máy quét tìm thấy mã độc trong một tệp: %(finding)s"),
    ScanState.FAILED: N_("Máy quét vi-rút không kiểm tra được một tệp"),
}
_REFERRED = ("attachment", "signed_paper", "decision")
_MILESTONES = (
    EventKind.INSTANCE_STARTED,
    EventKind.TASK_COMPLETED,
    EventKind.MESSAGE_RECEIVED,
    EventKind.INSTANCE_ENDED,
    EventKind.INSTANCE_REHOMED,
    EventKind.DEADLINE_FIRED,
    EventKind.AWARD_CORRECTED,
    EventKind.AWARD_REVOKED,
    *OPERATED,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. `message` is to be translated and filled with `values`.

    `sequence` is its event's number in the history; `refers` names rows by id that it speaks of:
    an attachment, a signed paper, a decision.
    """

    at: datetime
    kind: EventKind
    message: str
    sequence: int = 0
    who: str = ""
    acting_as: str = ""
    on_behalf_of: str = ""
    element_id: str = ""
    outcome: str = ""
    reason: str = ""
    items: tuple[str, ...] = ()
    answer_by: date | None = None
    submission: Submission | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    refers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """What whoever has the nomination back is asked to put right."""

    at: datetime
    element_id: str
    who: str
    acting_as: str
    reason: str
    items: tuple[str, ...] = field(default=())
    answer_by: date | None = None


def of(session: Session, nomination: Nomination) -> list[Moment]:
    """The nomination's story, newest first."""
    events = history.of(session, nomination.instance_id)
    entries = {row.id: row for row in submissions.of(session, nomination.instance_id)}
    people, posts = names(session, events)
    definition = deployments.definition_of(session, nomination.instance)
    reasons = {act.id: act.reason for act in operations.on(session, nomination.instance_id)}
    moments = (
        _intervention(event, people, posts, definition, reasons)
        if event.kind in OPERATED
        else _moment(event, entries, people, posts)
        for event in events
    )
    return [moment for moment in moments if moment is not None][::-1]


def milestones(moments: Sequence[Moment]) -> list[Moment]:
    """The acts that moved the nomination on, and who has taken up its present step."""
    moved = [n for n, moment in enumerate(moments) if moment.kind in _MILESTONES]
    newest = moved[0] if moved else len(moments)
    return [
        moment
        for n, moment in enumerate(moments)
        if n in moved or (n < newest and moment.kind == EventKind.TASK_CLAIMED)
    ]


def closing(moments: Sequence[Moment], task: UserTask) -> Moment:
    """The act that closed a task: its own completion, or what took the nomination away from it."""
    return next(m for m in moments if m.at == task.closed_at and m.kind in _MILESTONES)


def return_request(moments: Sequence[Moment]) -> ReturnRequest | None:
    """The return that the nomination has to answer now: the newest act, if it was one."""
    placed = EventKind.INSTANCE_PLACED  # whoever has it then was not sent it by the return
    acts = (moment for moment in moments if moment.outcome or moment.kind == placed)
    last = next(acts, None)
    if last is None or last.outcome != Outcome.RETURN:
        return None
    return ReturnRequest(
        last.at,
        last.element_id,
        last.who,
        last.acting_as,
        last.reason,
        last.items,
        last.answer_by,
    )


def names(
    session: Session, events: Sequence[HistoryEvent]
) -> tuple[dict[int, str], dict[int, str]]:
    """The people of these events by id, and the posts they acted in by id."""
    return _people(session, events), _posts(session, events)


def _moment(
    event: HistoryEvent,
    entries: dict[int, Submission],
    people: dict[int, str],
    posts: dict[int, str],
) -> Moment | None:
    told = history.details(event)
    if event.kind == EventKind.INSTANCE_ENDED:
        message = _ENDS[Result(str(told["result"]))]
        return Moment(event.at, event.kind, message, event.sequence)
    if event.kind == EventKind.FILE_SCANNED:
        return _scanned(event, told)
    if event.kind not in _OTHERS and event.kind != EventKind.TASK_COMPLETED:
        return None
    element_id = str(told.get("element") or "")
    entry = entries.get(int(str(told["submission"]))) if told.get("submission") else None
    content = entry.content if entry else {}
    outcome = str(told.get("outcome") or content.get("outcome") or "")
    answer_by = content.get("supplement_by")
    return Moment(
        at=event.at,
        kind=event.kind,
        message=_message(event.kind, element_id, outcome),
        sequence=event.sequence,
        who=people.get(event.actor_id or 0, ""),
        acting_as=posts.get(_post_id(event), ""),
        on_behalf_of=people.get(on_behalf_of(event), ""),
        element_id=element_id,
        outcome=outcome,
        reason=str(content.get("reason") or content.get("opinion") or ""),
        items=missing_items(content) if outcome == Outcome.RETURN else (),
        answer_by=date.fromisoformat(str(answer_by)) if answer_by else None,
        submission=entry,
        refers={name: int(str(told[name])) for name in _REFERRED if told.get(name)},
    )


def _scanned(event: HistoryEvent, told: Mapping[str, object]) -> Moment | None:
    """What the scanner has against a file; that it has nothing is no news."""
    message = _SCANNED.get(ScanState(str(told["scan"])))
    if message is None:
        return None
    finding = {"finding": str(told["finding"])}
    return Moment(event.at, event.kind, message, event.sequence, values=finding)


def _intervention(
    event: HistoryEvent,
    people: dict[int, str],
    posts: dict[int, str],
    definition: Definition,
    reasons: dict[int, str],
) -> Moment:
    return Moment(
        at=event.at,
        kind=event.kind,
        message=interventions.sentence(event),
        sequence=event.sequence,
        who=people.get(event.actor_id or 0, ""),
        acting_as=posts.get(_post_id(event), ""),
        on_behalf_of=people.get(on_behalf_of(event), ""),
        reason=reasons.get(int(str(history.details(event)["act"])), ""),
        values=interventions.values(event, people, definition),
    )


def _message(kind: EventKind, element_id: str, outcome: str) -> str:
    if kind != EventKind.TASK_COMPLETED:
        return _OTHERS[kind]
    return _ACTS.get((element_id, Outcome(outcome))) or _ANY_STEP[Outcome(outcome)]


def missing_items(content: dict[str, object]) -> tuple[str, ...]:
    """The list of what is missing in a return, as the reviewer wrote it."""
    return tuple(
        line.strip()
        for line in str(content.get("items") or "").splitlines()
        if line.strip()
    )


def _people(session: Session, events: Sequence[HistoryEvent]) -> dict[int, str]:
    ids = {event.actor_id for event in events if event.actor_id}
    ids.update(*(interventions.people_of(event) for event in events))
    ids.update(on_behalf_of(event) for event in events)
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {id_: name for id_, name in session.execute(query)}  # noqa: C416 - rows, not pairs


def _posts(session: Session, events: Sequence[HistoryEvent]) -> dict[int, str]:
    ids = {_post_id(event) for event in events} - {0}
    rows = session.scalars(select(Post).where(Post.id.in_(ids)))
    return {post.id: f"{post.title} {post.organisation}".strip() for post in rows}


def on_behalf_of(event: HistoryEvent) -> int:
    """The id of whoever holds the post in which somebody else acted, or 0."""
    return int(history.body(event).get("on_behalf_of") or 0)


def _post_id(event: HistoryEvent) -> int:
    return int(history.body(event)["post"] or 0)
