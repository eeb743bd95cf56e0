"""Patterns worth a look: what might be a sign of something, and mostly is not.

Each is a query with a name, a sentence that says what it finds, and one that says what that does
not prove. Whoever has another one registers it with `pattern`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from awards.access import UNIT
from awards.auditing.events import is_kind, within
from models.awards import Nomination, Outcome
from models.history import EventKind, HistoryEvent
from models.moments import before
from models.organisation import Delegation, Post
from models.reads import ReadEvent, ReadKind
from workflows import calendar, history
from workflows.words import N_

MOST = 200
"""Findings of one pattern that are shown."""
MOST_DAYS = 92
NIGHT_FROM, NIGHT_TO = time(20), time(6)
QUICK = timedelta(seconds=10)
MANY_RETURNS = 3
_DECIDED = (EventKind.TASK_COMPLETED,)
_OPERATED = (
    EventKind.TASK_REASSIGNED,
    EventKind.INSTANCE_CANCELLED,
    EventKind.INSTANCE_PLACED,
    EventKind.INSTANCE_MIGRATED,
)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are looked at, both included."""

    since: date
    until: date

    @property
    def days(self) -> list[date]:
        """Each of them."""
        count = (self.until - self.since).days + 1
        return [self.since + timedelta(days=n) for n in range(count)]

    @property
    def condition(self) -> ColumnElement[bool]:
        """Events of these days."""
        return within(self.since, self.until)


@dataclass(frozen=True, slots=True)
class Finding:
    """An event that stands out, of which nomination; `note` is to be translated and filled."""

    event: HistoryEvent
    nomination: Nomination
    note: str = ""
    values: dict[str, object] = field(default_factory=dict)


Search: TypeAlias = Callable[[Session, Span], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is looked for: its name, what it finds, and what that does not prove."""

    key: str
    name: str
    finds: str
    proves_not: str
    search: Search


PATTERNS: dict[str, Pattern] = {}


def pattern(key: str, name: str, finds: str, proves_not: str) -> Callable[[Search], Search]:
    """Register a search; it yields findings, the newest first."""

    def keep(search: Search) -> Search:
        PATTERNS[key] = Pattern(key, name, finds, proves_not, search)
        return search

    return keep


def found(
    session: Session, wanted: Pattern, span: Span, limit: int = MOST
) -> list[Finding]:
    """What the pattern finds in these days, the newest first, no more than the limit."""
    return list(islice(wanted.search(session, span), limit))


@pattern(
    "off_hours",
    N_("Xử lý ngoài giờ"),
    N_("Việc hoàn thành từ 20 giờ tới 6 giờ, ngày nghỉ hằng tuần hoặc ngày lễ."),
    N_("Làm thêm giờ là bình thường vào cuối mùa xét; giờ ghi theo đồng hồ máy chủ."),
)
def off_hours(session: Session, span: Span) -> Iterator[Finding]:
    """Steps completed at night or on a day off."""
    times = [
        and_(HistoryEvent.at >= begin, HistoryEvent.at < end)
        for begin, end in _hours_off(span)
    ]
    yield from _findings(session, is_kind(_DECIDED), or_(false(), *times))


@pattern(
    "quick",
    N_("Đồng ý trong mười giây"),
    N_("Đồng ý chưa đầy mười giây sau khi mở hồ sơ."),
    N_(
        "Người duyệt có thể đã đọc hồ sơ trên giấy, hoặc đã mở trước đó trong mười lăm phút."
    ),
)
def quick(session: Session, span: Span) -> Iterator[Finding]:
    """Agreed to right after the dossier was opened."""
    read, is_opened = _opened()
    soon = is_opened.where(read.at > before(HistoryEvent.at, QUICK)).exists()
    last = select(func.max(read.at)).where(*_by_the_same(read)).scalar_subquery()
    for event, nomination, opened_at in session.execute(_agreed(span, soon, last)):
        note = N_("%(seconds)s giây sau khi mở")
        seconds = int((event.at - opened_at).total_seconds())
        yield Finding(event, nomination, note, {"seconds": seconds})


@pattern(
    "unopened",
    N_("Đồng ý mà chưa mở hồ sơ"),
    N_("Người đồng ý chưa từng mở hồ sơ này trên hệ thống."),
    N_(
        "Hồ sơ có thể được ký theo tờ trình nhiều hồ sơ, đọc trên giấy hoặc qua người giúp việc."
    ),
)
def unopened(session: Session, span: Span) -> Iterator[Finding]:
    """Agreed to by somebody who has never opened the dossier."""
    _read, is_opened = _opened()
    for event, nomination in session.execute(_agreed(span, ~is_opened.exists())):
        yield Finding(event, nomination)


@pattern(
    "own_unit",
    N_("Quyết cho đơn vị của mình"),
    N_(
        "Người xử lý ở Khối, Sở, Văn phòng hay lãnh đạo tỉnh đang giữ chức vụ ở đơn vị đề nghị."
    ),
    N_(
        "Kiêm nhiệm là hợp lệ; hệ thống đã hỏi quan hệ với người được đề nghị trước khi xử lý."
    ),
)
def own_unit(session: Session, span: Span) -> Iterator[Finding]:
    """Decided outside the unit by somebody who held a post in it that day."""
    query = (
        select(HistoryEvent, Nomination, Post)
        .join(Nomination, Nomination.instance_id == HistoryEvent.instance_id)
        .join(
            Post,
            and_(
                Post.person_id == HistoryEvent.actor_id, Post.unit_id == Nomination.unit_id
            ),
        )
        .where(HistoryEvent.actor_id.in_(_of_two_places()))
        .where(span.condition, is_kind(_DECIDED), _is_not_of_the_unit())
        .options(*_SHOWN)
        .order_by(HistoryEvent.at.desc(), HistoryEvent.id.desc())
    )
    for event, nomination, post in session.execute(query):
        day = calendar.today(event.at)
        acted = session.get(Post, history.body(event)["post"] or 0)
        if acted is None or acted.role in UNIT:
            continue
        if post.valid_from <= day and (post.valid_to is None or day <= post.valid_to):
            note = N_("khi đó là %(post)s %(place)s")
            values: dict[str, object] = {"post": post.title, "place": post.organisation}
            yield Finding(event, nomination, note, values)


@pattern(
    "returned",
    N_("Trả lại nhiều lần"),
    N_("Hồ sơ bị trả lại từ ba lần trở lên trong thời gian này; nêu lần gần nhất."),
    N_("Hồ sơ khó hoặc thiếu thật cũng bị trả lại nhiều lần; lý do ghi ở từng lần."),
)
def returned(session: Session, span: Span) -> Iterator[Finding]:
    """Sent back again and again."""
    counted = (
        select(
            HistoryEvent.instance_id,
            func.count().label("times"),
            func.max(HistoryEvent.id).label("last"),
        )
        .where(span.condition, is_kind(_DECIDED), _said(Outcome.RETURN))
        .group_by(HistoryEvent.instance_id)
        .having(func.count() >= MANY_RETURNS)
        .subquery()
    )
    query = (
        select(HistoryEvent, Nomination, counted.c.times)
        .join(counted, counted.c.last == HistoryEvent.id)
        .join(Nomination, Nomination.instance_id == HistoryEvent.instance_id)
        .options(*_SHOWN)
        .order_by(counted.c.times.desc(), HistoryEvent.id.desc())
    )
    for event, nomination, times in session.execute(query):
        yield Finding(event, nomination, N_("%(times)s lần trả lại"), {"times": times})


@pattern(
    "extended",
    N_("Gia hạn thẩm định"),
    N_("Thời hạn thẩm định được gia hạn."),
    N_("Gia hạn có lý do là đúng quy định; đáng xem khi dồn vào một đơn vị hay một người."),
)
def extended(session: Session, span: Span) -> Iterator[Finding]:
    """More days for an appraisal."""
    for one in _findings(session, span.condition, is_kind((EventKind.CLOCK_EXTENDED,))):
        days = history.details(one.event).get("days")
        yield Finding(
            one.event, one.nomination, N_("thêm %(days)s ngày làm việc"), {"days": days}
        )


@pattern(
    "barred",
    N_("Bị ngăn khi xử lý"),
    N_("Hệ thống không cho một người xử lý việc, vì có liên quan hoặc đã xử lý bước khác."),
    N_("Người bị ngăn thường chỉ bấm nhầm; việc ngăn cho thấy quy tắc đã có hiệu lực."),
)
def barred(session: Session, span: Span) -> Iterator[Finding]:
    """Kept from a task."""
    yield from _findings(session, span.condition, is_kind((EventKind.TASK_BARRED,)))


@pattern(
    "operated",
    N_("Quản trị quy trình can thiệp"),
    N_("Giao lại việc, đưa hồ sơ về bước khác, đổi phiên bản quy trình hoặc hủy hồ sơ."),
    N_("Mỗi lần can thiệp có lý do và hai người; đáng xem khi kết quả xét đổi theo."),
)
def operated(session: Session, span: Span) -> Iterator[Finding]:
    """What operators did to nominations."""
    yield from _findings(session, span.condition, is_kind(_OPERATED))


_SHOWN = (joinedload(Nomination.nominee), joinedload(Nomination.unit))


def _findings(session: Session, *conditions: ColumnElement[bool]) -> Iterator[Finding]:
    query = (
        select(HistoryEvent, Nomination)
        .join(Nomination, Nomination.instance_id == HistoryEvent.instance_id)
        .where(HistoryEvent.actor_id.is_not(None), *conditions)
        .options(*_SHOWN)
        .order_by(HistoryEvent.at.desc(), HistoryEvent.id.desc())
        .limit(MOST + 1)
    )
    for event, nomination in session.execute(query):
        yield Finding(event, nomination)


def _opened() -> tuple[type[ReadEvent], Select[Any]]:
    """Reads of a dossier by whoever an event is of, up to its moment."""
    read = aliased(ReadEvent)
    return read, select(read.id).where(*_by_the_same(read)).correlate(
        Nomination, HistoryEvent
    )


def _by_the_same(read: type[ReadEvent]) -> tuple[ColumnElement[bool], ...]:
    return (
        read.chain == Nomination.code,
        read.actor_id == HistoryEvent.actor_id,
        read.kind == ReadKind.DOSSIER_OPENED,
        read.at <= HistoryEvent.at,
    )


def _agreed(span: Span, condition: ColumnElement[bool], *more: Any) -> Select[Any]:
    """Event and nomination of what somebody agreed to, and more columns; the newest first."""
    return (
        select(HistoryEvent, Nomination, *more)
        .join(Nomination, Nomination.instance_id == HistoryEvent.instance_id)
        .where(span.condition, is_kind(_DECIDED), _said(Outcome.APPROVE))
        .where(HistoryEvent.actor_id.is_not(None), _is_not_preparing(), condition)
        .options(*_SHOWN)
        .order_by(HistoryEvent.at.desc(), HistoryEvent.id.desc())
        .limit(MOST + 1)
    )


def _of_two_places() -> Select[Any]:
    """Who could decide on a unit's nominations outside of it, and has or had a post in one."""
    outside = select(Post.person_id).where(Post.role.not_in(UNIT))
    for_others = select(Delegation.delegate_id).join(Post, Post.id == Delegation.post_id)
    able = outside.union(for_others.where(Post.role.not_in(UNIT)))
    return select(Post.person_id).where(
        Post.unit_id.is_not(None), Post.person_id.in_(able.subquery().select())
    )


def _is_not_preparing() -> ColumnElement[bool]:
    """Not the unit's own writing of a dossier."""
    return HistoryEvent.body.not_like('%"element":"prepare_nomination"%')


def _is_not_of_the_unit() -> ColumnElement[bool]:
    """Leaves most of the unit's own steps aside; the post of each act tells the rest."""
    return _is_not_preparing() & HistoryEvent.body.not_like('%"element":"approve_by_unit"%')


def _said(outcome: Outcome) -> ColumnElement[bool]:
    """Events whose body, which is canonical JSON, has this outcome."""
    return HistoryEvent.body.like(f'%"outcome":"{outcome.value}"%')


def _hours_off(span: Span) -> list[tuple[datetime, datetime]]:
    """Nights and days off as spans of time, those that touch made one."""
    found: list[tuple[datetime, datetime]] = []
    for day in span.days:
        begin, end = calendar.midnight(day), calendar.midnight(day + timedelta(days=1))
        morning = begin + timedelta(hours=NIGHT_TO.hour)
        evening = begin + timedelta(hours=NIGHT_FROM.hour)
        parts = (
            [(begin, morning), (evening, end)]
            if calendar.is_working_day(day)
            else [(begin, end)]
        )
        for first, last in parts:
            if found and found[-1][1] == first:
                found[-1] = (found[-1][0], last)
            else:
                found.append((first, last))
    return found
